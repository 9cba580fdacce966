"""Rows with tags or entities of HTML in prose. Rows about the web, and rows with code, are left alone."""

import html
import re

import polars as pl

from core.curate.check import REPAIR, Check
from core.curate.checks.places import place, quoted
from core.curate.rows import Rows, found

TAGS = (
    r"p|br|hr|div|span|b|i|u|em|strong|a|ul|ol|li|h[1-6]|table|tr|td|th|thead|tbody|font|sup|sub|small|center"
    r"|blockquote"
)
TAG = rf"</?(?i:{TAGS})\s*/?>|<(?i:{TAGS})\s[^<>]*=[^<>]*>"
ENTITY = (
    r"&(?:amp|lt|gt|quot|apos|nbsp|[nm]dash|hellip|[lr][sd]quo|[lr]aquo|copy|reg|trade|euro|pound|cent|deg|bull|middot"
    r"|[aeiouyAEIOUY](?:acute|grave|circ|uml|tilde)|[cC]cedil|ntilde|szlig|times|#\d{2,6}|#x[0-9a-fA-F]{2,5});"
)
LEFTOVER = rf"({ENTITY}|{TAG})"
ABOUT_CODE = (
    r"(?i)```|<!doctype|<\?xml|<(?:html|head|body|script|form|button|input)\b"
    r"|\b(?:x?html5?|xml|jsx|css|svg|php|markup|web ?(?:pages?|sites?)|tags?|javascript|react|vue|angular|jquery|dom)\b"
)
NEW_LINE = re.compile(r"(?i)<br\s*/?>\n?|</(?:p|div|li|tr|h[1-6])>(?!\n)")


def find(rows: Rows) -> pl.DataFrame:
    """Rows with leftover HTML, with the first piece of it."""
    text = pl.col("content")
    hit = rows.turns.filter(text.str.contains_any(["<", "&"])).with_columns(piece=text.str.extract(LEFTOVER))
    hit = hit.filter(pl.col("piece").is_not_null())
    same_rows = rows.turns.join(hit.select("position").unique(), "position", how="semi")
    about_code = same_rows.filter(text.str.contains(ABOUT_CODE)).select("position").unique()
    prose = hit.join(about_code, "position", how="anti", maintain_order="left")
    return found(prose, pl.format("{} has leftover HTML: {}", place(), quoted(pl.col("piece"))))


def repair(text: str) -> str:
    """The text without tags, and with the characters that entities stand for."""
    text = re.sub(TAG, "", NEW_LINE.sub("\n", text))
    return re.sub(ENTITY, lambda entity: html.unescape(entity[0]), text)


CHECK = Check("leftover HTML", "Tags or entities of HTML were left in prose.", REPAIR, find, repair)

"""Rows with garbled characters: text saved in one encoding and read in another, or lost as U+FFFD.

ftfy decides, set so that quotes, ligatures and full-width letters are left alone; a text counts only if it is bad
before and not after its repair, since ftfy's measure alone also meets rare right text.
"""

from ftfy import TextFixerConfig, fix_encoding
from ftfy.badness import BADNESS_RE, is_bad

from core.records import Dataset, Message, Problem

NAME = "mojibake"
LOST = "\ufffd"
CONFIG = TextFixerConfig(
    uncurl_quotes=False, fix_latin_ligatures=False, fix_character_width=False, normalization=None, explain=False
)


def find(dataset: Dataset) -> list[Problem]:
    """Rows with garbled text, with the first piece of it."""
    found = []
    for example in dataset:
        if reason := _reason(example.messages):
            found.append(Problem(example.row, NAME, reason, example.id))
    return found


def _reason(messages: tuple[Message, ...]) -> str:
    for message in messages:
        text = message.content
        if text.isascii():
            continue
        if LOST in text:
            return f"characters were lost when the file was saved: {text.count(LOST)} × “{LOST}”"
        if is_bad(text) and not is_bad(fix_encoding(text, CONFIG)):
            return f"garbled characters: {_piece(text)}"
    return ""


def _piece(text: str) -> str:
    match = BADNESS_RE.search(text)
    bad = match.group() if match else ""
    good = fix_encoding(bad, CONFIG)
    return f"“{bad}”" if good == bad else f"“{bad}” was probably “{good}”"

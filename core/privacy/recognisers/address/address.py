"""Postal addresses: street and number with flat, town, code, state and country, or a post office box; one span each.

Not found: a street without a number, a town alone, addresses in scripts without words for streets in the table
(Chinese, Japanese, Arabic, Hindi), and those whose number is written out.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from core.privacy.clues import Pieces
from core.privacy.cues import says
from core.privacy.kinds import ADDRESS
from core.privacy.plain import caseless, for_caseless
from core.privacy.recognisers.address.streets import streets
from core.privacy.recognisers.address.tail import head, tail
from core.privacy.spans import Span

_BOX = re.compile(
    r"(?<!\w)(?:p\.? ?o\.? ?box|post office box|postfach|postbus|postboks|apartado(?: de correos| postal)?|apdo\.?|"
    r"bo[îi]te postale|casella postale|caixa postal|skr(?:ytka|\.)? ?poczt(?:owa|\.)?|GPO box|postilokero|"
    r"poštovní přihrádka)[ :#]{1,2}(?:n[ro°º]\.? ?)?\d[\d ]{0,7}(?<=\d)(?!\w)|"
    r"(?:PSC|CMR|Unit) \d{1,5},? Box \d{1,5}(?!\w)|"
    r"(?:USS|USNS|USNV|USCGC) [^\W\d_]{2,20}(?=,?\s{1,3}[FAD]PO [A-Z]{2} \d{5})",
    re.IGNORECASE,
)
_BOX_WORDS = Pieces("box,fach,postbus,postboks,partado,apdo,postal,poczt,lokero,přihr,fpo ")
_CUE = re.compile(
    r"(?:\b(?:address|adresse|adres|adress|dirección|indirizzo|endereço|anschrift|domicilio|wohnhaft|lives?|living|"
    r"reside[sd]?|residing|located|meet (?:me|us)|ship(?:ped)?|sent|mailed|deliver(?:ed)?|arrived|restaurant is|"
    r"office is|house is|home is|wohn\w{1,3}|habit\w{1,4}|vivo|vive|abito|abita|moro|mora|mieszkam)"
    r"(?: (?:is|are|was|of [^\n:.]{1,30} is|now|at|in|to|en|au|na|a|em|der))*[ \t]?[:=]?\s{0,3}[\"']?)$",
    re.IGNORECASE,
)
_CUE_WORDS = Pieces("""
    addres,adres,direcci,indirizzo,endere,anschrift,domicil,wohn,live,living,resid,located,meet ,ship,sent,mailed,
    deliver,arrived,restaurant is,office is,house is,home is,habit,vivo,vive,abit,mora,moro,mieszkam
""")
_CODE_CUE = for_caseless(
    r"\b(?:zip(?: ?code)?|postal ?code|post ?code|postleitzahl|plz|code postal|código postal|codice postale|cap|cep|"
    r"kod pocztowy|postnummer|postcode)\b[\"']?(?: is| ist| est| es| è|:|=| of| to)?[ :=]{0,3}[\"']?"
    r"((?:\d{5}(?:-\d{4})?|\d{4} ?[a-z]{2}|\d{2}-\d{3}|\d{5}-\d{3}|\d{3} \d{2}|\d{4}|\d{6}|"
    r"[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}|[a-z]\d[a-z] ?\d[a-z]\d)(?![\w-]))"
)
_CODE_WORDS = Pieces("zip,postal,post code,postcode,postleit,plz,cep,kod poczt,postnummer,cap")
_JOINED = re.compile(r"[ ,(-]{1,3}")
_DIGIT = re.compile(r"\d")
_SIGHT = 64


def find_address(text: str) -> Iterator[Span]:
    """Postal addresses in `text`, all lines of one in one span."""
    if not _DIGIT.search(text):
        return
    found: list[Span] = []
    for start, end, score, reason in sorted((*_with_street(text), *_boxes(text))):
        done = found[-1].end if found else 0
        if end > done:
            found.append(Span(max(start, done), end, ADDRESS, score, reason))
    yield from _with_codes(text, found)


def _with_codes(text: str, found: list[Span]) -> Iterator[Span]:
    """The addresses, with the code that a word leads in ("…, postcode LS1 4AP"), and the codes that stand elsewhere."""
    codes = list(_CODE_CUE.finditer(caseless(text))) if says(text, _CODE_WORDS) else []
    spans = iter(found)
    address = next(spans, None)
    for match in codes:
        while address and address.end < match.start() and not _JOINED.fullmatch(text, address.end, match.start()):
            yield address
            address = next(spans, None)
        if address is None or match.end(1) <= address.start:
            yield Span(match.start(1), match.end(1), ADDRESS, 0.6, "said to be a postal code")
        elif match.end(1) > address.end:
            address = replace(address, end=match.end(1))
    if address:
        yield address
    yield from spans


def _with_street(text: str) -> Iterator[tuple[int, int, float, str]]:
    done = 0
    may_be_cued = says(text, _CUE_WORDS)
    for street in streets(text):
        if street.start < done:
            continue
        end, weight = tail(text, street.end)
        complete = weight == 2 or (street.sure and weight > 0)
        cued = may_be_cued and street.likely and not (street.sure or complete) and _is_cued(text, street.start)
        if street.sure or complete or cued:
            done = end
            score = 0.9 if street.sure and complete else 0.75 if street.sure else 0.65
            reason = "street, number and town or code" if complete else "street and number"
            yield head(text, street.start), end, score, reason


def _is_cued(text: str, start: int) -> bool:
    return bool(_CUE.search(text, max(0, start - _SIGHT), start))


def _boxes(text: str) -> Iterator[tuple[int, int, float, str]]:
    for match in _BOX.finditer(text) if says(text, _BOX_WORDS) else ():
        yield head(text, match.start()), tail(text, match.end())[0], 0.85, "post office box"

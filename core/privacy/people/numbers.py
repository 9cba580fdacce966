"""From labelled words to numbers of people and accounts: only what has a plausible form, and with a low score.

The tagger tells a bank account from a tax number by the words around it, but takes years, prices and part numbers for
either; what a recogniser with a checksum or a cue knows is left to it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from core.privacy.find import find_all
from core.privacy.kinds import BANK, LICENSE, NATIONAL_ID, PASSPORT
from core.privacy.spans import Span

KINDS_OF = {
    "TAX_ID": NATIONAL_ID,
    "GOVERNMENT_ID": NATIONAL_ID,
    "BANK_ACCOUNT": BANK,
    "ROUTING_NUMBER": BANK,
    "PASSPORT": PASSPORT,
    "DRIVERS_LICENSE": LICENSE,
}
WORDS_FOR = {
    NATIONAL_ID: "a national or tax number",
    BANK: "a bank account number",
    PASSPORT: "a passport number",
    LICENSE: "a driving licence number",
}
LEAST_SCORE = 0.9
GIVEN_SCORE = 0.5
SIGHT = 60
# A number alone may as well be that of a parcel or an order, so a word of its kind must stand in sight.
_CUES = {
    NATIONAL_ID: r"\b(?:tax|steuer|ssn|nin|nif|id\b)|fiscal|social|national|insur|versicher|citizen|identi|personal",
    BANK: r"bank|account|konto|cuenta|compte|\bconto|rekening|routing|sort code|\baba\b|\bblz|\bbsb|transfer",
    PASSPORT: r"pas+[ea]?port|reisepass|paszport|pasaporte|\bpas\b",
    LICENSE: r"licen[cs]|driv|permis|permiso|f[üu]hrerschein|patente|rijbewijs|prawo jazdy|k[öo]rkort",
}
_SAYS = {kind: re.compile(cue, re.IGNORECASE) for kind, cue in _CUES.items()}
# Groups of letters and digits, at least six digits in all, and nothing that goes on as a decimal, a date or a sum.
_FORM = re.compile(r"(?=(?:\W?[A-Z]){0,4}(?:[ ./-]?[A-Z]{0,3}\d){6,18})[A-Z]{0,4}[ -]?\d[A-Z\d ./-]{4,22}[A-Z\d]")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|(?:19|20)\d\d ?[-/] ?(?:19|20)?\d\d")
_BETWEEN = re.compile(r"[ ./-]?")


def read_numbers(text: str, labelled: Sequence[Span]) -> Iterator[Span]:
    """National, bank, passport and licence numbers among the labelled words of `text`."""
    group: list[Span] = []
    for word in _likely(labelled):
        if group and not (word.kind == group[0].kind and _BETWEEN.fullmatch(text, group[-1].end, word.start)):
            yield from _number(text, group)
            group = []
        group.append(word)
    yield from _number(text, group)


def _likely(labelled: Sequence[Span]) -> Iterator[Span]:
    """The words whose likeliest label is a number's, each once, with the kind that it stands for."""
    for _, spans in groupby(labelled, key=lambda span: span.start):
        best = max(spans, key=lambda span: span.score)
        if best.kind in KINDS_OF:
            yield Span(best.start, best.end, KINDS_OF[best.kind], best.score, "")


def _number(text: str, group: Sequence[Span]) -> Iterator[Span]:
    if not group or max(word.score for word in group) < LEAST_SCORE:
        return
    start, end, kind = group[0].start, group[-1].end, group[0].kind
    value = text[start:end]
    if _FORM.fullmatch(value) and _is_one(value) and not _DATE.fullmatch(value) and _stands_free(text, start, end):
        around = text[max(0, start - SIGHT) : end + SIGHT]
        if not _SAYS[kind].search(around):
            return
        if any(span.start < end and start < span.end for span in _moved(find_all(around), max(0, start - SIGHT))):
            return
        yield Span(start, end, kind, GIVEN_SCORE, f"the tagger reads it as {WORDS_FOR[kind]}")


def _moved(spans: Sequence[Span], by: int) -> Iterator[Span]:
    return (replace(span, start=span.start + by, end=span.end + by) for span in spans)


def _is_one(value: str) -> bool:
    """Whether a value with spaces is one number in groups, and not two numbers side by side."""
    groups = value.split(" ")
    return len(groups) == 1 or all(2 <= len(group) <= 7 for group in groups)


def _stands_free(text: str, start: int, end: int) -> bool:
    """Whether no letter, digit, sum or decimal goes on at either end."""
    return not re.search(r"[\w.,$€£%+*/=-]$", text[max(0, start - 1) : start]) and not re.match(
        r"\w|[.,]\d|[%€$£*/=+-]", text[end : end + 2]
    )

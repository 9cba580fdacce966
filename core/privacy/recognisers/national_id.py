"""National and tax numbers, country by country, and codes behind words such as "tax number" and "ID card".

A checksum alone holds for one run of digits in ten, so it is never enough: either the form itself speaks (letters and
a date in fixed places, groups that nothing else has), or a word for the number stands beside it. Beside such a word a
number is found even if its checksum does not hold, as people mistype their own.

Not found: numbers without a word whose form is only so many digits, in countries not listed in
core/privacy/national_numbers.py, and the numbers of companies.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module

from core.privacy.clues import Pieces, listed
from core.privacy.cues import Cued, letters_and_digits, says
from core.privacy.kinds import NATIONAL_ID
from core.privacy.plain import digit_count, plain
from core.privacy.recognisers.national_numbers import NATIONAL_NUMBERS, NationalNumber
from core.privacy.recognisers.near import near
from core.privacy.spans import Span

_FEWEST_DIGITS = 6  # of all but the Indian tax number
_FEWEST_IN_A_CODE = 4
_INDIAN = re.compile(r"[A-Za-z]{5}\d{4}[A-Za-z]")
_REACH = 50  # characters in which a word for a number may stand
_CUES = {number: frozenset(number.cues.split("|")) for number in NATIONAL_NUMBERS}
_ALL_CUES = frozenset[str]().union(*_CUES.values())
_FORMS = [(number, re.compile(number.form, re.IGNORECASE)) for number in NATIONAL_NUMBERS]
_FORMS_ALONE = [(number, form) for number, form in _FORMS if number.alone != "never"]
# Forms with spaces first, or a plain run of digits would take the first group of a number alone.
_ANY = "|".join(sorted({number.form for number in NATIONAL_NUMBERS}, key=lambda form: (" " not in form, form)))
# At the first digit, or at the letters in front of it; the look-ahead keeps small numbers away from the seventy forms.
_AT_DIGITS = re.compile(rf"(?=\d(?:[ ./-]?[A-Z]?[ ./-]?\d){{4}})(?:{_ANY})(?!\w|[-/.,]\d|-[A-Z])", re.IGNORECASE)
_AT_LETTERS = re.compile(rf"(?:{_ANY})(?!\w|[-/.,]\d|-[A-Z])", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_LETTERS_BEFORE = re.compile(r"(?<!\w)(?:[A-ZÑ&]{1,6}[ -]?|[A-Z]{3} [A-Z]{3} )$", re.IGNORECASE)
_LETTERS_REACH = 9
_DIGIT, _NO_WORD = re.compile(r"\d"), re.compile(r"[\W_]+")
_LINK = re.compile(r"[\"')]{0,2}(?:\s?[(\[]|,?\s(?:is|was|as|ist|est|es|è|é)\s)")
# Words for the numbers of every country: with them a checksum that holds says which.
_GENERAL_CUES = (
    *(" tax id", " taxid", " tax number", " tax no ", " tax file", "taxpayer", " tin ", "national id", "nationalid"),
    *("national number", "national registr", "national insurance", "identity", " id number", " id no ", " id card"),
    *("idnumber", "citizen"),
)
_OTHER_WORD = re.compile(
    r"(?:phone|tel|fax|mobile|call|order|invoice|part|model|item|product|serial|sku|isbn|case|ticket|tracking|ref|"
    r"flight|version|reference|customer|client|member|membership|booking|reservation|contract|policy|account|routing|"
    r"kunden\w{0,8}|vertrags\w{0,8}|bestell\w{0,8}|rechnungs\w{0,8}|auftrags\w{0,8}|commande|facture|pedido|factura|"
    r"ordine|fattura|zamówienia|bestelling|licen[cs]e|dl|dln|permis|conducir|conducción|conduire|führerschein\w{0,8}|"
    r"fahrerlaubnis\w{0,8}|rijbewijs\w{0,8}|jazdy|cnh|patente|körkort\w{0,10}|kørekort\w{0,8}|førerkort\w{0,8}|"
    r"ajokort\w{0,6}|passport|reisepass|passeport|pasaporte|passaporto|konto\w{0,8}|tilaus\w{0,8})s? (?:\w{1,6} ){0,2}$"
)
_OTHER_ID = re.compile(
    r"(?:order|customer|user|ticket|account|member(?:ship)?|employee|student|staff|patient|booking|transaction|case|"
    r"device|product|vehicle|session|client|meeting|tracking|loyalty|policy|driver|insurance|payment|request|reference|"
    r"contract|subscriber|merchant|vendor|company)['’s]{0,2}[\s_-](?:id\b|identi)[^\d\n]{0,30}$",
    re.IGNORECASE,
)
_WORDS = listed("""
    tax,tin:,tin ,tin",vat,identi,national,citizen,resident,government id,state id,ausweis,id card,id_card,idcard,
    id-card,id num,id_num,idnum,id no,id #,personal id,steuern,fiscal,osobist,partita,id-kort,idkort
""")
_CLUES = Pieces(_WORDS)
_CUE = re.compile("|".join(map(re.escape, _WORDS)))
_THING = r"[\s_-]?(?:card|document|number|no\b\.?|nr\b\.?|#)"
_GENERAL = Cued(
    rf"(?:national|government|citizen|resident|personal|state)[\s_-]?(?:id\b|identi\w{{2,8}}|insurance)(?:{_THING})?|"
    rf"(?<!vehicle )(?:identity|identification|\bid){_THING}|"
    r"tax(?:payer)?[\s_-]?(?:id(?:entification|entifier)?(?![a-z])|number|no\b|file|code|payer)|\btin\b|"
    r"vat[\s_-]?(?:id|number|no)|personalausweis|ausweisn|identifikationsn|steuern|num[ée]ro fiscal|n[úu]mero fiscal|"
    r"carte (?:nationale )?d['’]identit\w|documento (?:nacional )?de identi\w{2,8}|n[úu]mero de identifi\w{2,8}|"
    r"carta d['’]identit\w|identiteitskaart|partita iva|dow[óo]d osobist\w{1,4}|bilhete de identi\w{2,8}|id-?kort"
)


def find_national_id(text: str) -> Iterator[Span]:
    """National and tax numbers in `text`."""
    text = plain(text)
    digits = digit_count(text)
    if digits < _FEWEST_IN_A_CODE:
        return
    done = set[tuple[int, int]]()
    for start, end in _candidates(text) if digits >= _FEWEST_DIGITS or _INDIAN.search(text) else ():
        span = _judge(text, start, end)
        if span:
            done.add((span.start, span.end))
            yield span
    for at, part in near(text, _CUE) if says(text, _CLUES) else ():
        for start, end in _GENERAL.find(part) if digit_count(part) >= _FEWEST_IN_A_CODE else ():
            is_new = not any(at + start < other_end and other < at + end for other, other_end in done)
            if is_new and _is_code(part[start:end]) and not _OTHER_ID.search(part, max(0, start - 60), start):
                why = "a code beside words for an identity or tax number"
                yield Span(at + start, at + end, NATIONAL_ID, 0.55, why)


def _candidates(text: str) -> Iterator[tuple[int, int]]:
    """Places that have the form of one of the numbers, one behind the other."""
    done = 0
    for number in _NUMBER.finditer(text):
        start = number.start()
        if start < done:
            continue
        match = _AT_DIGITS.match(text, start) if _may_begin(text, start) else None
        letters = _LETTERS_BEFORE.search(text, max(done, start - _LETTERS_REACH), start)
        if letters and _may_begin(text, letters.start()):
            match = _AT_LETTERS.match(text, letters.start()) or match
        if match:
            done = match.end()
            yield match.span()


def _may_begin(text: str, start: int) -> bool:
    """Whether a code may begin here: not within a word, nor behind a digit and a sign that joins."""
    before = text[max(0, start - 2) : start]
    joined = len(before) == 2 and before[0].isdigit() and before[1] in ".,/-"
    return not joined and not (before and (before[-1].isalnum() or before[-1] == "_"))


def _judge(text: str, start: int, end: int) -> Span | None:
    """The best that one of the numbers of this form can say of the place."""
    written = text[start:end]
    before = _words(_DIGIT.split(text[max(0, start - _REACH) : start])[-1])
    link = _LINK.match(text, end)
    beside = before + _words(_DIGIT.split(text[link.end() : link.end() + _REACH])[0]) if link else before
    cues = {cue for cue in _ALL_CUES if cue in beside}
    general = any(cue in beside for cue in _GENERAL_CUES)
    found = None
    for number, form in _FORMS if cues or general else _FORMS_ALONE:
        if form.fullmatch(written):
            score, why = _score(number, written, not cues.isdisjoint(_CUES[number]), general)
            if score > (found.score if found else 0):
                found = Span(start, end, NATIONAL_ID, score, f"{number.name}: {why}")
    return None if found and not cues and not general and _OTHER_WORD.search(before) else found


def _words(text: str) -> str:
    """The words of a text in lower case, a space before and behind each."""
    return " " + _NO_WORD.sub(" ", text.lower()).strip() + " "


def _score(number: NationalNumber, written: str, said: bool, general: bool) -> tuple[float, str]:
    holds = bool(number.check) and _holds(number.check, written.upper())
    if said or (general and holds):
        if holds:
            return 0.9, "checksum holds, beside a word for it"
        return 0.6 if number.alone == "never" else 0.8, "the form, beside a word for it"
    if holds and number.alone != "never":
        return 0.75, "distinctive form, checksum holds"
    # Without a checksum only capitals tell a code from the names people make up for files and variables.
    in_capitals = written == written.upper()
    return (0.65, "distinctive form") if number.alone == "form" and in_capitals else (0.0, "")


@lru_cache(maxsize=512)
def _holds(check: str, written: str) -> bool:
    is_valid = import_module(f"stdnum.{check}").is_valid
    return bool(is_valid(written) or is_valid(letters_and_digits(written)))


def _is_code(written: str) -> bool:
    code = letters_and_digits(written)
    return 6 <= len(code) <= 20 and sum(map(str.isdigit, code)) >= _FEWEST_IN_A_CODE

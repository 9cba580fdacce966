"""Passport numbers beside a word for passport, and the machine-readable lines of passports and identity cards.

The machine-readable zone is that of ICAO 9303: two lines of 44 or 36 characters, or three of 30, with `<` as filler.

Not found: passport numbers without such a word, and codes of fewer than six or more than twelve characters.
"""

import re
from collections.abc import Iterator

from core.privacy.clues import Pieces
from core.privacy.cues import Cued, letters_and_digits, says
from core.privacy.kinds import PASSPORT
from core.privacy.plain import digit_count, plain
from core.privacy.spans import Span

_WORDS = Pieces("""
    passport,pass-nr,passnr,passnummer,pasaporte,passeport,passaport,paspoort,paszport,pasport,pasaport,reisepass,
    útlevél,vegabréf,passi,pas nr,паспорт,διαβατηρ,護照,护照,여권
""")
_NUMBER = Cued(
    r"passports?|(?:reise)?pass[\s-]?(?:nummer|nr\b\.?)|reisepass|pasaporte|passeport|passaporto?e?|"
    r"paspoort(?:nummer)?|"
    r"paszport\w{0,2}|(?:cestovní )?pasu?\b|pasaport\w{0,4}|útlevél\w{0,8}|passi(?:n numero)?|pas nr|"
    r"(?:загран)?паспорт\w{0,2}|"
    r"διαβατηρ\w{0,4}|護照|护照|여권"
)
# The forms that the countries publish; a code that has none of them may still be the number of another country.
_COUNTRIES = (
    ("United States", r"\d{9}|[A-Z]\d{8}"),
    ("United Kingdom", r"\d{9}"),
    ("Germany", r"[CFGHJK][CFGHJKLMNPRTVWXYZ0-9]{8}\d?"),
    ("France", r"\d{2}[A-Z]{2}\d{5}"),
    ("Spain", r"[A-Z]{3}\d{6}"),
    ("Italy", r"[A-Z]{2}\d{7}"),
    ("Netherlands", r"[A-NP-Z]{2}[A-NP-Z0-9]{6}\d"),
    ("India", r"[A-Z]\d{7}"),
    ("Canada", r"[A-Z]{2}\d{6}"),
    ("Australia", r"[A-Z]{1,2}\d{7}"),
    ("Brazil", r"[A-Z]{2}\d{6}"),
    ("China", r"[DEGPS]\d{8}|E[A-Z]\d{7}"),
    ("Japan", r"[A-Z]{2}\d{7}"),
    ("Poland", r"[A-Z]{2}\d{7}"),
    ("Sweden", r"\d{8}|[A-Z]{2}\d{6}"),
    ("Switzerland", r"[A-Z]\d{7}|[A-Z]\d[A-Z]\d{5}"),
    ("Russia", r"\d{9,10}"),
)
_FORMS = [(country, re.compile(form)) for country, form in _COUNTRIES]
_BREAK = r"(?:\s|\\n){0,4}"
_MACHINE_READABLE = re.compile(
    rf"(?<![A-Z0-9<])(?:P[A-Z<][A-Z<]{{3}}[A-Z<]{{31,39}}{_BREAK}[A-Z0-9<]{{9}}\d[A-Z<]{{3}}\d{{6}}\d[MFX<]\d{{7}}[A-Z0-9<]{{8,16}}|"
    rf"[ACI][A-Z<][A-Z<]{{3}}[A-Z0-9<]{{25}}{_BREAK}\d{{7}}[MFX<]\d{{7}}[A-Z<]{{3}}[A-Z0-9<]{{12}}(?:{_BREAK}[A-Z<]{{30}})?)"
    r"(?![A-Z0-9<])"
)


def find_passport(text: str) -> Iterator[Span]:
    """Passport numbers and machine-readable zones in `text`."""
    text = plain(text)
    if digit_count(text) < 4:
        return
    if "<<" in text:
        for match in _MACHINE_READABLE.finditer(text):
            yield Span(match.start(), match.end(), PASSPORT, 0.95, "machine-readable lines of a travel document")
    if says(text, _WORDS):
        for start, end in _NUMBER.find(text):
            code = letters_and_digits(text[start:end])
            if 6 <= len(code) <= 12 and sum(map(str.isdigit, code)) >= 4:
                yield Span(start, end, PASSPORT, *_judge(code))


def _judge(code: str) -> tuple[float, str]:
    countries = [country for country, form in _FORMS if form.fullmatch(code)]
    if countries:
        return 0.85, f"beside a word for passport, the form of {', '.join(countries[:3])}"
    return 0.6, "a code beside a word for passport"

"""Driving licence numbers: beside a word for such a licence, and the British form, which speaks for itself.

Right behind a word for a driving licence any code counts, a few words later only one with six digits, and behind the
bare word "licence", which software and shops have as well, only one that is no year, version or price.

A British number is made of five letters of the surname, the date of birth (with 5 added to the month for women), two
initials and three check characters (gov.uk, "Driver number").

Not found: numbers of other countries without a word for it, number plates.
"""

import re
from collections.abc import Iterator

from core.privacy.clues import Pieces, listed
from core.privacy.cues import CODE, Cued, letters_and_digits, says
from core.privacy.kinds import LICENSE
from core.privacy.plain import digit_count, plain
from core.privacy.recognisers.near import moved, near
from core.privacy.spans import Span

_WORDS = listed("""
    licen,lisen,liscen,driv,drv,dvla,dl ,dl:,dl=,dl#,dln,dl_,dl/,d.l.,d/l,lic.,lic ,lic#,fs-n,fs:,learner,
    führerschein,fuehrerschein,führerausweis,fahrausweis,fahrerlaubnis,permis,conduc,conduz,condução,conducao,brevete,
    patente,di guida,motorista,habilita,cnh,rijbewij,prawo jazdy,prawa jazdy,prawk,körkort,kørekort,førerkort,ajokort,
    řidič,vodičsk,vozačk,voznišk,vezetői,ehliyet,sürücü,водител,в/у,免許,驾照,驾驶证,駕照,운전면허,bằng lái,gplx
""")
_CLUES = Pieces(_WORDS)
_VAGUE_WORDS = frozenset(("licen", "lisen", "liscen", "driv", "drv", "dln", "fs-n"))
# Each begins with a letter, as a search for such is twice as fast.
_CUE = re.compile(
    r"li[cs]s?c?en[cs]|dri?v(?:er|ing)?['’s]{0,2}[\s_-]?(?:lic|id|nu|pe)|"
    r"c(?<![a-z]c)dln?(?![a-z])|d(?<![a-z]d)(?:ln?(?![a-z])|[./]l\b)|lic\b(?<![a-z]lic)|f(?<![a-z]f)s(?:-?n|:)|"
    + "|".join(word for word in _WORDS if word[-1].isalpha() and word not in _VAGUE_WORDS)
)
_DRIVING = (
    r"dri?v(?:er|ing)?['’s]{0,2}[\s_-]?(?:li[sc]s?c?en[cs]es?|permit|lic\b)|learner['’s]{0,2} permit|"
    r"operator['’s]{0,2} licen[cs]e|\bdvla\b|\bdriver[\s_-]?(?:id|number)|(?-i:\bC?DLN?\b)|\bdln\b|(?-i:\bD\.L\.)|"
    r"\bdl(?=[ =:])|"
    r"\bc?d[./]?l\b\.?[ _]?(?:#|number|num\b|no\b|:)|"
    r"f(?:ü|ue)hrerschein(?:e?s|nummer|nr\.?)?|f(?:ü|ue)hrerausweis\w{0,8}|fahrausweis\w{0,8}|fahrerlaubnis\w{0,8}|"
    r"\bfs(?:-?(?:nr\b|nummer)\.?|:)|brevete|permis de conduire|permis b\b|"
    r"(?:carnet|carn[ée]|licencia|permiso) de (?:condu[cz]ir|conducción|manejo)|patente di guida|licenza di guida|"
    r"rijbewijs(?:nummer)?|praw[oa] jazdy|carteira (?:nacional )?de (?:motorista|habilitação)|\bcnh\b|"
    r"carta de condu[çc][ãa]o|körkort(?:snummer|snr)?|řidičák\w{0,2}|vozačk\w{1,2} dozvol\w{1,2}|"
    r"voznišk\w{1,2} dovoljenj\w{1,2}|habilitação|prawk[ao]|kørekort(?:nummer)?|førerkort(?:nummer)?|ajokort\w{1,4}|"
    r"řidičsk\w{1,3} průkaz\w{0,2}|vodičsk\w{1,3} preukaz\w{0,2}|vezetői engedély\w{0,4}|permisul(?:ui)? de conducere|"
    r"ehliyet|sürücü belgesi|водительск\w{2,5} удостоверени\w{1,2}|運転免許\w?|免許証|驾照|驾驶证|駕照|운전면허|"
    r"bằng lái(?: xe)?|gplx|в/у"
)
_SAID_TO_BE_ONE = (
    r"licen[cs]e[\s_-]?(?:number|no\b\.?|nr\b|num\b|#|id\b)|"
    r"(?:my|your|his|her|their|the|our|provisional)\s(?:\w{2,12}\s)?licen[cs]e|"
    r"licen[cs]e(?=\s?[:=]\s?[\"']?[A-Z]{0,2}\d)|lisence|"
    r"\blic\b\.? ?(?:#|number|no\b)|mon permis|permis (?=num[ée]ro|n[°º])|(?:num[ée]ro|n[°º]) (?:de |du )?permis|"
    r"(?:número de|mi|su) licencia|licencia (?=número|n[°º])|"
    r"(?:numero|n\.|la mia|la sua) (?:di |della )?patente|patente(?=\s?:)"
)
# Codes with more letters or asterisks in front (Washington), and of letters in pairs (Manitoba).
_OTHER_CODE = r"(?-i:[A-Z]{1,7}\*{1,4}[A-Z0-9]{3,7}|[A-Z]{6,7}\d[A-Z0-9]{2,5}|(?:[A-Z]{2}-){3}[A-Z]\d{3}[A-Z]{2})(?!\w)"
_OTHER = re.compile(_OTHER_CODE)
_NUMBER = Cued(f"{_DRIVING}|{_SAID_TO_BE_ONE}", f"(?:{_OTHER_CODE}|{CODE})")
_LATER = re.compile(
    rf"(?:{_DRIVING}|{_SAID_TO_BE_ONE})(?P<between>(?:[^\d\n.;?!]|\.(?=\S)){{1,40}}?)(?<!\w)(?P<code>{CODE})", re.I
)
_BARE = re.compile(
    r"(?<![^\W\d_])(?:licen[cs]e|lic\.?|permis|patente|licencia)(?:[ ,:#-]{1,3}"
    r"(?:n[°ºr.]?|no|number|numero|ha numero|num|is|est|è|es|du|de|n\.)\b\.?){0,3}(?P<between>[ ,:=#(-]{1,3})"
    rf"(?P<code>{_OTHER_CODE}|{CODE})",
    re.IGNORECASE,
)
_OTHER_THING = re.compile(
    r"call|phone|tel|mobil|born|birth|dob|ssn|polic|account|order|ticket|zip|passport|pass\b|card|case|fee|cost|price|"
    r"expir|valid|issue|since|until|year|age|plate|polis|geboren|gültig|valable|vence|scad|\bversion|photo|copy",
    re.IGNORECASE,
)
_PRICE = re.compile(r"\s?(?:[€£$%]|dollar|euro|year|user|day|seat|month)", re.IGNORECASE)
_DATE = re.compile(
    r"[A-Z]{0,3} ?(?:\d{1,2}[-./ ]\d{1,2}[-./ ]\d{2,4}|(?:19|20)\d\d(?:[-./ ]?\d{1,4}){0,2})", re.IGNORECASE
)
_BRITISH = re.compile(
    r"[A-Z](?<!\w[A-Z])[A-Z][A-Z9]{3} ?\d(?:[05][1-9]|[16][0-2])(?:0[1-9]|[12]\d|3[01])\d"
    r" ?[A-Z9]{2}\d ?[A-Z]{2}(?: ?\d\d)?(?!\w)"
)
_MOST_CHARACTERS = 20
_FEWEST_DIGITS, _FEWEST_DIGITS_LATER = 4, 6


def find_licence(text: str) -> Iterator[Span]:
    """Driving licence numbers in `text`."""
    text = plain(text)
    if digit_count(text) < _FEWEST_DIGITS - 1:
        return
    found = list[Span]()
    for match in _BRITISH.finditer(text):
        found.append(Span(*match.span(), LICENSE, 0.85, "the form of a British driver number"))
    if says(text, _CLUES):
        for start, part in near(text, _CUE):
            for span in moved(_beside_a_word(part), start):
                if not any(span.overlaps(other) for other in found):
                    found.append(span)
    yield from found


def _beside_a_word(text: str) -> Iterator[Span]:
    for start, end in _NUMBER.find(text):
        if _OTHER.fullmatch(text, start, end) or _is_number(text, start, end, _FEWEST_DIGITS):
            yield Span(start, end, LICENSE, 0.75, "a code beside words for a driving licence")
    for pattern in (_LATER, _BARE):
        for match in pattern.finditer(text):
            start, end = match.span("code")
            is_other = _OTHER_THING.search(match["between"]) or _DATE.fullmatch(match["code"])
            if not is_other and (_OTHER.fullmatch(match["code"]) or _is_number(text, start, end, _FEWEST_DIGITS_LATER)):
                yield Span(start, end, LICENSE, 0.6, "a code a few words behind those for a driving licence")


def _is_number(text: str, start: int, end: int, fewest_digits: int) -> bool:
    code = letters_and_digits(text[start:end])
    is_long_enough = 5 <= len(code) <= _MOST_CHARACTERS and sum(map(str.isdigit, code)) >= fewest_digits
    return is_long_enough and not _PRICE.match(text, end)

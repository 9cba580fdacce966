"""Driving licence numbers: beside a word for such a licence, and the British form, which speaks for itself.

A British number is made of five letters of the surname, the date of birth (with 5 added to the month for women), two
initials and three check characters (gov.uk, "Driver number").

Not found: numbers of other countries without a word for it, number plates.
"""

import re
from collections.abc import Iterator

from core.privacy.cues import Cued, letters_and_digits, says
from core.privacy.kinds import LICENSE
from core.privacy.plain import digit_count, plain
from core.privacy.spans import Span

_WORDS = (
    *("licen", "driv", "dvla", "dl", "lic.", "lic ", "führerschein", "fuehrerschein", "führerausweis", "fahrausweis"),
    *("fahrerlaubnis", "permis", "conduc", "conduz", "condução", "conducao", "patente", "rijbewij", "prawo jazdy"),
    *("prawa jazdy", "habilita", "cnh", "körkort", "kørekort", "førerkort", "ajokort", "řidič", "vodičsk", "vezetői"),
    *("ehliyet", "sürücü", "водител", "免許"),
)
_NUMBER = Cued(
    r"driv(?:er|ing)['’s]{0,2}[\s_-]?(?:licen[cs]es?|permit|lic\b)|licen[cs]e[\s_-]?(?:number|no\b\.?|nr\b|num\b|#|"
    r"id\b)|"
    r"(?:my|your|his|her|their|the|our|provisional)\s(?:\w{2,12}\s)?licen[cs]e|licen[cs]e(?=\s?:)|"
    r"licen[cs]e on file|\bdln\b|(?-i:\bDL\b)|\bdl[ _]?(?:#|number|num\b|no\b|:)|"
    r"\blic\b\.? ?(?:#|number|no\b)|\bdvla\b|driver[\s_-]?(?:id|number)|"
    r"f(?:ü|ue)hrerschein(?:nummer|nr\.?)?|f(?:ü|ue)hrerausweis\w{0,8}|fahrausweis\w{0,8}|fahrerlaubnis\w{0,8}|"
    r"permis de conduire|permis b\b|mon permis|permis (?=num[ée]ro|n[°º])|(?:num[ée]ro|n[°º]) (?:de |du )?permis|"
    r"(?:carnet|licencia|permiso) de (?:condu[cz]ir|conducción|manejo)|(?:número de|mi|su) licencia|"
    r"licencia (?=número|n[°º])|patente di guida|(?:numero|n\.|la mia|la sua) (?:di |della )?patente|patente(?=\s?:)|"
    r"rijbewijs(?:nummer)?|praw[oa] jazdy|carteira (?:nacional )?de (?:motorista|habilitação)|\bcnh\b|"
    r"carta de condu[çc][ãa]o|körkort(?:snummer)?|kørekort(?:nummer)?|førerkort(?:nummer)?|ajokort\w{1,4}|"
    r"řidičsk\w{1,3} průkaz\w{0,2}|vodičsk\w{1,3} preukaz\w{0,2}|vezetői engedély\w{0,4}|permisul(?:ui)? de conducere|"
    r"ehliyet|sürücü belgesi|водительск\w{2,5} удостоверени\w{1,2}|運転免許\w?"
)
_PRICE = re.compile(r"\s?(?:[€£$%]|dollar|euro|year|user)")
_BRITISH = re.compile(
    r"(?<!\w)(?=[A-Z]{2})[A-Z9]{5} ?\d(?:[05][1-9]|[16][0-2])(?:0[1-9]|[12]\d|3[01])\d"
    r" ?[A-Z9]{2}\d ?[A-Z]{2}(?: ?\d\d)?(?!\w)"
)


def find_licence(text: str) -> Iterator[Span]:
    """Driving licence numbers in `text`."""
    text = plain(text)
    if digit_count(text) < 4:
        return
    british = [match.span() for match in _BRITISH.finditer(text)]
    for start, end in british:
        yield Span(start, end, LICENSE, 0.85, "the form of a British driver number")
    if says(text, *_WORDS):
        for start, end in _NUMBER.find(text):
            code = letters_and_digits(text[start:end])
            is_whole = not any(start < other_end and other < end for other, other_end in british)
            if is_whole and 5 <= len(code) <= 20 and sum(map(str.isdigit, code)) >= 4 and not _PRICE.match(text, end):
                yield Span(start, end, LICENSE, 0.75, "a code beside words for a driving licence")

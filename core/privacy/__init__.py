"""Personal data: text to spans, then spans to text, kept apart.

Found by layers (`Detector`): recognisers, one small file a kind, a pattern and a validator each, whose docstring says
what it does not find; the user's own rules (`own`); a token classifier (`tagger`) behind a gate, for names and places
in sentences (`people`). Replaced by tags, keyed hashes or `substitutes`.
"""

from core.privacy.detector import MODES, Detector
from core.privacy.find import RULES, find, find_all
from core.privacy.kinds import (
    ABOUT,
    CARD,
    EMAIL,
    IBAN,
    IP,
    KINDS,
    PERSON,
    PHONE,
    SEARCHED,
    SECRET,
    SOFT,
    URL_CREDENTIALS,
    Kind,
)
from core.privacy.replace import Replaced, Tags, replace
from core.privacy.spans import Span, resolve
from core.privacy.substitutes import SUBSTITUTED, Substitutes
from core.privacy.values import SHORTEST_EVERYWHERE, SHORTEST_IN_ROW, KnownValues, fold

__all__ = [
    "ABOUT",
    "CARD",
    "EMAIL",
    "IBAN",
    "IP",
    "KINDS",
    "MODES",
    "PERSON",
    "PHONE",
    "RULES",
    "SEARCHED",
    "SECRET",
    "SHORTEST_EVERYWHERE",
    "SHORTEST_IN_ROW",
    "SOFT",
    "SUBSTITUTED",
    "URL_CREDENTIALS",
    "Detector",
    "Kind",
    "KnownValues",
    "Replaced",
    "Span",
    "Substitutes",
    "Tags",
    "find",
    "find_all",
    "fold",
    "replace",
    "resolve",
]

"""Personal data: text to spans (`find`), then spans to text (`replace`), kept apart.

One small file a kind, a pattern and a validator each; its docstring says what it does not find. Names of persons,
places and organisations, postal addresses, dates of birth and national identity numbers are not found.
"""

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
from core.privacy.recognisers import RULES, find, find_all
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

"""Kinds of personal data in words: "an e-mail address", "2 phone numbers", "E-mail address 9, Person 1"."""

from collections.abc import Mapping

from core.privacy import ABOUT, KINDS, URL_CREDENTIALS
from core.privacy.kinds import BIRTH_DATE, label

_OTHERWISE = {
    URL_CREDENTIALS: ("user name and password in a URL", "user names and passwords in URLs"),
    BIRTH_DATE: ("date of birth", "dates of birth"),
}
_PLURALS = {"ss": "sses", "y": "ies"}


def named(kind: str, number: int = 1) -> str:
    """A number of places of a kind within a sentence: `an e-mail address`, `2 IP addresses`."""
    words = label(kind).split(" (")[0] if kind in ABOUT else kind.replace("_", " ").lower()
    one = words if words[1:2].isupper() else words[:1].lower() + words[1:]
    ending = next((ending for ending in _PLURALS if one.endswith(ending)), "")
    one, several = _OTHERWISE.get(kind, (one, one.removesuffix(ending) + _PLURALS.get(ending, "s")))
    if number != 1:
        return f"{number:,} {several}"
    return f"{'an' if one[:1].lower() in 'aeio' else 'a'} {one}"


def counts(by_kind: Mapping[str, int]) -> str:
    """Places by kind as a list, the strongest kind first: `E-mail address 9, Person 1`."""
    order = {kind: place for place, kind in enumerate(KINDS)}
    kinds = sorted((kind for kind in by_kind if by_kind[kind]), key=lambda kind: (order.get(kind, -1), kind))
    return ", ".join(f"{label(kind)} {by_kind[kind]:,}" for kind in kinds)


def joined(things: list[str]) -> str:
    """Things in a sentence: `a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, [", ".join(things[:-1]), *things[-1:]]))

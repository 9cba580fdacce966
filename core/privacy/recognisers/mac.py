"""MAC addresses (EUI-48 and EUI-64): groups of two hexadecimal digits, or Cisco's groups of four.

Not found, because they name no device: all zeros and broadcast. Not found either: groups of decimal digits alone with
hyphens or spaces between them (lottery numbers, dates) and twelve digits in a row, unless a word for it stands before.
"""

import re
from collections.abc import Iterator

from core.privacy.clues import Pieces
from core.privacy.cues import Cued, says
from core.privacy.kinds import MAC
from core.privacy.plain import digit_count
from core.privacy.spans import Span

_HEX = "[0-9A-Fa-f]"
_PAIRS = re.compile(
    rf"(?<![\w:-]){_HEX}{{2}}([:-]){_HEX}{{2}}(?:\1{_HEX}{{2}}){{4}}(?:(?:\1{_HEX}{{2}}){{2}})?(?![\w]|[:-]\w)"
)
_FOURS = re.compile(rf"(?<![\w.:-]){_HEX}{{4}}([.-]){_HEX}{{4}}\1{_HEX}{{4}}(?![\w]|[.:-]\w)")
# A group between two separators: quick to look for, and seldom there.
_PAIR, _FOUR = re.compile(rf"[:-]{_HEX}{{2}}[:-]"), re.compile(rf"[.-]{_HEX}{{4}}[.-]")
_CUED = Cued(
    r"\bmac\b(?:[\s_-]?addr(?:ess)?)?|macaddr\w{0,4}|hwaddr|\bether\b|hardware[\s_-]?address|"
    r"ethernet address|physical address",
    rf"{_HEX}{{2}}(?:[ :.-]?{_HEX}{{2}}){{5}}(?![\w])",
)

_WORDS = Pieces("""
    mac ,mac:,mac_,mac-,mac",macaddr,hwaddr,ether ,ethernet addr,hardware,physical addr
""")


def find_mac(text: str) -> Iterator[Span]:
    """MAC addresses in `text`."""
    said = digit_count(text) and says(text, _WORDS)
    cued = set(_CUED.find(text)) if said else set()
    for start, end in sorted(cued):
        if _names_a_device(text[start:end]) and any(map(str.isdigit, text[start:end])):
            yield Span(start, end, MAC, 0.9, "twelve hexadecimal digits beside a word for a MAC address")
    if max(text.count(":"), text.count("-")) >= 5 and _PAIR.search(text):
        for match in _PAIRS.finditer(text):
            if match.span() not in cued and _is_address(match):
                yield Span(match.start(), match.end(), MAC, 0.9, "six or eight pairs of hexadecimal digits")
    if digit_count(text) and _FOUR.search(text):
        for match in _FOURS.finditer(text):
            written = match.group()
            if match.span() not in cued and any(map(str.isalpha, written)) and any(map(str.isdigit, written)):
                yield Span(match.start(), match.end(), MAC, 0.8, "three groups of four hexadecimal digits")


def _is_address(match: re.Match[str]) -> bool:
    written = match.group()
    all_decimal = not any(map(str.isalpha, written))
    return _names_a_device(written) and not (all_decimal and match.group(1) == "-")


def _names_a_device(written: str) -> bool:
    return len(set(filter(str.isalnum, written.lower()))) > 1

"""IP addresses, version 4 and 6, checked with `ipaddress`.

Not found, because they name no one: loopback, unspecified, multicast and broadcast addresses and netmasks. Not found
either: version numbers of four parts ("v1.2.3.4", "version 1.2.3.4", `pkg==1.2.3.4`), addresses written as one number
or in octal, and very short IPv6 addresses without a group of four digits (`1::2` is also a slice of a list).
"""

import ipaddress
import re
from collections.abc import Iterator

from core.privacy.kinds import IP
from core.privacy.plain import digit_count, plain
from core.privacy.spans import Span

# A port may follow behind a dot, as tcpdump writes it ("10.0.0.5.51234 >").
_NO_MORE = r"(?!\.[0-9](?![0-9]{0,4}(?:[:\s]*>|: )))"
_V4 = re.compile(rf"[0-9](?<![A-Za-z0-9.][0-9])[0-9]{{0,2}}(?:\.[0-9]{{1,3}}){{3}}(?![A-Za-z0-9]|-[a-z]){_NO_MORE}")
# The private networks that no version number looks like, whatever stands around them.
_HOME = re.compile(rf"(?<![0-9.])(?:192\.168|172\.(?:1[6-9]|2[0-9]|3[01]))(?:\.[0-9]{{1,3}}){{2}}(?![0-9]){_NO_MORE}")
_V6 = re.compile(r"(?<![\w:.])(?=[0-9A-Fa-f:]*[0-9])[0-9A-Fa-f:]{6,39}(?:\.[0-9]{1,3}){0,3}(?![\w:]|\.[0-9])")
_VERSION_BEFORE = re.compile(
    r"(?:\b(?:v|ver|version|versions|release|rev|revision|build|firmware|section|chapter|article|clause|figure|table|"
    r"python|package|upgrade to|update to)\b[.:=]?|[=~><!^§]=|[~^§#]|(?<![-<\w])>|[\w ]<)\s*$",
    re.IGNORECASE,
)


def find_ip(text: str) -> Iterator[Span]:
    """IP addresses in `text`, without port, prefix length or zone."""
    text = plain(text)
    if text.count(".") >= 3 and digit_count(text) >= 4:
        yield from _version_4(text)
    if "::" in text or text.count(":") >= 7:
        for match in _V6.finditer(text):
            address = _parse(match.group())
            if address and _is_telling(match.group()):
                yield Span(match.start(), match.end(), IP, 0.9, _reason(address))


def _version_4(text: str) -> Iterator[Span]:
    may_be_home = "192.168" in text or "172." in text
    found = {match.span() for match in _HOME.finditer(text)} if may_be_home else set()
    for match in _V4.finditer(text):
        before = text[max(0, match.start() - 24) : match.start()]
        if not _VERSION_BEFORE.search(before) and 0 < int(match.group().split(".")[0]) < 224:
            found.add(match.span())
    for start, end in sorted(found):
        address = _parse(text[start:end])
        if address:
            yield Span(start, end, IP, 0.9, _reason(address))


def _parse(value: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return None
    return None if address.is_loopback or address.is_unspecified or address.is_multicast else address


def _is_telling(value: str) -> bool:
    groups = [group for group in value.split(":") if group]
    return len(groups) >= 4 or any(len(group) == 4 for group in groups)


def _reason(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    place = "private network" if address.is_private else "public network"
    return f"IPv{address.version} address, {place}"

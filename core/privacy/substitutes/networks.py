"""Substitutes for IP and MAC addresses: of nets that are set aside and lead nowhere."""

import random
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address

from core.privacy.kinds import IP, MAC
from core.privacy.substitutes.makers import Maker, laid_over

_TRIES = 30
# RFC 5737 for examples; RFC 2544 for benchmarks and RFC 1112 for a future that did not come, where those are used up.
_EXAMPLES = (IPv4Network("192.0.2.0/24"), IPv4Network("198.51.100.0/24"), IPv4Network("203.0.113.0/24"))
_BENCHMARKS = (IPv4Network("198.18.0.0/15"),)
_RESERVED = (IPv4Network("240.0.0.0/5"),)
_IPV6_EXAMPLES = 0x20010DB8 << 96  # 2001:db8::/32, RFC 3849


class Addresses(Maker):
    """IP addresses; of a version other than 4 and 6 there are none."""

    def __init__(self) -> None:
        super().__init__(IP)

    def candidates(self, known: str, chance: random.Random) -> Iterator[str]:
        """Addresses of the same version."""
        if ":" in known:
            while True:
                yield str(IPv6Address(_IPV6_EXAMPLES | chance.getrandbits(96)))
        for nets in (_EXAMPLES, _BENCHMARKS):
            for _ in range(_TRIES):
                yield _host(chance.choice(nets), chance)
        while True:
            yield _host(_RESERVED[0], chance)

    def written(self, value: str, new: str) -> str:
        """The address; in capitals where `value` is."""
        return new.upper() if value.isupper() else new


class Macs(Maker):
    """MAC addresses: those for documents (RFC 7042), then locally administered ones."""

    def __init__(self) -> None:
        super().__init__(MAC)

    def candidates(self, known: str, chance: random.Random) -> Iterator[str]:
        """Twelve hexadecimal digits."""
        for _ in range(_TRIES):
            yield f"00005e0053{chance.randrange(256):02x}"
        for attempt in range(10**9):
            more = "".join(chance.choice("0123456789") for _ in range(attempt // 10_000))
            yield f"020000{chance.randrange(2**24):06x}{more}"

    def written(self, value: str, new: str) -> str:
        """With the separators and in the case of `value`."""
        return laid_over(new, value)


def _host(net: IPv4Network, chance: random.Random) -> str:
    return str(IPv4Address(int(net.network_address) + chance.randrange(1, net.num_addresses - 1)))

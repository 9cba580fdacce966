"""Addresses of crypto currencies: their checksum holds, or (Ethereum and its kin) the form with mixed case or a cue.

Bitcoin, Litecoin, Dogecoin, Dash, Zcash, Tron and XRP addresses carry a checksum (base58check, BIP 173 and BIP 350).

Not found: Ethereum addresses in one case without a word such as "wallet" near, hashes of transactions and commits,
addresses of Monero, Cardano and Solana, whose checksums need more than the standard library or which have none.
"""

import hashlib
import re
from collections.abc import Iterator

from core.privacy.kinds import CRYPTO
from core.privacy.plain import digit_count, longest_word
from core.privacy.spans import Span

_SHORTEST = 26
_LONG_WORD = re.compile(rf"[0-9A-Za-z]{{{_SHORTEST}}}")
_BASE58 = re.compile(r"(?<![0-9A-Za-z])[13LMDX9ATtr][1-9A-HJ-NP-Za-km-z]{24,34}(?![0-9A-Za-z])")
_BECH32 = re.compile(
    r"(?<![0-9A-Za-z])(bc|tb|ltc|BC|LTC)1([02-9ac-hj-np-z]{11,87}|[02-9AC-HJ-NP-Z]{11,87})(?![0-9A-Za-z])"
)
_ETHEREUM = re.compile(r"(?<![0-9A-Za-z])0x[0-9a-fA-F]{40}(?![0-9A-Za-z])")
_ETHEREUM_WORD = re.compile(
    r"eth\b|ether|wallet|address|account|token|contract|crypto|coin|usd[tc]|metamask|polygon|bsc\b|wei\b|send|transfer|"
    r"\b(?:from|to|owner)\b",
    re.IGNORECASE,
)
_REACH = 100

_BITCOIN_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_RIPPLE_ALPHABET = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
# The version bytes in front of the hash, as the currencies' own chain parameters give them.
_VERSIONS = {
    "00": "Bitcoin",
    "05": "Bitcoin",
    "30": "Litecoin",
    "32": "Litecoin",
    "1e": "Dogecoin",
    "16": "Dogecoin",
    "4c": "Dash",
    "10": "Dash",
    "41": "Tron",
    "1cb8": "Zcash",
    "1cbd": "Zcash",
}
_BECH32_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32_SUMS = (1, 0x2BC830A3)  # bech32 and bech32m


def find_crypto(text: str) -> Iterator[Span]:
    """Addresses of crypto currencies in `text`."""
    if not digit_count(text) or longest_word(text) < _SHORTEST or not _LONG_WORD.search(text):
        return
    for match in _BASE58.finditer(text):
        currency = base58_currency(match.group())
        if currency:
            yield Span(match.start(), match.end(), CRYPTO, 0.95, f"{currency} address, checksum holds")
    for match in _BECH32.finditer(text):
        if bech32_holds(match.group(1).lower(), match.group(2).lower()):
            yield Span(match.start(), match.end(), CRYPTO, 0.95, "Bitcoin or Litecoin address (bech32), checksum holds")
    for match in _ETHEREUM.finditer(text):
        digits = match.group()[2:]
        if digits not in (digits.lower(), digits.upper()):
            yield Span(match.start(), match.end(), CRYPTO, 0.9, "the form of an Ethereum address, in mixed case")
        elif _ETHEREUM_WORD.search(text, max(0, match.start() - _REACH), match.end() + _REACH):
            yield Span(match.start(), match.end(), CRYPTO, 0.8, "the form of an Ethereum address, near a word for it")


def base58_currency(address: str) -> str | None:
    """The currency of a base58check address whose checksum holds, or None."""
    if address.startswith("r"):
        decoded = _decode(address, _RIPPLE_ALPHABET)
        return "XRP" if len(decoded) == 25 and _sum_holds(decoded) else None
    decoded = _decode(address, _BITCOIN_ALPHABET)
    if len(decoded) not in (25, 26) or not _sum_holds(decoded):
        return None
    return _VERSIONS.get(decoded[: len(decoded) - 24].hex())


def bech32_holds(prefix: str, data: str) -> bool:
    """The checksum of BIP 173 (bech32) or BIP 350 (bech32m), both in lower case."""
    values = [ord(char) >> 5 for char in prefix] + [0] + [ord(char) & 31 for char in prefix]
    total = 1
    for value in values + [_BECH32_ALPHABET.index(char) for char in data]:
        top = total >> 25
        total = (total & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_BECH32_GENERATOR):
            total ^= generator if top >> bit & 1 else 0
    return total in _BECH32_SUMS


def _decode(address: str, alphabet: str) -> bytes:
    number = 0
    for char in address:
        number = number * 58 + alphabet.index(char)
    leading = len(address) - len(address.lstrip(alphabet[0]))
    return bytes(leading) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def _sum_holds(decoded: bytes) -> bool:
    return hashlib.sha256(hashlib.sha256(decoded[:-4]).digest()).digest()[:4] == decoded[-4:]

"""Invented numbers with true check digits for the chat set: cards, accounts, national numbers, crypto addresses.

Each check is computed here from its public definition; the tests hold the results against python-stdnum.
"""

import hashlib
import random
import string

Random = random.Random
HEX = "0123456789abcdef"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
CARDS = {  # issuer: first digits, length, groups
    "Visa": (("4",), 16, (4, 4, 4, 4)),
    "Mastercard": (("51", "53", "55", "2221", "2510"), 16, (4, 4, 4, 4)),
    "Amex": (("34", "37"), 15, (4, 6, 5)),
    "Discover": (("6011", "65"), 16, (4, 4, 4, 4)),
    "JCB": (("3530", "3566"), 16, (4, 4, 4, 4)),
    "Diners": (("36",), 14, (4, 6, 4)),
    "UnionPay": (("6221",), 16, (4, 4, 4, 4)),
}


def digits(rng: Random, count: int) -> str:
    """`count` random digits."""
    return "".join(rng.choice("0123456789") for _ in range(count))


def letters(rng: Random, count: int, alphabet: str = string.ascii_uppercase) -> str:
    """`count` random characters of the alphabet."""
    return "".join(rng.choice(alphabet) for _ in range(count))


def shaped(rng: Random, shape: str) -> str:
    """The shape with each # a digit, % a digit from 2 to 9 and @ a letter of a British postcode."""
    choices = {"#": "0123456789", "%": "23456789", "@": "ABDEFGHJLNPQRSTUWXYZ"}
    return "".join(rng.choice(choices[sign]) if sign in choices else sign for sign in shape)


def luhn_digit(body: str) -> str:
    """The digit that makes `body` hold Luhn's check (ISO/IEC 7812-1)."""
    doubled = [sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(reversed(body))]
    return str(-sum(doubled) % 10)


def card(rng: Random) -> str:
    """A card number of a known issuer, with spaces, with hyphens or plain."""
    starts, length, groups = CARDS[rng.choice(["Visa", "Visa", "Mastercard", "Mastercard", *CARDS])]
    start = rng.choice(starts)
    body = start + digits(rng, length - len(start) - 1)
    return grouped(body + luhn_digit(body), groups, rng.choice([" ", " ", "-", ""]))


def not_a_card(rng: Random) -> str:
    """Sixteen digits in groups that fail Luhn."""
    body = "9" + digits(rng, 14)
    return grouped(body + str((int(luhn_digit(body)) + rng.randint(1, 9)) % 10), (4, 4, 4, 4), rng.choice([" ", ""]))


def grouped(number: str, groups: tuple[int, ...], between: str) -> str:
    """The number cut into groups."""
    parts, at = [], 0
    for size in groups:
        parts.append(number[at : at + size])
        at += size
    return between.join(parts)


def ssn(rng: Random, between: str = "-") -> str:
    """A United States social security number of the ranges that are given out."""
    area = rng.choice([number for number in range(101, 773) if number != 666])
    return between.join([f"{area}", f"{rng.randint(1, 99):02}", f"{rng.randint(1, 9999):04}"])


def iban(rng: Random, country: str) -> str:
    """An IBAN with its check digits (ISO 13616), in groups of four or plain."""
    body = BBANS[country](rng)
    value = int("".join(str(int(sign, 36)) for sign in body + country + "00"))
    plain = f"{country}{98 - value % 97:02}{body}"
    fours = " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))
    return rng.choice([fours, fours, plain])


def _spanish(rng: Random) -> str:
    bank, account = digits(rng, 8), digits(rng, 10)
    check = [_weighted(part, (1, 2, 4, 8, 5, 10, 9, 7, 3, 6), 11) for part in ("00" + bank, account)]
    return bank + "".join(str({10: 1, 11: 0}.get(11 - value, 11 - value)) for value in check) + account


def _belgian(rng: Random) -> str:
    body = "363" + digits(rng, 7)
    return f"{body}{int(body) % 97 or 97:02}"


def _french(rng: Random) -> str:
    bank, branch, account = "30004", digits(rng, 5), digits(rng, 11)
    return f"{bank}{branch}{account}{97 - (89 * int(bank) + 15 * int(branch) + 3 * int(account)) % 97:02}"


def _italian(rng: Random) -> str:
    body = digits(rng, 10) + "000" + digits(rng, 9)
    odd = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21)
    total = sum(odd[int(d)] if place % 2 == 0 else int(d) for place, d in enumerate(body))
    return string.ascii_uppercase[total % 26] + body


def _norwegian(rng: Random) -> str:
    while True:
        body = digits(rng, 10)
        check = -_weighted(body, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), 11) % 11
        if check < 10:
            return f"{body}{check}"


def _portuguese(rng: Random) -> str:
    body = "0035" + digits(rng, 15)
    return f"{body}{98 - int(body + '00') % 97:02}"


BBANS = {
    "GB": lambda rng: rng.choice(["NWBK", "BARC", "LOYD", "MIDL"]) + digits(rng, 14),
    "IE": lambda rng: rng.choice(["AIBK", "BOFI"]) + digits(rng, 14),
    "DE": lambda rng: rng.choice(["37040044", "10070024", "70150000"]) + digits(rng, 10),
    "AT": lambda rng: digits(rng, 16),
    "CH": lambda rng: "00" + digits(rng, 15),
    "FR": _french,
    "BE": _belgian,
    "ES": _spanish,
    "IT": _italian,
    "NL": lambda rng: rng.choice(["ABNA", "INGB", "RABO"]) + "0" + digits(rng, 9),
    "PL": lambda rng: "10201026" + digits(rng, 16),
    "PT": _portuguese,
    "SE": lambda rng: "500" + digits(rng, 17),
    "NO": _norwegian,
    "DK": lambda rng: "0040" + digits(rng, 10),
    "FI": lambda rng: digits(rng, 14),
}


def routing(rng: Random) -> str:
    """A United States routing number (ABA: weights 3, 7, 1, sum 0 modulo 10)."""
    body = rng.choice(["0210", "0260", "1110", "1210", "3222"]) + digits(rng, 4)
    return body + str(-sum(int(d) * weight for d, weight in zip(body, (3, 7, 1) * 3, strict=False)) % 10)


def clabe(rng: Random) -> str:
    """A Mexican CLABE (18 digits, weights 3, 7, 1)."""
    body = "002180" + digits(rng, 11)
    return body + str(-sum(int(d) * weight % 10 for d, weight in zip(body, (3, 7, 1) * 6, strict=False)) % 10)


def bitcoin(rng: Random) -> str:
    """A Bitcoin address: old (base58 with a double SHA-256 check) or bech32 (BIP 173)."""
    version = rng.choice([b"\x00", b"\x05", None])
    return _bech32(rng) if version is None else base58(version + rng.randbytes(20))


def tron(rng: Random) -> str:
    """A Tron address, T…"""
    return base58(b"\x41" + rng.randbytes(20))


def ether(rng: Random) -> str:
    """An Ethereum address in small letters."""
    return "0x" + letters(rng, 40, HEX)


def base58(payload: bytes) -> str:
    """Base58Check of the payload."""
    full = payload + hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    value, text = int.from_bytes(full), ""
    while value:
        value, rest = divmod(value, 58)
        text = BASE58[rest] + text
    return "1" * (len(full) - len(full.lstrip(b"\0"))) + text


def _bech32(rng: Random) -> str:
    data = [0, *(rng.randrange(32) for _ in range(31)), 16 * rng.randrange(2)]
    value = 1
    for five in [3, 3, 0, 2, 3, *data, 0, 0, 0, 0, 0, 0]:  # "bc" spread out, as BIP 173 says
        top, value = value >> 25, (value & 0x1FFFFFF) << 5 ^ five
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            value ^= generator if top >> bit & 1 else 0
    check = [(value ^ 1) >> 5 * (5 - place) & 31 for place in range(6)]
    return "bc1" + "".join(BECH32[five] for five in data + check)


def _weighted(number: str, weights: tuple[int, ...], modulus: int) -> int:
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True)) % modulus

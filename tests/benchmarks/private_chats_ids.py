"""Invented national numbers for the chat set, by country, with true check digits, and the words people call them by."""

import random
import string
from collections.abc import Callable

from private_chats_numbers import digits, letters, luhn_digit, ssn

Random = random.Random
CODICE_ODD = dict(zip(string.digits, (1, 0, 5, 7, 9, 13, 15, 17, 19, 21), strict=True)) | dict(
    zip(
        string.ascii_uppercase,
        (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        strict=True,
    )
)


def _weighted(number: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True))


def _day(rng: Random) -> tuple[int, int, int]:
    return rng.randint(1, 28), rng.randint(1, 12), rng.randint(50, 99)


def nino(rng: Random) -> str:
    """National Insurance number: no check digit, but letters that are in use."""
    body = letters(rng, 2, "ABCEHJKLMPRSTWXY").replace("BG", "AB") + digits(rng, 6) + rng.choice("ABCD")
    return rng.choice([body, " ".join([body[:2], body[2:4], body[4:6], body[6:8], body[8]])])


def nhs(rng: Random) -> str:
    """NHS number (modulo 11)."""
    while True:
        body = rng.choice("4679") + digits(rng, 8)
        check = -_weighted(body, (10, 9, 8, 7, 6, 5, 4, 3, 2)) % 11
        if check < 10:
            return f"{body[:3]} {body[3:6]} {body[6:]}{check}"


def pps(rng: Random) -> str:
    """Irish PPS number (modulo 23)."""
    body = digits(rng, 7)
    return body + "WABCDEFGHIJKLMNOPQRSTUV"[_weighted(body, (8, 7, 6, 5, 4, 3, 2)) % 23]


def tfn(rng: Random) -> str:
    """Australian tax file number (weighted sum 0 modulo 11)."""
    while True:
        body = rng.choice("123456789") + digits(rng, 8)
        if _weighted(body, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0:
            return f"{body[:3]} {body[3:6]} {body[6:]}"


def sin(rng: Random) -> str:
    """Canadian social insurance number (Luhn)."""
    body = rng.choice("1234567") + digits(rng, 7)
    body += luhn_digit(body)
    return rng.choice([" ", "-"]).join([body[:3], body[3:6], body[6:]])


def aadhaar(rng: Random) -> str:
    """Indian Aadhaar number (Verhoeff's scheme in the dihedral group of ten elements)."""
    body = rng.choice("23456789") + digits(rng, 10)
    check = 0
    for place, digit in enumerate(reversed(body), 1):
        check = _dihedral(check, _permuted(int(digit), place))
    inverse = next(digit for digit in range(10) if _dihedral(check, digit) == 0)
    body += str(inverse)
    return f"{body[:4]} {body[4:8]} {body[8:]}"


def _dihedral(first: int, second: int) -> int:
    turn, flip = (first % 5, first // 5), (second % 5, second // 5)
    rest = (turn[0] + (flip[0] if not turn[1] else -flip[0])) % 5
    return rest + 5 * (turn[1] ^ flip[1])


def _permuted(digit: int, times: int) -> int:
    for _ in range(times % 8):
        digit = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)[digit]
    return digit


def pan(rng: Random) -> str:
    """Indian tax number of a person: five letters, the fourth a P, four digits, a letter."""
    return f"{letters(rng, 3)}P{letters(rng, 1)}{rng.randint(1, 9999):04}{letters(rng, 1)}"


def steuer_id(rng: Random) -> str:
    """German tax number: ten digits in which exactly one occurs twice, and ISO 7064 mod 11, 10."""
    pool = rng.sample("0123456789", 9)
    body = [*pool, rng.choice(pool)]
    rng.shuffle(body)
    while body[0] == "0":
        rng.shuffle(body)
    rest = 10
    for digit in body:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    full = "".join(body) + str((11 - rest) % 10)
    return rng.choice([full, f"{full[:2]} {full[2:5]} {full[5:8]} {full[8:]}"])


def austrian(rng: Random) -> str:
    """Austrian insurance number: three digits, a check digit (modulo 11), the birthday."""
    day, month, year = _day(rng)
    while True:
        serial, born = str(rng.randint(100, 999)), f"{day:02}{month:02}{year:02}"
        check = _weighted(serial + born, (3, 7, 9, 5, 8, 4, 2, 1, 6)) % 11
        if check < 10:
            return f"{serial}{check} {born}"


def ahv(rng: Random) -> str:
    """Swiss AHV number (EAN-13)."""
    body = "756" + digits(rng, 9)
    body += str(-_weighted(body, (1, 3) * 6) % 10)
    return f"{body[:3]}.{body[3:7]}.{body[7:11]}.{body[11:]}"


def nir(rng: Random) -> str:
    """French social security number (97)."""
    _, month, year = _day(rng)
    body = f"{rng.choice('12')}{year:02}{month:02}{rng.choice(['75', '69', '13', '44'])}{digits(rng, 6)}"
    key = 97 - int(body) % 97
    return rng.choice(
        [f"{body}{key:02}", f"{body[0]} {body[1:3]} {body[3:5]} {body[5:7]} {body[7:10]} {body[10:]} {key:02}"]
    )


def belgian(rng: Random) -> str:
    """Belgian national number (97)."""
    day, month, year = _day(rng)
    body = f"{year:02}{month:02}{day:02}{rng.randint(1, 997):03}"
    full = f"{body}{97 - int(body) % 97:02}"
    return f"{full[:2]}.{full[2:4]}.{full[4:6]}-{full[6:9]}.{full[9:]}"


def dni(rng: Random) -> str:
    """Spanish DNI or NIE (letter by 23)."""
    first = rng.choice(["", "", "X", "Y"])
    body = digits(rng, 7 if first else 8)
    check = "TRWAGMYFPDXBNJZSQVHLCKE"[int({"": "", "X": "0", "Y": "1"}[first] + body) % 23]
    return f"{first}{body}{rng.choice(['', '-'] if not first else [''])}{check}"


def curp(rng: Random) -> str:
    """Mexican CURP with its check digit."""
    day, month, year = _day(rng)
    body = f"{letters(rng, 1, 'BCDGLMR')}{rng.choice('AEIOU')}{letters(rng, 2, 'BCDFGLMR')}{year:02}{month:02}{day:02}"
    body += rng.choice("HM") + rng.choice(["DF", "JC", "NL", "OC"]) + letters(rng, 3, "BCDFGLMRSTZ") + digits(rng, 1)
    alphabet = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
    total = sum(alphabet.index(sign) * (18 - place) for place, sign in enumerate(body))
    return body + str(-total % 10)


def codice_fiscale(rng: Random) -> str:
    """Italian tax code with its check letter."""
    day, _, year = _day(rng)
    body = letters(rng, 6, "BCDFGLMNPRSTVZ") + f"{year:02}{rng.choice('ABCDEHLMPRST')}{day:02}"
    body += rng.choice(["F205", "H501", "L219", "A944"]) + letters(rng, 1)
    body = body[:15]
    total = sum(
        CODICE_ODD[sign]
        if place % 2 == 0
        else (string.digits + string.ascii_uppercase).index(sign) % 10
        if sign.isdigit()
        else ord(sign) - 65
        for place, sign in enumerate(body)
    )
    return body + string.ascii_uppercase[total % 26]


def bsn(rng: Random) -> str:
    """Dutch citizen number (eleven test)."""
    while True:
        body = rng.choice("1234") + digits(rng, 8)
        if (_weighted(body[:8], (9, 8, 7, 6, 5, 4, 3, 2)) - int(body[8])) % 11 == 0:
            return rng.choice([body, f"{body[:4]}.{body[4:6]}.{body[6:]}"])


def pesel(rng: Random) -> str:
    """Polish PESEL."""
    day, month, year = _day(rng)
    body = f"{year:02}{month:02}{day:02}{digits(rng, 4)}"
    return body + str(-_weighted(body, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10)


def cpf(rng: Random) -> str:
    """Brazilian CPF (two check digits modulo 11)."""
    body = digits(rng, 9)
    for _ in range(2):
        weights = tuple(range(len(body) + 1, 1, -1))
        body += str((11 - _weighted(body, weights) % 11) % 11 % 10)
    return rng.choice([f"{body[:3]}.{body[3:6]}.{body[6:9]}-{body[9:]}"] * 3 + [body])


def nif(rng: Random) -> str:
    """Portuguese NIF of a person (modulo 11)."""
    body = rng.choice("12") + digits(rng, 7)
    full = body + str((11 - _weighted(body, (9, 8, 7, 6, 5, 4, 3, 2)) % 11) % 11 % 10)
    return rng.choice([full, f"{full[:3]} {full[3:6]} {full[6:]}"])


def personnummer(rng: Random) -> str:
    """Swedish personal number (Luhn over ten digits)."""
    day, month, year = _day(rng)
    body = f"{year:02}{month:02}{day:02}{digits(rng, 3)}"
    full = f"{body[:6]}-{body[6:]}{luhn_digit(body)}"
    return rng.choice([full, f"19{full}"])


def fodselsnummer(rng: Random) -> str:
    """Norwegian birth number (two check digits modulo 11)."""
    while True:
        day, month, year = _day(rng)
        body = f"{day:02}{month:02}{year:02}{rng.randint(0, 499):03}"
        first = -_weighted(body, (3, 7, 6, 1, 8, 9, 4, 5, 2)) % 11
        second = -_weighted(f"{body}{first % 10}", (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
        if first < 10 and second < 10:
            return f"{body[:6]} {body[6:]}{first}{second}"


def cpr(rng: Random) -> str:
    """Danish CPR number: the birthday and four digits."""
    day, month, year = _day(rng)
    return f"{day:02}{month:02}{year:02}-{rng.randint(1, 3)}{digits(rng, 3)}"


def hetu(rng: Random) -> str:
    """Finnish personal code (letter by 31)."""
    day, month, year = _day(rng)
    born, serial = f"{day:02}{month:02}{year:02}", f"{rng.randint(2, 899):03}"
    return f"{born}-{serial}{'0123456789ABCDEFHJKLMNPRSTUVWXY'[int(born + serial) % 31]}"


# By country: what people call the number, the kind, and how it is made.
Maker = Callable[[Random], str]
IDS: dict[str, tuple[tuple[tuple[str, ...], str, Maker], ...]] = {
    "US": ((("SSN", "social security number", "social"), "SSN", ssn),),
    "GB": (
        (("NI number", "National Insurance number", "NINO"), "NATIONAL_ID", nino),
        (("NHS number", "NHS no."), "NATIONAL_ID", nhs),
    ),
    "IE": ((("PPS number", "PPSN"), "NATIONAL_ID", pps),),
    "AU": ((("TFN", "tax file number"), "NATIONAL_ID", tfn),),
    "CA": ((("SIN", "social insurance number"), "NATIONAL_ID", sin),),
    "IN": (
        (("Aadhaar number", "Aadhaar", "aadhaar no."), "NATIONAL_ID", aadhaar),
        (("PAN", "PAN card number"), "NATIONAL_ID", pan),
    ),
    "DE": ((("Steuer-ID", "Steueridentifikationsnummer", "IdNr."), "NATIONAL_ID", steuer_id),),
    "AT": ((("SV-Nummer", "Sozialversicherungsnummer"), "NATIONAL_ID", austrian),),
    "CH": ((("AHV-Nummer", "AHV-Nr."), "NATIONAL_ID", ahv),),
    "FR": ((("numéro de sécurité sociale", "NIR"), "NATIONAL_ID", nir),),
    "BE": ((("rijksregisternummer", "numéro national"), "NATIONAL_ID", belgian),),
    "ES": ((("DNI", "DNI/NIE"), "NATIONAL_ID", dni),),
    "MX": ((("CURP",), "NATIONAL_ID", curp),),
    "IT": ((("codice fiscale", "C.F."), "NATIONAL_ID", codice_fiscale),),
    "NL": ((("BSN", "burgerservicenummer"), "NATIONAL_ID", bsn),),
    "PL": ((("PESEL", "numer PESEL"), "NATIONAL_ID", pesel),),
    "BR": ((("CPF",), "NATIONAL_ID", cpf),),
    "PT": ((("NIF", "contribuinte"), "NATIONAL_ID", nif),),
    "SE": ((("personnummer",), "NATIONAL_ID", personnummer),),
    "NO": ((("fødselsnummer", "personnummer"), "NATIONAL_ID", fodselsnummer),),
    "DK": ((("CPR-nummer", "CPR-nr."), "NATIONAL_ID", cpr),),
    "FI": ((("henkilötunnus", "hetu"), "NATIONAL_ID", hetu),),
}


def lettered(rng: Random, shapes: str) -> str:
    """One of the shapes with L a letter and # a digit; the rest stays."""
    shape = rng.choice(shapes.split("|"))
    return "".join(
        digits(rng, 1) if s == "#" else letters(rng, 1, "BCDFGHJKMNPRTVWXY") if s == "L" else s for s in shape
    )

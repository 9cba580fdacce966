"""What fills the slots of a template of the chat set: values of the row's people, with their kinds, and fillers."""

import random
import uuid
from collections.abc import Callable

import private_chats_ids as ids
import private_chats_numbers as numbers
import private_chats_people as people
import private_chats_secrets as secrets

Filled = tuple[str, str | None]  # the text and its kind, None for what is not personal
COMPANIES = ("Northwind Freight", "Bluepeak Analytics", "Kestrel Energy", "Lumenhaus", "Altiplano Foods", "Fjordtech")
CITIES = ("Leeds", "Tucson", "Ghent", "Porto", "Malmö", "Graz", "Pune", "Halifax", "Bilbao", "Turku", "Adelaide")
NATIONALITIES = ("Dutch", "Brazilian", "Canadian", "Irish", "Polish")
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}
HOSTS = ("status.bluepeak.io", "www.kestrel-energy.co.uk", "api.northwind-freight.com", "shop.altiplano.es")
PATHS = ("/reports/2024/07", "/v2/customers/{}", "/album?id={}", "/docs/setup.html", "/o/{}/track")


class Slots:
    """The values of one row: the same slot of the same person is the same value each time; fillers are new ones."""

    def __init__(self, rng: random.Random, countries: tuple[str, ...], language: str, keys: int) -> None:
        self.rng, self.countries, self.language, self.keys = rng, countries, language, keys
        self._people: dict[int, people.Person] = {}
        self._values: dict[tuple[str, int], Filled] = {}
        self._ids: dict[int, tuple[tuple[str, ...], str, ids.Maker]] = {}

    def person(self, which: int) -> people.Person:
        """The row's person of that number, from 1."""
        if which not in self._people:
            self._people[which] = people.person(self.rng, self.rng.choice(self.countries))
        return self._people[which]

    def fill(self, name: str, which: int) -> Filled:
        """What fills the slot.

        Raises KeyError for a slot that nobody knows.
        """
        if name in FILLERS:
            return FILLERS[name](self.rng), None
        if (name, which) not in self._values:
            self._values[name, which] = self._value(name, which)
        return self._values[name, which]

    def _value(self, name: str, which: int) -> Filled:
        if name in OF_PERSON:
            kind, made = OF_PERSON[name]
            return made(self.person(which)), kind
        if name in RANDOM:
            kind, draw = RANDOM[name]
            return draw(self.rng), kind
        return SPECIAL[name](self, which)

    def _national(self, which: int) -> tuple[tuple[str, ...], str, ids.Maker]:
        if which not in self._ids:
            self._ids[which] = self.rng.choice(ids.IDS[self.person(which).country])
        return self._ids[which]

    def national_label(self, which: int) -> Filled:
        """What people call the national number."""
        return self.rng.choice(self._national(which)[0]), None

    def national(self, which: int) -> Filled:
        """The national number."""
        _, kind, made = self._national(which)
        return made(self.rng), kind

    def iban(self, which: int) -> Filled:
        """An IBAN of the person's country, or of any other where that has none."""
        own = self.person(which).country
        return numbers.iban(self.rng, own if own in numbers.BBANS else self.rng.choice(list(numbers.BBANS))), "IBAN"

    def document(self, kind: str, which: int) -> Filled:
        """A passport or licence number of the person's country."""
        return ids.lettered(self.rng, people.listed("documents")[self.person(which).country][kind.lower()]), kind

    def secret(self, which: int) -> Filled:
        """A provider's key that is known by its form; the providers take turns."""
        turns = (secrets.PROVIDERS * 3)[self.keys % len(secrets.PROVIDERS) + which - 1 :]
        form = next(form for name, form in turns if name not in secrets.NAMED_ONLY)
        return secrets.filled(self.rng, form), "SECRET"

    def key_name(self) -> Filled:
        """The variable of the key that `named_secret` gives."""
        return self._provider()[0], None

    def named_secret(self) -> Filled:
        """A key behind its variable's name; the providers take turns."""
        return secrets.filled(self.rng, self._provider()[1]), "SECRET"

    def _provider(self) -> tuple[str, str]:
        return secrets.PROVIDERS[self.keys % len(secrets.PROVIDERS)]

    def birth(self, form: str) -> Filled:
        """A date of birth as the people of the first country write it, in words or as ISO 8601 says."""
        day, month, year = self.rng.randint(1, 28), self.rng.randint(1, 12), self.rng.randint(1938, 2007)
        country = self.person(1).country
        if form == "long" and self.language in MONTHS:
            name = MONTHS[self.language].split()[month - 1]
            long = {"en": [f"{day} {name} {year}", f"{name} {day}, {year}"], "de": [f"{day}. {name} {year}"]}
            long["es"] = [f"{day} de {name} de {year}"]
            return self.rng.choice(long.get(self.language, [f"{day} {name} {year}"])), "BIRTH_DATE"
        if form == "iso" or country in ("SE", "CA"):
            return f"{year}-{month:02}-{day:02}", "BIRTH_DATE"
        if country == "US":
            return f"{month:02}/{day:02}/{year}", "BIRTH_DATE"
        between = "." if country in ("DE", "AT", "CH", "PL", "NO", "FI") else self.rng.choice("/-/")
        return f"{day:02}{between}{month:02}{between}{year}", "BIRTH_DATE"


def _order(rng: random.Random) -> str:
    return numbers.shaped(rng, rng.choice(["ORD-2024-#####", "#%%####", "PO %#-#####", "A1-######", "%#######"]))


def _amount(rng: random.Random) -> str:
    value = rng.randint(5, 4000)
    return rng.choice(
        [f"${value}.{rng.randint(10, 99)}", f"€{value}", f"{value},50 EUR", f"£{value}.00", f"USD {value}"]
    )


def _date(rng: random.Random) -> str:
    year, month, day = rng.randint(2019, 2025), rng.randint(1, 12), rng.randint(1, 28)
    name = MONTHS["en"].split()[month - 1]
    return rng.choice([f"{year}-{month:02}-{day:02}", f"{day} {name}", f"{month:02}/{day:02}/{year}", f"{name} {day}"])


def _timestamp(rng: random.Random) -> str:
    return f"2024-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}T{_time(rng)}:{rng.randint(10, 59)}Z"


def _time(rng: random.Random) -> str:
    return f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}"


def _apache(rng: random.Random) -> str:
    return f"{rng.randint(10, 28)}/{rng.choice(['Jan', 'Mar', 'Oct'])}/2024:{_time(rng)}:{rng.randint(10, 59)} +0100"


def _isbn(rng: random.Random) -> str:
    body = "9783" + numbers.digits(rng, 8)
    check = -sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(body)) % 10
    return f"{body[:3]}-{body[3]}-{body[4:8]}-{body[8:]}-{check}"


def _ip(rng: random.Random) -> str:
    first = rng.choice([23, 45, 77, 81, 93, 104, 151, 178, 185, 192, 203, 212])
    return f"{first}.{rng.randint(1, 254)}.{rng.randint(0, 254)}.{rng.randint(1, 254)}"


def _ipv6(rng: random.Random) -> str:
    parts = [numbers.letters(rng, 4, numbers.HEX).lstrip("0") or "1" for _ in range(5)]
    return rng.choice(
        [f"2001:db8:{parts[0]}::{parts[1]}", "fe80::" + ":".join(parts[:4]), "2a02:8108:" + ":".join([*parts, "1"])]
    )


def _mac(rng: random.Random) -> str:
    pairs = [numbers.letters(rng, 2, numbers.HEX) for _ in range(6)]
    between = rng.choice([":", ":", "-"])
    return between.join(pairs).upper() if rng.random() < 0.4 else between.join(pairs)


def _url(rng: random.Random) -> str:
    return "https://" + rng.choice(HOSTS) + rng.choice(PATHS).format(rng.randint(100, 99999))


def _in_url(rng: random.Random) -> str:
    user = rng.choice(["app", "deploy", "postgres", "svc_shop", "default", "oauth2"])
    return f"{user}:{rng.choice(secrets.WORDS)}{numbers.letters(rng, 6, secrets.ALNUM)}"


def _crypto(rng: random.Random) -> str:
    return rng.choice([numbers.bitcoin, numbers.ether, numbers.tron])(rng)


def _slack(rng: random.Random) -> str:
    return secrets.filled(rng, "T{U10}/B{U10}/{a24}")


def _hexes(count: int) -> Callable[[random.Random], str]:
    return lambda rng: numbers.letters(rng, count, numbers.HEX)


def _digits(shape: str) -> Callable[[random.Random], str]:
    return lambda rng: numbers.shaped(rng, shape)


OF_PERSON: dict[str, tuple[str, Callable[[people.Person], str]]] = {
    "person": ("PERSON", lambda who: who.name),
    "given": ("PERSON", lambda who: who.given),
    "family": ("PERSON", lambda who: who.family),
    "short": ("PERSON", lambda who: f"{who.given[0]}. {who.family}"),
    "initialed": ("PERSON", lambda who: f"{who.given} {who.town[0] if who.town[0].isalpha() else 'M'}. {who.family}"),
    "reversed": ("PERSON", lambda who: f"{who.family}, {who.given}"),
    "sql_person": ("PERSON", lambda who: who.name.replace("'", "''")),
    "email": ("EMAIL", lambda who: who.email),
    "workmail": ("EMAIL", lambda who: who.work_email),
    "phone": ("PHONE", lambda who: who.phone),
    "phone_plain": (
        "PHONE",
        lambda who: "".join(sign for sign in who.phone.replace("(0)", "") if sign in "+0123456789"),
    ),
    "address": ("ADDRESS", lambda who: who.address),
    "sql_address": ("ADDRESS", lambda who: who.address.replace("'", "''")),
    "lines": ("ADDRESS", lambda who: who.lines),
    "street": ("ADDRESS", lambda who: who.street),
    "town": ("UNSCORED", lambda who: who.town),
    "username": ("USERNAME", lambda who: who.username),
    "handle": ("USERNAME", lambda who: f"@{who.username}"),
    "url_person": (
        "URL",
        lambda who: f"https://www.kestrelmail.co.uk/in/{people.plain(who.given)}-{people.plain(who.family)}",
    ),
}
RANDOM: dict[str, tuple[str, Callable[[random.Random], str]]] = {
    "card": ("CARD", numbers.card),
    "ssn": ("SSN", lambda rng: numbers.ssn(rng, rng.choice(["-", "-", "-", " "]))),
    "nino": ("NATIONAL_ID", ids.nino),
    "nhs": ("NATIONAL_ID", ids.nhs),
    "aadhaar": ("NATIONAL_ID", ids.aadhaar),
    "pan": ("NATIONAL_ID", ids.pan),
    "bsn": ("NATIONAL_ID", ids.bsn),
    "routing": ("BANK", numbers.routing),
    "us_account": ("BANK", _digits("4###########")),
    "sort_code": ("BANK", _digits("%0-##-##")),
    "gb_account": ("BANK", _digits("########")),
    "bsb": ("BANK", _digits("06%-###")),
    "au_account": ("BANK", _digits("#### ####")),
    "in_account": ("BANK", _digits("3##########")),
    "clabe": ("BANK", numbers.clabe),
    "ip": ("IP", _ip),
    "ip_private": ("IP", lambda rng: f"10.{rng.randint(0, 99)}.{rng.randint(0, 254)}.{rng.randint(2, 254)}"),
    "ipv6": ("IP", _ipv6),
    "mac": ("MAC", _mac),
    "crypto": ("CRYPTO", _crypto),
    "bitcoin": ("CRYPTO", numbers.bitcoin),
    "ether": ("CRYPTO", numbers.ether),
    "tron": ("CRYPTO", numbers.tron),
    "url": ("URL", _url),
    "url_credentials": ("URL_CREDENTIALS", _in_url),
    "password": ("SECRET", secrets.password),
    "jwt": ("SECRET", secrets.jwt),
    "private_key": ("SECRET", secrets.private_key),
    "aws_id": ("SECRET", lambda rng: secrets.filled(rng, "AKIA{U16}")),
    "aws_secret": ("SECRET", lambda rng: secrets.filled(rng, "{b40}")),
    "telegram": ("SECRET", lambda rng: secrets.filled(rng, "{d10}:AA{u33}")),
    "slack_path": ("SECRET", _slack),
}
SPECIAL: dict[str, Callable[[Slots, int], Filled]] = {
    "nid": Slots.national,
    "nid_label": Slots.national_label,
    "iban": Slots.iban,
    "passport": lambda slots, which: slots.document("PASSPORT", which),
    "license": lambda slots, which: slots.document("LICENSE", which),
    "secret": Slots.secret,
    "key_name": lambda slots, _: slots.key_name(),
    "named_secret": lambda slots, _: slots.named_secret(),
    "birth": lambda slots, _: slots.birth("short"),
    "birth_long": lambda slots, _: slots.birth("long"),
    "birth_iso": lambda slots, _: slots.birth("iso"),
    "city": lambda slots, _: (slots.rng.choice(CITIES), "UNSCORED"),
}
FILLERS: dict[str, Callable[[random.Random], str]] = {
    "order": _order,
    "amount": _amount,
    "date": _date,
    "time": _time,
    "timestamp": _timestamp,
    "apache_time": _apache,
    "exp": lambda rng: f"{rng.randint(1, 12):02}/{rng.randint(26, 31)}",
    "int": _digits("%###"),
    "small": _digits("%#"),
    "version": lambda rng: numbers.shaped(rng, rng.choice(["v%.#.#", "%.##.0", "1#.0.2-rc%"])),
    "uuid": lambda rng: str(uuid.UUID(int=rng.getrandbits(128), version=4)),
    "sha": _hexes(40),
    "sha256": _hexes(64),
    "md5": _hexes(32),
    "hex6": _hexes(6),
    "isbn": _isbn,
    "not_a_card": numbers.not_a_card,
    "serial": _digits("SN-7F%K-##Q2"),
    "part": _digits("AX-%%##-B"),
    "company": lambda rng: rng.choice(COMPANIES),
    "country": lambda rng: rng.choice(NATIONALITIES),
}

"""The chat set: chat rows with planted, invented personal data, and the places where it stands.

    python tests/benchmarks/private_chats.py [--seed 0] [--rows 1000] > chats.jsonl

Each row is `{"text", "spans": [[start, end, KIND]], "slots": [NAME]}`, KIND of core/privacy/kinds.py; the label is
exactly the value, and the slot tells more than the kind does (a given name, a password in prose), span by span.
Places marked UNSCORED (a city or a post code beside a street, the host behind a user and password) are personal data to
some and not to others: whoever finds them is neither right nor wrong.

The same seed gives the same rows. Templates and lists lie in private_chats/; they were written before any rule was
tuned on them and share no list with the rules. A template is text with slots: <<person>>, <<email.2>> (of the second
person of the row), <<~literal>> (unscored); it stands under a line `=== LANGUAGE-or-COUNTRY [keep]`, where `keep` means
that its case and its line ends are left as they are. Three rows in four carry personal data,
the others only look like it.
"""

import argparse
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from private_chats_slots import Slots

TEMPLATES = Path(__file__).with_name("private_chats")
PLANTED = ("mail", "support", "forms", "code", "logs", "languages")
UNSCORED = "UNSCORED"
SLOT = re.compile(r"<<(~?)((?:[a-z_0-9]+(?:\.\d)?)|[^<>]+)>>")
COUNTRIES = {
    "de": "DE DE DE AT CH",
    "fr": "FR FR FR BE CH CA",
    "es": "ES ES MX",
    "nl": "NL NL BE",
    "pt": "BR BR PT",
    "sv": "SE",
    "da": "DK",
    "no": "NO",
    "fi": "FI",
    "it": "IT",
    "pl": "PL",
    "en": "US US US US US GB GB GB GB IE AU AU CA IN IN IN DE FR ES IT NL PL BR SE NO DK FI MX PT BE CH AT",
}


@dataclass(frozen=True)
class Template:
    """A text with slots; `countries` are those of its people, `keep` leaves case and line ends as they are."""

    text: str
    language: str
    countries: tuple[str, ...]
    keep: bool


@dataclass
class Piece:
    """A part of a row: plain text, or a value with its kind and the slot that it filled."""

    text: str = field(repr=False)
    kind: str | None = None
    slot: str = ""


Pieces = list[Piece]


@cache
def templates(name: str) -> tuple[Template, ...]:
    """The templates of one file."""
    text = (TEMPLATES / f"{name}.txt").read_text(encoding="utf-8")
    made = []
    for block in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]:
        head, _, body = block.partition("\n")
        where, *flags = head.split()
        countries = tuple(COUNTRIES.get(where, where).split())
        made.append(Template(body.rstrip("\n"), where if where in COUNTRIES else "en", countries, "keep" in flags))
    return tuple(made)


def rows(seed: int = 0, size: int = 1000) -> list[dict[str, Any]]:
    """`size` rows in a shuffled order; the templates take turns, so that each is used about as often."""
    planted = [template for name in PLANTED for template in templates(name)]
    clean = list(templates("clean"))
    count = round(size * 0.75)
    chosen = [planted[number % len(planted)] for number in range(count)]
    chosen += [clean[number % len(clean)] for number in range(size - count)]
    keys = list(accumulate((template.text.count("secret") for template in chosen), initial=0))
    made = [row(template, random.Random(f"{seed}/{number}"), keys[number]) for number, template in enumerate(chosen)]
    random.Random(f"{seed}/order").shuffle(made)
    return made


def row(template: Template, rng: random.Random, keys: int) -> dict[str, Any]:
    """One row of the template. `keys`, the number of keys before it, makes their providers take turns."""
    pieces = list(_filled(template, Slots(rng, template.countries, template.language, keys)))
    for change in _changes(template, rng):
        pieces = change(pieces, rng)
    return _labelled(pieces)


def _filled(template: Template, slots: Slots) -> Iterator[Piece]:
    at = 0
    for slot in SLOT.finditer(template.text):
        yield Piece(template.text[at : slot.start()])
        at = slot.end()
        if slot[1]:
            yield Piece(slot[2], UNSCORED, "literal")
        else:
            name, _, person = slot[2].partition(".")
            text, kind = slots.fill(name, int(person or 1))
            yield Piece(text, kind, _slot(name, template))
    yield Piece(template.text[at:])


def _slot(name: str, template: Template) -> str:
    if name == "password":
        return "password in code" if template.keep else "password in prose"
    return {"named_secret": "provider key", "secret": "provider key"}.get(name, name)


def _labelled(pieces: Pieces) -> dict[str, Any]:
    spans, at = [], 0
    for piece in pieces:
        if piece.kind:
            spans.append([at, at + len(piece.text), piece.kind])
        at += len(piece.text)
    slots = [piece.slot for piece in pieces if piece.kind]
    return {"text": "".join(piece.text for piece in pieces), "spans": spans, "slots": slots}


def _changes(template: Template, rng: random.Random) -> list[Callable[[Pieces, random.Random], Pieces]]:
    """What happens to the row afterwards; most stay as they are."""
    changes: list[Callable[[Pieces, random.Random], Pieces]] = []
    if not template.keep:
        pick = rng.random()
        changes += [_lower] if pick < 0.09 else [_upper] if pick < 0.13 else [_title] if pick < 0.15 else []
        if rng.random() < 0.06:
            changes.append(_with_emoji)
        pick = rng.random()
        changes += [_quoted] if pick < 0.05 else [_in_json] if pick < 0.1 else [_marked] if pick < 0.13 else []
        if rng.random() < 0.06 and _in_json not in changes:
            changes.append(_crlf)
    return changes


CASED = {"PERSON", "ADDRESS", "EMAIL", UNSCORED, None}  # the case of the others belongs to the value


def _cased(pieces: Pieces, case: Callable[[str], str]) -> Pieces:
    return [replace(piece, text=case(piece.text)) if piece.kind in CASED else piece for piece in pieces]


def _lower(pieces: Pieces, rng: random.Random) -> Pieces:
    return _cased(pieces, str.lower)


def _upper(pieces: Pieces, rng: random.Random) -> Pieces:
    return _cased(pieces, str.upper)


def _title(pieces: Pieces, rng: random.Random) -> Pieces:
    return [piece if piece.kind else Piece(piece.text.title()) for piece in pieces]


def _quoted(pieces: Pieces, rng: random.Random) -> Pieces:
    if any(piece.kind and "\n" in piece.text for piece in pieces):
        return pieces
    opening = rng.choice(["Can you answer this for me?\n\n> ", "> ", "What does this mean?\n> "])
    return [Piece(opening), *(replace(piece, text=piece.text.replace("\n", "\n> ")) for piece in pieces)]


def _in_json(pieces: Pieces, rng: random.Random) -> Pieces:
    escape = rng.random() < 0.4
    inner = [replace(piece, text=json.dumps(piece.text, ensure_ascii=escape)[1:-1]) for piece in pieces]
    return [Piece('{"role": "user", "content": "'), *inner, Piece('"}')]


def _marked(pieces: Pieces, rng: random.Random) -> Pieces:
    marks = rng.choice([("\u200f", "\u200f"), ("\u202b", "\u202c"), ("\u200e", "")])
    return [part for piece in pieces for part in _between(piece, *marks)]


def _between(piece: Piece, before: str, after: str) -> Pieces:
    return [Piece(before), piece, Piece(after)] if piece.kind else [piece]


def _with_emoji(pieces: Pieces, rng: random.Random) -> Pieces:
    return [*pieces, Piece(rng.choice([" 🙏", " 😅😅", "\n👍🏽", " ❤️", " 🤷‍♀️", "!!! 😡"]))]


def _crlf(pieces: Pieces, rng: random.Random) -> Pieces:
    return [replace(piece, text=piece.text.replace("\n", "\r\n")) for piece in pieces]


def main() -> None:
    """Write the rows as JSON lines."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rows", type=int, default=1000)
    options = parser.parse_args()
    for made in rows(options.seed, options.rows):
        print(json.dumps(made, ensure_ascii=False))


if __name__ == "__main__":
    main()

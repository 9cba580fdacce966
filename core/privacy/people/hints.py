"""What a text says elsewhere about its names: e-mail addresses made of them, and columns that are called names."""

import re
from collections.abc import Iterator

from core.privacy.people.words import folded

SHORTEST_IN_LOCAL_PART = 4

_LOCAL_PART = re.compile(r"(?<![\w.+-])([\w.+-]{3,64})@\w")
_SEPARATORS = re.compile(r"[._+\d-]+")
_HEADER = re.compile(
    r"(?:(?:first|last|full|given|family|middle|customer|client|patient|employee|contact|user)[ _-]?)?names?|surname|"
    r"vorname|nachname|familienname|nom|prénom|nombre|apellidos?|nome|cognome|sobrenome|apelido|naam|voornaam|achternaam|"
    r"namn|förnamn|efternamn|navn|fornavn|etternavn|imię|nazwisko|jméno|příjmení|név|nume|prenume|ime|prezime|person|"
    r"customer|client|patient|employee|contact|author|owner|recipient",
    re.IGNORECASE,
)
_DELIMITERS = "\t|;,"
MOST_COLUMNS = 40


def in_local_parts(text: str) -> tuple[frozenset[str], str]:
    """The folded pieces of the local parts of e-mail addresses in `text`, and all of them in one string.

    Of `anna.kowalska@` both pieces are names; of `akowalska@` the surname ends the piece.
    """
    if "@" not in text:
        return frozenset(), ""
    pieces = [folded(piece) for local in _LOCAL_PART.findall(text) for piece in _SEPARATORS.split(local) if piece]
    return frozenset(pieces), " ".join(pieces) + " "


def name_cells(text: str) -> Iterator[tuple[int, int]]:
    """The places of cells below a heading like “Name” or “Vorname”, in lines with tabs, bars, semicolons or commas."""
    columns: set[int] = set()
    width, delimiter, place = 0, "", 0
    for line in text.splitlines(keepends=True):
        start, place = place, place + len(line)
        if not delimiter or line.count(delimiter) + 1 != width:
            delimiter = next((one for one in _DELIMITERS if 0 < line.count(one) < MOST_COLUMNS), "")
            cells = line.split(delimiter) if delimiter else []
            width = len(cells)
            columns = {number for number, cell in enumerate(cells) if _HEADER.fullmatch(cell.strip(" \t\r\n\"'*"))}
            continue
        if not columns:
            continue
        for number, cell in enumerate(line.split(delimiter)):
            if number in columns:
                yield start, start + len(cell)
            start += len(cell) + 1

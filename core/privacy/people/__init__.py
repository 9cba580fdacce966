"""Persons, addresses and cities in texts: which parts to read, what the tagger says, and what to make of it."""

from collections.abc import Sequence
from typing import Protocol

from core.privacy.kinds import CITY
from core.privacy.people.code import readable
from core.privacy.people.edges import persons_of
from core.privacy.people.gate import blocks
from core.privacy.people.numbers import read_numbers
from core.privacy.people.persons import read_persons
from core.privacy.people.places import read_places
from core.privacy.people.script import unread_share
from core.privacy.people.spread import spread
from core.privacy.spans import Span

__all__ = ["find_people", "spread", "unread_share"]


class Tagger(Protocol):
    """What reads names in sentences: core/privacy/tagger."""

    def tag(self, texts: Sequence[str]) -> list[list[Span]]:
        """The labelled words of each text."""


def find_people(texts: Sequence[str], tagger: Tagger, everywhere: bool = False) -> list[list[Span]]:
    """Persons, postal addresses, cities and numbers of people in each text, in order of place.

    The tagger reads the sentences and short lines that look as if they held one, or with `everywhere` all of them; of
    code within fences it reads comments and strings only. The score is a probability from 0 to 1.
    """
    wanted = [
        (number, block)
        for number, text in enumerate(texts)
        for region in readable(text)
        for block in blocks(text, *region, everywhere)
    ]
    labelled = tagger.tag([texts[number][start:end] for number, (start, end) in wanted])
    found: list[list[Span]] = [[] for _ in texts]
    for (number, (start, end)), words in zip(wanted, labelled, strict=True):
        moved = [Span(word.start + start, word.end + start, word.kind, word.score, "") for word in words]
        read = read_persons(texts[number], (start, end), moved)
        persons = [person for span in read for person in persons_of(texts[number], span)]
        found[number] += persons
        found[number] += (
            place
            for place in read_places(texts[number], moved)
            if place.kind != CITY or not any(place.overlaps(person) for person in persons)
        )
        found[number] += read_numbers(texts[number], moved)
    return [sorted(spans) for spans in found]

"""Greetings, pronouns and titles beside a name are no part of it; words that are names as well stay."""

import pytest

from core.privacy import Span
from core.privacy.people.edges import bared, persons_of

CASES = [
    ("Ich bin Friederike Möllenhoff", "Friederike Möllenhoff"),
    ("merci Geneviève", "Geneviève"),
    ("Olá Joaquim", "Joaquim"),
    ("Merhaba Elif", "Elif"),
    ("Ben Elif Yıldırımoğlu", "Elif Yıldırımoğlu"),
    ("Witam Pana Wojciecha", "Wojciecha"),
    ("Herr Grünspecht, danke", "Grünspecht"),
    ("Schottins Konto", "Schottins"),
    ("Ben Hur", "Ben Hur"),
    ("Cara Lund", "Cara Lund"),
    ("Jan van der Berg", "Jan van der Berg"),
    ("Siân ap Rhys", "Siân ap Rhys"),
    ("O'Brien Jr.", "O'Brien Jr."),
    ("danke", None),
    ("", None),
]


@pytest.mark.parametrize(("found", "name"), CASES, ids=[found for found, _ in CASES])
def test_only_the_name_is_left(found, name):
    text = f"… {found} …"
    span = bared(text, Span(2, 2 + len(found), "PERSON", 0.9, "why"))
    assert (span and text[span.start : span.end]) == name


@pytest.mark.parametrize(
    ("found", "names"),
    [
        ("Isidora,Valecourt", ["Isidora", "Valecourt"]),
        ("Isidora\tValecourt", ["Isidora", "Valecourt"]),
        ("Valecourt, Isidora", ["Valecourt, Isidora"]),
        ("Ada|Berg|", ["Ada", "Berg|"]),
    ],
)
def test_the_cells_of_a_table_are_names_of_their_own(found, names):
    spans = persons_of(found, Span(0, len(found), "PERSON", 0.9, "why"))
    assert [found[span.start : span.end] for span in spans] == names

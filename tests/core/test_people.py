"""Persons and places in sentences, forms, JSON, tables and code; what is no person; and names spread over a row."""

import time
from itertools import pairwise

import pytest

from core.privacy.kinds import ADDRESS, CITY, PASSPORT, PERSON
from core.privacy.people import find_people, spread, unread_share
from core.privacy.people.code import readable
from core.privacy.people.gate import blocks
from core.privacy.people.words import Standing, folded, standing
from core.privacy.spans import Span
from core.privacy.tagger import Tagger


def names(tagger: Tagger, text: str, kind: str = PERSON, everywhere: bool = False) -> list[str]:
    found = find_people([text], tagger, everywhere)[0]
    return [text[span.start : span.end] for span in found if span.kind == kind]


@pytest.mark.starter
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My name is Oriel Tavistock and I need help.", ["Oriel Tavistock"]),
        ("hey can u tell agnieszka nowak the invoice is late", ["agnieszka nowak"]),
        ("MY NAME IS PEDRO ALVAREZ AND MY ORDER HAS NOT ARRIVED", ["PEDRO ALVAREZ"]),
        ("Bonjour, je m'appelle Éloïse Lefèvre.", ["Éloïse Lefèvre"]),
        ("Guten Tag, mein Name ist Jürgen Großmann.", ["Jürgen Großmann"]),
        ("Hola, soy María del Carmen Rodríguez.", ["María del Carmen Rodríguez"]),
        ("Dzień dobry, nazywam się Grzegorz Zieliński.", ["Grzegorz Zieliński"]),
        ("Hej, jag heter Åsa Lindqvist.", ["Åsa Lindqvist"]),
        ("Tisztelt Szabó Gergő! Köszönjük.", ["Szabó Gergő"]),
        ("Best regards,\nMarkéta\nHead of Sales", ["Markéta"]),
        ('{"customer": {"first_name": "Ilse", "last_name": "Van den Berg"}}', ["Ilse", "Van den Berg"]),
        ("| Name | Phone |\n|---|---|\n| Zsófia Kertész | 555-0101 |", ["Zsófia Kertész"]),
        ("Patient: O'Connor, Siobhán\nDOB: 03/04/1980", ["O'Connor, Siobhán"]),
        ("Name: DE LA CRUZ, MIGUEL", ["DE LA CRUZ, MIGUEL"]),
        ("Signed: R. J. Whitcombe", ["R. J. Whitcombe"]),
        ("Dear Ms. Winter,\nthank you.\nYours, Frank Baker", ["Winter", "Frank Baker"]),
        ("I met Will and Grace at the party.", ["Will", "Grace"]),
        ("De heer Jan-Willem de Vries belde gisteren.", ["Jan-Willem de Vries"]),
        ("Anna's sister and Ben\u2019s brother came.", ["Anna", "Ben"]),
        ("Dear Mirela,\r\nThanks.\r\nTomáš Dvořák", ["Mirela", "Tomáš Dvořák"]),
    ],
)
def test_a_person_is_found(tagger: Tagger, text: str, expected: list[str]):
    assert names(tagger, text) == expected


@pytest.mark.starter
@pytest.mark.parametrize(
    "text",
    [
        "Draw a Scatter Plot of Height and Width on Linux with Python.",
        "Edit the sentence so that it is in the past tense.",
        "Mount Elbert is the highest of the Rocky Mountains.",
        "Paris, Texas and Kenya are on the list; Google and Quora are not.",
        "We may hope that the mark will rise in april.",
        "SELECT name, grade FROM Students WHERE Grade = 5;",
        "The CPU, the GPU and the RAM are in the Dock.",
        "",
        "   \n\n",
        "1" * 5000,
    ],
)
def test_what_is_no_person_is_left(tagger: Tagger, text: str):
    assert names(tagger, text, everywhere=True) == []


@pytest.mark.starter
def test_of_code_in_fences_only_comments_and_strings_name_persons(tagger: Tagger):
    text = (
        "```python\n# written by Henrik Lindqvist\n"
        'owner = "Mirela Ionescu"\nfor Grace in range(3):\n    Henry = Grace\n```\nThanks, Oriel'
    )
    assert names(tagger, text) == ["Henrik Lindqvist", "Mirela Ionescu", "Oriel"]


@pytest.mark.starter
def test_a_street_with_its_number_is_an_address_and_a_town_alone_is_a_city(tagger: Tagger):
    text = "I live at 14 Tamarind Street, 50674 Cologne. My brother Jonas moved to Lisbon last year."
    found = names(tagger, text, ADDRESS)
    assert len(found) == 1
    assert found[0].startswith("14 Tamarind Street")
    assert names(tagger, text, CITY) == ["Lisbon"]
    assert names(tagger, "We need 14 eggs from the street market.", ADDRESS) == []


@pytest.mark.starter
def test_a_number_that_only_the_tagger_knows_is_doubtful(tagger: Tagger):
    spans = find_people(["The traveller, Mirela Ionescu, showed passport K90215533 at the desk."], tagger)[0]
    assert [span.score <= 0.5 for span in spans if span.kind == PASSPORT] in ([], [True])


@pytest.mark.starter
def test_the_reason_says_what_the_tagger_and_the_lists_say(tagger: Tagger):
    span = find_people(["Please call Dr. Anna Kowalska tomorrow."], tagger)[0][0]
    assert span.reason.startswith("the tagger reads it as a given name and surname")
    assert "a known given name" in span.reason
    assert "after a title" in span.reason
    assert 0.95 < span.score <= 1


@pytest.mark.starter
def test_rows_do_not_change_each_other(tagger: Tagger):
    texts = ["Ask Mirela.", "", "Nothing here.", "Tomáš Dvořák, 14 Tamarind Street, Lisbon", "\ud800 Anna"]
    alone = [find_people([text], tagger)[0] for text in texts]
    assert find_people(texts, tagger) == alone
    assert find_people(texts[::-1], tagger) == alone[::-1]


@pytest.mark.starter
@pytest.mark.parametrize(
    "text",
    ["Anna " * 2000, "a" * 20_000, "Ann" + "\u0301" * 5000, "🙂" * 3000, "\ud800" * 3000, "אנה " * 500, '{"n":' * 2000],
)
def test_ugly_text_gives_places_within_it(tagger: Tagger, text: str):
    spans = find_people([text], tagger)[0]
    assert all(0 <= span.start < span.end <= len(text) for span in spans)


class Silent:
    """A tagger that reads nothing, to see what it is asked to read."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def tag(self, texts):
        self.asked += texts
        return [[] for _ in texts]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("The sky is blue. We asked Mirela about it yesterday evening at the lake. The end is near.", "Mirela"),
        ("the sky is blue and mirela said so", "mirela"),
        ("All is well with us and with the long winter days in this small house. Ask Tom.", "Tom"),
        ("Send it to 14 tamarind street, please.", "tamarind"),
        ("Dear customer,\nSigned:\nKlára", "Klára"),
    ],
)
def test_sentences_that_may_hold_a_name_are_read(text: str, read: str):
    silent = Silent()
    find_people([text], silent)
    assert any(read in asked for asked in silent.asked)


def test_ordinary_sentences_are_not_read_unless_everything_is_to_be_read():
    text = "The sky is blue. Water boils at a lower temperature on a high mountain.\n\nWrite a poem about it."
    silent = Silent()
    find_people([text], silent)
    assert silent.asked == []
    find_people([text], silent, everywhere=True)
    assert "".join("".join(silent.asked).split()) == "".join(text.split())


def test_parts_to_read_are_in_order_and_never_overlap():
    text = "Ask Mirela Ionescu. She knows Tom.\n\n- Tom\n- Ann\n\n" * 40
    parts = blocks(text, 0, len(text), everywhere=False)
    assert all(left[1] <= right[0] for left, right in pairwise(parts))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("no code", ["no code"]),
        ("a\n```\nplain text\n```\nb", ["a\n", "\nplain text\n", "\nb"]),
        ("a\n```sql\nselect 1 -- by Ann\n```", ["a\n", "-- by Ann", ""]),
        ("```js\nlet a = 'Ann'; // hi\n", ["", "'Ann'", "// hi"]),
        ("```py\nurl = http://example.com/a\n```", ["", ""]),
    ],
)
def test_of_a_fence_its_comments_and_strings_are_readable(text: str, parts: list[str]):
    assert [text[start:end] for start, end in readable(text)] == parts


@pytest.mark.parametrize(
    ("word", "stands"),
    [
        ("Gergő", Standing.GIVEN),
        ("Großmann", Standing.SURNAME),
        ("width", Standing.ORDINARY),
        ("Mark", Standing.ALSO_A_WORD),
        ("Edit", Standing.ORDINARY),
        ("London", Standing.PLACE),
        ("Austin", Standing.ALSO_A_PLACE),
        ("Jean-Luc", Standing.GIVEN),
        ("qqqq", Standing.UNKNOWN),
    ],
)
def test_the_lists_tell_names_from_words(word: str, stands: Standing):
    assert standing(folded(word)) is stands


def person(text: str, value: str, score: float = 0.9) -> Span:
    return Span(text.index(value), text.index(value) + len(value), PERSON, score, "")


def test_a_name_and_its_parts_are_found_in_all_texts_of_the_row():
    texts = ["I am Mirela Ionescu.", "mirela called. IONESCU paid. Mirelaine did not.", "Dear Ms Ionescu-Pop, Mirela!"]
    spans = [[person(texts[0], "Mirela Ionescu")], [], []]
    found = spread(texts, spans)
    assert [[text[span.start : span.end] for span in more] for text, more in zip(texts, found, strict=True)] == [
        [],
        ["mirela", "IONESCU"],
        ["Ionescu", "Mirela"],
    ]
    assert found[1][0].score < 0.9
    assert "the same name" in found[1][0].reason


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Mark Stone", "The stone left a mark on the wall."),
        ("Al Bo", "Al went to Bo."),
        ("Ann", "Announce it to Hannah, Ann1 and x_ann2."),
    ],
)
def test_words_and_short_parts_are_not_spread(name: str, text: str):
    assert spread([name, text], [[person(name, name)], []])[1] == []


def test_a_name_is_found_again_without_its_accents_and_across_a_line_end():
    texts = ["I am Gergő Szöllősy-Kiss.", "gergo szollosy\nkiss", "SZÖLLŐSY, please"]
    found = spread(texts, [[person(texts[0], "Gergő Szöllősy-Kiss")], [], []])
    assert [(span.start, span.end) for more in found for span in more] == [(0, 19), (0, 8)]


def test_a_thousand_names_are_spread_over_a_long_text_in_time():
    names = [f"Zq{chr(97 + number // 26 % 26)}{chr(97 + number % 26)}r" for number in range(600)]
    text = " ".join(names * 40)
    start = time.thread_time()
    found = spread([" ".join(names), text], [[person(" ".join(names), name) for name in names], []])
    assert len(found[1]) == 600 * 40
    assert time.thread_time() - start < 2


def test_what_is_found_already_is_not_found_twice_and_doubtful_names_are_not_spread():
    text = "Mirela met Mirela."
    assert spread([text], [[Span(0, 6, PERSON, 0.9, ""), Span(11, 17, PERSON, 0.9, "")]]) == [[]]
    assert spread([text], [[Span(0, 6, PERSON, 0.4, "")]]) == [[]]
    assert spread([], []) == []


@pytest.mark.parametrize(
    ("texts", "share"),
    [
        (["plain", ""], 0.0),
        ([""], 0.0),
        (["Žluťoučký kůň, naïve, ﬁ"], 0.0),
        (["Привет"], 1.0),
        (["abcd Анна"], 0.5),
        (["שלום 123 🙂", "four"], 0.5),
    ],
)
def test_the_share_of_letters_that_are_not_read(texts: list[str], share: float):
    assert unread_share(texts) == pytest.approx(share, abs=0.01)


HOSTILE = [
    "1",
    "a",
    "A",
    "Aa",
    "@",
    "-",
    ".",
    " ",
    '"',
    "'",
    ":",
    "a.",
    "1-",
    "A. ",
    "(",
    "[",
    "Ann ",
    "/*",
    "//",
    "# ",
    "1 a",
    "a 1",
]


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("fence", ["", "```py\n"])
def test_hostile_text_is_cut_into_parts_in_time(piece: str, fence: str):
    text = fence + (piece * 10_000)[:10_000]
    standing("warm")
    start = time.thread_time()
    for region in readable(text):
        blocks(text, *region, everywhere=False)
    unread_share([text])
    assert time.thread_time() - start < 0.05


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_words_are_weighed_in_time(piece: str):
    text = (piece * 10_000)[:10_000]

    class Eager:
        def tag(self, texts):
            return [[Span(place, place + 1, "SURNAME", 0.9, "") for place in range(0, len(text), 50)] for text in texts]

    find_people(["warm"], Eager())
    start = time.thread_time()
    found = find_people([text], Eager(), everywhere=True)
    spread([text], found)
    assert time.thread_time() - start < 0.6

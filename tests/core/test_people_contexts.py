"""Names as they stand in chats, tickets, minutes, code and letters, and what only looks like one there."""

import pytest

from core.privacy.detector import Detector
from core.privacy.kinds import ADDRESS, PERSON
from core.privacy.people.gate import blocks
from core.privacy.people.latin import in_latin_letters
from core.privacy.people.spelling import name_likeness
from core.privacy.people.spread import spread
from core.privacy.people.words import folded, is_only_a_name
from core.privacy.second_look import Remembering
from core.privacy.spans import Span
from core.privacy.tagger import Tagger

WHOLE = [
    "Attendees: «Snežana Jovanović», «Kostas Anagnostou» and «Åsa Bergström-Nyqvist»",
    "@«Samira Bouzid» can you take a look?",
    "per «Tiago»: the shipment leaves on monday",
    "ask «piotr» for the key",
    "Can you ping «Rhiannon» about the deploy?",
    "mein Kollege «Jonas» meinte, dass es geht",
    "ma sœur «Inès» habite à Lyon",
    "moja koleżanka «Agnieszka» napisała",
    "«Sanne de Wit» has left",
    "-- \n«Yusuf al-Hashimi»\nHead of Operations",
    "Le mar. 3 mars 2020 à 10:12, «Femke ter Braak» a écrit :",
    "«de la Fuente, Beatriz» | Accounting | ext 4431",
    "«Haugland, Øyvind» - paid",
    "Reservation under «Novotná» at 8",
    "la famille «Cacciaguerra» est arrivée",
    "Benim adım «Ayşegül İnce».",
    "Xin chào «Ioana Pîrvulescu»,",
    "{'owner': '«Crisanto Dela Peña»', 'watchers': ['«Bohdan Kravets»']}",
    "cv_«tyrone_jefferson».pdf",
    "PATIENT «WOJCIECH GRZELAK» WAS DISCHARGED ON MONDAY",
    "Signed: «J. R. Whitcombe»",
    "«Siobhan O'Rourke»'s laptop was stolen.",
]
NONE = [
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit. Nulla gravida orci a odio. Donec lobortis risus a elit.",
    "The Resplendent tree belongs to the family Picidae and is a national symbol.",
    "It is said that Alzheimer's Disease is common; Rayleigh scattering is not a disease.",
    "1. Malunion: if the broken bone fails to heal.\n2. Nonunion: it does not heal at all.",
    "Coursera (coursera.org) offers a wide range of courses.",
    "Bonjour, je n'arrive pas à me connecter à mon Espace Client. Merci de votre aide. Cordialement",
    "Mit freundlichen Grüßen\nIhr Kundendienst",
    "fruits = ['banana', 'cherry', 'Apple']",
    "Local area network (LAN) and FIFA are acronyms.",
    "@Override public void run() {} @everyone please read",
    "[12:01] System: rebooting\n[12:02] Admin: ok",
    "Thanks,\n- Milk\n- Bread\n- Tomato Soup",
    "name,qty\nWidget,3",
    "Open Port 443 and Port 8080 on the firewall.",
    "Sputnik 2 flew before the Lenovo ThinkPad X1.",
]


@pytest.fixture(scope="module")
def detector(tagger: Tagger) -> Detector:
    return Detector(kinds=frozenset({PERSON, ADDRESS}), tagger=tagger)


def marked(text: str) -> tuple[str, list[str]]:
    pieces = text.replace("»", "«").split("«")
    return "".join(pieces), pieces[1::2]


@pytest.mark.starter
@pytest.mark.parametrize("text", WHOLE)
def test_the_whole_of_a_name_is_found_where_people_write_it(detector: Detector, text: str):
    plain, names = marked(text)
    assert [plain[span.start : span.end] for span in detector.find(plain)] == names


@pytest.mark.starter
@pytest.mark.parametrize("text", NONE)
def test_words_products_and_filler_text_are_nobody(detector: Detector, text: str):
    assert [text[span.start : span.end] for span in detector.find(text)] == []


@pytest.mark.starter
def test_a_page_of_filler_text_flags_next_to_nothing(detector: Detector):
    from faker import Faker

    fake = Faker("la")
    fake.seed_instance(4)
    text = "\n".join(fake.paragraph() for _ in range(200))
    assert len(detector.find(text)) <= 5


def test_a_known_surname_is_found_in_the_plural_and_the_genitive():
    text = "Ann Fenwick called. The Fenwicks moved, Fenwick's car stayed; fenwicks is a word."
    name = Span(0, 11, PERSON, 0.9, "")
    found = spread([text], [[name]])[0]
    assert [text[span.start : span.end] for span in found] == ["Fenwicks", "Fenwick"]


def test_filler_text_is_not_read_even_where_everything_is():
    text = "Lorem ipsum dolor sit amet, consectetur adipiscing elit."
    assert blocks(text, 0, len(text), everywhere=True) == []


def test_a_text_is_read_once():
    asked = []

    class Counting:
        def tag(self, texts):
            asked.extend(texts)
            return [[] for _ in texts]

    tagger = Remembering(Counting())
    assert tagger.tag(["a", "b", "a"]) == [[], [], []]
    assert tagger.tag(["b", "c"]) == [[], []]
    assert asked == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("Светлана", "svetlana"),
        ("Γιώργος", "giorgos"),
        ("Անահիտ", "anahit"),
        ("ბერიძე", "beridze"),
        ("Ann", "ann"),
        ("", ""),
    ],
)
def test_names_of_other_alphabets_in_latin_letters(name: str, latin: str):
    assert in_latin_letters(folded(name)) == latin


def test_names_are_spelled_like_names_and_no_word_is_more_than_one():
    likely = ["okwuosa", "karahanoglu", "zubizarreta"]
    unlikely = ["dialogflow", "downloading", "stackable"]
    assert min(map(name_likeness, likely)) > max(map(name_likeness, unlikely))
    assert all(-1 <= name_likeness(word) <= 1 for word in [*likely, *unlikely, "", "q", "a" * 300])


@pytest.mark.parametrize(("word", "is_one"), [("pekka", True), ("femke", True), ("grace", False), ("qqq", False)])
def test_some_names_are_nothing_else(word: str, is_one: bool):
    assert is_only_a_name(word) is is_one

"""Persons by the words beside them, and personal data by the key or column that it stands under."""

import time

import pytest

from core.privacy.kinds import ADDRESS, BIRTH_DATE, PASSPORT, PERSON, SECRET, SSN
from core.privacy.recognisers.keyed import find_by_key
from core.privacy.recognisers.person.person import find_person

WHOLE = [
    "My name is «Anna Kowalska» and I live here",
    "my name is «anna kowalska» and i live here",
    "MY NAME IS «ANNA KOWALSKA» AND I LIVE HERE",
    "hi, my name's «Bob», can you help",
    "Mr. «Smith» called",
    "mrs. «o'connor» is here",
    "Dr. «María García-López» will see you",
    "Prof. «van der Berg» is away",
    "Herr «Müller» hat angerufen",
    "Sehr geehrte Frau «Schmidt-Krause»,",
    "Ich heiße «Jürgen Weiß» und",
    "Je m'appelle «Élodie Lefèvre».",
    "M. «Dupont» est absent",
    "me llamo «José Ramírez»",
    "mi chiamo «Giulia Rossi»",
    "meu nome é «João da Silva»",
    "Ik heet «Pieter de Vries»",
    "Nazywam się «Katarzyna Nowak»",
    "меня зовут «Иван Петров»",
    "Pan «Wiśniewski» dzwonił",
    "Dear «Anna»,",
    "hi «anna», thanks",
    "Liebe «Sabine»,",
    "Best regards,\n«Tom Baker»",
    "Kind regards\n\n«Siobhán O'Neill»\nHead of Sales",
    "thanks,\n«maria»",
    "Name: «John Q. Public»",
    "Full name: «jane doe»",
    "Name:  «SMITH, John»",
    "Patient: «Ravi Shankar Iyer», DOB",
    "From: «Lena Olsen» <lena@example.com>",
    "| Name | «Emily Clark» |",
    "**Name:** «Emily Clark»",
    "I am «Peter Jones» from accounting",
    "This is «Peter» speaking",
    "my wife «Laura» and I",
    "What's your name? «Ulla Berg»",
    "Contact «Maria Schneider» for details",
    "the account holder is Mrs. «Wanda Stone»",
    "hi «kostas anagnostou» here, i cant log in",
    "the «Karahanoğlu» family moved out",
    "booked under the name of «Adebanjo», 2 people",
    "Ich, «Annelise von Trautmann», wohnhaft in Kiel, erkläre",
    "Je soussigné «Théodore d'Aubigny» certifie",
    "nama saya «Maricel Dimaculangan»",
    "Tôi là «Trần Minh Khôi»",
    "See «Panganiban» et al. for more",
    "[12:01] «Rhiannon»: are you there?",
    "<«wojciech»> anyone here?",
    "# TODO(«agnieszka»): remove this hack",
    "https://example.com/team/«maarten-terpstra»",
    "the «Kowalskis» are coming on Sunday",
    "See you,\n- «Ann»",
    "Bell\u0301a said: my name is «Zoe\u0308 Weber».",
]

NONE = [
    "Dear Customer,",
    "Dear Sir or Madam,",
    "Dear Hiring Manager,",
    "Hi there, hello World! Hi everyone,",
    "Thanks,\nThe Team",
    "Best regards,\n[Your Name]",
    "Regards,\nCustomer Support",
    "Name: string",
    "name: Product name",
    "My name is on the list, my name is not important",
    "Customer: I would like a refund",
    "Patient: My head hurts",
    "I am Happy to help, I'm Sorry, I am From Germany",
    "Contact Us or Contact Customer Service",
    "From: New York\nTo: London",
    "Author: Unknown\nClient: Acme Corp\nName: Apple Inc",
    "Mr. President drinks Dr. Pepper",
    "The king is called the Lion",
    "ovine meat is called lamb",
    "Notre Dame Cathedral",
    "support.team@example.com The support Team",
    "The Beatles are playing and the Alps are high",
    "The camel belongs to the family Camelidae",
    "Attendees: Marketing, Sales and Finance",
    "[12:01] System: rebooting",
    "# TODO(perf): remove this hack. TODO: test",
    "jose-jwt, rom_val and jasmine-karma in /usr/local-bin",
    "reservation for Monday under the window",
    "- Pad Thai\n- Green Curry",
    "",
    "\ud800",
]


def found(text: str) -> set[str]:
    return {text[span.start : span.end] for span in find_person(text)}


@pytest.mark.parametrize("marked", WHOLE)
def test_exactly_the_name_is_found(marked):
    start, end = marked.index("«"), marked.index("»") - 1
    text = marked.replace("«", "").replace("»", "")
    assert found(text) == {text[start:end]}


@pytest.mark.parametrize("text", NONE)
def test_roles_and_ordinary_words_are_no_names(text):
    assert found(text) == set()


def test_the_name_that_an_address_is_made_of_is_found_with_its_parts():
    text = "Mail anna.kowalska@example.com. Anna Kowalska wrote, and Kowalska called again."
    assert found(text) == {"Anna Kowalska", "Anna", "Kowalska"}
    assert all(span.start > text.index(" Anna") for span in find_person(text))


def keyed(text: str) -> list[tuple[str, str]]:
    return [(span.kind, text[span.start : span.end]) for span in find_by_key(text)]


KEYED = [
    ('{"first_name": "Ann", "dob": "1990-04-02"}', [(PERSON, "Ann"), (BIRTH_DATE, "1990-04-02")]),
    ("{'ssn': '219-09-9999', 'passport': 'X1234567'}", [(SSN, "219-09-9999"), (PASSPORT, "X1234567")]),
    (r'{"body": "{\"fullName\": \"Ann Lee\"}"}', [(PERSON, "Ann Lee")]),
    ("customer: Ann Lee\nstreet: 12 Mill Lane\n", [(PERSON, "Ann Lee"), (ADDRESS, "12 Mill Lane")]),
    ("<lastName>Kowalska</lastName>", [(PERSON, "Kowalska")]),
    ("| Name | City |\n|---|---|\n| Ann Lee | York |\n| Bo Berg | Oslo |", [(PERSON, "Ann Lee"), (PERSON, "Bo Berg")]),
    ("name,age,password\nAnn Lee,34,hunter2\r\n", [(PERSON, "Ann Lee"), (SECRET, "hunter2")]),
    ('id;"Name";x\n1;"Ann Lee";3', [(PERSON, "Ann Lee")]),
    ("INSERT INTO t (id, name) VALUES (1, 'Ann Lee'), (2, 'Bo Berg');", [(PERSON, "Ann Lee"), (PERSON, "Bo Berg")]),
    ('{"zip": "90210", "Geburtsdatum": "2. April 1990"}', [(ADDRESS, "90210"), (BIRTH_DATE, "2. April 1990")]),
]


@pytest.mark.parametrize(("text", "expected"), KEYED)
def test_a_value_is_found_by_its_key_or_column(text, expected):
    assert keyed(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "Widget", "dob": "string", "address": "null"}',
        '{"password": "<password>", "name": "${NAME}"}',
        "name: str\naddress: required\n",
        "The name, address and age are needed.\nWe, you, they.\n",
        "| Name | Size |\n|---|---|\n| Table | 12 |",
        'user["name"] = "test"',
        "",
    ],
)
def test_a_value_that_does_not_look_like_its_kind_is_left(text):
    assert keyed(text) == []


@pytest.mark.parametrize(
    "piece", ["a", "A ", "|", "| a ", ":", '"', '"name": "', "name,age\n", "Dear A", "Mr A ", "a@", "('a'),"]
)
def test_ten_thousand_hostile_characters_cost_little(piece):
    text = (piece * 10_000)[:10_000]
    list(find_person("Mr. Smith"))  # the lists of names are read once
    started = time.thread_time()
    list(find_person(text))
    list(find_by_key(text))
    assert time.thread_time() - started < 0.3  # measured under 0.05; a quadratic pattern takes seconds

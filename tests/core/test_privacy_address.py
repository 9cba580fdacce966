"""Postal addresses of many countries, in one line or several, and streets and numbers that are none."""

import time

import pytest

from core.privacy.kinds import ADDRESS
from core.privacy.recognisers.address.address import find_address

WHOLE = [
    "I live at «123 Main St, Apt 4B, Springfield, IL 62701»",
    "send it to «45 elm street»",
    "SHIP TO «1600 OAK AVENUE, AUSTIN, TX 78701»",
    "«221B Baker Street, London NW1 6XE»",
    "«Flat 3, 12 High Street, Leeds LS1 4AP»",
    "«Unit 5/12 Smith Street, Fitzroy VIC 3065»",
    "«12 O'Connell Street, Dublin 1»",
    "«14 MG Road, Bengaluru 560001»",
    "«99 King St W, Toronto, ON M5X 1A9»",
    "«350 Fifth Avenue, 21st Floor, New York, NY 10118»",
    "«Hauptstraße 12a, 10115 Berlin»",
    "«Lindenallee 5\n04109 Leipzig»",
    "wohnt in der «Goethestr. 17»",
    "«Am Markt 3, 50667 Köln»",
    "«Bahnhofstrasse 21, 8001 Zürich»",
    "«Mariahilfer Straße 88/12, 1070 Wien»",
    "«Kerkstraat 5 bis, 1017 GC Amsterdam»",
    "«Drottninggatan 45, 111 21 Stockholm»",
    "«Karl Johans gate 22, 0026 Oslo»",
    "«Mannerheimintie 12, 00100 Helsinki»",
    "J'habite «12 bis rue de la Paix, 75002 Paris»",
    "«8, avenue des Ternes, 75017 Paris»",
    "«Boulevard Saint-Michel 10, 1040 Bruxelles»",
    "«Calle Mayor 5, 3º B, 28013 Madrid»",
    "«Avda. de la Constitución, 20, 41004 Sevilla»",
    "«Via Roma 12, 20121 Milano (MI)»",
    "«Rua Augusta, 1500 - São Paulo - SP, 01304-001»",
    "«Rua das Flores 123, 4050-265 Porto»",
    "«ul. Długa 5/7, 00-238 Warszawa»",
    "«Nádor utca 7., 1051 Budapest»",
    "«Pivovarská 276, 602 00 Brno»",
    "«ул. Ленина, д. 5»",
    "«P.O. Box 1234, Portland, OR 97207»",
    "«Postfach 12 34, 60001 Frankfurt»",
    "John Doe\n«12 Park Road\nManchester\nM1 2AB\nUnited Kingdom»",
    "John Doe\r\n«12 Park Road\r\nManchester\r\nM1 2AB»\r\nTel: 5",
    "> «55 Pine Rd\n> Denver, CO 80202»",
    r'{"a": "«55 Pine Rd\nDenver, CO 80202»"}',
    "Address: «742 Evergreen Terrace»",
    "my zip code is «90210»",
    "«12 High Street, Leeds, West Yorkshire, postcode LS1 4AP»",
    "«742 Evergreen Terrace, Springfield, IL, zip 62701»",
    "«Hauptstraße 12, PLZ 10115 Berlin»",
]

NONE = [
    "The street is 5 km long",
    "I walked down Main Street for 3 hours",
    "Chapter 5, 2000 words",
    "10 Best Places to visit and 3 Ways to win",
    "a 5 minute drive on a 10 mile road",
    "He was born on May 5, 1990 in Berlin, Germany",
    "Windows 10 Pro, iPhone 12 Pro Max",
    "Apollo 11, Neil Armstrong",
    "Section 8, Article 3",
    "World War 2, Germany",
    "Route 66, Arizona",
    "2022 Houston Astros\n2021 Atlanta Braves\n2020 Los Angeles Dodgers",
    "1 St. John and Psalm 119",
    "In 2019, Wimbledon's Centre Court was full",
    "his house is 40 degrees. He spends 3 hours",
    "",
    "\ud800 12 \u0301",
]


def found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find_address(text)]


@pytest.mark.parametrize("marked", WHOLE)
def test_all_of_an_address_is_one_span(marked):
    start, end = marked.index("«"), marked.index("»") - 1
    text = marked.replace("«", "").replace("»", "")
    assert found(text) == [text[start:end]]


@pytest.mark.parametrize("text", NONE)
def test_numbers_beside_names_are_no_address(text):
    assert found(text) == []


def test_two_addresses_in_one_sentence_are_two():
    assert found("from 12 Park Road, Leeds LS1 4AP to 9 Mill Lane, York YO1 7HH please") == [
        "12 Park Road, Leeds LS1 4AP",
        "9 Mill Lane, York YO1 7HH",
    ]


def test_what_follows_an_address_on_the_next_line_is_not_part_of_it():
    assert found("12 Park Road\nDear Ann, thank you") == ["12 Park Road"]


def test_a_span_says_what_it_is_and_does_not_carry_the_text():
    (span,) = find_address("12 Park Road, Leeds LS1 4AP")
    assert (span.kind, span.reason) == (ADDRESS, "street, number and town or code")
    assert "Park" not in repr(span)


@pytest.mark.parametrize(
    "piece", ["1", "1 ", "12 Main ", "12 Main St ", "PO Box 1 ", "Apt 1 ", "A", "a.", "1-", ", ", "\n"]
)
def test_ten_thousand_hostile_characters_cost_little(piece):
    text = (piece * 10_000)[:10_000]
    started = time.thread_time()
    list(find_address(text))
    assert time.thread_time() - started < 0.3  # measured under 0.06; a quadratic pattern takes seconds

"""Dates of birth as they are written in many countries and in chats, and dates that are none."""

import pytest

from core.privacy.recognisers.birth_date import find_birth_date

WHOLE = [
    "DOB: «03-APR-80»",
    "DOB «03APR1980»",
    "Jana Brodersen, DOB «3 Apr 80», called",
    "Jana Brodersen (b. «3 Apr 1980»)",
    "Jana Brodersen (*«03.04.1980»)",
    "nací el «3 de abril de 1980»",
    "született: «1980. április 3»",
    "rođen «3. travnja 1980»",
    "ngày sinh: «03/04/1980»",
    "ipinanganak noong «Abril 3, 1980»",
    "tanggal lahir: «03/04/1980»",
    "tarehe ya kuzaliwa: «03/04/1980»",
    "γεννήθηκα στις «03/04/1980»",
    "What is your date of birth?\n«03/04/1980»",
    "Agent: Can I have your date of birth please?\nCaller: Sure, it's «April 3, 1980».",
    "DOB:\n«03 04 1980»",
]
NONE = [
    "The invoice of 3 April 1980 is late.",
    "Born leaders meet in room 12 on 03.04.",
    "a. 3 May\nb. 4 May\nc. 5 May",
    "He was born in the village; the bridge fell. It was rebuilt on 3 April 1980.",
    "",
]


@pytest.mark.parametrize("marked", WHOLE)
def test_the_whole_date_is_found(marked: str):
    start, end = marked.index("«"), marked.index("»") - 1
    text = marked.replace("«", "").replace("»", "")
    assert text[start:end] in [text[span.start : span.end] for span in find_birth_date(text)]


@pytest.mark.parametrize("text", NONE)
def test_other_dates_are_left(text: str):
    assert list(find_birth_date(text)) == []

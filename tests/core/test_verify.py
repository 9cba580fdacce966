"""Verifying a masked version: every way in which a value can still stand there is told, and nothing else is."""

import dataclasses
import json
import time
from urllib.parse import quote

import polars as pl
import pytest

from core.errors import LabError
from core.mask.plan import MaskedRow
from core.mask.verification import Verification
from core.mask.verify import left_places, verify
from core.privacy import Replaced, Span, replace
from core.records import Dataset, Example, Message

MASKED = frozenset({"PERSON", "EMAIL", "PHONE", "IBAN", "IP", "SSN", "ADDRESS", "SECRET"})


def row(number, *texts, **other):
    roles = ("user", "assistant") * 3
    return Example(f"r{number}", number, tuple(map(Message, roles, texts)), **other)


def masked(example, values, tag="[{}_1]"):
    """What masking would do to a row: every value of it becomes a tag wherever it stands."""
    texts, spans = [], {}
    for at, (_, text) in enumerate(example.said):
        found = [
            Span(start, start + len(value), kind, 1.0, "")
            for kind, value in values
            for start in range(len(text))
            if text.startswith(value, start)
        ]
        spans[at] = sorted(found)
        texts.append(replace(text, spans[at], lambda span, _: tag.format(span.kind)))
    return MaskedRow(tuple(texts), spans, frozenset(values))


def nothing(rows):
    return [[[] for _ in texts] for texts in rows]


def finding(spans):
    """A detector that finds a span in each text that is a key of `spans`."""
    return lambda rows: [[[spans[text]] if text in spans else [] for text in texts] for texts in rows]


def check(rows, values_by_row, written=None, find_rows=nothing, left=None):
    """Verify rows whose values (by row id) were masked; `written` are those that came back from disk."""
    original = Dataset.of(rows)
    changes = {one.id: masked(one, values_by_row[one.id]) for one in rows if one.id in values_by_row}
    out = [changes[one.id].example(one) if one.id in changes else one for one in rows]
    return verify(original, Dataset.of(written(out) if written else out), changes, find_rows, MASKED, left)


EWA = ("PERSON", "Ewa Nowak")
STANDING = [
    (EWA, "Tell Ewa Nowak."),
    (EWA, "tell EWA NOWAK"),
    (EWA, "ewa_nowak.txt"),
    (EWA, "Nowak, Ewa"),
    (EWA, "Ｅｗａ Nowak"),
    (EWA, "Éwa\nNowak"),
    (EWA, "Ewa\u200b Nowak"),
    (EWA, "user=Ewa%20Nowak&x=1"),
    (EWA, "EwaNowak"),
    (("PERSON", "Anna Krämer"), "anna kraemer"),
    (("PERSON", "Anna Kraemer"), "Anna Krämer"),
    (("PERSON", "Anna Kraemer"), "Anna Kra\u0308mer"),
    (("PERSON", "Søren Weiß"), "SOEREN WEISS"),
    (("PERSON", "Soeren Weiss"), json.dumps({"name": "Søren Weiß"})),
    (EWA, "\u202eEwa Nowak\u202c"),
    (("PERSON", "André Łoś"), json.dumps("André Łoś")),
    (("PERSON", "André Łoś"), json.dumps(json.dumps("André Łoś"))),
    (("PERSON", "André Weber"), "Andre Weber"),
    (("PERSON", "André Weber"), "Andr&eacute; Weber"),
    (("PERSON", "André Weber"), quote("name=André Weber")),
    (("PERSON", "王小明"), "我叫王小明。"),
    (("PERSON", "김민수"), "김민수는 여기"),
    (("PERSON", "Айгерим Сапарова"), "АЙГЕРИМ САПАРОВА"),
    (("EMAIL", "ewa@example.com"), "mailto:Ewa@Example.com"),
    (("EMAIL", "ewa@example.com"), "ewa%40example.com"),
    (("EMAIL", "ewa@example.com"), '{"to": "ewa\\u0040example.com"}'),
    (("PHONE", "+1 202-555-0143"), "(202) 555 0143"),
    (("PHONE", "+1 202-555-0143"), "12025550143"),
    (("PHONE", "+44 20 7946 0018"), "020 7946 0018"),
    (("PHONE", "020 7946 0018"), "call ٠٢٠٧٩٤٦٠٠١٨"),
    (("SSN", "987-65-4321"), "ssn:987654321"),
    (("IBAN", "DE00370400440532013000"), "DE00 3704 0044 0532 0130 00"),
    (("IBAN", "DE00 3704 0044 0532 0130 00"), "de00370400440532013000"),
    (("IP", "192.0.2.17"), "at 192.0.2.17:8080"),
    (("SECRET", "tk_9fQ2xLw8"), "TOKEN=tk_9fQ2xLw8"),
    (("ADDRESS", "7 Elm Road, Leeds"), "7 elm road  LEEDS"),
]


@pytest.mark.parametrize(("value", "text"), STANDING)
def test_a_masked_value_is_told_in_another_row_however_it_is_written(value, text):
    found = check([row(1, f"It is {value[1]} here.", "Yes."), row(7, "Hello.", text)], {"r1": {value}})
    assert found.known_left == {value[0]: 1}, found
    assert (found.source_rows, found.is_clean, found.is_whole) == ((7,), False, True)


NOT_STANDING = [
    (("PERSON", "Ian"), "A Christian and an Iranian."),
    (("PERSON", "Ewa Nowak"), "Ewa and Nowak are names."),
    (("PERSON", "Ewa Nowak"), "Jan Nowak Ewa Lis"),
    (("PERSON", "Ewa Nowak"), "New Ewa Nowakowska"),
    (("PERSON", "Charlotte"), "Charlotte lies in North Carolina."),
    (("EMAIL", "a@example.com"), "aa@example.com and a@example.community"),
    (("PHONE", "020 7946 0018"), "020 7946 00189 and 4020794600181"),
    (("PHONE", "020 7946 0018"), "A02079460018"),
    (("IP", "10.0.0.1"), "10, 0, 0, 1"),
    (("SSN", "987-65-4321"), "9876543210"),
    (("PERSON", "Ann Lee"), "Annlee Street"[3:]),
    (("SECRET", "abc1"), "abc1"),
    (("PERSON", "Ewa Nowak"), ""),
]


@pytest.mark.parametrize(("value", "text"), NOT_STANDING)
def test_what_only_looks_like_a_masked_value_is_none(value, text):
    found = check([row(1, f"It is {value[1]} here.", "Yes."), row(7, "Hello.", text)], {"r1": {value}})
    assert found.known_left == {}
    assert found.is_clean


def test_a_short_value_and_the_words_of_a_name_count_in_their_own_row_alone():
    values = {"r1": {EWA, ("SECRET", "abc1")}}
    rows = [row(1, "Ewa Nowak has abc1.", "Dear Ms Nowak; EWA: ABC1!"), row(2, "Nowak, abc1?", "Ewa.")]
    found = check(rows, values)
    assert found.known_left == {"PERSON": 2, "SECRET": 1}
    assert found.source_rows == (1,)


def test_a_word_that_was_a_name_in_another_row_is_counted_apart():
    found = check(
        [row(1, "I am Charlotte.", "Hi."), row(2, "Is Charlotte a city?", "Yes.")], {"r1": {("PERSON", "Charlotte")}}
    )
    assert (found.namesakes, found.is_clean) == (1, True)
    assert "1 place holds a single word that was masked as a name elsewhere" in found.sentence


@pytest.mark.parametrize(("others", "left"), [(3, {}), (2, {"PERSON": 1})])
def test_a_name_that_the_rows_write_in_small_letters_is_an_ordinary_word(others, left):
    rows = [row(1, "I am Quist Turner.", "A quist it is."), *(row(n, "A quist.", "No.") for n in range(2, 2 + others))]
    assert check(rows, {"r1": {("PERSON", "Quist Turner")}}).known_left == left


def test_a_name_in_small_letters_is_left_over_if_it_was_written_so():
    rows = [row(1, "i am will turner", "hi will"), *(row(n, "I will.", "No.") for n in range(2, 9))]
    assert check(rows, {"r1": {("PERSON", "will turner")}}).known_left == {"PERSON": 1}


def test_what_masking_put_there_is_not_left_over():
    find = finding({"Eva Kern": Span(0, 8, "PERSON", 0.9, "")})
    changes = {"r1": masked(row(1, "Ewa Nowak", "Hi"), {EWA}, tag="Eva Kern")}
    before, after = Dataset.of([row(1, "Ewa Nowak", "Hi")]), Dataset.of([row(1, "Eva Kern", "Hi")])
    assert verify(before, after, changes, find, MASKED).is_clean
    assert verify(before, after, {}, find, MASKED).found_left == {"PERSON": 1}


@pytest.mark.parametrize(
    ("rest", "left"), [({}, {}), ({"…" * 8 + " Lis": Span(9, 12, "PERSON", 0.9, "")}, {"PERSON": 1})]
)
def test_a_place_half_over_a_substitute_counts_if_its_rest_is_found_alone(rest, left):
    find = finding({"Eva Kern Lis": Span(0, 12, "PERSON", 0.9, ""), **rest})
    changes = {"r1": masked(row(1, "Ewa Nowak Lis", "Hi"), {EWA}, tag="Eva Kern")}
    before, after = Dataset.of([row(1, "Ewa Nowak Lis", "Hi")]), Dataset.of([row(1, "Eva Kern Lis", "Hi")])
    assert verify(before, after, changes, find, MASKED).found_left == left


def test_the_detector_is_asked_about_every_written_row_and_its_masked_kinds_count():
    find = finding({kind: Span(0, 3, kind, 0.9, "") for kind in ("URL", "EMAIL")})
    found = check([row(1, "EMAIL", "URL"), row(2, "x", "EMAIL")], {}, find_rows=find)
    assert (found.found_left, found.source_rows) == ({"EMAIL": 2}, (1, 2))
    assert "A second search found 2 places more." in found.sentence


def test_a_place_that_a_person_left_is_no_leftover():
    rows = [row(1, "Ewa Nowak", "Hi"), row(2, "EWA, see Ewa Nowak", "Hi")]
    left = left_places(pl.DataFrame({"row_id": ["r2"], "message": [0], "start": [9], "end": [18]}))
    find = finding({"EWA, see Ewa Nowak": Span(9, 18, "PERSON", 0.9, "")})
    assert check(rows, {"r1": {EWA}}, find_rows=find).leftovers == {"PERSON": 2}
    found = check(rows, {"r1": {EWA}}, find_rows=find, left=left)
    assert (found.leftovers, found.left_alone) == ({}, 1)


def test_a_place_that_was_left_behind_a_masked_one_has_moved():
    left = {"r1": [(0, 14, 23)]}
    found = check(
        [row(1, "a@example.com Ewa Nowak", "Hi"), row(2, "Ewa Nowak", "Ok")],
        {"r1": {("EMAIL", "a@example.com")}, "r2": {EWA}},
        left=left,
    )
    assert (found.known_left, found.left_alone) == ({}, 1)


def test_places_that_were_left_and_overlap_are_one_and_the_rest_is_searched_where_it_stands():
    text = "Anna Berg-Hale met Ewa Nowak"
    left = {"r1": [(0, 0, 9), (0, 5, 14), (0, 0, 14)]}
    before = row(1, text, "Hi")
    found = check([before, row(2, "Ewa Nowak", "Ok")], {"r2": {EWA}}, left=left)
    assert [(one.start, one.end) for one in found.left if one.row_id == "r1"] == [(19, 28)]


def changed(number, **values):
    return lambda rows: [dataclasses.replace(one, **values) if one.row == number else one for one in rows]


def said(*texts):
    return tuple(map(Message, ("user", "assistant"), texts))


DAMAGE = [
    (lambda rows: rows[1:], {"rows_missing": 1}, "1 row missing"),
    (lambda rows: [*rows, row(9, "x", "y")], {"rows_unexpected": 1}, "1 row too many"),
    (lambda rows: rows[::-1], {"is_in_order": False}, "the order of the rows"),
    (
        changed(2, messages=(Message("user", "```"),)),
        {"roles_changed": 1, "texts_changed": 1},
        "1 row with other roles",
    ),
    (changed(1, messages=said("[PERSON_1] is there.", "Yes.")), {"texts_changed": 1}, "1 row with other text"),
    (changed(2, messages=said("```\nx\n", "y")), {"fences_changed": 1, "texts_changed": 1}, "1 row with other code"),
    (changed(2, label="b"), {"facts_changed": 1}, "1 row with another label"),
    (changed(2, split="train"), {"facts_changed": 1}, "split"),
    (changed(2, rejected="z"), {"texts_changed": 1, "roles_changed": 1, "fences_changed": 1}, "roles"),
]


@pytest.mark.parametrize(("damage", "counts", "words"), DAMAGE)
def test_whatever_else_is_different_is_counted(damage, counts, words):
    rows = [row(1, "Ewa Nowak is here.", "Yes."), row(2, "```\nx\n```", "y", label="a")]
    found = check(rows, {"r1": {EWA}}, written=damage)
    assert {name: getattr(found, name) for name in counts} == counts
    assert not found.is_whole
    assert not found.is_clean
    assert words in found.sentence


def test_in_a_text_that_is_not_as_planned_nothing_is_taken_for_a_substitute():
    damage = changed(1, messages=said("Ewa Nowak is there.", "Yes."))
    found = check([row(1, "Ewa Nowak is here.", "Yes.")], {"r1": {EWA}}, written=damage)
    assert (found.known_left, found.texts_changed) == ({"PERSON": 1}, 1)


def test_a_removed_row_is_counted_and_its_values_are_gone_from_the_others():
    rows = [row(1, "Ewa Nowak", "Hi"), row(2, "Ewa Nowak again", "Ok"), row(3, "x", "y")]
    gone = MaskedRow((), {}, frozenset({EWA}), removed=True)
    found = verify(Dataset.of(rows), Dataset.of(rows[1:]), {"r1": gone}, nothing, MASKED)
    assert (found.rows, found.rows_removed, found.known_left, found.is_whole) == (2, 1, {"PERSON": 1}, True)
    back = verify(Dataset.of(rows), Dataset.of(rows), {"r1": gone}, nothing, MASKED)
    assert (back.rows_unexpected, back.source_rows) == (1, (1, 2))


def test_a_label_that_is_the_answer_follows_it():
    found = check([row(1, "Who?", "Ewa Nowak", label="Ewa Nowak")], {"r1": {EWA}})
    assert found.is_clean


def test_a_clean_version_is_said_to_be_clean_in_counts():
    found = check([row(1, "Ewa Nowak", "Hi")], {"r1": {EWA}})
    assert found.sentence == (
        "1 written row read back: the one masked value does not stand there any more, in whatever way of writing. "
        "A second search found nothing else of the kinds that were masked. The rows, their roles and code fences and "
        "every character that was not masked are the same."
    )


def test_it_is_kept_as_counts_and_read_again():
    rows = [row(number, "Ewa Nowak", "Hi") for number in range(1, 31)]
    found = check(rows, {"r1": {EWA}})
    assert len(found.source_rows) == 20
    assert Verification.from_dict(json.loads(json.dumps(found.as_dict()))) == found
    assert "Nowak" not in json.dumps(found.as_dict()) + found.sentence + repr(found)
    assert Verification.from_dict({"rows": 3, "something": "newer"}) == Verification(rows=3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1" * 200_000,
        "1 " * 5_000,
        "é" * 100_000,
        "\\u00e9" * 20_000,
        "&amp;" * 20_000,
        "%25" * 20_000,
        "\x00",
        "🙂\r\n",
    ],
)
def test_ugly_texts_are_read_in_little_time(text):
    begun = time.thread_time()
    found = check([row(1, f"Ewa Nowak 020 7946 0018 {text}", text)], {"r1": {EWA, ("PHONE", "020 7946 0018")}})
    assert found.is_clean
    assert time.thread_time() - begun < 3


def test_broken_surrogates_are_read():
    before, after = row(1, "Ewa Nowak \ud800", "\udfff"), row(2, "\ud800 Ewa Nowak", "x")
    from core.mask.known import KnownSearch

    search = KnownSearch({EWA})
    for example in (before, after):
        search.look([text for _, text in example.texts], (), example)
    assert [(one.row_id, one.text) for one in search.left()[0]] == [("r1", "Ewa Nowak"), ("r2", "Ewa Nowak")]


def test_it_can_be_stopped():
    with pytest.raises(LabError, match="was stopped"):
        verify(Dataset.of([row(1, "x", "y")]), Dataset.of([row(1, "x", "y")]), {}, nothing, MASKED, stop=lambda: True)


def test_it_tells_how_far_it_is():
    told = []
    rows = Dataset.of([row(number, "x", "y") for number in range(1, 601)])
    verify(rows, rows, {}, nothing, MASKED, progress=told.append)
    assert told == sorted(told)
    assert (told[0], len(told) > 1, max(told) <= 1) == (0, True, True)


def test_an_empty_dataset_is_clean():
    assert verify(Dataset.of([]), Dataset.of([]), {}, nothing, MASKED).is_clean


def test_replaced_shows_no_text():
    assert "secret" not in repr(Replaced("secret", ()))

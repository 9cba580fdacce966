"""A scan: places and hashes of all rows, values known from one row found in another, only changed rows read again."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import LabError
from core.mask import ELSEWHERE, Findings, scan
from core.mask.read import CHUNK
from core.mask.scan import ScanStopped, rows_read
from core.privacy import Span
from core.records import Dataset, Example, Message

KEY = b"k" * 32
WORDS = {"EMAIL": r"\w+@\w+\.com", "PERSON": r"Ada(?: Berg)?", "PHONE": r"call (\d{7})", "CARD": r"\b\d{4}-\d{7}\b"}


class Toy:
    """Finds the forms in `WORDS`, and counts what it was asked to read."""

    mode = "normal"
    kinds = frozenset(WORDS)

    def __init__(self, stamp="1"):
        self.stamp = stamp
        self.read = []

    def find_rows(self, rows):
        self.read += rows
        return [[self._find(text) for text in texts] for texts in rows]

    def _find(self, text):
        found = [(kind, match) for kind, form in WORDS.items() for match in re.finditer(form, text)]
        return [Span(m.start(m.lastindex or 0), m.end(), kind, 0.9, "a form") for kind, m in found]


def dataset(*texts):
    rows = enumerate(texts, 1)
    return Dataset.of(Example(f"r{n}", n, (Message("user", text), Message("assistant", "ok"))) for n, text in rows)


def places(findings, *columns):
    return findings.places.select(*columns).rows()


def test_a_place_has_its_row_its_kind_and_a_keyed_hash_and_no_value():
    found = scan(dataset("nothing", "write to ada@x.com"), Toy(), KEY)
    assert places(found, "row_id", "position", "message", "start", "end", "kind") == [("r2", 1, 0, 9, 18, "EMAIL")]
    assert "ada" not in repr(found) + str(found.about()) + str(found.places.to_dicts())
    other = scan(dataset("nothing", "write to ada@x.com"), Toy(), b"o" * 32)
    assert places(found, "value") != places(other, "value")


def test_equal_values_have_equal_hashes_however_they_are_written():
    found = scan(dataset("ada@x.com", "ADA@X.COM", "bea@x.com"), Toy(), KEY)
    first, second, third = (value for (value,) in places(found, "value"))
    assert first == second != third


def test_a_number_known_from_one_row_is_found_where_it_stands_alone():
    found = scan(dataset("call 5550123", "it is 5550123.", "order 15550123"), Toy(), KEY)
    assert places(found, "row_id", "reason") == [("r1", "a form"), ("r2", ELSEWHERE)]


def test_a_name_of_two_words_is_searched_in_all_rows_and_a_single_one_is_not():
    found = scan(dataset("Ada Berg", "ADA BERG wrote", "ada wrote"), Toy(), KEY)
    assert [row for (row,) in places(found, "row_id")] == ["r1", "r2"]
    assert scan(dataset("Ada", "ada wrote"), Toy(), KEY).rows_found == 1


def test_a_name_known_from_another_row_is_found_in_its_parts_as_well():
    class Careful(Toy):
        def _find(self, text):
            return super()._find(text) if "private" in text else []

    found = scan(dataset("private: Ada Berg", "Ada Berg came. Berg left."), Careful(), KEY)
    assert places(found, "row_id", "start", "end") == [("r1", 9, 17), ("r2", 0, 8), ("r2", 15, 19)]


def test_a_weaker_place_under_a_stronger_one_is_kept_but_not_shown():
    found = scan(dataset("call 5550123, card 1234-5550123"), Toy(), KEY)
    assert places(found, "kind", "covered") == [("PHONE", False), ("CARD", False), ("PHONE", True)]
    assert found.shown.height == 2


def test_only_rows_whose_texts_changed_are_read_again():
    first = scan(dataset("ada@x.com", "call 5550123", "plain"), Toy(), KEY)
    toy = Toy()
    again = scan(dataset("plain", "call 5550123", "new: bea@x.com"), toy, KEY, [first])
    assert toy.read == [["new: bea@x.com", "ok"]]
    fresh = scan(dataset("plain", "call 5550123", "new: bea@x.com"), Toy(), KEY)
    assert again.places.equals(fresh.places)


def test_what_other_rules_found_is_not_taken_over():
    first = scan(dataset("ada@x.com"), Toy("1"), KEY)
    toy = Toy("2")
    scan(dataset("ada@x.com"), toy, KEY, [first])
    assert len(toy.read) == 1


def test_findings_come_back_as_they_were_kept():
    found = scan(dataset("ada@x.com", "call 5550123"), Toy(), KEY)
    again = Findings.kept(found.about(), *found.tables().values())
    assert again is not None
    assert again.places.equals(found.places)
    assert again.about() == found.about()
    assert Findings.kept({**found.about(), "format": 1}, *found.tables().values()) is None
    assert Findings.kept(found.about(), None, None) is None


def test_it_can_be_stopped_and_tells_how_far_it_is():
    shares = []
    scan(dataset(*["x"] * 600), Toy(), KEY, progress=shares.append)
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] <= 1
    with pytest.raises(ScanStopped, match="was stopped before any row was read"):
        scan(dataset("x"), Toy(), KEY, stop=lambda: True)


def mixed(rows):
    return dataset(
        *(["ada@x.com", "call 5550123, Ada Berg", "5550123 of Berg", "plain"][n % 4] + f" {n}" for n in rows)
    )


def stopped_after(looks, data, toy, earlier=()):
    """What a scan has read that is stopped at its `looks`-th look at whether it is to stop."""
    asked = iter(range(looks))
    with pytest.raises(ScanStopped) as stopped:
        scan(data, toy, KEY, earlier, stop=lambda: next(asked, None) is None)
    return stopped.value


def test_what_was_read_before_a_stop_is_not_read_again_and_the_result_is_the_same():
    data, toy = mixed(range(4 * CHUNK)), Toy()
    first = stopped_after(1, data, toy)
    assert str(first) == f"Stopped after {CHUNK} of 1,024 rows; the next search goes on from there."
    second = stopped_after(2, data, toy, [first.read])
    assert str(second).startswith(f"Stopped after {2 * CHUNK} of")
    found = scan(data, toy, KEY, [second.read])
    assert len(toy.read) == len(data), "every row was read once"
    fresh = scan(data, Toy(), KEY)
    assert found.places.equals(fresh.places)
    assert found.texts.equals(fresh.texts)


def test_a_stop_in_the_second_pass_keeps_all_rows():
    data = mixed(range(CHUNK + 1))
    stopped = stopped_after(2, data, Toy())
    assert rows_read(stopped.read) == CHUNK + 1
    again = Toy()
    assert scan(data, again, KEY, [stopped.read]).places.equals(scan(data, Toy(), KEY).places)
    assert again.read == []


def test_a_quick_second_stop_loses_nothing_of_the_first():
    data = mixed(range(3 * CHUNK))
    first = stopped_after(2, data, Toy())
    again = stopped_after(0, data, Toy(), [first.read])
    assert rows_read(again.read) == rows_read(first.read) == 2 * CHUNK


def test_what_was_read_before_a_stop_is_of_no_use_by_other_rules_and_goes_by_the_text_of_a_row():
    first = stopped_after(1, mixed(range(2 * CHUNK)), Toy("1"))
    other, moved = Toy("2"), Toy("1")
    scan(mixed(range(2 * CHUNK)), other, KEY, [first.read])
    assert len(other.read) == 2 * CHUNK
    data = mixed(reversed(range(CHUNK)))
    assert scan(data, moved, KEY, [first.read]).places.equals(scan(data, Toy(), KEY).places)
    assert moved.read == []


def test_a_reader_that_breaks_off_is_no_stop():
    class Broken(Toy):
        def find_rows(self, rows):
            raise LabError("The rules cannot be read.")

    with pytest.raises(LabError, match="cannot be read") as broken:
        scan(dataset("x"), Broken(), KEY, stop=lambda: False)
    assert not isinstance(broken.value, ScanStopped)
    assert "ada" not in repr(stopped_after(1, mixed(range(CHUNK)), Toy()).read)


def test_an_empty_dataset_has_no_findings():
    found = scan(Dataset.of([]), Toy(), KEY)
    assert found.places.is_empty()
    assert found.total_rows == 0


@settings(deadline=None, max_examples=25)
@given(st.permutations(["ada@x.com", "call 5550123", "5550123 again", "Ada Berg", "berg", "plain", "ada@x.com too"]))
def test_the_order_of_rows_does_not_matter(texts):
    def as_set(found, data):
        shown = [example.messages[0].content for example in data]
        lines = found.places.select("position", "start", "end", "kind", "value", "covered").rows()
        return {(shown[line[0]], *line[1:]) for line in lines}

    data, ordered = dataset(*texts), dataset(*sorted(texts))
    assert as_set(scan(data, Toy(), KEY), data) == as_set(scan(ordered, Toy(), KEY), ordered)


def beside(number, text, **facts):
    return Example(f"r{number}", number, (Message("user", text), Message("assistant", "ok")), **facts)


def test_what_stands_beside_the_texts_is_found_and_each_is_read_once():
    toy = Toy()
    rows = [beside(n, f"text {n}", source="by ada@x.com", tags=("new", "call 5550123")) for n in range(1, 4)]
    found = scan(Dataset.of(rows), toy, KEY)
    assert places(found, "row_id", "message", "start", "kind")[:2] == [("r1", 2, 3, "EMAIL"), ("r1", 4, 5, "PHONE")]
    assert found.rows_found == 3
    assert toy.read[3:] == [["by ada@x.com"], ["new"], ["call 5550123"]]


def test_a_value_found_beside_a_text_is_found_in_other_rows_and_the_other_way_round():
    rows = [beside(1, "x", group="call 5550123"), beside(2, "it is 5550123"), beside(3, "y", category="5550123")]
    found = scan(Dataset.of(rows), Toy(), KEY)
    assert places(found, "row_id", "message") == [("r1", 2), ("r2", 0), ("r3", 2)]


def test_a_single_name_beside_a_text_counts_only_where_the_row_calls_somebody_so():
    rows = [beside(1, "Ada wrote", label="Ada"), beside(2, "x", label="Ada"), beside(3, "y", label="Ada Berg")]
    found = scan(Dataset.of(rows), Toy(), KEY)
    assert places(found, "row_id", "message") == [("r1", 0), ("r1", 2), ("r3", 2)]


def test_a_row_whose_facts_alone_changed_is_not_read_again_but_they_are():
    first = scan(Dataset.of([beside(1, "ada@x.com", source="call 5550123")]), Toy(), KEY)
    toy, rows = Toy(), Dataset.of([beside(1, "ada@x.com", group="bea@x.com")])
    again = scan(rows, toy, KEY, [first])
    assert toy.read == [["bea@x.com"]]
    assert again.places.equals(scan(rows, Toy(), KEY).places)


def test_what_a_row_shows_itself_is_still_known_when_the_row_that_made_it_longer_has_changed():
    class Half(Toy):
        def _find(self, text):
            found = super()._find(text)
            return [Span(s.start, s.start + 3, s.kind, 0.5, s.reason) if "half" in text else s for s in found]

    rows = "Ada Berg", "half: Ada Berg"
    first = scan(dataset(*rows), Half(), KEY)
    assert places(first, "row_id", "start", "end")[1] == ("r2", 6, 14)
    changed = dataset("nobody", rows[1])
    again = scan(changed, Half(), KEY, [first])
    assert places(again, "row_id", "start", "end") == [("r2", 6, 9)]
    assert again.places.equals(scan(changed, Half(), KEY).places)

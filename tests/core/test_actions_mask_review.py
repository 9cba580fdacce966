"""The review of a version: what the page shows and what its buttons do, kept beside the version."""

from pathlib import Path

import polars as pl
import pytest

from core.actions.mask import reading, review, reviewed, search
from core.errors import LabError, NotFound, SettingProblem
from core.mask import Findings, value_hash
from core.mask.findings import PLACES
from core.records import Dataset, Example, Message
from core.workspace import Workspace

TEXTS = (
    "Anna Berg wrote to anna@example.com about May.",
    "In May we met anna@example.com and Cleo Hale \U0001f600.\r\nCleo Hale, again.",
    "Nothing stands here but Cleo Hale.",
)
VALUES = {"Anna Berg": ("PERSON", 0.9), "anna@example.com": ("EMAIL", 1.0), "May": ("PERSON", 0.4)}


def searched(workspace: Workspace, parent: str | None = None, texts: tuple[str, ...] = TEXTS) -> str:
    """A version with what a search has found in it."""
    rows = [
        Example(f"r{n:06d}", n, (Message("user", text), Message("assistant", "ok"))) for n, text in enumerate(texts, 1)
    ]
    version = workspace.versions.save("letters", Dataset.of(rows), "curate", parent=parent)
    key, lines = workspace.secret_key(), []
    for position, text in enumerate(texts):
        for value, (kind, score) in VALUES.items():
            if (start := text.find(value)) >= 0:
                about = (kind, score, "a <form>", value_hash(key, kind, value), False)
                lines.append((f"r{position + 1:06d}", position, 0, start, start + len(value), *about))
    places = pl.DataFrame(lines, schema=PLACES, orient="row")
    made = Findings(version.content_hash, len(texts), places, pl.Series("texts", ["x"]), "fast", frozenset(), "1")
    search.keep(workspace, version.id, made, [])
    return version.id


@pytest.fixture
def version(workspace: Workspace) -> str:
    return searched(workspace)


def keys(workspace: Workspace, version: str) -> dict[str, str]:
    shown = reading.groups(workspace, version)
    return {line[1]: key for line, key in zip(shown.table.rows, shown.keys, strict=True)}


def decisions(workspace: Workspace, version: str) -> dict[str, str]:
    return {line[1]: line[-1] for line in reading.groups(workspace, version).table.rows}


def masked(workspace: Workspace, version: str, kept: tuple[str, ...] = ()) -> list[str]:
    dataset = workspace.versions.load(version)
    places = reviewed.to_mask(workspace, version, kept).select("position", "message", "start", "end").rows()
    return [dataset.slice(at, 1)[0].texts[message][1][start:end] for at, message, start, end in places]


def test_values_stand_in_a_list_the_most_doubtful_first(workspace: Workspace, version: str):
    shown = reading.groups(workspace, version)
    assert shown.table.rows == [
        ["1", "May", "Person", "2", "2", "60%", "open"],
        ["2", "Anna Berg", "Person", "1", "1", "10%", "open"],
        ["3", "anna@example.com", "E-mail address", "2", "2", "0%", "open"],
    ]
    assert shown.sentence == "3 values in 5 places: 5 open. What is open is masked too, unless you keep it."
    assert shown.kinds == [("EMAIL", "E-mail address"), ("PERSON", "Person")]


def test_the_list_is_searched_by_what_is_written(workspace: Workspace, version: str):
    found = reading.groups(workspace, version, 1, reading.query({"search": " ANNA "}))
    assert [line[1] for line in found.table.rows] == ["Anna Berg", "anna@example.com"]
    assert reading.groups(workspace, version, 9, reading.query({"search": "zebra"})).table.total == 0


NAMED = (
    "Lorem Ipsum wrote. Lorem is not here, Ipsum neither.",
    "Lorem. So Lorem Ipsum Dolor came.",
    "Albert Kern met Lorem Ipsum; Albert and Lorem Dolor knew.",
    "A letter by Ipsum.",
)


def named(workspace: Workspace) -> str:
    """A version in which these names were found, each where it stands first, the longest first."""
    workspace.versions.save(
        "names",
        Dataset.of([Example(f"r{n}", n + 1, (Message("user", text),)) for n, text in enumerate(NAMED)]),
        "ingest",
    )
    names = ("Lorem Ipsum Dolor", "Lorem Ipsum", "Lorem Dolor", "Albert Kern", "Lorem", "Ipsum", "Albert")
    lines = []
    for position, text in enumerate(NAMED):
        rest = text
        for name in names:
            while (start := rest.find(name)) >= 0:
                rest = rest[:start] + "_" * len(name) + rest[start + len(name) :]
                about = ("PERSON", 0.8, "a name", value_hash(workspace.secret_key(), "PERSON", name), False)
                lines.append((f"r{position}", position, 0, start, start + len(name), *about))
    places = pl.DataFrame(lines, schema=PLACES, orient="row")
    version = workspace.versions.get("names/v1")
    made = Findings(version.content_hash, 4, places, pl.Series("texts", ["x"]), "fast", frozenset(), "1")
    search.keep(workspace, version.id, made, [])
    return version.id


def test_a_name_that_is_kept_takes_its_parts_along_in_its_rows_and_says_what_stays(workspace: Workspace):
    version = named(workspace)
    said = review.decide(workspace, version, "reject", keys(workspace, version)["Lorem Ipsum"])
    assert said == (
        "Kept: “Lorem Ipsum” (Person), 2 places, and its parts in the same rows. 1 longer name with it stays as it is."
    )
    # “Lorem” may be Lorem Dolor in the third row, and nobody has said that of “Ipsum” alone.
    kept = {text for text in ("Lorem Ipsum", "Ipsum", "Lorem") if text not in masked(workspace, version)}
    assert kept == {"Lorem Ipsum"}
    assert masked(workspace, version).count("Ipsum") == 1
    assert masked(workspace, version).count("Lorem") == 2
    assert review.undo(workspace, version).startswith("Undone: Kept: “Lorem Ipsum”")
    assert masked(workspace, version).count("Ipsum") == 2


def test_longer_names_are_kept_with_a_word_where_that_is_said(workspace: Workspace):
    version = named(workspace)
    said = review.decide(workspace, version, "reject", keys(workspace, version)["Lorem"])
    assert said == "Kept: “Lorem” (Person), 2 places. 3 longer names with it stay as they are."
    assert {"Lorem Ipsum", "Lorem Dolor", "Lorem Ipsum Dolor"} <= set(masked(workspace, version))
    said = review.decide(workspace, version, "reject", keys(workspace, version)["Lorem"], "name")
    assert said == "Kept: “Lorem” (Person) and 3 longer names."
    assert set(masked(workspace, version)) == {"Albert Kern", "Ipsum", "Albert"}
    review.undo(workspace, version)
    assert "Lorem Ipsum" in masked(workspace, version)


def test_a_value_is_kept_masked_and_put_back_and_undone(workspace: Workspace, version: str):
    may = keys(workspace, version)["May"]
    assert review.decide(workspace, version, "reject", may) == "Kept: “May” (Person), 2 places."
    assert decisions(workspace, version)["May"] == "keep"
    assert masked(workspace, version) == ["Anna Berg", "anna@example.com", "anna@example.com"]
    assert review.undo(workspace, version) == "Undone: Kept: “May” (Person), 2 places."
    assert "May" in masked(workspace, version)
    assert review.redo(workspace, version).startswith("Done again: Kept")
    assert review.decide(workspace, version, "reset", may) == "As it was: “May” (Person), 2 places."
    assert reading.groups(workspace, version).history[0].startswith("As it was")
    assert review.redo(workspace, version) == "There is nothing to do again."


def test_one_place_and_a_whole_kind_are_decided_about(workspace: Workspace, version: str):
    may = keys(workspace, version)["May"]
    place = reading.group_places(workspace, version, may).places[1].place
    review.decide(workspace, version, "reject", may, "place", place)
    assert decisions(workspace, version)["May"] == "mixed"
    assert masked(workspace, version).count("May") == 1
    said = review.decide(workspace, version, "reject", may, "kind")
    assert said == "Kept: everything of the kind Person, now and in later searches."
    assert masked(workspace, version) == ["anna@example.com", "anna@example.com"]


def test_a_value_of_one_place_needs_no_place_to_be_named(workspace: Workspace, version: str):
    named = keys(workspace, version)
    assert review.decide(workspace, version, "accept", named["Anna Berg"], "place").endswith("one place.")
    with pytest.raises(SettingProblem, match="No place is chosen"):
        review.decide(workspace, version, "accept", named["May"], "place")


def test_a_kind_is_changed_and_kinds_that_are_kept_are_not_masked(workspace: Workspace, version: str):
    said = review.change_kind(workspace, version, keys(workspace, version)["May"], "date")
    assert said == "Called Date: “May” (Person), 2 places."
    assert reading.groups(workspace, version, 1, reading.query({"kind": "DATE"})).table.total == 1
    assert "May" not in masked(workspace, version, kept=("DATE",))
    review.change_kind(workspace, version, keys(workspace, version)["May"], "my_month")
    assert ("MY_MONTH", "MY_MONTH") in reading.groups(workspace, version).kinds


def test_a_selected_text_is_masked_wherever_it_stands(workspace: Workspace, version: str):
    start = TEXTS[1].index("Cleo")
    said = review.add_span(workspace, version, "2", "PERSON", "Cleo Hale", 0, (start, start + 9))
    assert said == "Marked “Cleo Hale” as Person: 3 places in 2 rows."
    assert masked(workspace, version).count("Cleo Hale") == 3
    assert decisions(workspace, version)["Cleo Hale"] == "mask"
    review.undo(workspace, version)
    assert "Cleo Hale" not in masked(workspace, version) + list(decisions(workspace, version))


def test_a_part_of_a_word_is_masked_in_its_own_place_only(workspace: Workspace, version: str):
    said = review.add_span(workspace, version, "3", "USERNAME", "othin", 0, (1, 6))
    assert said == "Marked “othin” as User name: 1 place in 1 row."
    assert "othin" in masked(workspace, version)


def test_without_its_place_the_first_one_of_the_text_is_taken(workspace: Workspace, version: str):
    assert "3 places" in review.add_span(workspace, version, "3", "PERSON", " Cleo Hale ")
    assert "3 places" in review.add_span(workspace, version, "3", "PERSON", "Cleo Hale", 7, (0, 99999))


@pytest.mark.parametrize(
    ("row", "kind", "text", "bounds", "sentence"),
    [
        ("2", "PERSON", "zebra", None, "does not stand in this row"),
        ("2", "PERSON", "", None, "does not stand in this row"),
        ("2", "PERSON", "", (2, 3), "No text is selected"),
        ("2", "no kind", "May", None, "Choose a kind"),
        ("99", "PERSON", "May", None, "There is no row 99"),
        ("", "PERSON", "May", None, "Name one row"),
        ("1-2", "PERSON", "May", None, "Name one row"),
    ],
)
def test_a_selection_that_says_nothing_is_refused(workspace, version, row, kind, text, bounds, sentence):
    with pytest.raises(SettingProblem, match=sentence):
        review.add_span(workspace, version, row, kind, text, 0, bounds)
    assert reading.groups(workspace, version).history == []


@pytest.mark.parametrize(
    ("what", "key", "scope", "place", "sentence"),
    [
        ("burn", "May", "value", "", "“burn” is not a decision"),
        ("undo", "May", "value", "", "“undo” is not a decision"),
        ("accept", "May", "world", "", "“world” is not a scope"),
        ("accept", "", "value", "", "Nothing is chosen"),
        ("accept", "PERSON:0:PERSON", "value", "", "no longer among the findings"),
        ("accept", "May", "place", "0:0:1:2", "Nothing was found at this place"),
        ("accept", "May", "place", "../etc", "No place is chosen"),
    ],
)
def test_a_decision_about_what_is_not_there_is_refused(workspace, version, what, key, scope, place, sentence):
    with pytest.raises(SettingProblem, match=sentence):
        review.decide(workspace, version, what, keys(workspace, version).get(key, key), scope, place)


def test_a_version_that_was_not_searched_or_is_not_there_is_said(workspace: Workspace):
    plain = workspace.versions.save("plain", Dataset.of([Example("r000001", 1, (Message("text", "hi"),))]), "curate").id
    assert not reading.searched(workspace, plain)
    assert not reading.searched(workspace, None)
    with pytest.raises(LabError, match="was not searched"):
        reading.groups(workspace, plain)
    with pytest.raises(NotFound):
        review.undo(workspace, "gone/v1")


def test_what_was_decided_survives_a_new_search_and_holds_for_the_next_version(workspace: Workspace, version: str):
    may = keys(workspace, version)["May"]
    review.decide(workspace, version, "reject", may)
    review.add_span(workspace, version, "3", "PERSON", "Cleo Hale")
    search.keep(workspace, version, search.must_be_found(workspace, version), ["searched again"])
    assert (decisions(workspace, version)["May"], decisions(workspace, version)["Cleo Hale"]) == ("keep", "mask")
    child = searched(workspace, version, (TEXTS[0] + " May!", TEXTS[1], "Another text."))
    assert decisions(workspace, child)["May"] == "keep"
    assert masked(workspace, child).count("Cleo Hale") == 2
    assert reading.groups(workspace, child).history == []
    assert review.undo(workspace, child) == "There is nothing to undo."
    review.undo(workspace, version)
    assert "Cleo Hale" not in masked(workspace, child)


def test_what_was_marked_by_hand_is_found_where_a_later_version_says_it(workspace: Workspace, version: str):
    review.add_span(workspace, version, "3", "PERSON", "Cleo Hale")
    child = searched(workspace, version, ("Cleo Hale, now first, and CLEO HALE.", "x", "Some words before: Cleo Hale."))
    assert masked(workspace, child) == ["Cleo Hale", "CLEO HALE", "Cleo Hale"]
    grandchild = searched(workspace, child, ("Nobody.", "It was Cleo Hale."))
    assert masked(workspace, grandchild) == ["Cleo Hale"]


def test_what_stands_beside_the_texts_is_shown_and_can_be_marked(workspace: Workspace):
    rows = [Example("r000001", 1, (Message("user", "x"), Message("assistant", "y")), source="Cleo Hale", tags=("t",))]
    version = workspace.versions.save("beside", Dataset.of(rows), "curate")
    empty = pl.DataFrame([], schema=PLACES, orient="row")
    made = Findings(version.content_hash, 1, empty, pl.Series("texts", ["x"]), "fast", frozenset(), "1")
    search.keep(workspace, version.id, made, [])
    assert [message.role for message in reading.row(workspace, version.id, "1").messages][2:] == ["source", "tag"]
    review.add_span(workspace, version.id, "1", "PERSON", "Cleo Hale")
    shown = reading.row(workspace, version.id, "1").messages[2]
    assert [(piece.text, piece.kind) for piece in shown.pieces] == [("Cleo Hale", "PERSON")]


def test_a_row_is_read_with_its_marks_and_says_the_same_text(workspace: Workspace, version: str):
    review.decide(workspace, version, "reject", keys(workspace, version)["May"])
    view = reading.row(workspace, version, "2")
    assert ["".join(piece.text for piece in message.pieces) for message in view.messages] == [TEXTS[1], "ok"]
    marks = [(piece.text, piece.kind, piece.decision) for piece in view.messages[0].pieces if piece.kind]
    assert marks == [("May", "PERSON", "rejected"), ("anna@example.com", "EMAIL", "open")]
    assert "anna" not in repr(view) + repr(reading.group_places(workspace, version, keys(workspace, version)["May"]))


@pytest.mark.parametrize("place", ["99:0:0:1", "a:b:c:d", "1:2", "../etc"])
def test_a_row_that_is_not_there_is_said(workspace: Workspace, version: str, place: str):
    with pytest.raises(SettingProblem, match="no such row"):
        reading.row(workspace, version, "", place)


def test_of_a_huge_message_the_part_around_the_place_is_shown(workspace: Workspace):
    huge = "x " * 60_000
    version = searched(workspace, None, (huge + "Anna Berg" + " y" * 60_000,))
    found = reading.group_places(workspace, version, keys(workspace, version)["Anna Berg"])
    (message, _) = reading.row(workspace, version, "1", found.places[0].place).messages
    assert sum(len(piece.text) for piece in message.pieces) == reading.LONGEST_SHOWN
    assert "Anna Berg" in [piece.text for piece in message.pieces]
    assert (message.start, message.length) == (len(huge) - reading.LONGEST_SHOWN // 2, 240_009)


def test_a_value_is_put_on_the_lists_of_the_project(workspace: Workspace, version: str):
    named = keys(workspace, version)
    assert "on the allow list" in review.always(workspace, version, "allow", named["May"])
    assert "on the deny list" in review.always(workspace, version, "deny", named["Anna Berg"])
    rules = search.rules(workspace)
    assert rules is not None
    assert rules.allows("PERSON", "may")
    assert [span.kind for span in rules.find("so Anna Berg says")] == ["PERSON"]
    assert decisions(workspace, version) == {"May": "keep", "Anna Berg": "mask", "anna@example.com": "open"}
    with pytest.raises(LabError):
        review.always(workspace, version, "deny", named["May"])
    with pytest.raises(SettingProblem, match="not a list"):
        review.always(workspace, version, "maybe", named["May"])


def test_no_value_is_kept_in_the_journal(workspace: Workspace, version: str):
    review.decide(workspace, version, "reject", keys(workspace, version)["Anna Berg"])
    review.add_span(workspace, version, "3", "PERSON", "Cleo Hale")
    journal = next(Path(workspace.root).rglob("review.jsonl")).read_text()
    assert journal.count("\n") == 2
    assert not [value for value in ("Anna", "Cleo", "anna@") if value in journal]

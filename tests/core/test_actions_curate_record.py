"""What the buttons of the Versions part do: tree, difference, card, files, recipe."""

import json
import os

import pytest

from core.actions.curate import difference as compare
from core.actions.curate import record
from core.errors import LabError, NotFound, SettingProblem
from core.records import HELD_OUT, TRAIN, Dataset, Example, Message


def row(number, prompt="What is ice?", answer="Frozen water.", **other):
    return Example(f"r{number}", number, (Message("user", prompt), Message("assistant", answer)), **other)


@pytest.fixture
def saved(workspace):
    """A file of 120 rows, and the same without two, one answer mended, divided."""
    rows = [row(number, f"What is {number}?") for number in range(1, 121)]
    workspace.versions.save(
        "facts", Dataset.of(rows), "ingest", settings={"name": "facts.csv"}, result={"unreadable": 1}
    )
    mended = [
        row(5, "What is 5?", "Frozen clean water.", split=HELD_OUT),
        *(row(n, f"What is {n}?", split=TRAIN) for n in range(6, 121)),
    ]
    found = {"train": 115, "held_out": 1, "left_out": 4, "checks": {"a": 1, "b": 4, "c": 2, "d": 1, "e": 1}}
    settings = {"checks": {}, "thresholds": {}, "rows": 1, "split": {"seed": 1}}
    workspace.versions.save("facts", Dataset.of(mended), "curate", parent="facts/v1", settings=settings, result=found)
    return workspace


def test_the_tree_is_a_table_with_indented_names_that_open_a_version(saved):
    table = record.version_tree(saved)
    assert [line[:6] for line in table.rows] == [
        ["facts/v1", "ingest", "120", "–", "–", "1 (1 cannot be read)"],
        ["\u2003└ facts/v2", "curate", "116", "115", "1", "4 (4 b, 2 c, 1 a, and 2 more checks)"],
    ]
    assert [line[6] for line in table.rows] == ["facts.csv", "facts/v1"]
    assert [record.version_of(line[0]) for line in table.rows] == ["facts/v1", "facts/v2"]
    assert {len(line) for line in table.rows} == {len(record.TREE_HEADERS)}


def test_the_tree_comes_fifty_a_page(workspace):
    for _ in range(51):
        workspace.versions.save("many", Dataset.of([row(1)]), "ingest")
    assert (len(record.version_tree(workspace).rows), len(record.version_tree(workspace, 2).rows)) == (50, 1)
    with pytest.raises(SettingProblem, match="The page is “x”"):
        record.version_tree(workspace, "x")


def test_the_difference_is_counted_in_a_sentence_and_listed(saved):
    found = compare.difference(saved, "facts/v1", "facts/v2")
    assert found.sentence == (
        "A facts/v1 has 120 rows, B facts/v2 has 116 rows: 4 only in A, 0 only in B, 116 changed "
        "(answer 1, split 116), 0 the same."
    )
    assert found.kinds == ["all differences", "only in A", "changed", "answer", "split"]
    assert (len(found.table.rows), found.table.pages, found.table.total) == (50, 3, 120)
    assert found.table.rows[0] == ["1", "1", "only in A", "user: What is 1?\nassistant: Frozen water.", ""]
    assert found.table.rows[5] == ["6", "6", "changed: split", "", "train"]
    assert compare.difference(saved, "facts/v1", "facts/v2", 3).table.rows[0][0] == "101"


def test_the_list_can_be_narrowed_to_a_kind(saved):
    found = compare.difference(saved, "facts/v1", "facts/v2", 1, "answer")
    assert found.table.rows == [["1", "5", "changed: answer, split", "Frozen water.", "Frozen clean water."]]
    assert compare.difference(saved, "facts/v1", "facts/v2", 1, "only in B").table.total == 0
    with pytest.raises(SettingProblem, match="no kind of difference “smell”"):
        compare.difference(saved, "facts/v1", "facts/v2", 1, "smell")


def test_a_changed_row_is_shown_word_by_word(saved):
    answer, split = compare.row_difference(saved, "facts/v1", "facts/v2", "answer", 1)
    assert (answer.part, split.part) == ("answer", "split")
    assert "".join(text for kind, text in answer.pieces if kind != "added") == "Frozen water."
    assert "".join(text for kind, text in answer.pieces if kind != "removed") == "Frozen clean water."
    assert "clean" in "".join(text for kind, text in answer.pieces if kind == "added")
    assert split.pieces == [("added", "held-out")]


def test_a_row_of_one_side_is_shown_whole_there(saved):
    (whole,) = compare.row_difference(saved, "facts/v2", "facts/v1", "only in B", 2)
    assert whole.pieces == [("added", "user: What is 2?\nassistant: Frozen water.")]
    with pytest.raises(NotFound, match="no row 5 in this list; it has 4 rows"):
        compare.row_difference(saved, "facts/v2", "facts/v1", "only in B", 5)


def test_a_change_late_in_a_long_text_is_shown_where_it_is(workspace):
    long = "word " * 20_000
    for end in ("ice", "snow"):
        workspace.versions.save("long", Dataset.of([row(1, answer=long + end)]), "ingest")
    found = compare.difference(workspace, "long/v1", "long/v2")
    assert found.table.rows[0][3:] == ["…" + ("word " * 6) + "ice", "…" + ("word " * 6) + "snow"]
    (answer,) = compare.row_difference(workspace, "long/v1", "long/v2", "", 1)
    assert [piece for piece in answer.pieces if piece[0] != "same"] == [("removed", "ice"), ("added", "snow")]
    assert sum(len(text) for _, text in answer.pieces) < 2 * compare.TEXT_CHARACTERS


def test_rows_of_different_files_are_matched_by_their_messages(saved):
    saved.versions.save("other", Dataset.of([row(1, "What is 7?"), row(2, "New?")]), "ingest")
    found = compare.difference(saved, "other/v1", "facts/v1")
    assert "1 only in A, 119 only in B, 0 changed, 1 the same. Their ids do not name the same rows" in found.sentence
    saved.versions.save("named", saved.versions.load("facts/v2"), "select", parent="facts/v2")
    assert "116 the same" in compare.difference(saved, "facts/v2", "named/v1").sentence
    assert "Their ids" not in compare.difference(saved, "facts/v1", "named/v1").sentence


def test_the_rows_of_a_mix_which_have_new_ids_are_matched_by_their_messages(saved):
    renamed = [row(n, f"What is {n}?", split=TRAIN) for n in range(6, 121)]
    mixed = [Example(f"facts:{example.id}", example.row, example.messages, split=TRAIN) for example in renamed]
    saved.versions.save("mix", Dataset.of(mixed), "mix", settings={"parts": [{"version": "facts/v2"}]})
    found = compare.difference(saved, "facts/v2", "mix/v1").sentence
    assert "1 only in A, 0 only in B, 0 changed, 115 the same. Their ids do not" in found


def test_two_versions_are_offered_the_earlier_one_first(saved):
    assert [version for _, version in compare.choices(saved)] == ["facts/v2", "facts/v1"]
    assert (compare.before(saved, "facts/v2"), compare.before(saved, "facts/v1")) == ("facts/v1", "facts/v1")


def test_a_card_is_kept_with_its_version_and_written_as_a_readme(saved, tmp_path):
    said = record.save_card(saved, "facts/v2", "mit", "en", "", "Facts about *things*.")
    assert said == "The card of facts/v2 is kept."
    path = record.card_file(saved, "facts/v2", tmp_path)
    assert path.name == "README.md"
    assert path.read_text(encoding="utf-8") == record.data_card(saved, "facts/v2")
    assert "license: mit" in record.data_card(saved, "facts/v2")
    assert record.card_form(saved, "facts/v2").description == "Facts about *things*."
    assert record.save_card(saved, "facts/v2", None, "", "", "").endswith("so it says “unknown”.")


def test_the_rows_are_written_as_files_of_their_own_each_time(saved, tmp_path):
    paths, sentence = record.export_dataset(saved, "facts/v2", "held-out", tmp_path)
    assert [path.name for path in paths] == ["facts-v2-held-out.jsonl", "facts-v2-held-out.parquet"]
    assert sentence.startswith("1 row in the form that TRL reads: id, messages, split. facts/v2 was never searched")
    assert json.loads(paths[0].read_text())["messages"][1] == {"role": "assistant", "content": "Frozen clean water."}
    again, sentence = record.export_dataset(saved, "facts/v2", "all", tmp_path)
    assert again[0].name == "facts-v2.jsonl"
    assert sentence.startswith("116 rows in")
    assert record.export_dataset(saved, "facts/v2", "all", tmp_path)[0] != again


def test_files_of_long_ago_are_deleted_when_new_ones_are_written(saved, tmp_path):
    old, new = (record.card_file(saved, "facts/v2", tmp_path).parent for _ in range(2))
    os.utime(old, (0, 0))
    record.recipe_file(saved, "facts/v2", tmp_path)
    assert (old.exists(), new.exists()) == (False, True)


def test_a_recipe_is_shown_with_what_it_leaves_aside(saved, tmp_path):
    text, note = record.recipe(saved, "facts/v2")
    assert note == "1 decision about single rows is not replayed."
    path = record.recipe_file(saved, "facts/v2", tmp_path)
    assert path.name == "facts-v2-recipe.yaml"
    assert path.read_text(encoding="utf-8") == text


WITHOUT_VERSION = [
    lambda workspace, name: compare.difference(workspace, name, name),
    lambda workspace, name: compare.row_difference(workspace, name, name, "", 1),
    lambda workspace, name: record.data_card(workspace, name),
    lambda workspace, name: record.save_card(workspace, name, "", "", "", ""),
    lambda workspace, name: record.recipe(workspace, name),
    lambda workspace, name: record.export_dataset(workspace, name, "all", workspace.root),
]


@pytest.mark.parametrize("action", WITHOUT_VERSION)
@pytest.mark.parametrize(("name", "sentence"), [("", "Choose|No dataset version"), ("../../etc", "no dataset version")])
def test_a_version_that_is_not_there_is_said(workspace, action, name, sentence):
    with pytest.raises(LabError, match=sentence):
        action(workspace, name)

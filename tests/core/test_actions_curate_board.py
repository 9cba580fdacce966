"""The board: what checks count, what decisions do, undo, and what is saved."""

import pyarrow as pa
import pytest

from core.actions.curate import board, rows, save
from core.actions.curate.scan import scanned, scanning_version
from core.curate import CHECKS
from core.errors import LabError, NotFound, SettingProblem
from core.records import Dataset, Example, Message
from core.workspace import Workspace

TEXT = "Please send the invoice for last month again, since my card was charged twice and I need it for the accountant"


def example(number: int, prompt: str, answer: str, label: str | None = None) -> Example:
    return Example(f"r{number:06d}", number, (Message("user", prompt), Message("assistant", answer)), label)


FIRST = [
    example(1, "Where is Łódź?", "It lies in Poland."),
    example(2, "Where is Łódź?", "It lies in Poland."),
    example(3, "What is ice?", ""),
    example(4, "Who was FranÃ§ois?", "He was a painter."),
    example(5, TEXT + ".", "I will send it today, and I am sorry for the trouble that this has caused you."),
    example(6, TEXT + "!!", "I will send it today, and I am sorry for the trouble that it has caused you."),
]
REST = [example(n, f"Tell me about the number {n}", f"It comes after {n - 1}.") for n in range(7, 131)]
ROWS = [*FIRST, *REST]


@pytest.fixture
def version(workspace: Workspace) -> str:
    unread = pa.table({"row": [131], "check": ["broken line"], "reason": ["this line is not valid JSON"]})
    saved = workspace.versions.save("facts", Dataset.of(ROWS), "ingest", tables={"unread": unread})
    return saved.id


def line(workspace: Workspace, version: str, check: str) -> board.Line:
    return next(line for line in board.board(workspace, version).lines if line.check == check)


def saved_rows(workspace: Workspace, version: str) -> list[int]:
    return [row.row for row in workspace.versions.load(version)]


def test_every_check_stands_on_the_board_with_its_count_and_examples(workspace: Workspace, version: str):
    found = board.board(workspace, version)
    assert {line.check for line in found.lines} == {"broken line", *(check.name for check in CHECKS)}
    assert {line.check: line.rows for line in found.lines}["exact duplicate"] == 1
    assert line(workspace, version, "exact duplicate").examples == ["row 2: same as row 1"]
    assert line(workspace, version, "broken line").action == "cannot be read"
    counts = [line.rows for line in found.lines]
    assert counts.index(0) > max(position for position, count in enumerate(counts) if count)
    assert found.sentence == "128 of 130 rows will be kept, 2 left out, 1 repaired."


def test_a_scan_is_kept_and_nothing_is_computed_twice(workspace: Workspace, version: str):
    assert list(scanning_version(workspace, version)) == [*(check.name for check in CHECKS), "signals"]
    assert list(scanning_version(workspace, version)) == []
    assert scanned(workspace, version).problems.equals(scanned(Workspace(workspace.root), version).problems)


def test_a_decision_about_a_check_and_its_undo(workspace: Workspace, version: str):
    assert board.decide(workspace, version, "keep", "exact duplicate") == "keep all with “exact duplicate”"
    assert line(workspace, version, "exact duplicate").action == "keep"
    assert board.board(workspace, version).sentence.startswith("129 of 130 rows")
    assert board.undo(workspace, version) == "Undone: keep all with “exact duplicate”"
    assert board.board(workspace, version).sentence.startswith("128 of 130 rows")
    assert board.undo(workspace, version, back=False) == "Done again: keep all with “exact duplicate”"
    assert board.undo(workspace, version, back=False) == "There is nothing to do again."


def test_rows_are_decided_about_by_their_numbers(workspace: Workspace, version: str):
    board.decide(workspace, version, "keep", rows="3")
    board.decide(workspace, version, "leave out", rows="10, 20-22")
    saved, _ = save.save(workspace, version, {"held_out": 0})
    assert set(range(1, 131)) - set(saved_rows(workspace, saved)) == {2, 10, 20, 21, 22}


def test_a_threshold_moves_what_counts_at_once(workspace: Workspace, version: str):
    board.set_threshold(workspace, version, "near duplicate", 0.7)
    low = line(workspace, version, "near duplicate")
    board.set_threshold(workspace, version, "near duplicate", 0.95)
    high = line(workspace, version, "near duplicate")
    assert (low.rows, low.threshold, high.rows, high.threshold) == (1, 0.7, 0, 0.95)


def test_the_saved_version_holds_every_decision_and_opens_with_them(workspace: Workspace, version: str):
    board.decide(workspace, version, "keep", rows="3")
    saved, sentence = save.save(workspace, version, {"held_out": 20, "seed": 1})
    manifest = workspace.versions.get(saved)
    assert (manifest.parent, manifest.stage, manifest.result["held_out"]) == (version, "curate", 20)
    assert manifest.settings["checks"]["exact duplicate"] == "leave out"
    table = workspace.versions.table(saved, "decided")
    assert table is not None
    decided = {(row["row"], row["check"]): row["action"] for row in table.to_pylist()}
    assert decided[(2, "exact duplicate")] == "leave out"
    assert decided[(3, "empty answer")] == "keep"
    assert decided[(4, "mojibake")] == "repair"
    assert sentence.startswith("129 rows kept, 1 left out (exact duplicate 1), 1 repaired: ")
    assert saved_rows(workspace, save.save(workspace, saved, {"held_out": 0})[0]) == saved_rows(workspace, saved)
    assert next(row for row in workspace.versions.load(saved) if row.row == 4).prompt[0].content == "Who was François?"


def test_near_duplicates_stay_on_one_side_of_the_split(workspace: Workspace, version: str):
    board.decide(workspace, version, "keep", "near duplicate")
    board.set_threshold(workspace, version, "near duplicate", 0.7)
    for seed in range(6):
        saved, _ = save.save(workspace, version, {"held_out": 0.5, "seed": seed})
        sides = {row.row: row.split for row in workspace.versions.load(saved)}
        assert sides[5] == sides[6]


def test_a_recipe_is_applied_to_another_version_by_its_checks_alone(workspace: Workspace, version: str):
    other = workspace.versions.save("others", Dataset.of(FIRST), "ingest").id
    saved = save.apply(workspace, other, {"exact duplicate": "keep", "empty answer": "leave out"}, {}, {"held_out": 0})
    assert saved_rows(workspace, saved) == [1, 2, 4, 5, 6]


def test_leaving_every_row_out_is_refused_and_nothing_is_saved(workspace: Workspace):
    version = workspace.versions.save("empty", Dataset.of([example(1, "a", "")]), "ingest").id
    with pytest.raises(SettingProblem, match="Every row would be left out"):
        save.save(workspace, version)
    assert [one.id for one in workspace.versions.all()] == [version]


@pytest.mark.parametrize(
    ("what", "check", "named", "sentence"),
    [
        ("burn", "mojibake", "", "“burn” is not a decision"),
        ("keep", "nonsense", "", "There is no check “nonsense”"),
        ("keep", "", "", "Name a check or some rows"),
        ("keep", "", "999", "There is no row 999"),
        ("keep", "", "9-3", "“9-3” is not a range"),
        ("keep", "", "1; DROP", "“DROP” is not a row number"),
        ("repair", "exact duplicate", "", "There is no repair for “exact duplicate”"),
    ],
)
def test_a_decision_about_what_is_not_there_is_refused(workspace, version, what, check, named, sentence):
    with pytest.raises(SettingProblem, match=sentence):
        board.decide(workspace, version, what, check, named)
    assert board.board(workspace, version).history == []


@pytest.mark.parametrize(("check", "value", "sentence"), [
    ("near duplicate", 2, "it must be from 0.7 to 0.95"),
    ("near duplicate", "much", "it must be from"),
    ("empty answer", 0.5, "has no threshold"),
])  # fmt: skip
def test_a_threshold_out_of_its_bounds_is_refused(workspace, version, check, value, sentence):
    with pytest.raises(SettingProblem, match=sentence):
        board.set_threshold(workspace, version, check, value)


@pytest.mark.parametrize("settings", [{"held_out": -1}, {"held_out": "abc"}, {"held_out": 2.5}, {"held_out": None}])
def test_a_wrong_split_setting_is_said_by_its_label(workspace: Workspace, version: str, settings: dict[str, object]):
    with pytest.raises(SettingProblem, match="Held-out rows"):
        save.save(workspace, version, settings)


@pytest.mark.parametrize("action", [board.board, save.save, board.undo, rows.rows, scanned])
def test_a_version_that_is_not_there_is_said(workspace: Workspace, action: object):
    for name in ("gone/v1", "../../etc", ""):
        with pytest.raises(LabError):
            action(workspace, name)  # type: ignore[operator]


def test_rows_come_fifty_a_page(workspace: Workspace, version: str):
    first, last, beyond = (rows.rows(workspace, version, page) for page in (1, 3, 99))
    assert (len(first.rows), first.pages, first.total, len(last.rows)) == (50, 3, 130, 30)
    assert beyond == last
    assert first.rows[0][:3] == ["1", "Where is Łódź?", "It lies in Poland."]
    assert first.rows[1][3:5] == ["exact duplicate: same as row 1", "leave out"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (rows.Query(search="ŁÓDŹ"), 2),
        (rows.Query(search="number 12"), 11),
        (rows.Query(search=".*"), 0),
        (rows.Query(check="empty answer"), 1),
        (rows.Query(check=rows.ANY_PROBLEM, search="is ice"), 1),
        (rows.Query(decision="leave out"), 2),
        (rows.Query(decision="repair"), 1),
        (rows.Query(sort="answer_words", least=10), 2),
        (rows.Query(), 130),
    ],
)
def test_rows_are_found(workspace: Workspace, version: str, query: rows.Query, found: int):
    assert rows.rows(workspace, version, 1, query).total == found


def test_rows_are_sorted_by_a_signal_and_by_the_score_of_a_check(workspace: Workspace, version: str):
    longest = rows.rows(workspace, version, 1, rows.Query(sort="answer_words", descending=True))
    assert {longest.rows[0][0], longest.rows[1][0]} == {"5", "6"}
    board.set_threshold(workspace, version, "near duplicate", 0.7)
    scored = rows.rows(workspace, version, 1, rows.Query("near duplicate", sort=rows.BY_SCORE, descending=True))
    assert 0.7 <= float(scored.rows[0][-1]) < 1


@pytest.mark.parametrize("query", [rows.Query("nonsense"), rows.Query(sort="nonsense"), rows.Query(decision="burn")])
def test_a_query_for_what_is_not_there_is_refused(workspace: Workspace, version: str, query: rows.Query):
    with pytest.raises(SettingProblem, match=r"nonsense|burn"):
        rows.rows(workspace, version, 1, query)


def test_a_near_duplicate_is_shown_with_the_difference_to_its_other(workspace: Workspace, version: str):
    board.set_threshold(workspace, version, "near duplicate", 0.7)
    view = rows.row_view(workspace, version, "6")
    assert view.other == "5"
    assert ("removed", "this") in view.pair
    assert ("added", "it") in view.pair
    assert "".join(text for kind, text in view.pair if kind != "removed").endswith(FIRST[5].answer)


def test_a_row_is_edited_tagged_and_added_and_undone(workspace: Workspace, version: str):
    before = save.outcome_of(workspace, version).dataset.content_hash()
    assert rows.edit(workspace, version, "3", 2, "Frozen water.") == "edited row 3"
    assert rows.tag(workspace, version, "1, 3", " tone ") == "tagged 2 rows (1, 3) “tone”"
    assert rows.add(workspace, version, "One more?", "Yes.") == "added a row"
    view = rows.row_view(workspace, version, "3")
    assert (view.turns[1], view.facts, view.decision) == (("assistant", "Frozen water."), ["tags: tone"], "edited")
    table = rows.rows(workspace, version, 3)
    assert (table.total, table.rows[-1][1:3]) == (131, ["One more?", "Yes."])
    assert rows.rows(workspace, version, 1, rows.Query(search="tone")).total == 2
    for _ in range(3):
        board.undo(workspace, version)
    assert save.outcome_of(workspace, version).dataset.content_hash() == before


def test_only_what_can_be_repaired_is_and_only_what_is_tagged_is_untagged(workspace: Workspace, version: str):
    with pytest.raises(SettingProblem, match="nothing to repair"):
        board.decide(workspace, version, "repair", rows="1")
    assert board.decide(workspace, version, "repair", rows="1, 4") == "repair row 4"
    with pytest.raises(SettingProblem, match="None of these rows has the tag"):
        rows.tag(workspace, version, "1", "tone", remove=True)


def test_a_version_that_is_used_before_it_is_saved_says_what_was_not_done(workspace: Workspace, version: str):
    assert save.pending(workspace, version).startswith(
        f"What the board says of {version} was not done here (2 left out"
    )
    assert save.pending(workspace, save.save(workspace, version)[0]) == ""


def test_reasons_name_what_left_a_row_out_and_no_other_check(workspace: Workspace, version: str):
    board.decide(workspace, version, "leave out", rows="4")
    board.decide(workspace, version, "keep", "exact duplicate")
    assert save.outcome_of(workspace, version).reasons() == {"by hand": 1, "empty answer": 1}


def test_an_edit_tag_or_row_that_cannot_be_is_refused(workspace: Workspace, version: str):
    for turn in (0, 3, None, "x"):
        with pytest.raises(SettingProblem, match="has no turn"):
            rows.edit(workspace, version, "3", turn, "text")
    with pytest.raises(SettingProblem, match="a prompt and an answer"):
        rows.add(workspace, version, "", "x")
    with pytest.raises(SettingProblem, match="Name the rows and a tag"):
        rows.tag(workspace, version, "1", " ")
    with pytest.raises(SettingProblem, match="No row is chosen"):
        rows.row_view(workspace, version, "")
    with pytest.raises(NotFound):
        rows.row_view(workspace, "gone/v1", "1")

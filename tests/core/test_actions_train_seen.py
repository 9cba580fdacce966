"""What the model sees before Start: any row, rows of one fate, lengths at any maximum, and nothing counted twice."""

from pathlib import Path
from typing import Any

import pytest

from core.actions import Lab, Workspace
from core.actions.train import lengths, measured, seen
from core.errors import LabError, SettingProblem
from core.records import HELD_OUT, TRAIN, Dataset, Example, Message
from core.train.plan import prepare
from ui.train.picture import row_html


def chat(row: int, *turns: tuple[str, str], split: str | None = TRAIN) -> Example:
    return Example(f"r{row}", row, tuple(Message(role, content) for role, content in turns), split=split)


ROWS = Dataset.of(
    [
        *(chat(row, ("user", f"Question {row}?"), ("assistant", "yes " * row)) for row in range(1, 11)),
        chat(21, ("user", "hi"), ("assistant", "word " * 100)),
        chat(22, ("user", "word " * 100), ("assistant", "too late")),
        chat(23, ("user", "hi"), ("assistant", "")),
        chat(24, ("user", "hi <b>&"), ("assistant", "held out"), split=HELD_OUT),
    ]
)


@pytest.fixture
def version(workspace: Workspace) -> str:
    return workspace.versions.save("tiny", ROWS, "curate").id


@pytest.fixture
def values(tiny_model_folder: Path) -> dict[str, Any]:
    return {"model": str(tiny_model_folder), "max_tokens": "100", "batch_size": "4"}


def test_a_row_is_shown_with_what_is_learned_and_cut(
    lab: Lab, workspace: Workspace, version: str, values: dict[str, Any]
) -> None:
    found = seen.row(lab, workspace, version, values, "11")
    states = {piece.state for piece in found.pieces}
    assert (found.row, found.kept, states) == (21, 100, {"read", "learned", "cut"})
    assert found.said.endswith(f"{found.trained} of the rest learned.")
    assert sum(piece.tokens for piece in found.pieces if piece.state == "learned") == found.trained > 0


@pytest.mark.parametrize(
    ("number", "said"),
    [(12, "the answer begins behind"), (13, "no answer behind a prompt"), (14, "Held out"), (1, "tokens of")],
)
def test_what_becomes_of_a_row_is_said(
    lab: Lab, workspace: Workspace, version: str, values: dict[str, Any], number: int, said: str
) -> None:
    assert said in seen.row(lab, workspace, version, values, number).said


def test_next_and_previous_stay_among_the_rows_chosen(
    lab: Lab, workspace: Workspace, version: str, values: dict[str, Any]
) -> None:
    def at(number: int, which: str, step: int) -> int:
        return seen.row(lab, workspace, version, values, number, which, step).number

    assert [at(1, "every", 1), at(14, "every", 1), at(1, "every", -1)] == [2, 14, 1]
    assert [at(1, "cut", 0), at(11, "cut", 1), at(14, "cut", -1)] == [11, 11, 11]
    assert [at(1, "left out", 0), at(12, "left out", 1), at(13, "left out", -1), at(14, "left out", 0)] == [
        12,
        13,
        12,
        13,
    ]


@pytest.mark.parametrize("number", ["", "0", "15", "-1", "1.5", "x", None, "9" * 30])
def test_a_number_that_is_no_row_is_a_sentence(
    lab: Lab, workspace: Workspace, version: str, values: dict[str, Any], number: object
) -> None:
    with pytest.raises(SettingProblem, match="it must be a whole number from 1 to 14"):
        seen.row(lab, workspace, version, values, number)


def test_rows_of_no_kind_are_a_sentence(lab: Lab, workspace: Workspace, version: str, values: dict[str, Any]) -> None:
    with pytest.raises(SettingProblem, match="No row is cut at 500 tokens"):
        seen.row(lab, workspace, version, {**values, "max_tokens": "500"}, 1, "cut")
    with pytest.raises(SettingProblem, match="is no kind of row"):
        seen.row(lab, workspace, version, values, 1, "best")
    with pytest.raises(SettingProblem, match="No dataset version is chosen"):
        seen.row(lab, workspace, "", values)


@pytest.mark.parametrize("most", [70, 100, 400])
@pytest.mark.parametrize("goal", ["instruction", "task", "text"])
def test_the_lengths_are_those_of_the_rows_that_are_then_trained(
    lab: Lab, workspace: Workspace, version: str, values: dict[str, Any], most: int, goal: str
) -> None:
    values |= {"max_tokens": str(most), "goal": goal, "packing": False}
    found = lengths.lengths(lab, workspace, version, values)
    settings, source, dataset = measured.chosen(lab, workspace, version, values)
    train = prepare(measured.tokenizer_of(source, settings), dataset, settings).train
    assert (found.problem, found.rows, found.measured) == ("", 13, 13)
    assert (found.tokens, found.trained) == (train.tokens, train.trained)
    assert (found.cut, found.beyond + found.empty) == (len(train.cut), len(train.left_out))
    assert sum(bar.within + bar.longer for bar in found.bars) == 13
    assert found.padding == found.padding_unpacked >= 0


def test_a_run_in_which_nothing_would_be_trained_is_refused_as_the_run_would_be(
    lab: Lab, workspace: Workspace, version: str, values: dict[str, Any]
) -> None:
    values |= {"max_tokens": "16"}
    settings, source, dataset = measured.chosen(lab, workspace, version, values)
    with pytest.raises(LabError) as refused:
        prepare(measured.tokenizer_of(source, settings), dataset, settings)
    assert lengths.lengths(lab, workspace, version, values).problem == str(refused.value)


def test_the_maxima_offered_keep_their_word(
    lab: Lab, workspace: Workspace, version: str, values: dict[str, Any]
) -> None:
    found = lengths.lengths(lab, workspace, version, values)
    assert found.cut > 0
    assert lengths.lengths(lab, workspace, version, {**values, "max_tokens": found.cuts_none}).cut == 0
    assert lengths.lengths(lab, workspace, version, {**values, "max_tokens": found.cuts_none - 1}).cut > 0
    assert sum(f"A maximum of {found.cuts_none:,} would cut none" in sentence for sentence in found.sentences) == 1


def test_a_maximum_beyond_what_the_model_reads_is_not_offered_and_warned_of(
    lab: Lab, workspace: Workspace, values: dict[str, Any]
) -> None:
    rows = Dataset.of([chat(row, ("user", "hi"), ("assistant", "x" * 900)) for row in (1, 2)])
    version = workspace.versions.save("long", rows, "curate").id
    found = lengths.lengths(lab, workspace, version, {**values, "max_tokens": "600"})
    assert (found.cuts_none, found.context) == (0, 512)
    assert any("reads 512 tokens at most" in sentence for sentence in found.sentences)


def test_packing_needs_no_padding_and_says_what_it_saves(
    lab: Lab, workspace: Workspace, version: str, values: dict[str, Any]
) -> None:
    found = lengths.lengths(lab, workspace, version, {**values, "packing": True})
    assert found.padding == 0 < found.padding_unpacked
    assert found.sentences[-1].startswith("No padding")


def test_rows_are_counted_once_and_again_where_the_template_is_another(
    lab: Lab, workspace: Workspace, version: str, values: dict[str, Any]
) -> None:
    assert len(list(measured.measuring(lab, workspace, version, values))) > 1
    assert list(measured.measuring(lab, workspace, version, {**values, "max_tokens": "50"})) == []
    assert len(list(measured.measuring(lab, workspace, version, {**values, "template": "alpaca"}))) > 1


def test_of_very_many_rows_some_are_drawn_and_the_page_says_so(
    lab: Lab, workspace: Workspace, values: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = Dataset.of([chat(row, ("user", "hi"), ("assistant", "yes")) for row in range(1, 101)])
    version = workspace.versions.save("many", rows, "curate").id
    whole = lengths.lengths(lab, workspace, version, values)
    monkeypatch.setattr(measured, "MOST_MEASURED", 25)
    measured._remembered.clear()
    found = lengths.lengths(lab, workspace, version, values)
    assert (found.rows, found.measured, found.tokens) == (100, 25, whole.tokens)
    assert found.sentences[0].startswith("Counted on 25 rows drawn from 100")


def test_a_row_that_the_template_refuses_says_why_in_place(
    lab: Lab, workspace: Workspace, values: dict[str, Any], tiny_model_folder: Path, tmp_path: Path
) -> None:
    import shutil

    strict = shutil.copytree(tiny_model_folder, tmp_path / "strict")
    (strict / "chat_template.jinja").write_text("{{ raise_exception('roles must alternate') }}")
    version = workspace.versions.save("refused", ROWS, "curate").id
    values |= {"model": str(strict)}
    found = seen.row(lab, workspace, version, values, 3)
    assert (found.pieces, found.tokens) == ([], 0)
    assert "roles must alternate" in found.said
    assert "13 rows are refused" in lengths.lengths(lab, workspace, version, values).problem
    assert [bar.within for bar in lengths.lengths(lab, workspace, version, values).bars if bar.within] == []


def test_a_version_without_rows_is_a_sentence(lab: Lab, workspace: Workspace, values: dict[str, Any]) -> None:
    version = workspace.versions.save("none", Dataset.of([]), "curate").id
    with pytest.raises(SettingProblem, match="has no rows"):
        seen.row(lab, workspace, version, values)
    assert "no rows to train on" in lengths.lengths(lab, workspace, version, values).problem


def test_the_picture_cannot_bring_tags_into_the_page_and_shows_what_is_unseen(
    lab: Lab, workspace: Workspace, values: dict[str, Any]
) -> None:
    ugly = "<script>alert(1)</script>\0\u202eevil\u200b 👨‍👩‍👧\n"
    version = workspace.versions.save("ugly", Dataset.of([chat(1, ("user", ugly), ("assistant", ugly))]), "curate").id
    page = row_html(seen.row(lab, workspace, version, {**values, "max_tokens": "400"}))
    assert "<script>" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2
    assert page.count("U+202E") == page.count("U+200B") == 2
    assert "👨‍👩‍👧" in page

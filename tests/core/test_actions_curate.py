"""What the Curate tab's buttons do, from a file to a saved split."""

import json
from pathlib import Path

import pytest

from core.actions import curate
from core.actions.samples import samples
from core.curate import CHECKS
from core.errors import FileProblem, LabError, NotFound, SettingProblem
from core.ingest import Mapping
from core.settings import HOME, SPACE, Limits
from core.workspace import Workspace

PLANTED = Path(__file__).parents[1] / "data" / "support_tickets_planted.json"
LINES = [
    {"prompt": "Where is Łódź?", "completion": "In Poland."},
    {"prompt": "Where is Łódź?", "completion": "In Poland."},
    {"prompt": "What is ice?", "completion": ""},
    {"prompt": "What is FranÃ§ois?", "completion": "A name."},
    *({"prompt": f"What is {number}?", "completion": "A number."} for number in range(120)),
]


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / "home")


@pytest.fixture
def uploads(tmp_path):
    folder = tmp_path / "uploads"
    folder.mkdir()
    return folder


@pytest.fixture
def loaded(workspace, uploads):
    path = uploads / "facts.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in LINES) + "{broken\n", encoding="utf-8")
    return curate.load_file(workspace, HOME, str(path), uploads)


def test_every_sample_goes_from_one_click_to_a_split_with_the_defaults(workspace):
    assert len(samples()) >= 4
    for sample in samples():
        assert "rows · " in sample.description
        opened = curate.load_sample(workspace, SPACE, sample.name)
        saved = curate.save_curated(workspace, opened.version_id, curate.decisions(opened.leave_out, opened.keep))
        sides = {example.split for example in workspace.versions.load(saved.version_id)}
        assert sides == {"train", "held-out"}


def test_the_planted_problems_of_the_tickets_are_found_and_no_others(workspace):
    planted = json.loads(PLANTED.read_text(encoding="utf-8"))
    opened = curate.load_sample(workspace, HOME, "support_tickets.csv")
    listed = workspace.versions.extra(opened.version_id, "problems")
    rows = {check: {problem["row"] for problem in listed if problem["check"] == check} for check in CHECKS}
    assert rows["empty answer"] == set(planted["empty_answers"])
    assert rows["mojibake"] == {entry["row"] for entry in planted["mojibake"]}
    assert rows["exact duplicate"] == {entry["row"] for entry in planted["exact_duplicates"]}
    assert len(listed) == sum(map(len, rows.values()))


def test_a_loaded_file_is_shown_with_its_problems_counted(workspace, loaded):
    assert loaded.sentence == "124 rows were read from facts.jsonl; 1 cannot be read and is left out."
    assert {count.check: count.rows for count in loaded.checks if count.rows} == {
        "empty answer": 1,
        "mojibake": 1,
        "exact duplicate": 1,
    }
    assert (loaded.shape, loaded.columns) == ("prompt_completion", ["prompt", "completion"])
    assert curate.newest(workspace) == loaded.version_id


def test_rows_come_fifty_a_page(workspace, loaded):
    first, last, beyond = (curate.rows(workspace, loaded.version_id, page) for page in (1, 3, 99))
    assert (len(first.rows), first.pages, first.total) == (50, 3, 124)
    assert len(last.rows) == 24
    assert beyond == last
    assert first.rows[0] == ["1", "Where is Łódź?", "In Poland.", "", ""]


@pytest.mark.parametrize(("search", "rows"), [("ŁÓDŹ", 2), ("what is 11", 11), ("a name.", 1), (".*", 0), ("", 124)])
def test_rows_are_found_by_their_text_in_any_case(workspace, loaded, search, rows):
    assert curate.rows(workspace, loaded.version_id, 1, search).total == rows


def test_rows_are_found_by_their_label(workspace):
    opened = curate.load_sample(workspace, HOME, "intents.csv")
    assert curate.rows(workspace, opened.version_id, 1, "LOGIN_problem").total == 44


def test_problems_are_listed_by_row_and_by_check(workspace, loaded):
    every = curate.problems(workspace, loaded.version_id)
    assert [row[:2] for row in every.rows] == [
        ["2", "exact duplicate"],
        ["3", "empty answer"],
        ["4", "mojibake"],
        ["125", "broken line"],
    ]
    assert every.rows[0][2] == "same as row 1"
    assert curate.problems(workspace, loaded.version_id, 1, "mojibake").total == 1


def test_a_row_is_shown_whole(workspace, loaded):
    assert curate.row_text(workspace, loaded.version_id, 2) == "user:\nWhere is Łódź?\n\nassistant:\nIn Poland."
    with pytest.raises(NotFound, match="row 999"):
        curate.row_text(workspace, loaded.version_id, 999)


def test_every_row_that_is_left_out_stands_in_the_new_version_with_its_reason(workspace, loaded):
    decisions = curate.decisions(["exact duplicate", "mojibake"], "4")
    saved = curate.save_curated(workspace, loaded.version_id, decisions, {"held_out": 20, "seed": 1})
    listed = workspace.versions.extra(saved.version_id, "problems")
    assert {problem["row"]: problem["action"] for problem in listed} == {
        2: "left out",
        3: "kept",
        4: "kept",
        125: "left out",
    }
    rows = {example.row for example in workspace.versions.load(saved.version_id)}
    assert rows | {2, 125} == set(range(1, 126))
    assert rows.isdisjoint({2, 125})
    version = workspace.versions.get(saved.version_id)
    assert (version.parent, version.stage, version.result["held_out"]) == (loaded.version_id, "curate", 20)
    assert version.result["checks"] == {"exact duplicate": 1, "broken line": 1}
    assert {"row": 4, "row_id": "r000004", "check": "mojibake", "action": "kept"} in version.settings["decisions"]
    assert saved.sentence == (
        "123 rows kept, 2 left out (1 exact duplicate, 1 broken line): 103 to train on, 20 held out."
    )


def test_a_saved_version_opens_with_its_decisions_and_saving_again_changes_nothing(workspace, loaded):
    decisions = curate.decisions(["exact duplicate", "mojibake"], "4")
    saved = curate.save_curated(workspace, loaded.version_id, decisions, {"held_out": 0.2, "seed": 3})
    assert (saved.leave_out, saved.keep, saved.settings.seed) == (["exact duplicate", "mojibake"], "4", 3)
    again = curate.save_curated(
        workspace, saved.version_id, curate.decisions(saved.leave_out, saved.keep), saved.settings.model_dump()
    )
    versions = workspace.versions
    assert versions.get(again.version_id).content_hash == versions.get(saved.version_id).content_hash
    assert versions.extra(again.version_id, "problems") == versions.extra(saved.version_id, "problems")


def test_leaving_every_row_out_is_refused_and_nothing_is_saved(workspace, uploads):
    path = uploads / "a.jsonl"
    path.write_text('{"prompt": "a", "completion": ""}\n')
    opened = curate.load_file(workspace, HOME, str(path), uploads)
    with pytest.raises(SettingProblem, match="Every row"):
        curate.save_curated(workspace, opened.version_id, curate.decisions(opened.leave_out, ""))
    assert curate.version_ids(workspace) == [opened.version_id]


def test_a_corrected_mapping_reads_the_kept_source_again(workspace, loaded, uploads):
    (uploads / "facts.jsonl").unlink()
    mapping = curate.mapping_of("question_answer", ["completion", "prompt", None])
    assert mapping == Mapping("question_answer", {"question": "completion", "answer": "prompt"})
    again = curate.remap(workspace, HOME, loaded.version_id, mapping)
    assert again.version_id == "facts/v2"
    assert curate.rows(workspace, again.version_id).rows[0][1:3] == ["In Poland.", "Where is Łódź?"]


def test_a_mapping_can_be_corrected_from_a_later_version(workspace, loaded):
    saved = curate.save_curated(workspace, loaded.version_id, curate.decisions([], ""))
    again = curate.remap(
        workspace, HOME, saved.version_id, curate.mapping_of("prompt_completion", ["prompt", "prompt"])
    )
    assert again.version_id == "facts/v3"


def test_the_form_offers_the_columns_that_fit_a_shape(workspace, loaded):
    assert [field.column for field in curate.form(workspace, loaded.version_id, "prompt_completion")] == [
        "prompt",
        "completion",
    ]
    assert [field.name for field in curate.form(workspace, loaded.version_id, "alpaca")] == [
        "instruction",
        "input",
        "output",
    ]
    with pytest.raises(SettingProblem, match="nonsense"):
        curate.form(workspace, loaded.version_id, "nonsense")


def test_only_uploads_are_opened(workspace, uploads, tmp_path):
    outside = tmp_path / "private.jsonl"
    outside.write_text('{"prompt": "a", "completion": "b"}\n')
    link = uploads / "link.jsonl"
    link.symlink_to(outside)
    for path in (outside, link, uploads / ".." / "private.jsonl", uploads, uploads / "gone.csv"):
        with pytest.raises(FileProblem, match="outside the workspace"):
            curate.load_file(workspace, HOME, str(path), uploads)
    with pytest.raises(FileProblem, match="No file"):
        curate.load_file(workspace, HOME, None, uploads)
    assert curate.version_ids(workspace) == []


def test_a_sample_is_named_and_never_a_path(workspace):
    with pytest.raises(NotFound, match="Samples: chats"):
        curate.load_sample(workspace, HOME, "../pyproject.toml")


def test_a_public_place_takes_small_files_only(workspace, uploads):
    tight = Limits(public=True, upload_mb=1, rows=3, steps=1, new_tokens=1)
    path = uploads / "a.jsonl"
    path.write_text('{"prompt": "a", "completion": "b"}\n' * 4)
    with pytest.raises(FileProblem, match="more than 3 rows"):
        curate.load_file(workspace, tight, str(path), uploads)
    path.write_text(json.dumps({"prompt": "a" * 1_100_000, "completion": "b"}))
    with pytest.raises(FileProblem, match="at most 1 MB"):
        curate.load_file(workspace, tight, str(path), uploads)


UNKNOWN = [
    lambda workspace: curate.rows(workspace, "gone/v1"),
    lambda workspace: curate.problems(workspace, "../../etc"),
    lambda workspace: curate.save_curated(workspace, "gone", curate.decisions([], "")),
    lambda workspace: curate.remap(workspace, HOME, "gone/v1", Mapping("alpaca", {})),
]


@pytest.mark.parametrize("action", UNKNOWN)
def test_a_version_that_is_not_there_is_said(workspace, action):
    with pytest.raises(LabError, match="There is no dataset version"):
        action(workspace)


@pytest.mark.parametrize("settings", [{"held_out": -1}, {"held_out": "abc"}, {"held_out": 2.5}, {"held_out": None}])
def test_a_wrong_split_setting_is_said_by_its_label(workspace, loaded, settings):
    with pytest.raises(SettingProblem, match="Held-out rows"):
        curate.save_curated(workspace, loaded.version_id, curate.decisions([], ""), settings)

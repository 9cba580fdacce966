"""A recipe followed again on a new file of the same shape, and what is said where it does not fit."""

import json

import pytest

from core.actions import Lab
from core.actions.background import Watch
from core.actions.curate import board, compose, record, save, source, subset
from core.actions.curate.replay import STAGES, Place, replay_recipe
from core.actions.mask import search
from core.actions.mask.write import save_masked
from core.errors import FileProblem, LabError, NotFound, SettingProblem
from core.ingest import Mapping
from core.lineage import recipe
from core.settings import HOME, MaskSettings, SearchSettings
from core.workspace import Workspace

MAPPING = Mapping("prompt_completion", {"prompt": "frage", "completion": "antwort"})
ROWS = [
    {"frage": "Where is Łódź?", "antwort": "In Poland."},
    {"frage": "What is ice?", "antwort": ""},
    {"frage": "Whom do I write to?", "antwort": "Write to ann.lee@example.org."},
    *({"frage": f"How much is {number} and {number}?", "antwort": f"It is {2 * number}."} for number in range(30)),
]


@pytest.fixture
def place(workspace, tmp_path):
    (tmp_path / "uploads").mkdir()
    return Place(Lab(tmp_path / "lab", HOME), workspace, tmp_path / "uploads")


def write(place, name, rows):
    path = place.uploads / name
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


@pytest.fixture
def made(place):
    """A file that was read, curated with one decision about a row, and masked: the id of the last version."""
    path = write(place, "facts.jsonl", ROWS)
    first = source.load_files(place.workspace, HOME, path, place.uploads, MAPPING).version_id
    board.decide(place.workspace, first, "leave out", "empty answer")
    board.decide(place.workspace, first, "leave out", rows="1")
    curated, _ = save.save(place.workspace, first, {"held_out": 5, "seed": 3})
    search.search(place.lab, place.workspace, curated, SearchSettings(mode="fast"), Watch())
    return save_masked(place.lab, place.workspace, curated, MaskSettings(choices={"EMAIL": "tag"})).version_id


def last(steps):
    return list(steps)[-1]


def test_the_same_file_replayed_without_row_decisions_is_the_same_version(place, workspace):
    path = write(place, "facts.jsonl", ROWS)
    first = source.load_files(workspace, HOME, path, place.uploads, MAPPING).version_id
    curated, _ = save.save(workspace, first, {"held_out": 5, "seed": 3})
    done = last(replay_recipe(place, curated, path))
    assert done.version_id != curated
    assert workspace.versions.get(done.version_id).content_hash == workspace.versions.get(curated).content_hash


def test_a_new_file_goes_through_every_step(place, made):
    rows = [*ROWS[:3], *({"frage": f"Name {n} things.", "antwort": f"Things: {n}."} for n in range(9))]
    steps = list(replay_recipe(place, made, write(place, "new.jsonl", rows)))
    assert [step.sentence for step in steps[:-1]] == [
        "Step 1 of 3: ingest …", "Step 2 of 3: curate …", "Step 3 of 3: mask …",
    ]  # fmt: skip
    assert steps[-1].sentence == (
        "3 steps replayed on new.jsonl: new/v3 has 11 rows. 1 decision about single rows is not replayed."
    )
    versions = place.workspace.versions
    assert [versions.get(f"new/v{number}").stage for number in (1, 2, 3)] == ["ingest", "curate", "mask"]
    texts = [message.content for example in versions.load("new/v3") for message in example.messages]
    assert "Where is Łódź?" in texts  # left out by hand in the other file only
    assert not any("ann.lee" in text for text in texts)
    assert recipe(place.workspace, "new/v3").steps[1:] == recipe(place.workspace, made).steps[1:]


def test_a_downloaded_recipe_works_in_an_empty_workspace(place, made, tmp_path):
    text, _ = record.recipe(place.workspace, made)
    (place.uploads / "facts-recipe.yaml").write_text(text, encoding="utf-8")
    elsewhere = Place(place.lab, Workspace(tmp_path / "elsewhere"), place.uploads)
    done = last(
        replay_recipe(elsewhere, "", write(place, "again.jsonl", ROWS), str(place.uploads / "facts-recipe.yaml"))
    )
    assert done.version_id == "again/v3"
    assert elsewhere.workspace.versions.get("again/v3").rows == len(ROWS) - 1


def upload_recipe(place, steps, **other):
    path = place.uploads / "recipe.yaml"
    path.write_text(json.dumps({"format": 1, "steps": steps, **other}), encoding="utf-8")
    return str(path)


INGEST = {
    "stage": "ingest",
    "settings": {"mapping": {"shape": "prompt_completion", "columns": {"prompt": "frage", "completion": "antwort"}}},
}
UNFIT = [
    ([{"stage": "curate"}], "Step 1 is “curate”; a recipe begins with “ingest”"),
    ([INGEST, INGEST], "Step 2 is “ingest”"),
    (
        [INGEST, {"stage": "polish"}],
        "Step 2, “polish”, is none that can be replayed. Steps: ingest, curate, mask, select",
    ),
    ([{"stage": "ingest", "settings": {"mapping": []}}], "Step 1 .ingest. does not fit: The setting “mapping”"),
    ([{"stage": "ingest"}], "Step 1 .ingest. does not fit: There is no shape"),
    ([INGEST, {"stage": "curate", "settings": {"checks": {"smell": "leave out"}}}], "Step 2 .* no check “smell”"),
    ([INGEST, {"stage": "curate", "settings": {"checks": {"mojibake": "burn"}}}], "Step 2 .* “burn”"),
    (
        [INGEST, {"stage": "curate", "settings": {"thresholds": {"near duplicate": "x"}}}],
        "“near duplicate” is no number",
    ),
    ([INGEST, {"stage": "curate", "settings": {"split": {"held_out": -1}}}], "Step 2 .* Held-out rows is -1"),
    ([INGEST, {"stage": "mask", "settings": {"choices": {"EMAIL": "burn"}}}], "Step 2 .mask. .* “burn”"),
    ([INGEST, {"stage": "mask", "settings": {"choices": {"SECRET": "substitute"}}}], "Step 2 .mask. .*SECRET"),
]


@pytest.mark.parametrize(("steps", "sentence"), UNFIT)
def test_a_recipe_that_does_not_fit_gets_a_sentence_that_says_where(place, steps, sentence):
    file, text = write(place, "new.jsonl", ROWS), upload_recipe(place, steps)
    with pytest.raises(LabError, match=sentence):
        list(replay_recipe(place, "", file, text))


def test_a_file_without_a_column_is_said_and_a_later_failure_keeps_what_was_made(place, made):
    other = write(place, "other.jsonl", [{"question": "a", "answer": "b"}])
    with pytest.raises(SettingProblem, match=r"Step 1 \(ingest\) does not fit: .*no column “frage”"):
        list(replay_recipe(place, made, other))
    empty = write(place, "empty.jsonl", [{"frage": "a", "antwort": ""}])
    with pytest.raises(LabError, match=r"Step 2 \(curate\) .* What the steps before it made is kept: empty/v1\."):
        list(replay_recipe(place, made, empty))
    assert place.workspace.versions.get("empty/v1").rows == 1


def test_what_is_missing_is_said(place, made):
    file = write(place, "new.jsonl", ROWS)
    with pytest.raises(FileProblem, match="No file was chosen"):
        list(replay_recipe(place, made, None))
    with pytest.raises(SettingProblem, match="Choose the version"):
        list(replay_recipe(place, "", file))
    with pytest.raises(NotFound, match="gone/v1"):
        list(replay_recipe(place, "gone/v1", file))
    with pytest.raises(FileProblem, match="outside the workspace"):
        list(replay_recipe(place, "", file, "/etc/hostname"))
    newer = upload_recipe(place, [INGEST]).replace("recipe.yaml", "newer.yaml")
    (place.uploads / "newer.yaml").write_text("format: 99\nsteps: [{stage: ingest}]\n")
    with pytest.raises(FileProblem, match="format 99"):
        list(replay_recipe(place, "", file, newer))


@pytest.fixture
def mixed(place, made):
    """A subset of the masked version with instructions put to it, mixed with another file: the id of the mix."""
    workspace = place.workspace
    chosen = subset.select_rows(workspace, made, {"method": "random", "rows": 20, "seed": 1}).version_id
    told = compose.instruct(workspace, chosen, {"task": "answer", "seed": 5}).version_id
    other = write(place, "chats.jsonl", [{"frage": f"Chat {n}?", "antwort": f"Talk {n}."} for n in range(50)])
    chats = source.load_files(workspace, HOME, other, place.uploads, MAPPING).version_id
    return compose.mix(workspace, HOME, told, {"parts": [told, chats], "weights": [0.8, 0.2]}).version_id


def test_every_stage_can_be_replayed_and_a_mix_takes_its_other_parts_as_they_are(place, mixed):
    found = recipe(place.workspace, mixed)
    assert [step.stage for step in found.steps] == list(STAGES)
    done = last(replay_recipe(place, mixed, write(place, "new.jsonl", ROWS)))
    again = place.workspace.versions.get(done.version_id)
    assert (again.name, again.stage, again.settings["parts"]) == ("new", "mix", ["new/v5", "chats/v1"])
    assert recipe(place.workspace, again.id).steps[1:-1] == found.steps[1:-1]


def test_a_mix_whose_other_part_is_not_here_or_is_another_is_refused_before_anything_is_made(place, mixed, tmp_path):
    text = recipe(place.workspace, mixed).as_yaml()
    (place.uploads / "mix.yaml").write_text(text, encoding="utf-8")
    elsewhere = Place(place.lab, Workspace(tmp_path / "elsewhere"), place.uploads)
    file, steps = write(place, "new.jsonl", ROWS), str(place.uploads / "mix.yaml")
    with pytest.raises(FileProblem, match="mixes in chats/v1, which is not in this workspace"):
        list(replay_recipe(elsewhere, "", file, steps))
    other = write(place, "chats.jsonl", ROWS)
    source.load_files(elsewhere.workspace, HOME, other, place.uploads, MAPPING)
    with pytest.raises(FileProblem, match="holds other rows"):
        list(replay_recipe(elsewhere, "", file, steps))
    assert [version.id for version in elsewhere.workspace.versions.all()] == ["chats/v1"]

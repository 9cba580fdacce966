"""A recipe holds the settings of every step, and none of what only fits the file that was read."""

import pytest
import yaml

from core.errors import FileProblem, NotFound
from core.lineage import Recipe, Step, read_recipe, recipe
from core.records import Dataset, Example, Message
from core.workspace import Workspace

ROWS = Dataset.of([Example("r1", 1, (Message("user", "Zebra?"), Message("assistant", "Yes.")))])
MAPPING = {"shape": "alpaca", "columns": {"instruction": "Frage", "output": "Antwort: ja"}}


@pytest.fixture
def workspace(tmp_path):
    workspace = Workspace(tmp_path)
    save = workspace.versions.save
    save("facts", ROWS, "ingest", settings={"source": "3f-f.csv", "name": "f.csv", "mapping": MAPPING, "unsure": True})
    curate = {"checks": {"mojibake": "repair"}, "thresholds": {"near duplicate": 0.9}, "rows": 2, "split": {"seed": 7}}
    save("facts", ROWS, "curate", parent="facts/v1", settings=curate)
    save("facts", ROWS, "mask", parent="facts/v2", settings={"choices": {"EMAIL": "tag"}, "files": ["/home/ann/a.csv"]})
    save("other", ROWS, "ingest", settings={"name": "o.csv"})
    save("both", ROWS, "mix", parent="facts/v3", settings={"parts": ["facts/v3", "other/v1"], "rows": 9})
    return workspace


def test_a_recipe_has_every_step_from_the_file_in_order(workspace):
    found = recipe(workspace, "facts/v3")
    assert [step.stage for step in found.steps] == ["ingest", "curate", "mask"]
    assert found.steps[0].settings == {"name": "f.csv", "mapping": MAPPING}
    assert found.steps[1].settings == {
        "checks": {"mojibake": "repair"},
        "thresholds": {"near duplicate": 0.9},
        "split": {"seed": 7},
    }
    assert found.steps[2].settings == {"choices": {"EMAIL": "tag"}, "files": ["a.csv"]}
    assert (found.version, found.content_hash) == ("facts/v3", ROWS.content_hash())


@pytest.mark.parametrize(
    ("decided", "sentence"),
    [
        ({"rows": 0}, ""),
        ({}, ""),
        ({"rows": 1}, "1 decision about single rows is not replayed."),
        ({"keep": [1, 2, 9], "decisions": [{"row": 1}]}, "3 decisions about single rows are not replayed."),
    ],
)
def test_decisions_about_single_rows_are_counted_and_left_aside(workspace, decided, sentence):
    version = workspace.versions.save("facts", ROWS, "curate", parent="facts/v1", settings={"checks": {}, **decided})
    found = recipe(workspace, version.id)
    assert found.note == sentence
    assert found.steps[1].settings == {"checks": {}}


def test_only_the_settings_that_fit_one_file_are_left_aside(workspace):
    settings = {"method": "random", "rows": 100, "seed": 1}
    version = workspace.versions.save("facts", ROWS, "select", parent="facts/v1", settings=settings)
    assert recipe(workspace, version.id).steps[1].settings == settings
    assert recipe(workspace, version.id).note == ""


def test_a_mix_names_the_other_parts_with_their_hashes(workspace):
    found = recipe(workspace, "both/v1")
    assert [step.stage for step in found.steps] == ["ingest", "curate", "mask", "mix"]
    assert found.needs == {"other/v1": ROWS.content_hash()}


def test_a_recipe_is_read_as_it_was_written(workspace):
    for name in ("facts/v1", "facts/v3", "both/v1"):
        found = recipe(workspace, name)
        assert read_recipe(found.as_yaml()) == found
    shared = {"a": [1, 2]}
    twice = Recipe(steps=[Step(stage="x", settings={"one": shared, "two": shared})])
    assert "&" not in twice.as_yaml()
    assert read_recipe(twice.as_yaml()) == twice


def test_the_recipe_of_a_version_whose_file_is_gone_says_so(workspace):
    workspace.versions.save("orphan", ROWS, "mask", parent="gone/v1")
    with pytest.raises(NotFound, match="gone/v1"):
        recipe(workspace, "orphan/v1")


NO_RECIPES = [
    ("", "no “steps”"),
    ("just words", "no “steps”"),
    ("- a\n- b\n", "no “steps”"),
    ("a: b: c\n", "not YAML, line 1"),
    ("steps: [\n", "not YAML, line 2"),
    ("\x00", "not YAML"),
    ("steps: []\n", "no steps"),
    ("steps: [" + "{stage: x}, " * 101 + "]", "101 steps; at most 100"),
    ("steps: 3\n", "at “steps”"),
    ("steps: [{}]\n", "at step 1, “stage”"),
    ("steps: [{stage: ingest}, {stage: 3}]\n", "at step 2, “stage”"),
    ("steps: [{stage: ingest, settings: []}]\n", "at step 1, “settings”"),
    ("steps: [{stage: ingest, code: x}]\n", "at step 1, “code”"),
    ("format: 2\nsteps: [{stage: ingest}]\n", "format 2, and this Tunebench reads up to 1"),
    ("format: new\nsteps: [{stage: ingest}]\n", "at “format”"),
    ("steps: !!python/object/apply:os.system [ls]\n", "not YAML"),
    ("a: &a [1]\nsteps: [*a]\n", "references"),
    ("steps: " + "[" * 2000, "more than 20 levels"),
    ("{a: " * 50_000, "more than 20 levels"),
    ("- " * 50_000, "more than 20 levels"),
    ("# " + "x" * 200_001, "at most 200,000 characters"),
    (yaml.safe_dump({"model": "starter", "dataset": "facts/v1"}), "no “steps”"),
]


@pytest.mark.parametrize(("text", "sentence"), NO_RECIPES)
def test_what_is_no_recipe_gets_a_sentence_that_says_where(text, sentence):
    with pytest.raises(FileProblem, match=sentence):
        read_recipe(text)

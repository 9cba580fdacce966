"""The tree of versions: what each was made from, what it lost and why, and what was trained on it."""

import time

import pytest

from core.errors import NotFound
from core.lineage import ancestors, tree
from core.records import HELD_OUT, TRAIN, Dataset, Example, Message
from core.settings import TrainSettings
from core.workspace import Recipe, Workspace


def rows(count, split=None):
    messages = (Message("user", "What is ice?"), Message("assistant", "Frozen water."))
    return Dataset.of(Example(f"r{number}", number, messages, split=split) for number in range(count))


@pytest.fixture
def versions(tmp_path):
    """Two files, one curated twice over, and a mix of both under a third name."""
    workspace = Workspace(tmp_path)
    save = workspace.versions.save
    save("facts", rows(9), "ingest", settings={"name": "facts.csv"}, result={"unreadable": 2})
    save("chats", rows(4), "ingest", settings={"name": "chats.json"}, result={"unreadable": 0})
    found = {"train": 5, "held_out": 2, "left_out": 2, "checks": {"empty answer": 1, "mojibake": 2}}
    save("facts", rows(7, TRAIN), "curate", parent="facts/v1", result=found)
    save("facts", rows(7, HELD_OUT), "mask", parent="facts/v2")
    save("facts", rows(8), "curate", parent="facts/v1", result={"train": 8, "held_out": 0, "left_out": 1})
    parts = [{"version": "facts/v3", "weight": 1}, {"version": "chats/v1", "weight": 1}]
    save("both", rows(11), "mix", settings={"parts": parts})
    return workspace


def test_every_version_stands_once_below_its_parent_and_the_newest_dataset_first(versions):
    assert [(line.version.id, line.depth) for line in tree(versions)] == [
        ("both/v1", 0),
        ("facts/v1", 0),
        ("facts/v2", 1),
        ("facts/v3", 2),
        ("facts/v4", 1),
        ("chats/v1", 0),
    ]


def test_a_line_says_what_was_lost_and_why(versions):
    lines = {line.version.id: line for line in tree(versions)}
    assert (lines["facts/v1"].left_out, lines["facts/v1"].reasons) == (2, {"cannot be read": 2})
    assert (lines["chats/v1"].left_out, lines["chats/v1"].reasons) == (0, {})
    assert (lines["facts/v2"].left_out, list(lines["facts/v2"].reasons)) == (2, ["mojibake", "empty answer"])
    assert (lines["facts/v3"].left_out, lines["facts/v3"].reasons) == (0, {})
    assert lines["both/v1"].parents == ("facts/v3", "chats/v1")


def test_the_split_is_counted_where_the_manifest_does_not_tell_it(versions):
    sides = {line.version.id: (line.train, line.held_out) for line in tree(versions)}
    assert sides["facts/v2"] == (5, 2)  # as the manifest says
    assert sides["facts/v3"] == (0, 7)  # as the rows say
    assert sides["facts/v1"] == (0, 0)  # never split


def test_runs_stand_with_the_version_that_they_were_trained_on(versions):
    recipe = Recipe(
        model="starter", source={}, dataset="facts/v3", dataset_hash="", workspace="", settings=TrainSettings.parse({}),
        most_steps=1, versions={}, created="",
    )  # fmt: skip
    run = versions.new_run("facts", recipe)
    assert {line.version.id: line.runs for line in tree(versions) if line.runs} == {"facts/v3": (run.id,)}


def test_ancestors_come_parents_first_and_once(versions):
    assert [version.id for version in ancestors(versions, "both/v1")] == [
        "facts/v1", "facts/v2", "facts/v3", "chats/v1", "both/v1",
    ]  # fmt: skip
    with pytest.raises(NotFound, match="gone/v1"):
        ancestors(versions, "gone/v1")


def test_a_parent_that_is_gone_or_a_circle_made_by_hand_hides_no_version(tmp_path):
    workspace = Workspace(tmp_path)
    workspace.versions.save("lost", rows(1), "mask", parent="gone/v1")
    workspace.versions.save("round", rows(1), "mask", parent="round/v2")
    workspace.versions.save("round", rows(1), "mask", parent="round/v1")
    assert sorted(line.version.id for line in tree(workspace)) == ["lost/v1", "round/v1", "round/v2"]
    assert {version.id for version in ancestors(workspace, "round/v2")} == {"round/v1", "round/v2"}


def test_a_tree_of_hundreds_of_versions_is_there_in_a_moment(tmp_path):
    workspace = Workspace(tmp_path)
    for number in range(200):
        workspace.versions.save("deep", rows(1), "mask", parent=f"deep/v{number}" if number else None)
    began = time.thread_time()
    lines = tree(workspace)
    assert time.thread_time() - began < 2
    assert [line.depth for line in lines] == list(range(200))

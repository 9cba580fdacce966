"""Versions are deleted with what belongs to them, after a clear yes, and never while something needs them."""

import pytest

from core.actions.curate import board, ifd, source, versions
from core.actions.curate.columns import mapping_of
from core.errors import LabError, NotFound
from core.settings import HOME, TrainSettings
from core.workspace import Recipe, Run, Status, Workspace


@pytest.fixture
def loaded(workspace):
    return source.load_sample(workspace, HOME, "intents.csv").version_id


def child(workspace, parent, stage="curate", **about):
    made = workspace.versions.save(parent.split("/")[0], workspace.versions.load(parent), stage, parent=parent, **about)
    return made.id


def trained(workspace, version_id, state):
    run = workspace.new_run("set", Recipe(
        model="starter", source={}, dataset=version_id, dataset_hash="", workspace=str(workspace.root),
        settings=TrainSettings(), most_steps=1, versions={}, created="",
    ))  # fmt: skip
    run.write_status(Status(state=state))
    return run


def files(workspace):
    return [path for path in workspace.root.rglob("*") if path.is_file()]


def test_a_deletion_takes_the_file_and_the_decisions_too_and_shows_what_is_left(workspace, loaded):
    board.decide(workspace, loaded, "leave out", rows="3")
    other = source.load_sample(workspace, HOME, "chats.jsonl").version_id
    asked = "Delete intents/v1? Its 352 rows and all that was found and decided in it are gone for good, with the copy"
    assert versions.question(workspace, loaded) == f"{asked} of its file."
    done = versions.delete(workspace, loaded, sure=True)
    assert done == versions.Deleted("intents/v1 was deleted, with all that was found and decided in it.", other)
    assert {path.relative_to(workspace.root).parts[0] for path in files(workspace)} == {"datasets", "sources"}
    assert all("intents" not in str(path.relative_to(workspace.root)) for path in files(workspace))
    assert versions.delete(workspace, other, sure=True).next_id == ""
    assert files(workspace) == []


@pytest.mark.parametrize("sure", [False, None, "", "yes", 1, "true"])
def test_nothing_is_deleted_without_a_clear_yes(workspace, loaded, sure):
    with pytest.raises(LabError, match=r"Nothing was deleted: that takes a clear yes\. Delete intents/v1\?"):
        versions.delete(workspace, loaded, sure)
    assert versions.newest(workspace) == loaded


def test_a_version_that_others_were_made_from_is_kept_and_names_them(workspace, loaded):
    made = [child(workspace, loaded)]
    with pytest.raises(LabError, match=r"^intents/v1 is kept: intents/v2 was made from it\. Delete intents/v2 first\."):
        versions.delete(workspace, loaded, sure=True)
    made += [child(workspace, loaded) for _ in range(4)]
    with pytest.raises(LabError, match="kept: intents/v2, intents/v3, intents/v4 and 2 others were made from it"):
        versions.question(workspace, loaded)
    for each in made:
        assert versions.delete(workspace, each, sure=True).next_id == loaded
    assert versions.delete(workspace, loaded, sure=True).next_id == ""


def test_a_part_of_a_mix_is_kept(workspace, loaded):
    part = source.load_sample(workspace, HOME, "chats.jsonl").version_id
    mix = child(workspace, loaded, "mix", settings={"parts": [loaded, part]})
    with pytest.raises(LabError, match=f"chats/v1 is kept: {mix} was made from it"):
        versions.delete(workspace, part, sure=True)


def test_a_file_that_another_version_was_read_from_stays(workspace, loaded):
    again = source.remap(workspace, HOME, loaded, mapping_of("text_label", ["label", None, "text"])).version_id
    assert "file" not in versions.question(workspace, loaded)
    versions.delete(workspace, loaded, sure=True)
    assert source.remap(workspace, HOME, again, mapping_of("text_label", ["text", None, "label"])).preview


def test_a_version_is_kept_while_a_run_needs_it_and_a_finished_run_outlives_it(workspace, loaded):
    run = trained(workspace, loaded, "queued")
    claim = run.claim().take()
    with pytest.raises(LabError, match=f"intents/v1 is kept: the run {run.id} is queued and needs it"):
        versions.delete(workspace, loaded, sure=True)
    claim.release()
    run.write_status(Status(state="done"))
    stays = "1 run was trained on it: what it made stays, the rows do not."
    assert versions.question(workspace, loaded).endswith(stays)
    assert versions.delete(workspace, loaded, sure=True).sentence.endswith(stays)
    assert run.recipe.dataset == loaded
    with pytest.raises(NotFound, match="The dataset version “intents/v1” was deleted"):
        workspace.versions.load(run.recipe.dataset)
    assert source.load_sample(workspace, HOME, "intents.csv").version_id == "intents/v2", "not what the run was made on"


def test_a_paused_run_can_go_on_and_needs_its_version(workspace, loaded):
    run = trained(workspace, loaded, "paused")
    claim = run.claim().take()
    with pytest.raises(LabError, match=f"the run {run.id} is paused and needs it"):
        versions.delete(workspace, loaded, sure=True)
    claim.release()


def test_several_runs_are_counted(workspace, loaded):
    for state in ("done", "failed"):
        trained(workspace, loaded, state)
    assert versions.question(workspace, loaded).endswith(
        "2 runs were trained on it: what they made stays, the rows do not."
    )


def test_a_version_is_kept_while_its_rows_are_scored(workspace, loaded):
    job = Run(workspace.versions.folder / loaded / ifd.KEY)
    job.folder.mkdir()
    job.write_status(Status(state="running"))
    claim = job.claim().take()
    with pytest.raises(LabError, match="its rows are being scored"):
        versions.delete(workspace, loaded, sure=True)
    claim.release()
    assert versions.delete(workspace, loaded, sure=True).next_id == ""


@pytest.mark.parametrize("version_id", ["gone/v1", "../../etc", "", None, "intents", "intents/.v1"])
def test_only_a_version_is_deleted(workspace, loaded, version_id):
    for act in (versions.question, lambda *about: versions.delete(*about, sure=True)):
        with pytest.raises(NotFound):
            act(workspace, version_id)
    assert versions.newest(workspace) == loaded


def test_a_deletion_does_not_reach_another_workspace(tmp_path):
    one, other = Workspace(tmp_path / "one"), Workspace(tmp_path / "other")
    for workspace in (one, other):
        source.load_sample(workspace, HOME, "intents.csv")
    versions.delete(one, "intents/v1", sure=True)
    assert versions.choices(one) == []
    assert versions.choices(other) == [("intents · v1 · imported · 352 rows", "intents/v1")]


def test_a_version_whose_parent_went_while_it_was_made_still_opens(workspace, loaded):
    made = child(workspace, loaded, "select")
    workspace.versions.delete(loaded)
    assert source.opened(workspace, made).fields == []
    assert versions.opened(workspace, made).sentence == "352 rows, made of intents/v1 by “select”."


def test_a_version_that_a_script_has_saved_without_figures_can_be_opened(workspace, loaded):
    made = child(workspace, loaded, result={"train": 352})
    assert versions.opened(workspace, made).sentence.startswith("352 rows, made of intents/v1")

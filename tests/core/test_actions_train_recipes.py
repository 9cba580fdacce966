"""Training recipes as text, presets, sweeps, and runs beside each other."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.actions import Lab, Workspace, train
from core.errors import Busy, FileProblem, LabError, NotFound, SettingProblem
from core.models import resolve
from core.records import Dataset, Example, Message
from core.settings import HOME, PRESETS, SPACE, TrainSettings
from core.workspace import Recipe, Run, Status


def ended(workspace: Workspace, model: Path, sweep: str = "", **settings: Any) -> Run:
    """A run that has been trained, by what it has left in its folder."""
    recipe = Recipe(
        model=str(model),
        source=asdict(resolve(str(model), model.parent, HOME)),
        dataset="rows/v1",
        dataset_hash="",
        workspace=str(workspace.root),
        settings=TrainSettings.parse({"model": str(model), **settings}),
        most_steps=10,
        versions={},
        created="",
        sweep=sweep,
    )
    run = workspace.new_run("rows", recipe)
    for step, loss in enumerate((3.0, 2.0), 1):
        run.add_metric({"kind": "train", "step": step, "loss": loss, "trained": 100 * step, "elapsed": 10.0 * step})
    run.add_metric({"kind": "held-out", "step": 2, "loss": 1.5})
    run.write_status(Status(state="done", step=2, steps=2, elapsed=60, best_step=2, best_loss=1.5, memory_mb=900))
    return run


def test_a_recipe_read_again_gives_the_settings_it_was_made_of(lab: Lab) -> None:
    values = {"method": "dora", "epochs": "1.5", "prompts": "Who are you?\nWhat: is this # not", "packing": False}
    text = train.recipe_text(values)
    assert train.read_recipe(lab, text) == TrainSettings.parse(values).model_dump()
    assert "# LoRA rank" in text


def test_a_recipe_may_name_only_what_it_changes(lab: Lab) -> None:
    assert train.read_recipe(lab, "epochs: 7") == TrainSettings(epochs=7).model_dump()


def test_the_recipe_of_a_run_can_be_taken_over(lab: Lab, workspace: Workspace, tiny_model_folder: Path) -> None:
    run = ended(workspace, tiny_model_folder, lora_r=4)
    assert train.read_recipe(lab, train.recipe_of(workspace, run.id))["lora_r"] == 4
    with pytest.raises(NotFound):
        train.recipe_of(workspace, "nobody")


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("", FileProblem, "no list of settings"),
        ("- a\n- b", FileProblem, "no list of settings"),
        ("1: 2", FileProblem, "no list of settings"),
        ("epochs: 3\nlora_r: [", FileProblem, "not YAML, line"),
        ("a: &x 1\nb: *x", FileProblem, "no references"),
        ("x" * 60_000, FileProblem, "at most 50,000"),
        ("[" * 5_000, FileProblem, "not YAML"),
        ("kind: tunebench curation\nepochs: 1", FileProblem, "another kind"),
        ("format: 2\nepochs: 1", FileProblem, "format 2.*up to 1.*Update"),
        ("format: true\nepochs: 1", FileProblem, "format True"),
        ("epoch: 3", SettingProblem, "no setting called “epoch”"),
        ("epochs: 0", SettingProblem, "Epochs is 0; it must be a number of more than 0"),
        ("method: magic", SettingProblem, "Method is “magic”; it must be one of lora"),
        ("batch_size: 2\naccumulation: 4", SettingProblem, "cannot be computed in more parts than it has rows"),
        ("early_stop: 9", SettingProblem, "there are only 4"),
        ("prompts: " + str(["x"] * 13), SettingProblem, "at most"),
        ("!!python/object/apply:os.system ['true']", FileProblem, "not YAML"),
    ],
)
def test_a_bad_recipe_is_a_sentence(lab: Lab, text: str, error: type[LabError], said: str) -> None:
    with pytest.raises(error, match=said):
        train.read_recipe(lab, text)


def test_a_recipe_beyond_the_bounds_of_a_space_is_refused_there(tmp_path: Path) -> None:
    with pytest.raises(SettingProblem, match="Batch size is 64"):
        train.read_recipe(Lab(tmp_path, SPACE), "batch_size: 64")


def test_a_recipe_file_that_is_no_text_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xff\xfe\x00e")
    with pytest.raises(FileProblem, match=r"a\.yaml is not text"):
        train.opened_recipe(tmp_path / "a.yaml")


def test_a_downloaded_recipe_can_be_opened_again(lab: Lab) -> None:
    path = train.recipe_file(lab, train.recipe_text({"seed": 7}))
    assert train.read_recipe(lab, train.opened_recipe(path))["seed"] == 7
    assert yaml.safe_load(path.read_text())["kind"] == "tunebench training"


@pytest.mark.parametrize("limits", [HOME, SPACE], ids=["home", "space"])
@pytest.mark.parametrize("preset", [each.id for each in PRESETS])
def test_every_preset_is_a_valid_form_wherever_it_is_chosen(preset: str, limits: Any, tmp_path: Path) -> None:
    lab = Lab(tmp_path, limits)
    values, why = train.preset_settings(lab, preset)
    settings = TrainSettings.parse(values)
    limits.check(settings)
    assert why
    assert "model" not in values


def test_an_unknown_preset_changes_nothing(lab: Lab) -> None:
    assert train.preset_settings(lab, "your own") == ({}, "")


def test_runs_beside_each_other_are_named_by_what_differs(workspace: Workspace, tiny_model_folder: Path) -> None:
    runs = [ended(workspace, tiny_model_folder, lora_r=rank, lora_alpha=2 * rank) for rank in (4, 16)]
    found = train.overlay(workspace, [run.id for run in runs])
    assert [row[:2] for row in found.rows] == [["A", "LoRA rank 4, LoRA alpha 8"], ["B", "LoRA rank 16, LoRA alpha 32"]]
    assert [row[2:6] for row in found.rows] == [[1.5, 1.0, 900, 10]] * 2
    for curves in (found.held_out, found.train):
        assert [line.name for line in curves] == ["A · LoRA rank 4, LoRA alpha 8", "B · LoRA rank 16, LoRA alpha 32"]
    assert [line.points for line in found.held_out] == [[(2, 1.5)]] * 2


def test_what_differs_is_said_as_a_person_says_it(workspace: Workspace, tiny_model_folder: Path) -> None:
    runs = [
        ended(workspace, tiny_model_folder, method="qlora", learning_rate=1 / 300, packing=False),
        ended(workspace, tiny_model_folder, learning_rate=0.01),
    ]
    names = [row[1] for row in train.overlay(workspace, [run.id for run in runs]).rows]
    assert names == ["QLoRA (4-bit), Learning rate 0.00333, Packing off", "LoRA, Learning rate 0.01, Packing on"]


def test_runs_that_are_done_are_weighed_against_each_other(workspace: Workspace, tiny_model_folder: Path) -> None:
    runs = [ended(workspace, tiny_model_folder, lora_r=rank, isolated=True) for rank in (4, 16, 64)]
    for run, loss, seconds, memory in zip(runs, (1.7, 1.2, 1.0), (30, 90, 10), (800, 700, 100), strict=True):
        about = {"best_loss": loss, "elapsed": seconds, "memory_mb": memory, "step": 2, "steps": 2}
        run.write_status(Status(state="failed" if run == runs[2] else "done", **about))
    said = train.overlay(workspace, [run.id for run in runs]).said
    assert said == (
        "B has the lowest held-out loss (1.200), A took the least time (0.5 min), B the least memory (700 MB)."
    )
    shared = [ended(workspace, tiny_model_folder, lora_r=rank).id for rank in (4, 16)]
    assert "memory" not in train.overlay(workspace, shared).said
    assert train.overlay(workspace, shared[:1]).said == ""


def test_the_loss_is_that_of_what_is_kept(workspace: Workspace, tiny_model_folder: Path) -> None:
    runs = [ended(workspace, tiny_model_folder, keep_best=best) for best in (True, False)]
    for run in runs:
        run.add_metric({"kind": "held-out", "step": 3, "loss": 1.9})
    found = train.overlay(workspace, [run.id for run in runs])
    assert [row[2] for row in found.rows] == [1.5, 1.9]
    assert found.said.startswith("A has the lowest held-out loss (1.500)")


@pytest.mark.parametrize("other", [{"goal": "text"}, {"template": "alpaca"}, {"max_tokens": 99}])
def test_losses_on_other_tokens_name_no_winner(
    workspace: Workspace, tiny_model_folder: Path, other: dict[str, Any]
) -> None:
    runs = [ended(workspace, tiny_model_folder, **values) for values in ({}, other)]
    said = train.overlay(workspace, [run.id for run in runs]).said
    assert (said.startswith("Their held-out losses are not compared"), "the lowest" in said) == (True, False)


def test_runs_of_the_same_settings_are_told_apart_by_their_ids(workspace: Workspace, tiny_model_folder: Path) -> None:
    runs = [ended(workspace, tiny_model_folder) for _ in range(2)]
    found = train.overlay(workspace, [run.id for run in runs])
    assert [line.name for line in found.train] == [
        f"{letter} · {run.id}" for letter, run in zip("AB", runs, strict=True)
    ]
    assert [[row[1], row[-1]] for row in found.rows] == [["", run.id] for run in runs]


def test_no_run_and_too_many_runs(workspace: Workspace) -> None:
    assert train.overlay(workspace, []).rows == []
    with pytest.raises(SettingProblem, match="9 runs are chosen; at most 8"):
        train.overlay(workspace, ["x"] * 9)


def test_a_sweep_queues_runs_that_differ_in_one_thing(
    lab: Lab, workspace: Workspace, tiny_model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab.jobs, "start", lambda *_: None)
    version = workspace.versions.save("rows", ROWS, "curate").id
    values = {"model": str(tiny_model_folder), "lora_r": "8", "lora_alpha": "16"}
    ids = train.start_sweep(lab, workspace, version, values, "ranks")
    settings = [workspace.run(run_id).recipe.settings for run_id in ids]
    assert [(each.lora_r, each.lora_alpha) for each in settings] == [(4, 8), (16, 32), (64, 128)]
    assert all(each.isolated for each in settings)
    assert train.sweep_of(workspace, ids[1]) == ids
    methods = train.start_sweep(lab, workspace, version, values, "methods")
    assert [workspace.run(run_id).recipe.settings.method for run_id in methods][-2:] == ["lora", "full"]


def test_a_sweep_is_refused_where_it_cannot_be(lab: Lab, workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(SettingProblem, match="There is no sweep “all”"):
        train.start_sweep(lab, workspace, "rows/v1", {}, "all")
    with pytest.raises(Busy, match="strangers share"):
        train.start_sweep(Lab(tmp_path, SPACE), workspace, "rows/v1", {}, "ranks")


def test_a_run_of_its_own_is_its_own_sweep(workspace: Workspace, tiny_model_folder: Path) -> None:
    run = ended(workspace, tiny_model_folder)
    assert train.sweep_of(workspace, run.id) == [run.id]


ROWS = Dataset.of(
    Example(f"r{row}", row, (Message("user", f"Question {row}?"), Message("assistant", "yes"))) for row in range(1, 9)
)

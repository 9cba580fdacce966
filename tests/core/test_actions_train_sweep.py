"""A sweep holds what this machine can do with this model, and is queued whole or not at all."""

from pathlib import Path
from typing import Any

import pytest

from core.actions import Lab, Workspace, train
from core.actions.train import sweep
from core.errors import LabError, SettingProblem
from core.settings import HOME, TrainSettings
from tests.conftest import taught_rows


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    """A lab in which runs are queued and never begin."""
    lab = Lab(tmp_path / "home", HOME)
    monkeypatch.setattr(lab.jobs, "start", lambda *_: None)
    return lab


@pytest.fixture
def version(workspace: Workspace) -> str:
    return workspace.versions.save("rows", taught_rows(8), "curate").id


def settings(workspace: Workspace, ids: list[str]) -> list[TrainSettings]:
    return [workspace.run(run_id).recipe.settings for run_id in ids]


@pytest.mark.usefixtures("no_bitsandbytes")
def test_a_method_that_cannot_be_used_here_is_left_out_and_named(
    lab: Lab, workspace: Workspace, version: str, tiny_model_folder: Path
) -> None:
    values = {"model": str(tiny_model_folder), "method": "qlora"}
    ids = train.start_sweep(lab, workspace, version, values, "methods")
    assert [each.method for each in settings(workspace, ids)] == ["lora", "full"]
    assert len(workspace.runs()) == 2
    assert sweep.sweep_said(lab, values, "methods", len(ids)) == (
        "2 runs are queued. Left out: QLoRA (4-bit), because it needs bitsandbytes, which is not installed "
        "(pip install bitsandbytes); 8-bit LoRA, for the same reason."
    )
    assert sweep.sweep_said(lab, values, "rates", 3) == "3 runs are queued."


def test_where_every_method_can_be_used_nothing_is_left_out(
    lab: Lab, tiny_model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "available", lambda source: dict.fromkeys(sweep.METHODS, ""))
    assert sweep.sweep_said(lab, {"model": str(tiny_model_folder)}, "methods", 4) == "4 runs are queued."


@pytest.mark.usefixtures("no_bitsandbytes")
@pytest.mark.parametrize(
    ("method", "rate", "rates"),
    [
        ("lora", 0.001, {"lora": 0.001, "full": 0.0001}),
        ("dora", 0.001, {"lora": 0.001, "full": 0.0001}),
        ("full", 0.0001, {"lora": 0.001, "full": 0.0001}),
        ("full", 0.5, {"lora": 1.0, "full": 0.5}),
    ],
)
def test_each_method_has_the_rate_that_suits_it(
    lab: Lab, workspace: Workspace, version: str, tiny_model_folder: Path, method: str, rate: float, rates: Any
) -> None:
    values = {"model": str(tiny_model_folder), "method": method, "learning_rate": str(rate)}
    found = settings(workspace, train.start_sweep(lab, workspace, version, values, "methods"))
    assert {each.method: each.learning_rate for each in found} == pytest.approx(rates)


def test_ranks_of_full_tuning_are_refused(
    lab: Lab, workspace: Workspace, version: str, tiny_model_folder: Path
) -> None:
    with pytest.raises(SettingProblem, match="Full tuning trains no adapter, so it has no rank"):
        train.start_sweep(lab, workspace, version, {"model": str(tiny_model_folder), "method": "full"}, "ranks")
    assert workspace.runs() == []


def test_nothing_is_queued_where_one_of_the_runs_cannot_be_started(
    lab: Lab, workspace: Workspace, version: str, tiny_model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sweep.SWEEPS, "models", ("Two models", lambda *_: [{}, {"model": "/no/such/folder"}]))
    with pytest.raises(LabError, match="does not exist"):
        train.start_sweep(lab, workspace, version, {"model": str(tiny_model_folder)}, "models")
    assert workspace.runs() == []

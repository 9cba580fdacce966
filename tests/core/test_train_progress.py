"""What ends a run before its last step: a gradient that has exploded, and never one that only jumped."""

import math
from pathlib import Path
from typing import Any

import pytest
import torch

from core.train import run as train
from core.train.progress import Progress
from core.train.recipe import _advice
from core.workspace import Run, Workspace
from tests.conftest import queue_run, taught_rows

USUAL = [1.0, 0.7, 2.0, 1.2, 0.9]


def broken_at(norms: list[float]) -> int | None:
    """The step, from 1, at which a run with gradients of these lengths ends."""
    progress = Progress()
    for step, norm in enumerate(norms, 1):
        progress.add_loss(2.0)
        progress.add_norm(norm)
        if progress.is_broken:
            return step
    return None


@pytest.mark.parametrize(
    ("norms", "step"),
    [
        ([*USUAL, 1e9, 1e9, 1e9], 8),
        ([*USUAL, 2e3, 5e4, 1e7], 8),
        ([0.4, 1e5, 1e5, 1e5], 4),  # from the second step on
        ([*USUAL * 100, *[4e3] * 3], 503),
        ([300.0] * 9 + [1e6] * 3, 12),
    ],
)
def test_a_gradient_that_stays_far_beyond_its_usual_length_ends_the_run(norms: list[float], step: int) -> None:
    assert broken_at(norms) == step


@pytest.mark.parametrize(
    "norms",
    [
        [*USUAL, 1e9, *USUAL],  # a single spike
        [*USUAL, 1e9, 1e9, 1.0, 1e9, 1e9, 1.0],
        [0.001, 0.01, 0.1, 1.0, 10.0, 80.0, 90.0, *[60.0] * 50],  # a warm-up
        [1e6, *USUAL],  # the first step of all
        [*[1e-6] * 50, *[5.0] * 20],  # rows known by heart, then others
        [*USUAL, *[900.0] * 20],
        [5e4] * 40,  # long from the start, and no longer since
        [*[1.0] * 5, *[10.0] * 70, *[100.0] * 70, *[1e3] * 70, *[1e4] * 70],  # grows slowly: the loss has to tell
    ],
)
def test_a_jump_a_warm_up_and_a_slow_growth_do_not(norms: list[float]) -> None:
    assert broken_at(norms) is None


def test_a_resumed_run_remembers_what_was_usual() -> None:
    progress = Progress()
    for norm in (*USUAL, 1e9, 1e9):
        progress.add_norm(norm)
    again = Progress.model_validate_json(progress.model_dump_json())
    again.add_norm(1e9)
    assert (progress.is_wild, again.is_wild) == (False, True)


def test_a_gradient_that_is_no_number_is_called_that() -> None:
    progress = Progress(step=1)
    progress.add_loss(math.nan)
    progress.add_norm(math.nan)
    assert _advice(progress, 2.0).startswith("The gradient stopped being a number")


@pytest.fixture
def longer(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`longer(steps)`: the gradient of these steps, from 1, is found to be a thousand million long."""
    clip, taken = torch.nn.utils.clip_grad_norm_, [0]

    def set_for(steps: range) -> None:
        def clipped(*about: Any) -> torch.Tensor:
            taken[0] += 1
            norm = clip(*about)
            return torch.tensor(1e9) if taken[0] in steps else norm

        monkeypatch.setattr(torch.nn.utils, "clip_grad_norm_", clipped)

    return set_for


@pytest.fixture
def run(workspace: Workspace, tiny_model_folder: Path) -> Run:
    version = workspace.versions.save("tiny", taught_rows(10), "curate")
    return queue_run(workspace, version, tiny_model_folder, epochs=5, evaluations=5)


def test_an_exploded_gradient_ends_the_run_with_advice_and_keeps_the_best_checkpoint(run: Run, longer: Any) -> None:
    longer(range(6, 100))
    train(run.folder)
    status = run.status()
    assert (status.state, run.metrics()[-1]["step"]) == ("failed", 8)
    assert "over 1,000 times its usual length, 3 steps in a row, at step 8" in status.reason
    assert "Lower it, by ten times" in status.reason
    assert f"The checkpoint of step {status.best_step} is kept." in status.reason
    assert (run.checkpoints / f"step-{status.best_step:06d}" / "adapter_model.safetensors").exists()


def test_a_single_spike_does_not_end_the_run(run: Run, longer: Any) -> None:
    longer(range(6, 7))
    train(run.folder)
    assert (run.status().state, run.status().step) == ("done", 10)

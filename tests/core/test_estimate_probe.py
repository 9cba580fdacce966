"""The short training behind an estimate: what it measures of the tiny model, on a clock that counts tokens."""

import dataclasses
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from core.errors import LabError
from core.models import ModelSource, resolve
from core.settings import HOME, TrainSettings
from core.train import room
from core.train.probe import CROWD, Samples, probe, samples
from core.train.workload import ASKED, Workload, load_of
from tests.core.test_estimate import MEGABYTE, made

SETTINGS = TrainSettings.parse({"batch_size": 4})
TICK = 0.001


@pytest.fixture
def source(tiny_model_folder: Path) -> ModelSource:
    return resolve(str(tiny_model_folder), tiny_model_folder.parent, HOME)


@pytest.fixture
def chosen() -> Samples:
    return samples(Workload(made(held_out=3), SETTINGS, 10**6))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock for the probe that goes on by a second for each token that is computed, and hardly otherwise."""
    now, embedding = [0.0], torch.nn.functional.embedding

    def computed(ids: torch.Tensor, *about: Any, **more: Any) -> torch.Tensor:
        now[0] += ids.numel()
        return embedding(ids, *about, **more)

    def tick() -> float:
        now[0] += TICK
        return now[0]

    monkeypatch.setattr(torch.nn.functional, "embedding", computed)
    monkeypatch.setattr("core.train.probe.time", SimpleNamespace(perf_counter=tick))


def test_the_small_step_is_a_part_of_the_large_one(chosen: Samples) -> None:
    assert sum(len(each.ids) for each in chosen.small) < sum(len(each.ids) for each in chosen.large) / 2
    assert all(each.trained for each in (*chosen.small, *chosen.large))


@pytest.mark.usefixtures("clock")
def test_a_probe_of_the_real_model_measures_everything(source: ModelSource, chosen: Samples) -> None:
    found = probe(source, SETTINGS, chosen)
    assert found.packed
    assert all(seconds > 0 for seconds in (found.settled, found.loaded, found.update))
    tokens = [load_of(rows, packing=True).tokens for rows in (chosen.small, chosen.large, chosen.looked)]
    timed = (found.small, found.large, found.looked, found.token, found.crowd)
    assert timed == pytest.approx((*tokens, ASKED, CROWD), abs=10 * TICK)
    longest = max(len(each.ids) - each.trained for each in chosen.looked)
    assert found.asked == pytest.approx(ASKED * (longest - 1), abs=10 * TICK)
    assert 0 < found.process <= min(found.small_peak, found.large_peak, found.looked_peak)


@pytest.mark.slow
def test_a_run_of_its_own_process_is_measured_in_one(source: ModelSource, chosen: Samples) -> None:
    isolated = SETTINGS.model_copy(update={"isolated": True})
    found = probe(source, isolated, chosen)
    assert found.start > 0.1
    assert 100 * MEGABYTE < found.process < room.own_bytes() + 500 * MEGABYTE
    broken = dataclasses.replace(source, path_or_id="/no/such/model")
    with pytest.raises(LabError, match="measurement of this model broke off"):
        probe(broken, isolated, chosen)

"""A model whose rows cannot be packed is trained on padded rows all the same, and everybody is told so."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from core.actions import Lab, Workspace, train
from core.actions.train import lengths
from core.models import ModelSource, resolve
from core.settings import HOME, TrainSettings
from core.train import run as train_run
from core.train.estimate import Estimator, Job
from core.train.machine import settle
from core.train.order import PADDED
from core.train.workload import Footprint, Multiplications
from core.workspace import Run
from tests.conftest import queue_run, taught_rows
from tests.core.test_estimate import made, nothing


def saved(folder: Path, tiny: Path, kind: str, **about: Any) -> Path:
    """A model of another build with the tiny model's tokenizer."""
    from transformers import AutoConfig, AutoModelForCausalLM

    shutil.copytree(tiny, folder)
    ids = {name: getattr(AutoConfig.from_pretrained(tiny), name) for name in ("vocab_size", "eos_token_id")}
    with torch.random.fork_rng():
        torch.manual_seed(0)
        config = AutoConfig.for_model(
            kind, **ids, hidden_size=32, max_position_embeddings=512, initializer_range=0.2, **about
        )
        AutoModelForCausalLM.from_config(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def capped(tiny_model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model whose attention is capped, as that of Gemma 2 and VaultGemma is: attention in segments refuses it."""
    about = {"intermediate_size": 48, "num_hidden_layers": 1, "num_attention_heads": 4, "num_key_value_heads": 2}
    about |= {"head_dim": 8, "layer_types": ["full_attention"], "attn_logit_softcapping": 5.0}
    folder = tmp_path_factory.mktemp("capped") / "gemma2"
    return saved(folder, tiny_model_folder, "gemma2", **about)


@pytest.fixture(scope="module")
def leaking(tiny_model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with attention of its own, which knows nothing of segments: joined rows would see each other."""
    about = {"num_layers": 2, "num_heads": 4, "attention_types": [[["global"], 2]]}
    return saved(tmp_path_factory.mktemp("leaking") / "neo", tiny_model_folder, "gpt_neo", **about)


@pytest.fixture(scope="module")
def timed() -> Iterator[None]:
    """As if even a small model's steps took long enough to be timed, and there were two threads to choose from."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.train.machine.SMALL", 0)
        patch.setattr("core.train.machine.threads_to_try", lambda settings: [1, 2])
        yield


def source_of(folder: Path) -> ModelSource:
    return resolve(str(folder), folder.parent, HOME)


def job_of(folder: Path, home: Path, **values: Any) -> Job:
    settings = TrainSettings.parse({"batch_size": 4, "precision": "float32", **values})
    return Job(source_of(folder), settings, made(), 10**6, home)


@pytest.fixture(scope="module")
def ended(capped: Path, timed: None, tmp_path_factory: pytest.TempPathFactory) -> Run:
    workspace = Workspace(tmp_path_factory.mktemp("home"))
    version = workspace.versions.save("tiny", taught_rows(12), "curate")
    run = queue_run(workspace, version, capped, epochs=2, evaluations=1, learning_rate=0.001)
    train_run(run.folder)
    return run


@pytest.mark.usefixtures("timed")
@pytest.mark.parametrize("method", ["lora", "full"])
def test_the_machine_is_timed_on_padded_rows(capped: Path, tmp_path: Path, method: str) -> None:
    settings = TrainSettings.parse({"method": method, "precision": "float32"})
    assert "as fast" in settle(tmp_path, source_of(capped), settings, made()).why


def test_the_run_goes_to_its_end_and_says_that_it_pads(ended: Run) -> None:
    assert (ended.status().state, ended.status().reason) == ("done", "")
    assert [line for line in ended.metrics() if line["kind"] == "train"][-1]["padding"] > 0
    assert ended.machine().endswith(PADDED)
    train_run(ended.folder)  # taken up again, it says so once
    assert ended.machine().count(PADDED) == 1


def test_runs_beside_each_other_do_not_call_it_packed(ended: Run) -> None:
    workspace = Workspace(Path(ended.recipe.workspace))
    version = workspace.versions.get(ended.recipe.dataset)
    model = Path(ended.recipe.model)
    other = queue_run(workspace, version, model, packing=False, epochs=2, evaluations=1, learning_rate=0.001)
    names = [row[1] for row in train.overlay(workspace, [ended.id, other.id]).rows]
    assert names == ["Packing on, but its rows were padded", "Packing off"]


def test_a_model_that_can_be_packed_says_nothing_of_padding(workspace: Workspace, tiny_model_folder: Path) -> None:
    version = workspace.versions.save("tiny", taught_rows(6), "curate")
    run = queue_run(workspace, version, tiny_model_folder, max_steps=1, evaluations=1)
    train_run(run.folder)
    assert (run.status().state, PADDED in run.machine()) == ("done", False)


def test_its_memory_is_counted_as_that_of_padded_rows(capped: Path, tmp_path: Path) -> None:
    packed, padded = (Estimator().estimate(job_of(capped, tmp_path, packing=on)) for on in (True, False))
    assert (packed.said, padded.said) == (PADDED, "")
    assert {**packed.parts, "program": 0} == {**padded.parts, "program": 0}


def test_what_the_measurement_has_found_is_what_is_counted(
    leaking: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packing: list[bool] = []

    def counted(config: Any, settings: TrainSettings, *_: Any) -> Footprint:
        packing.append(settings.packing)
        return Footprint(1, 1, 1, 1, 1, 1, Multiplications(1, 1, 1))

    monkeypatch.setattr("core.train.footprint.footprint", counted)
    estimator, job = Estimator(), job_of(leaking, tmp_path)
    assert (estimator.estimate(job).said, estimator.packs(job.source, job.settings), packing) == ("", None, [True])
    found = estimator.estimate(job, nothing)
    assert (found.said, estimator.packs(job.source, job.settings), set(packing[1:])) == (PADDED, False, {False})
    assert found.seconds is not None


def test_the_lengths_promise_no_padding_only_where_it_is_kept(
    lab: Lab, workspace: Workspace, capped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = workspace.versions.save("tiny", taught_rows(12), "curate").id
    values = {"model": str(capped), "batch_size": "4"}
    unknown = lengths.lengths(lab, workspace, version, values)
    assert unknown.sentences[-1].startswith("No padding")
    assert unknown.sentences[-1].endswith("If this model cannot be packed, its run says so.")
    monkeypatch.setattr(lab.estimator, "packs", lambda *_: False)
    known = lengths.lengths(lab, workspace, version, values)
    assert known.sentences[-1].startswith(PADDED)
    assert known.padding == known.padding_unpacked > 0

"""Training through its one door, on a tiny random model: it learns, records, stops, fails with a sentence."""

import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import torch

from core.errors import LabError
from core.format import encode_all
from core.models import load_tokenizer, resolve
from core.records import HELD_OUT, TRAIN, Dataset, Example, Message
from core.settings import HOME, TrainSettings
from core.train import count_steps, make_plan, prepare, run
from core.train.training import rate_at
from core.workspace import Recipe, Run, Version, Workspace

ROOT = Path(__file__).parents[2]
ANSWERS = {"Where is my parcel?": "track", "My card was charged twice.": "refund"}


def rows(count: int, held_out: int = 2) -> Dataset:
    pairs = list(ANSWERS.items()) * count
    return Dataset.of(
        Example(
            f"r{row}",
            row,
            (Message("user", prompt), Message("assistant", answer)),
            answer,
            HELD_OUT if row <= held_out else TRAIN,
        )
        for row, (prompt, answer) in enumerate(pairs[:count], 1)
    )


def queued(workspace: Workspace, version: Version, model: Path, **settings: Any) -> Run:
    source = resolve(str(model), model.parent, HOME)
    values = {"model": str(model), "batch_size": 4, "learning_rate": 0.02, "epochs": 12, "evaluations": 3, **settings}
    recipe = Recipe(
        model=str(model),
        source=asdict(source),
        dataset=version.id,
        dataset_hash=version.content_hash,
        workspace=str(workspace.root),
        settings=TrainSettings.parse(values),
        most_steps=1000,
        versions={},
        created="",
    )
    return workspace.new_run("tiny", recipe)


@pytest.fixture(scope="module")
def trained(tiny_model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    workspace = Workspace(tmp_path_factory.mktemp("home"))
    this = queued(workspace, workspace.versions.save("tiny", rows(18), "curate"), tiny_model_folder)
    run(this.folder)
    return this


def test_a_run_ends_done_with_all_its_steps(trained: Run) -> None:
    status = trained.status()
    assert (status.state, status.step, status.steps, status.reason) == ("done", 48, 48, "")


def test_every_step_is_recorded_and_the_held_out_loss_falls(trained: Run) -> None:
    train = [line for line in trained.metrics() if line["kind"] == "train"]
    held_out = [line for line in trained.metrics() if line["kind"] == "held-out"]
    assert [line["step"] for line in train] == list(range(1, 49))
    assert [line["step"] for line in held_out] == [0, 16, 32, 48]
    assert held_out[-1]["loss"] < held_out[0]["loss"] * 0.7
    assert train[-1]["tokens"] == sum(len(row) for row in _ids(trained)) * 12
    assert all(line["tokens_per_second"] > 0 for line in train)


def _ids(trained: Run) -> list[list[int]]:
    recipe = trained.recipe
    tokenizer = load_tokenizer(resolve(recipe.model, Path(), HOME))
    dataset = Workspace(Path(recipe.workspace)).versions.load(recipe.dataset)
    return [row.ids for row in prepare(tokenizer, dataset, recipe.settings).train.rows]


def test_samples_are_the_same_prompts_at_each_evaluation(trained: Run) -> None:
    samples = trained.samples()
    assert {sample["step"] for sample in samples} == {0, 16, 32, 48}
    assert {sample["prompt"] for sample in samples} == set(ANSWERS)
    assert all(sample["expected"] == ANSWERS[sample["prompt"]] for sample in samples)


def test_checkpoints_hold_what_a_resume_needs(trained: Run) -> None:
    newest = sorted(trained.checkpoints.iterdir())[-1]
    assert newest.name == "step-000048"
    assert {path.name for path in newest.iterdir()} == {
        "adapter_model.safetensors",
        "adapter_config.json",
        "optimizer.pt",
        "progress.json",
    }


def test_the_adapter_gives_the_loss_that_was_recorded(trained: Run, tiny_model_folder: Path) -> None:
    """The recorded held-out loss is the mean over answer tokens of plain cross-entropy on adapter and base."""
    from peft import PeftModel

    from core.format import IGNORED, format_dataset
    from core.models import load_model

    recipe = trained.recipe
    source = resolve(str(tiny_model_folder), tiny_model_folder.parent, HOME)
    model = PeftModel.from_pretrained(load_model(source), trained.adapter).eval()
    held_out = Workspace(Path(recipe.workspace)).versions.load(recipe.dataset).part(HELD_OUT)
    losses: list[float] = []
    for row in format_dataset(load_tokenizer(source), held_out, 512).rows:
        with torch.no_grad():
            scores = model(input_ids=torch.tensor([row.ids])).logits[0, :-1].log_softmax(-1)
        learned = [(place, token) for place, token in enumerate(row.labels[1:]) if token != IGNORED]
        losses += [-scores[place, token].item() for place, token in learned]
    recorded = [line["loss"] for line in trained.metrics() if line["kind"] == "held-out"][-1]
    assert sum(losses) / len(losses) == pytest.approx(recorded, rel=1e-3)


def test_stop_ends_after_the_current_step_and_keeps_the_adapter(workspace: Workspace, tiny_model_folder: Path) -> None:
    this = queued(workspace, workspace.versions.save("tiny", rows(18), "curate"), tiny_model_folder, epochs=100)
    worker = threading.Thread(target=run, args=(this.folder,))
    with_owner = this.claim().take()
    worker.start()
    end = time.monotonic() + 60
    while this.status().step < 2 and time.monotonic() < end:
        time.sleep(0.01)
    this.ask("STOP")
    worker.join(60)
    with_owner.release()
    status = this.status()
    assert status.state == "stopped"
    assert 2 <= status.step < status.steps
    assert this.has_result
    assert [line["step"] for line in this.metrics() if line["kind"] == "train"][-1] == status.step


def test_the_same_seed_gives_the_same_run(trained: Run, tiny_model_folder: Path) -> None:
    again = queued(Workspace(Path(trained.recipe.workspace)), _version(trained), tiny_model_folder)
    run(again.folder)
    first, second = ([line["loss"] for line in this.metrics()] for this in (trained, again))
    assert first == second


def _version(trained: Run) -> Version:
    return Workspace(Path(trained.recipe.workspace)).versions.get(trained.recipe.dataset)


def test_a_loss_that_is_no_number_fails_with_advice(workspace: Workspace, tiny_model_folder: Path) -> None:
    version = workspace.versions.save("tiny", rows(18), "curate")
    this = queued(workspace, version, tiny_model_folder, learning_rate=1, lora_alpha=1024, lora_r=1, epochs=20)
    _poison(tiny_model_folder, this)
    run(this.folder)
    status = this.status()
    assert status.state == "failed"
    assert "learning rate is too high" in status.reason


def _poison(model: Path, this: Run) -> None:
    """A copy of the model whose weights overflow, so that the loss is no number from the first step."""
    import shutil

    import yaml
    from safetensors.torch import load_file, save_file

    folder = this.folder.parent / f"poisoned-{this.id}"
    shutil.copytree(model, folder)
    weights = load_file(folder / "model.safetensors")
    weights["model.norm.weight"] = weights["model.norm.weight"] * float("inf")
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    recipe = yaml.safe_load((this.folder / "run.yaml").read_text())
    recipe["source"]["path_or_id"] = str(folder)
    (this.folder / "run.yaml").write_text(yaml.safe_dump(recipe))


def test_a_changed_dataset_is_noticed(workspace: Workspace, tiny_model_folder: Path) -> None:
    import pyarrow.parquet as pq

    version = workspace.versions.save("tiny", rows(18), "curate")
    this = queued(workspace, version, tiny_model_folder)
    pq.write_table(rows(10).table, workspace.root / "datasets" / version.id / "data.parquet")
    run(this.folder)
    assert this.status().state == "failed"
    assert "has changed on disk" in this.status().reason


def test_a_bug_is_logged_in_the_run_and_does_not_escape(
    workspace: Workspace, tiny_model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = workspace.versions.save("tiny", rows(18), "curate")
    this = queued(workspace, version, tiny_model_folder)
    monkeypatch.setattr("core.train.recipe.Training", lambda *_: 1 / 0)
    run(this.folder)
    assert this.status().state == "failed"
    assert "Traceback" in (this.folder / "log.txt").read_text()


@pytest.mark.parametrize(("count", "held_out", "said"), [(0, 0, "are no rows"), (1, 0, "is 1 row"), (3, 2, "is 1 row")])
def test_too_few_rows_are_a_sentence(tiny_model_folder: Path, count: int, held_out: int, said: str) -> None:
    tokenizer = load_tokenizer(resolve(str(tiny_model_folder), tiny_model_folder.parent, HOME))
    with pytest.raises(LabError, match=said):
        prepare(tokenizer, rows(count, held_out), TrainSettings())
    train = rows(count, held_out).filter(lambda example: example.split == TRAIN)
    extents = [each.extent for each in encode_all(tokenizer, train, "instruction")]
    with pytest.raises(LabError, match=said):
        make_plan(extents, (len(extents), held_out), TrainSettings(), 1000)


@pytest.mark.parametrize(
    ("count", "values", "most", "steps"),
    [
        (16, {"epochs": 3, "batch_size": 8}, 1000, 6),
        (17, {"epochs": 3, "batch_size": 8}, 1000, 9),
        (17, {"epochs": 0.5, "batch_size": 8}, 1000, 2),
        (16, {"epochs": 3, "batch_size": 8, "max_steps": 4}, 1000, 4),
        (16, {"epochs": 3, "batch_size": 8}, 5, 5),
    ],
)
def test_steps_are_counted_as_the_trainer_takes_them(count: int, values: dict[str, Any], most: int, steps: int) -> None:
    assert count_steps(count, TrainSettings.parse(values), most) == steps


@pytest.mark.parametrize(("steps", "warmup"), [(1, 0.1), (1, 0.99), (2, 0.5), (10, 0.99), (10, 0)])
def test_the_last_step_is_never_part_of_the_warm_up(steps: int, warmup: float) -> None:
    settings = TrainSettings(warmup=warmup, schedule="constant")
    rates = [rate_at(step, steps, settings) for step in range(steps)]
    assert rates[-1] == max(rates) == settings.learning_rate


def test_a_run_of_one_step_learns_something(workspace: Workspace, tiny_model_folder: Path) -> None:
    version = workspace.versions.save("tiny", rows(6), "curate")
    this = queued(workspace, version, tiny_model_folder, epochs=1)
    run(this.folder)
    before, after = [line["loss"] for line in this.metrics() if line["kind"] == "held-out"]
    assert (this.status().steps, this.status().state) == (1, "done")
    assert after < before

"""Every method through the one door, and what a machine cannot do."""

import hashlib
import importlib.util
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
import torch

from core.errors import SettingProblem
from core.format import IGNORED, format_dataset
from core.models import ModelSource, here, load_tokenizer, resolve
from core.records import HELD_OUT, TRAIN, Dataset, Example, Message
from core.settings import HOME, TrainSettings
from core.train import recipe as recipe_module
from core.train import run
from core.workspace import Recipe, Run, Workspace

ROOT = Path(__file__).parents[2]
METHODS = list(here.METHOD_NAMES)
ADAPTERS = [method for method in METHODS if method != "full"]
QUANTISED = {"qlora": torch.uint8, "lora-8bit": torch.int8}
ANSWERS = {"Where is my parcel?": "track", "My card was charged twice.": "refund"}


def rows() -> Dataset:
    pairs = list(ANSWERS.items()) * 9
    return Dataset.of(
        Example(
            f"r{row}",
            row,
            (Message("user", prompt), Message("assistant", answer)),
            answer,
            HELD_OUT if row <= 2 else TRAIN,
        )
        for row, (prompt, answer) in enumerate(pairs, 1)
    )


def queued(workspace: Workspace, source: ModelSource, **settings: Any) -> Run:
    version = workspace.versions.save("tiny", rows(), "curate")
    values = {"batch_size": 4, "learning_rate": 0.02, "epochs": 4, "evaluations": 1, "precision": "float32", **settings}
    recipe = Recipe(
        model=source.title,
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


def hashes(model: Any) -> dict[str, str]:
    """The bytes of every weight that is no adapter's, by its name."""
    return {
        name: hashlib.sha256(weight.detach().cpu().contiguous().view(torch.uint8).numpy().tobytes()).hexdigest()
        for name, weight in model.named_parameters()
        if "lora_" not in name
    }


@dataclass(frozen=True)
class Trained:
    """A run that has ended, the model it trained, and the hashes of base weights and files before the first step."""

    run: Run
    method: str
    source: ModelSource
    model: Any
    before: dict[str, str]
    files: dict[str, str]


def folder_hashes(source: ModelSource) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in Path(source.path_or_id).iterdir()}


def train(this: Run, source: ModelSource) -> Trained:
    seen: list[Any] = []
    files = folder_hashes(source)

    def watched(*about: Any) -> Any:
        model = load(*about)
        seen[:] = [model, hashes(model)]
        return model

    load = recipe_module.load_trainable
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recipe_module, "load_trainable", watched)
        run(this.folder)
    assert (this.status().state, this.status().reason) == ("done", "")
    return Trained(this, this.recipe.settings.method, source, *seen, files)


@pytest.fixture(scope="module", params=METHODS)
def trained(
    request: pytest.FixtureRequest, tiny_model_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Trained:
    source = resolve(str(tiny_model_folder), tiny_model_folder.parent, HOME)
    return train(queued(Workspace(tmp_path_factory.mktemp("home")), source, method=request.param), source)


def held_out_losses(this: Run) -> list[float]:
    return [line["loss"] for line in this.metrics() if line["kind"] == "held-out"]


def plain(done: Trained) -> Any:
    """The result as transformers and PEFT load it, without anything of ours."""
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, BitsAndBytesConfig

    if done.method == "full":
        return AutoModelForCausalLM.from_pretrained(done.run.adapter, use_safetensors=True).eval()
    how = {
        "qlora": BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.float32,
        ),
        "lora-8bit": BitsAndBytesConfig(load_in_8bit=True),
    }
    base = AutoModelForCausalLM.from_pretrained(
        done.source.path_or_id, dtype=torch.float32, quantization_config=how.get(done.method)
    )
    return PeftModel.from_pretrained(base, done.run.adapter).eval()


def loss_of(model: Any, done: Trained) -> float:
    """The mean cross-entropy over the answer tokens of the held-out rows, row by row."""
    held_out = Workspace(Path(done.run.recipe.workspace)).versions.load(done.run.recipe.dataset).part(HELD_OUT)
    losses: list[float] = []
    for row in format_dataset(load_tokenizer(done.source), held_out, 512).rows:
        with torch.no_grad():
            scores = model(input_ids=torch.tensor([row.ids])).logits[0, :-1].float().log_softmax(-1)
        learned = [(place, token) for place, token in enumerate(row.labels[1:]) if token != IGNORED]
        losses += [-scores[place, token].item() for place, token in learned]
    return sum(losses) / len(losses)


def test_the_loss_falls_and_the_samples_are_answered(trained: Trained) -> None:
    before, after = held_out_losses(trained.run)
    assert after < 0.7 * before
    samples = trained.run.samples()
    assert [sample["step"] for sample in samples] == [0, 0, 16, 16]
    assert all(isinstance(sample["answer"], str) for sample in samples)


def test_the_result_loads_with_plain_libraries_and_has_the_loss_that_was_recorded(trained: Trained) -> None:
    # bitsandbytes rounds to bfloat16 where it only answers, and LLM.int8 rounds the rows of a batch together.
    tolerance = 0.05 if trained.method in QUANTISED else 1e-3
    assert loss_of(plain(trained), trained) == pytest.approx(held_out_losses(trained.run)[-1], rel=tolerance, abs=1e-3)


def test_the_result_is_safetensors_only(trained: Trained) -> None:
    weights = "model.safetensors" if trained.method == "full" else "adapter_model.safetensors"
    names = {path.name for path in trained.run.adapter.iterdir()}
    assert {weights, "tokenizer.json"} <= names
    assert {Path(name).suffix for name in names} <= {".safetensors", ".json", ".jinja"}


def test_an_adapter_leaves_every_base_weight_as_it_was_and_full_tuning_none(trained: Trained) -> None:
    after = hashes(trained.model)
    assert after.keys() == trained.before.keys()
    same = [after[name] == trained.before[name] for name in after]
    assert all(same) if trained.method != "full" else not any(same)


def test_quantised_weights_stay_quantised_in_memory(trained: Trained) -> None:
    layers = [layer for layer in trained.model.modules() if hasattr(layer, "lora_A") or hasattr(layer, "in_features")]
    kinds = {layer.weight.dtype for layer in layers if "bit" in type(layer).__name__ and hasattr(layer, "in_features")}
    assert kinds == ({QUANTISED[trained.method]} if trained.method in QUANTISED else set())


def test_the_folder_of_the_base_model_is_not_written_to(trained: Trained) -> None:
    assert folder_hashes(trained.source) == trained.files


def test_4_bit_weights_still_carry_gradients_after_an_evaluation(tiny_model_folder: Path) -> None:
    """bitsandbytes repacks them on some processors when they are first used for answers, without a backward pass."""
    from bitsandbytes.functional import dequantize_4bit

    from core.train.methods import load_trainable

    source = resolve(str(tiny_model_folder), tiny_model_folder.parent, HOME)
    small = load_trainable(source, TrainSettings(method="qlora"), "float32")
    wide = load_trainable(source, TrainSettings(method="lora"), "float32")
    unpacked = dict(wide.named_modules())
    for name, layer in small.named_modules():
        if type(layer).__name__ == "Linear4bit":
            weight = dequantize_4bit(layer.weight.data, layer.weight.quant_state)
            unpacked[name].weight.data.copy_(weight)
    ids = torch.arange(1, 25)[None]
    with torch.no_grad():
        small.eval()(input_ids=ids)
    gradients = []
    for model in (small.train(), wide):
        with torch.no_grad():
            for name, weight in model.named_parameters():
                if "lora_B" in name:
                    weight.fill_(0.01)
        model(input_ids=ids, labels=ids).loss.backward()
        gradients.append({name: weight.grad for name, weight in model.named_parameters() if weight.requires_grad})
    assert gradients[0].keys() == gradients[1].keys()
    for name, gradient in gradients[0].items():
        torch.testing.assert_close(gradient, gradients[1][name], rtol=1e-3, atol=1e-6, msg=name)


def test_no_reason_is_looked_for_by_loading_torch() -> None:
    code = (
        "import sys; from core.models import here; found = here.available(); here.available_optimizers();"
        "print(sorted(found), 'torch' in sys.modules, 'bitsandbytes' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == f"{sorted(METHODS)} False False", done.stderr


def test_here_everything_can_be_trained_on_safetensors(tiny_model_folder: Path) -> None:
    source = resolve(str(tiny_model_folder), tiny_model_folder.parent, HOME)
    assert set(here.available(source).values()) == {""}
    assert set(here.available_optimizers().values()) == {""}
    for method in METHODS:
        here.check_here(TrainSettings(method=method, optimizer="adamw-8bit"), source)


def test_a_gguf_file_cannot_be_quantised_again(tmp_path: Path) -> None:
    source = ModelSource(str(tmp_path), "", "model.gguf", "model.gguf")
    reasons = here.available(source)
    assert {method for method, why in reasons.items() if why} == set(QUANTISED)
    with pytest.raises(SettingProblem, match=r"Method is QLoRA \(4-bit\), which cannot be used here: a GGUF file is"):
        here.check_here(TrainSettings(method="qlora"), source)
    here.check_here(TrainSettings(method="dora"), source)


def test_a_missing_bitsandbytes_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "bitsandbytes" else find(name))
    assert {method for method, why in here.available().items() if "pip install bitsandbytes" in why} == set(QUANTISED)
    assert "pip install bitsandbytes" in here.available_optimizers()["adamw-8bit"]


def test_a_bitsandbytes_that_does_not_run_here_is_found_out_before_the_run(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, tiny_model_folder: Path
) -> None:
    def broken(what: str) -> None:
        raise OSError("libbitsandbytes_cpu.so: cannot open shared object file\nand more")

    monkeypatch.setattr(here, "_try_layer", broken)
    monkeypatch.setattr(here, "_tried", here._tried.__wrapped__)
    this = queued(workspace, resolve(str(tiny_model_folder), tiny_model_folder.parent, HOME), method="lora-8bit")
    run(this.folder)
    status = this.status()
    assert status.state == "failed"
    assert "8-bit LoRA, which cannot be used here: bitsandbytes is installed but does not work" in status.reason
    assert "cannot open shared object file). Choose LoRA" in status.reason


def test_the_label_of_what_cannot_be_chosen_says_why() -> None:
    labels = here.labelled(here.METHOD_NAMES, {method: "no GPU" if method == "qlora" else "" for method in METHODS})
    assert ("LoRA", "lora") in labels
    assert ("QLoRA (4-bit) — not here: no GPU", "qlora") in labels


@pytest.mark.slow
@pytest.mark.starter
@pytest.mark.parametrize("method", ["qlora", "dora"])
def test_the_starter_model_learns_with(
    method: str, starter: ModelSource, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.train.samples.PROMPTS", 0)  # the answers of the tiny model are enough for both
    about = {"method": method, "learning_rate": 3e-3, "batch_size": 2, "max_steps": 3, "warmup": 0, "evaluations": 1}
    done = train(queued(workspace, starter, **about), starter)
    before, after = held_out_losses(done.run)
    assert after < 0.7 * before
    assert hashes(done.model) == done.before
    assert loss_of(plain(done), done) == pytest.approx(after, rel=0.05, abs=0.02)
    sizes = {layer.weight.dtype for layer in done.model.modules() if type(layer).__name__ == "Linear4bit"}
    assert sizes == ({torch.uint8} if method == "qlora" else set())

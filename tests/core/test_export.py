"""What leaves the lab: a zip that loads elsewhere, says how it was made, and tells nothing of this machine."""

import json
import zipfile
from pathlib import Path

import pytest
import yaml

from core.compare import Playground
from core.errors import NotFound
from core.export import zip_result
from core.models import load_model, load_tokenizer, resolve
from core.models.here import METHOD_NAMES
from core.settings import HOME, Method
from core.workspace import Run, Status, Workspace
from tests.core.test_compare import SETTINGS, ask, plain_answer, tuned_run


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def run(workspace: Workspace, tiny_model_folder: Path) -> Run:
    return tuned_run(workspace, tiny_model_folder, seed=1)


def test_the_zip_loads_elsewhere_and_gives_the_same_answer(run: Run, tiny_model_folder: Path, tmp_path: Path) -> None:
    from peft import PeftModel

    from core.generate import Side, answer

    with zipfile.ZipFile(zip_result(run, tmp_path)) as archive:
        archive.extractall(tmp_path / "elsewhere")
    source = resolve(str(tiny_model_folder), tiny_model_folder.parent, HOME)
    tokenizer = load_tokenizer(source)
    model = PeftModel.from_pretrained(load_model(source), tmp_path / "elsewhere", adapter_name="x").eval()
    chat = tokenizer.apply_chat_template([{"role": "user", "content": "Hello"}], add_generation_prompt=True)
    text = answer(model, tokenizer, [Side(list(chat["input_ids"]), "x")], SETTINGS).texts[0]
    assert text == ask(Playground(), run, "Hello").replies[1].text


def test_the_zip_tells_nothing_of_this_machine(run: Run, tiny_model_folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(zip_result(run, tmp_path)) as archive:
        names = archive.namelist()
        texts = {name: archive.read(name).decode("utf-8", "replace") for name in names if not name.endswith("tensors")}
    assert {"adapter_model.safetensors", "adapter_config.json", "recipe.yaml", "README.md"} <= set(names)
    assert not [name for name in names if name.endswith((".bin", ".pt", ".pkl"))]
    for name, text in texts.items():
        assert str(tiny_model_folder) not in text, name
        assert str(run.folder.parent) not in text, name
    assert json.loads(texts["adapter_config.json"])["base_model_name_or_path"] == tiny_model_folder.name
    assert yaml.safe_load(texts["recipe.yaml"])["dataset_hash"] == "abc"


@pytest.mark.parametrize("method", METHOD_NAMES)
def test_the_card_of_a_zip_says_the_method_and_how_it_is_loaded(
    workspace: Workspace, tiny_model_folder: Path, tmp_path: Path, method: Method
) -> None:
    run = tuned_run(workspace, tiny_model_folder, seed=1, method=method)
    with zipfile.ZipFile(zip_result(run, tmp_path)) as archive:
        card, names = archive.read("README.md").decode(), set(archive.namelist())
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        config = archive.read("config.json" if method == "full" else "adapter_config.json").decode()
    assert f"- Base model: {tiny_model_folder.name} (" in card
    assert f"- Method: {METHOD_NAMES[method]}" in card
    assert str(tiny_model_folder) not in card + config
    assert ("4 bits" in card, "8 bits" in card) == (method == "qlora", method == "lora-8bit")
    assert ("AutoModelForCausalLM" in card, "PeftModel" in card) == (method == "full", method != "full")
    assert ({"model.safetensors", "adapter_model.safetensors"} & names) == {
        "model.safetensors" if method == "full" else "adapter_model.safetensors"
    }
    assert {"recipe.yaml", "tokenizer.json"} <= names


def test_a_fully_tuned_zip_is_a_model_folder(workspace: Workspace, tiny_model_folder: Path, tmp_path: Path) -> None:
    run = tuned_run(workspace, tiny_model_folder, seed=2, method="full")
    with zipfile.ZipFile(zip_result(run, tmp_path)) as archive:
        archive.extractall(tmp_path / "elsewhere")
    source = resolve(str(tmp_path / "elsewhere"), tmp_path, HOME)
    text = plain_answer(load_model(source), load_tokenizer(source), "Hello")
    assert text == ask(Playground(), run, "Hello").replies[1].text


def test_a_run_without_a_result_cannot_be_downloaded(workspace: Workspace, run: Run, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no result to download"):
        zip_result(workspace.new_run("empty", run.recipe), tmp_path)


def test_pickled_weights_are_no_result(workspace: Workspace, run: Run, tmp_path: Path) -> None:
    pickled = workspace.new_run("pickled", run.recipe)
    pickled.adapter.mkdir()
    (pickled.adapter / "adapter_config.json").write_text("{}")
    (pickled.adapter / "adapter_model.bin").write_bytes(b"")
    with pytest.raises(NotFound, match="no result to download"):
        zip_result(pickled, tmp_path)
    with pytest.raises(NotFound, match="no result to compare"):
        ask(Playground(), pickled, "Hello")


def test_the_card_gives_the_loss_of_the_checkpoint_that_was_kept(
    workspace: Workspace, tiny_model_folder: Path, tmp_path: Path
) -> None:
    run = tuned_run(workspace, tiny_model_folder, seed=1)
    for step, loss in ((0, 3.0), (4, 1.5), (8, 2.5)):
        run.add_metric({"kind": "held-out", "step": step, "loss": loss, "elapsed": 1.0})
    run.write_status(Status(state="done", step=8, steps=8, best_step=4, best_loss=1.5))
    with zipfile.ZipFile(zip_result(run, tmp_path)) as archive:
        assert "- Held-out loss: from 3.000 to 1.500\n" in archive.read("README.md").decode()

"""Side by side on a tiny model: one set of weights, each side with its own history, and a zip that loads elsewhere."""

import json
import threading
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.compare import Pair, Playground, Turn
from core.errors import LabError, NotFound
from core.export import zip_adapter
from core.models import load_model, load_tokenizer, resolve
from core.settings import HOME, GenerateSettings, TrainSettings
from core.workspace import Recipe, Run, Status, Workspace

SETTINGS = GenerateSettings(max_new_tokens=12)


def tuned_run(workspace: Workspace, model_folder: Path, seed: int) -> Run:
    """A run with a random adapter, as if it had been trained."""
    import torch
    from peft import LoraConfig, get_peft_model

    source = resolve(str(model_folder), model_folder.parent, HOME)
    about = {"dataset": "s/v1", "dataset_hash": "abc", "workspace": str(workspace.root), "created": ""}
    recipe = Recipe(
        model=str(model_folder), source=asdict(source), settings=TrainSettings(), most_steps=9, versions={}, **about
    )
    run = workspace.new_run("tiny", recipe)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        config = LoraConfig(r=4, target_modules="all-linear", task_type="CAUSAL_LM", init_lora_weights=False)
        get_peft_model(load_model(source), config).save_pretrained(run.adapter)
    load_tokenizer(source).save_pretrained(run.adapter)
    run.write_status(Status(state="done", step=9, steps=9))
    return run


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def run(workspace: Workspace, tiny_model_folder: Path) -> Run:
    return tuned_run(workspace, tiny_model_folder, seed=1)


@pytest.fixture(scope="module")
def playground() -> Playground:
    return Playground()


def ask(playground: Playground, run: Run, prompt: str, turns: list[Turn] | None = None, **settings: Any) -> Pair:
    chosen = SETTINGS.model_copy(update=settings)
    return list(playground.answer(run, turns or [], prompt, chosen, threading.Event()))[-1]


def test_each_side_says_which_adapter_answered(playground: Playground, run: Run) -> None:
    pair = ask(playground, run, "Where is my parcel?")
    assert (pair.base_adapter, pair.tuned_adapter) == (None, run.id)
    assert pair.base != pair.tuned
    assert pair.tokens > 0


def test_a_second_run_of_the_same_base_shares_its_weights(
    playground: Playground, workspace: Workspace, run: Run, tiny_model_folder: Path
) -> None:
    first = ask(playground, run, "Where is my parcel?")
    weights = playground._model.get_base_model()
    other = tuned_run(workspace, tiny_model_folder, seed=2)
    second = ask(playground, other, "Where is my parcel?")
    assert playground._model.get_base_model() is weights
    assert second.tuned_adapter == other.id
    assert second.base == first.base
    assert second.tuned != first.tuned
    assert ask(playground, run, "Where is my parcel?").tuned == first.tuned


def test_each_side_remembers_its_own_answers(playground: Playground, run: Run) -> None:
    alike = [Turn("Hello", "one", "one")]
    told_apart = [Turn("Hello", "one", "something else entirely")]
    before, after = (ask(playground, run, "And now?", turns) for turns in (alike, told_apart))
    assert before.base == after.base
    assert before.tuned != after.tuned


def test_the_system_prompt_reaches_both(playground: Playground, run: Run) -> None:
    plain, told = ask(playground, run, "Hello"), ask(playground, run, "Hello", system="Please send the invoice again")
    assert plain.base != told.base
    assert plain.tuned != told.tuned


def test_stop_lets_the_next_prompt_in(playground: Playground, run: Run) -> None:
    stop = threading.Event()
    answers = playground.answer(run, [], "Go on.", GenerateSettings(max_new_tokens=300), stop)
    next(answers)
    answers.close()
    assert ask(playground, run, "Hello").tokens > 0


def test_a_broken_batch_does_not_leave_its_hooks_behind(playground: Playground, run: Run) -> None:
    expected = ask(playground, run, "Hello")
    generate = playground._model.generate
    try:
        playground._model.generate = lambda **kwargs: (_ for _ in ()).throw(RuntimeError("out of memory"))
        with pytest.raises(RuntimeError):
            ask(playground, run, "Hello")
    finally:
        if playground._model is not None:
            playground._model.generate = generate
    again = ask(playground, run, "Hello")
    assert (again.base, again.tuned, again.base_adapter) == (expected.base, expected.tuned, None)


@pytest.mark.parametrize(
    ("prompt", "said"), [("", "prompt is empty"), ("  \n", "prompt is empty"), ("x " * 600, "reads")]
)
def test_a_prompt_that_cannot_be_answered_is_a_sentence(
    playground: Playground, run: Run, prompt: str, said: str
) -> None:
    with pytest.raises(LabError, match=said):
        ask(playground, run, prompt)


def test_a_run_without_an_adapter_cannot_be_compared(playground: Playground, workspace: Workspace, run: Run) -> None:
    empty = workspace.new_run("empty", run.recipe)
    with pytest.raises(NotFound, match="no adapter to compare"):
        ask(playground, empty, "Hello")
    with pytest.raises(NotFound, match="no adapter to download"):
        zip_adapter(empty, workspace.root)


def test_the_zip_loads_elsewhere_and_gives_the_same_answer(
    playground: Playground, run: Run, tiny_model_folder: Path, tmp_path: Path
) -> None:
    from peft import PeftModel

    from core.generate import Side, answer

    with zipfile.ZipFile(zip_adapter(run, tmp_path)) as archive:
        archive.extractall(tmp_path / "elsewhere")
    source = resolve(str(tiny_model_folder), tiny_model_folder.parent, HOME)
    tokenizer = load_tokenizer(source)
    model = PeftModel.from_pretrained(load_model(source), tmp_path / "elsewhere", adapter_name="x").eval()
    chat = tokenizer.apply_chat_template([{"role": "user", "content": "Hello"}], add_generation_prompt=True)
    text = answer(model, tokenizer, [Side(list(chat["input_ids"]), "x")], SETTINGS).texts[0]
    assert text == ask(playground, run, "Hello").tuned


def test_the_zip_tells_nothing_of_this_machine(run: Run, tiny_model_folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(zip_adapter(run, tmp_path)) as archive:
        names = archive.namelist()
        texts = {name: archive.read(name).decode("utf-8", "replace") for name in names if not name.endswith("tensors")}
    assert {"adapter_model.safetensors", "adapter_config.json", "recipe.yaml", "README.md"} <= set(names)
    assert not [name for name in names if name.endswith((".bin", ".pt", ".pkl"))]
    for name, text in texts.items():
        assert str(tiny_model_folder) not in text, name
        assert str(run.folder.parent) not in text, name
    assert json.loads(texts["adapter_config.json"])["base_model_name_or_path"] == tiny_model_folder.name
    assert yaml.safe_load(texts["recipe.yaml"])["dataset_hash"] == "abc"

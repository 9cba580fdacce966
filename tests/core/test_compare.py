"""Side by side on a tiny model: one set of weights, each side with its own history, and honest about who answers."""

import shutil
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.compare import Comparison, Lineup, Playground, Turn
from core.errors import LabError, NotFound
from core.models import ModelSource, load_model, load_tokenizer, resolve
from core.models.loading import has_fast_bfloat16
from core.settings import HOME, GenerateSettings, Method, TrainSettings
from core.settings.compare import SideSettings
from core.workspace import Recipe, Run, Status, Workspace

SETTINGS = GenerateSettings(max_new_tokens=12)
PAIR = (SideSettings(weights="base"), SideSettings(weights="tuned"))


def tuned_run(workspace: Workspace, model_folder: Path, seed: int, method: Method = "lora") -> Run:
    """A run with a random result, as if it had been trained."""
    import torch
    from peft import LoraConfig, get_peft_model

    source = resolve(str(model_folder), model_folder.parent, HOME)
    settings = TrainSettings(method=method)
    about = {"dataset": "s/v1", "dataset_hash": "abc", "workspace": str(workspace.root), "created": ""}
    recipe = Recipe(
        model=str(model_folder), source=asdict(source), settings=settings, most_steps=9, versions={}, **about
    )
    run = workspace.new_run("tiny", recipe)
    model = load_model(source, "float32")
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        if method == "full":
            for weight in model.parameters():
                weight.data.add_(torch.randn_like(weight), alpha=0.05)
        else:
            config = LoraConfig(
                r=4,
                target_modules="all-linear",
                task_type="CAUSAL_LM",
                init_lora_weights=False,
                use_dora=method == "dora",
            )
            model = get_peft_model(model, config)
        model.save_pretrained(run.adapter)
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


def lineup(run: Run, *sides: SideSettings) -> Lineup:
    """The sides of a comparison, base and tuned where none is named."""
    return Lineup.of(Workspace(run.folder.parents[1]), run.id, sides or PAIR)


def ask(playground: Playground, run: Run, prompt: str, turns: list[Turn] | None = None, **settings: Any) -> Comparison:
    """What base and tuned say in the end."""
    chosen = SETTINGS.model_copy(update=settings)
    return list(playground.answer(lineup(run), turns or [], prompt, chosen, threading.Event()))[-1]


def model_of(playground: Playground, run: Run) -> Any:
    """The model in memory that answers for base and tuned of a run."""
    return playground._loaded.model(lineup(run).sides[1].weights)


def texts(comparison: Comparison) -> tuple[str, ...]:
    return tuple(reply.text for reply in comparison.replies)


def test_each_side_says_which_adapter_answered(playground: Playground, run: Run) -> None:
    said = ask(playground, run, "Where is my parcel?")
    base, tuned = said.replies
    assert (base.adapter, tuned.adapter) == (None, run.id)
    assert base.text != tuned.text
    assert (base.tokens, tuned.tokens) > (0, 0)
    assert 0 < base.seconds <= said.seconds


def test_a_second_run_of_the_same_base_shares_its_weights(
    playground: Playground, workspace: Workspace, run: Run, tiny_model_folder: Path
) -> None:
    first = ask(playground, run, "Where is my parcel?")
    weights = model_of(playground, run).get_base_model()
    other = tuned_run(workspace, tiny_model_folder, seed=2)
    second = ask(playground, other, "Where is my parcel?")
    assert model_of(playground, other).get_base_model() is weights
    assert second.replies[1].adapter == other.id
    assert texts(second)[0] == texts(first)[0]
    assert texts(second)[1] != texts(first)[1]
    assert texts(ask(playground, run, "Where is my parcel?")) == texts(first)


def test_each_side_remembers_its_own_answers(playground: Playground, run: Run) -> None:
    alike = [Turn("Hello", ("one", "one"))]
    told_apart = [Turn("Hello", ("one", "something else entirely"))]
    before, after = (texts(ask(playground, run, "And now?", turns)) for turns in (alike, told_apart))
    assert before[0] == after[0]
    assert before[1] != after[1]


def test_the_system_prompt_reaches_both(playground: Playground, run: Run) -> None:
    plain, told = ask(playground, run, "Hello"), ask(playground, run, "Hello", system="Please send the invoice again")
    assert texts(plain)[0] != texts(told)[0]
    assert texts(plain)[1] != texts(told)[1]


def test_stop_lets_the_next_prompt_in(playground: Playground, run: Run) -> None:
    stop = threading.Event()
    answers = playground.answer(lineup(run), [], "Go on.", GenerateSettings(max_new_tokens=300), stop)
    next(answers)
    answers.close()
    assert ask(playground, run, "Hello").tokens > 0


def test_a_broken_batch_does_not_leave_its_hooks_behind(playground: Playground, run: Run) -> None:
    expected = ask(playground, run, "Hello")
    broken = model_of(playground, run)
    broken.generate = lambda **kwargs: (_ for _ in ()).throw(RuntimeError("out of memory"))
    with pytest.raises(RuntimeError):
        ask(playground, run, "Hello")
    again = ask(playground, run, "Hello")
    assert model_of(playground, run) is not broken
    assert (texts(again), again.replies[0].adapter) == (texts(expected), None)


@pytest.mark.parametrize(
    ("prompt", "said"), [("", "prompt is empty"), ("  \n", "prompt is empty"), ("x " * 600, "reads")]
)
def test_a_prompt_that_cannot_be_answered_is_a_sentence(
    playground: Playground, run: Run, prompt: str, said: str
) -> None:
    with pytest.raises(LabError, match=said):
        ask(playground, run, prompt)


def test_a_run_without_a_result_cannot_be_compared(playground: Playground, workspace: Workspace, run: Run) -> None:
    empty = workspace.new_run("empty", run.recipe)
    with pytest.raises(NotFound, match="no result to compare"):
        ask(playground, empty, "Hello")


def plain_answer(model: Any, tokenizer: Any, prompt: str) -> str:
    """What `generate` of transformers says, greedily, in nobody's batch."""
    import torch

    chat = tokenizer.apply_chat_template([{"role": "user", "content": prompt}], add_generation_prompt=True)
    ids = torch.tensor([chat["input_ids"]])
    with torch.no_grad():
        said = model.generate(
            input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=SETTINGS.max_new_tokens, do_sample=False
        )
    return str(tokenizer.decode(said[0, ids.shape[1] :], skip_special_tokens=True)).strip()


def plain_base(folder: Path, method: str) -> Any:
    import torch
    from transformers import AutoModelForCausalLM, BitsAndBytesConfig

    computed_in = torch.bfloat16 if has_fast_bfloat16() else torch.float32
    nf4 = {"bnb_4bit_quant_type": "nf4", "bnb_4bit_use_double_quant": True, "bnb_4bit_compute_dtype": computed_in}
    how = {
        "qlora": BitsAndBytesConfig(load_in_4bit=True, **nf4),
        "lora-8bit": BitsAndBytesConfig(load_in_8bit=True),
    }
    return AutoModelForCausalLM.from_pretrained(folder, quantization_config=how.get(method)).eval()


METHODS: list[tuple[Method, str]] = [
    ("lora", "both in one batch"),
    ("rslora", "both in one batch"),
    ("dora", "one after the other: DoRA cannot share a batch"),
    ("qlora", "both in one batch; the base model in 4 bits, as in training"),
    (
        "lora-8bit",
        "one after the other: 8-bit weights would round both answers of a batch together; the base model in 8",
    ),
    ("full", "one after the other: a fully tuned model is a second set of weights, 0 MB more in memory"),
]


@pytest.mark.parametrize(("method", "how"), METHODS)
def test_both_sides_answer_as_plain_libraries_do_and_the_page_is_told_how(
    playground: Playground, workspace: Workspace, tiny_model_folder: Path, method: Method, how: str
) -> None:
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    run = tuned_run(workspace, tiny_model_folder, seed=3, method=method)
    said = ask(playground, run, "Where is my parcel?")
    base, adapted = said.replies
    assert said.how.startswith(how)
    assert (base.adapter, adapted.adapter) == (None, None if method == "full" else run.id)
    tokenizer = load_tokenizer(ModelSource(**run.recipe.source))
    assert base.text == plain_answer(plain_base(tiny_model_folder, method), tokenizer, "Where is my parcel?")
    if method == "full":
        tuned = AutoModelForCausalLM.from_pretrained(run.adapter).eval()
    else:
        tuned = PeftModel.from_pretrained(plain_base(tiny_model_folder, method), run.adapter).eval()
    assert adapted.text == plain_answer(tuned, tokenizer, "Where is my parcel?")
    assert adapted.text != base.text


def test_a_fully_tuned_model_is_told_by_its_weights_and_leaves_with_the_next_run(
    playground: Playground, workspace: Workspace, run: Run, tiny_model_folder: Path
) -> None:
    full = tuned_run(workspace, tiny_model_folder, seed=4, method="full")
    assert ask(playground, full, "Hello").replies[1].weights == "20 of 20 weight matrices differ"
    assert playground._loaded._wholes
    tuned = ask(playground, run, "Hello").replies[1]
    assert (tuned.adapter, tuned.weights) == (run.id, "")
    assert not playground._loaded._wholes


def test_a_copy_of_the_base_model_is_not_passed_off_as_tuned(
    playground: Playground, workspace: Workspace, tiny_model_folder: Path
) -> None:
    full = tuned_run(workspace, tiny_model_folder, seed=4, method="full")
    shutil.copy(tiny_model_folder / "model.safetensors", full.adapter / "model.safetensors")
    assert ask(playground, full, "Hello").replies[1].weights == "0 of 20 weight matrices differ"


def test_the_tuned_side_of_a_dora_run_waits_and_stop_spares_it(
    playground: Playground, workspace: Workspace, tiny_model_folder: Path
) -> None:
    dora = tuned_run(workspace, tiny_model_folder, seed=5, method="dora")
    stop = threading.Event()
    seen = []
    for said in playground.answer(lineup(dora), [], "Go on.", GenerateSettings(max_new_tokens=300), stop):
        seen.append(said.replies)
        stop.set()
    assert not any(tuned.begun for _, tuned in seen)
    base, tuned = seen[-1]
    assert (tuned.text, tuned.finished) == ("", False)
    assert base.text
    assert ask(playground, dora, "Go on.").replies[1].begun


def test_a_second_adapter_does_not_change_what_a_4_bit_base_says(
    playground: Playground, workspace: Workspace, tiny_model_folder: Path
) -> None:
    runs = [tuned_run(workspace, tiny_model_folder, seed=seed, method="qlora") for seed in (3, 5)]
    pairs = [texts(ask(playground, run, "Please send the invoice", max_new_tokens=60)) for run in [*runs, runs[0]]]
    assert pairs[0][0] == pairs[1][0] == pairs[2][0]
    assert pairs[0][1] == pairs[2][1] != pairs[1][1]


def test_a_run_that_was_trained_on_is_read_again(
    playground: Playground, workspace: Workspace, tiny_model_folder: Path
) -> None:
    one, other = (tuned_run(workspace, tiny_model_folder, seed=seed) for seed in (6, 7))
    before, expected = texts(ask(playground, one, "Hello")), texts(ask(playground, other, "Hello"))
    weights = (other.adapter / "adapter_model.safetensors").read_bytes()
    (one.adapter / "adapter_model.safetensors").write_bytes(weights)
    after = texts(ask(playground, one, "Hello"))
    assert before[1] != after[1] == expected[1]


@pytest.mark.parametrize("method", ["lora", "dora", "full"])
def test_a_result_of_another_base_model_is_refused(
    playground: Playground, workspace: Workspace, run: Run, tiny_model_folder: Path, tmp_path: Path, method: Method
) -> None:
    other = tuned_run(workspace, wider(tiny_model_folder, tmp_path / tiny_model_folder.name), seed=8, method=method)
    recipe = other.recipe.model_copy(update={"source": run.recipe.source})
    (other.folder / "run.yaml").write_text(yaml.safe_dump(recipe.model_dump()))
    with pytest.raises(LabError, match=f"result of {other.id} does not fit {tiny_model_folder.name}: it was trained"):
        ask(playground, other, "Hello")
    assert ask(playground, run, "Hello").replies[1].adapter == run.id


def test_an_adapter_that_names_another_base_model_of_the_same_shape_is_refused(
    playground: Playground, workspace: Workspace, run: Run, tiny_model_folder: Path, tmp_path: Path
) -> None:
    twin = shutil.copytree(tiny_model_folder, tmp_path / "twin")
    other = tuned_run(workspace, twin, seed=9)
    recipe = other.recipe.model_copy(update={"source": run.recipe.source})
    (other.folder / "run.yaml").write_text(yaml.safe_dump(recipe.model_dump()))
    with pytest.raises(LabError, match="it was trained on another base model"):
        ask(playground, other, "Hello")


def wider(model_folder: Path, folder: Path) -> Path:
    """The tiny model with wider layers and one more of them, random, in a folder of the same name."""
    from transformers import AutoConfig, AutoModelForCausalLM

    shutil.copytree(model_folder, folder)
    config = AutoConfig.from_pretrained(model_folder)
    config.intermediate_size, config.num_hidden_layers, config.layer_types = 192, 3, None
    AutoModelForCausalLM.from_config(config).save_pretrained(folder)
    return folder

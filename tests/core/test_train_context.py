"""How many tokens a model reads at most: warned of where it only learns badly beyond, refused where it cannot."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from transformers import GPT2Config, GPT2LMHeadModel

from core.actions import Lab, train
from core.errors import LabError
from core.models import load_tokenizer, resolve
from core.records import Dataset, Example, Message
from core.settings import HOME
from core.train.context import context_of

PLACES = 64


@pytest.fixture(scope="module")
def gpt2(tiny_model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random GPT-2 of `PLACES` places."""
    folder = tmp_path_factory.mktemp("models") / "gpt2"
    shutil.copytree(tiny_model_folder, folder, ignore=shutil.ignore_patterns("*.safetensors", "*config.json"))
    shutil.copy(tiny_model_folder / "tokenizer_config.json", folder)
    GPT2LMHeadModel(GPT2Config(vocab_size=500, n_positions=PLACES, n_embd=16, n_layer=1, n_head=2)).save_pretrained(
        folder
    )
    return folder


def plan(home: Path, model: Path, words: int, max_tokens: int, prompts: str = "") -> Any:
    lab = Lab(home, HOME)
    workspace = lab.workspace("")
    row = (Message("user", "Where is my parcel?"), Message("assistant", "parcel " * words))
    version = workspace.versions.save("long", Dataset.of(Example(f"r{at}", at, row) for at in (1, 2)), "curate").id
    values = {"model": str(model), "max_tokens": max_tokens, "keep_best": False, "prompts": prompts}
    return train.plan(lab, workspace, version, values)


def test_the_config_tells_what_the_tokenizer_does_not_know(gpt2: Path) -> None:
    source = resolve(str(gpt2), gpt2.parent, HOME)
    tokenizer = load_tokenizer(source)
    tokenizer.model_max_length = 10**30
    assert context_of(source, tokenizer) == PLACES
    tokenizer.model_max_length = 20
    assert context_of(source, tokenizer) == 20


def test_a_row_that_the_model_has_no_places_for_is_refused(gpt2: Path, tmp_path: Path) -> None:
    assert plan(tmp_path, gpt2, 100, PLACES).notes == []
    assert plan(tmp_path, gpt2, 1, 512).notes == []
    with pytest.raises(LabError, match=r"“Longest row \(tokens\)” is 512, and this model can read 64 at most"):
        plan(tmp_path, gpt2, 100, 512)


def test_a_row_beyond_what_the_model_was_made_for_is_warned_of(tiny_model_folder: Path, tmp_path: Path) -> None:
    assert plan(tmp_path, tiny_model_folder, 900, 512).notes == []
    (said,) = plan(tmp_path, tiny_model_folder, 900, 600).notes
    assert said == "This model reads 512 tokens at most: a maximum above that spoils what it learns."


def test_own_prompts_that_leave_no_room_for_an_answer_are_named(tiny_model_folder: Path, tmp_path: Path) -> None:
    (said,) = plan(tmp_path, tiny_model_folder, 1, 100, f"Why?\n{'Where is my parcel? ' * 200}").notes
    assert said.startswith("Your prompt “Where is my parcel? Where is my parcel? …” will not be asked: it has ")
    assert said.endswith(" tokens, and the model reads 464 before an answer.")

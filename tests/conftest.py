"""What tests share: a temporary workspace, the starter model, the name finder, a tiny random model, and a browser.

In CI (`CI=true`) a missing model or browser is a failure; elsewhere the tests that need it are skipped.
"""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest
from xdist.scheduler import LoadFileScheduling

from core.actions import Lab
from core.errors import LabError
from core.models import ModelSource, fetch, rampart, resolve
from core.models.starter import folder as starter_folder
from core.privacy.tagger import Tagger
from core.privacy.tagger import load as load_tagger
from core.records import HELD_OUT, TRAIN, Dataset, Example, Message
from core.settings import HOME, TrainSettings
from core.train import run as train
from core.workspace import Recipe, Run, Version, Workspace, default_home
from ui import server

if "PYTEST_XDIST_WORKER" in os.environ:  # two of them: busy threads of both on the same cores would wait for each other
    os.environ.setdefault("OMP_NUM_THREADS", "1")

CHATML = (
    "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
    "{{ '<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n' }}{% endif %}"
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
TINY_TEXTS = [
    "Please send the invoice again, my card was charged twice this month.",
    "Where is my parcel? The tracking page has not changed since Tuesday.",
    "Thank you for writing to us. We will look into it and answer within a day.",
    "What is the capital of France? The capital of France is Paris.",
]
SERVER_SETTINGS = ("GRADIO_SERVER_NAME", "GRADIO_SERVER_PORT", "GRADIO_TEMP_DIR", "TUNEBENCH_AUTH")
TINY_VOCABULARY = 400
TINY_CONTEXT = 512
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class OneBrowser(LoadFileScheduling):  # type: ignore[misc]
    """Of the processes that share the tests one takes all of the browser, which share one app; of others a file."""

    def _split_scope(self, nodeid: str) -> str:
        return "tests/browser" if nodeid.startswith("tests/browser/") else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneBrowser:
    """Called by pytest-xdist."""
    return OneBrowser(config, log)


def missing(reason: str) -> NoReturn:
    """Fail in CI, skip elsewhere."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An empty workspace that is thrown away."""
    return Workspace(tmp_path / "home")


@pytest.fixture
def lab(workspace: Workspace) -> Lab:
    """A lab at home, whose workspace is `workspace`."""
    return Lab(workspace.root, HOME)


@pytest.fixture(scope="session")
def models_folder() -> Path:
    """Where models are kept between test sessions: TUNEBENCH_MODELS, or the app's own folder."""
    return Path(os.environ.get("TUNEBENCH_MODELS") or default_home() / "models")


@pytest.fixture(scope="session")
def starter(models_folder: Path) -> ModelSource:
    """The starter model, fetched at first use."""
    try:
        fetch(models_folder, lambda progress: None)
    except LabError as error:
        missing(f"The starter model is needed: {error}")
    return resolve("starter", models_folder, HOME)


@pytest.fixture(scope="session")
def tagger(models_folder: Path) -> Tagger:
    """The name finder's model on one thread, fetched at first use."""
    try:
        return load_tagger(rampart.fetch(models_folder, lambda progress: None), threads=1)
    except LabError as error:
        missing(f"The name finder is needed: {error}")


@pytest.fixture(scope="session")
def tiny_model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random Llama of 2 layers with a byte-level tokenizer and the starter's chat format; loads in milliseconds."""
    return make_tiny_model(tmp_path_factory.mktemp("tiny-model"))


def make_tiny_model(folder: Path) -> Path:
    """Save the tiny random model into a folder."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = _tiny_tokenizer()
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=TINY_CONTEXT,
        initializer_range=0.1,  # the usual 0.02 gives logits so even that an adapter can hardly learn
        tie_word_embeddings=True,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    with torch.random.fork_rng():
        torch.manual_seed(0)
        LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _tiny_tokenizer() -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trained.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=TINY_VOCABULARY,
        special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    trained.train_from_iterator(TINY_TEXTS, trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=trained,
        unk_token="<|endoftext|>",
        bos_token="<|im_start|>",
        eos_token="<|im_end|>",
        pad_token="<|im_end|>",
        model_max_length=TINY_CONTEXT,
    )
    tokenizer.chat_template = CHATML
    return tokenizer


TAUGHT = {"Where is my parcel?": "track", "My card was charged twice.": "refund"}


def taught_rows(count: int, held_out: int = 2) -> Dataset:
    """The two prompts of `TAUGHT` with their labels, again and again; the first rows are held out."""
    pairs = (list(TAUGHT.items()) * count)[:count]
    return Dataset.of(
        Example(
            f"r{row}",
            row,
            (Message("user", prompt), Message("assistant", label)),
            label,
            HELD_OUT if row <= held_out else TRAIN,
        )
        for row, (prompt, label) in enumerate(pairs, 1)
    )


def queue_run(workspace: Workspace, version: Version, model: Path, **settings: Any) -> Run:
    """A run of the model in a folder on a version, set up and not begun."""
    values = {"model": str(model), "batch_size": 4, "learning_rate": 0.02, "epochs": 12, "evaluations": 3, **settings}
    recipe = Recipe(
        model=str(model),
        source=asdict(resolve(str(model), model.parent, HOME)),
        dataset=version.id,
        dataset_hash=version.content_hash,
        workspace=str(workspace.root),
        settings=TrainSettings.parse(values),
        most_steps=1000,
        versions={},
        created="",
    )
    return workspace.new_run("tiny", recipe)


@pytest.fixture(scope="session")
def taught_run(tiny_model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A LoRA run of the tiny model that has learned how the answers of `TAUGHT` begin, not where they end.

    Its workspace is `Workspace(run.folder.parents[1])`.
    """
    return _taught(tiny_model_folder, tmp_path_factory.mktemp("taught"), epochs=20, learning_rate=0.01)


@pytest.fixture(scope="session")
def fully_taught_run(tiny_model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A fully tuned run of the tiny model that gives the answers of `TAUGHT` and ends them."""
    return _taught(tiny_model_folder, tmp_path_factory.mktemp("taught"), epochs=40, method="full")


def _taught(model: Path, home: Path, **settings: Any) -> Run:
    workspace = Workspace(home)
    run = queue_run(workspace, workspace.versions.save("tiny", taught_rows(18), "curate"), model, **settings)
    train(run.folder)
    return run


@dataclass(frozen=True)
class Served:
    """A page served by this process: its lab, its address, and the Blocks it was built of."""

    lab: Lab
    url: str
    blocks: Any


Serve = Callable[..., AbstractContextManager[Served]]


@pytest.fixture(scope="session")
def serve(tiny_model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """`with serve(space=True) as served`: the page, at home or as on a Space; its starter is the tiny random model."""

    @contextmanager
    def serving(space: bool = False) -> Iterator[Served]:
        root = tmp_path_factory.mktemp("served")
        (root / "temporary").mkdir()
        starter = shutil.copytree(tiny_model_folder, starter_folder(root / "models"))
        (starter / "source.json").write_text("{}")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("tempfile.tempdir", str(root / "temporary"))
            for name in (*SERVER_SETTINGS, *server.ENVIRONMENT):
                patch.setenv(name, "")
                patch.delenv(name)  # as it was before, once the patch is undone
            patch.setenv("TUNEBENCH_HOME", str(root / "home"))
            patch.setenv("TUNEBENCH_MODELS", str(root / "models"))
            patch.setenv("SPACE_ID", "someone/tunebench" if space else "")
            lab = Lab.here()
            server.prepare(lab)
            from ui.page import build

            blocks = build(lab)
            url = server.launch(blocks, lab, prevent_thread_lock=True)
            gc.freeze()  # as app.py does: each look for garbage would go through the whole page
            yield Served(lab, url.rstrip("/"), blocks)
            blocks.close()

    return serving


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium, driven by Playwright; the environment variable CHROMIUM names another one."""
    executable = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if not Path(executable).exists():
        missing(f"Chromium is needed at {executable} (apt-get install -y chromium, or set CHROMIUM).")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()

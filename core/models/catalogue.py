"""The catalogue: which models may be chosen here, and what a typed name stands for."""

import logging
import os
import re
from dataclasses import dataclass
from pathlib import Path

from core.errors import LabError, NotFound
from core.models import starter
from core.models.loading import ModelSource
from core.settings import Limits

HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(/[A-Za-z0-9][\w.-]{0,95})?")
HUB_TIMEOUT_SECONDS = 10

logger = logging.getLogger("tunebench")


@dataclass(frozen=True)
class ModelChoice:
    """A model on the short list: what is sent, and what is shown."""

    id: str
    title: str


SHORT_LIST = (ModelChoice(starter.STARTER_ID, starter.SHORT_TITLE),)


def choices() -> list[ModelChoice]:
    """The short list. At home any Hub id, folder or .gguf file can be typed as well."""
    return list(SHORT_LIST)


def resolve(model: str, models_folder: Path, limits: Limits, revision: str = "") -> ModelSource:
    """What `model` stands for: an id of the short list, a path, or a Hub id (at `revision`, by default the newest).

    The Hub is asked for the config only; with HF_HUB_OFFLINE or without a network the local cache answers.

    Raises:
        NotFound: there is no such model, or not here; the sentence names what there is.
        LabError: the Hub cannot be reached or does not let us in.
    """
    name = (model or "").strip()
    if name == starter.STARTER_ID:
        return _starter(models_folder)
    if limits.public:
        raise NotFound(
            f"“{_shown(name)}” cannot be chosen on this public page. Models here: {_listed()}. "
            "Folders and Hub ids can be typed when Tunebench runs on your own machine."
        )
    path = os.path.expanduser(name)
    if path.startswith((os.sep, ".", "~")) or os.path.exists(path):
        return _local(path, name)
    if not HUB_ID.fullmatch(name):
        raise NotFound(f"There is no model “{_shown(name)}”. {_what_works()}")
    return _hub(name, revision)


def _starter(models_folder: Path) -> ModelSource:
    if not starter.is_present(models_folder):
        raise NotFound(
            "The starter model is not on this machine yet. The line at the top of the page tells how far it is; "
            "try again when it says ready, or choose another model."
        )
    folder = starter.folder(models_folder).resolve()
    return ModelSource(str(folder), f"gguf-sha256-{starter.GGUF_SHA256}", None, starter.TITLE)


def _local(typed: str, name: str) -> ModelSource:
    # os.path answers False for names that are too long, hold NUL or may not be read, where pathlib raises
    if not os.path.exists(typed):
        raise NotFound(f"The model path “{_shown(name)}” does not exist or may not be read. {_what_works()}")
    path = Path(typed).resolve()
    if path.suffix.lower() == ".gguf" and os.path.isfile(path):
        return ModelSource(str(path.parent), "local file", path.name, path.name)
    if not os.path.isdir(path):
        raise NotFound(f"The model path “{_shown(name)}” is not a folder or a .gguf file. {_what_works()}")
    if os.path.exists(path / "adapter_config.json"):
        raise NotFound(f"The folder “{_shown(name)}” holds an adapter, not a model. Choose the model it was made for.")
    if not os.path.isfile(path / "config.json"):
        raise NotFound(f"The folder “{_shown(name)}” has no config.json, so it is no model. {_what_works()}")
    if not any(path.glob("*.safetensors")):
        raise NotFound(
            f"The folder “{_shown(name)}” has no .safetensors file. "
            "Other weights (.bin, .pt) are refused, because they can run code; save the model as safetensors."
        )
    return ModelSource(str(path), "local folder", None, path.name)


def _hub(name: str, revision: str) -> ModelSource:
    """A Hub model at the commit that `revision` (or the main branch) now stands for."""
    from huggingface_hub import model_info
    from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, RepositoryNotFoundError, RevisionNotFoundError

    try:
        info = model_info(name, revision=revision or None, timeout=HUB_TIMEOUT_SECONDS)
    except GatedRepoError as error:
        raise LabError(
            f"“{name}” is only given to people who have accepted its terms. Accept them on huggingface.co, "
            "run “hf auth login” on this machine, and try again."
        ) from error
    except RevisionNotFoundError as error:
        raise NotFound(f"The model “{name}” has no revision “{_shown(revision)}” on the Hugging Face Hub.") from error
    except RepositoryNotFoundError as error:
        raise NotFound(f"There is no public model “{name}” on the Hugging Face Hub. {_what_works()}") from error
    except HfHubHTTPError as error:
        raise LabError(f"The Hugging Face Hub refused to tell about “{name}”. Try again later.") from error
    except Exception as error:  # unreachable: the class belongs to the HTTP library below huggingface_hub, and varies
        logger.info("The Hugging Face Hub was not reached: %s", type(error).__name__)
        return _cached(name, revision)
    _check_files(name, [file.rfilename for file in info.siblings or []])
    return ModelSource(name, str(info.sha), None, name)


def _check_files(name: str, files: list[str]) -> None:
    if "config.json" not in files:
        raise NotFound(
            f"“{name}” has no config.json on the Hub, so transformers cannot load it. "
            "If it has GGUF files, download one and type its path."
        )
    if not any(file.endswith(".safetensors") for file in files):
        raise NotFound(
            f"“{name}” has no safetensors on the Hub. Other weights are refused, because they can run code. "
            "Choose another model."
        )


def _cached(name: str, revision: str) -> ModelSource:
    """The copy in the local cache, whose folder is named after its commit."""
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        config = hf_hub_download(name, "config.json", revision=revision or None, local_files_only=True)
    except LocalEntryNotFoundError as error:
        raise NotFound(
            f"“{name}” is not on this machine, and the Hugging Face Hub cannot be reached from here "
            f"(no network, or HF_HUB_OFFLINE is set). {_what_works()}"
        ) from error
    return ModelSource(name, Path(config).parent.name, None, name)


def _listed() -> str:
    return ", ".join(f"{choice.id} ({choice.title})" for choice in SHORT_LIST)


def _what_works() -> str:
    return f"Choose one of: {_listed()}; or type a Hub id such as owner/name, a folder of safetensors, or a .gguf file."


def _shown(name: str) -> str:
    return name if len(name) <= 80 else name[:79] + "…"

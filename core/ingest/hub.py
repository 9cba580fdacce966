"""A dataset of the Hugging Face Hub, where there is a network."""

import os
import re
import socket
from pathlib import Path

from core.errors import FileProblem
from core.ingest.folder import files_of
from core.ingest.source import File

HUB_ID = re.compile(r"(?P<id>[\w-][\w.-]*(?:/[\w-][\w.-]*)?)(?::(?P<config>[\w.-]+))?")
YES = {"1", "ON", "YES", "TRUE"}  # as huggingface_hub reads its environment
HOST = "huggingface.co"


def is_hub_id(text: str) -> bool:
    """Whether a text could be the id of a dataset: `owner/name`, with `:config` behind it where one is to be chosen."""
    return bool(HUB_ID.fullmatch(text))


def download(dataset_id: str, folder: Path) -> tuple[list[File], list[str]]:
    """Fetch a dataset into a folder that is not there yet; its files and notes on them, as `files_of` gives them.

    No code of the dataset is run: `datasets` takes tables only.

    Raises:
        FileProblem: there is no network or no such dataset, it has several configurations, or it cannot be read.
    """
    asked = HUB_ID.fullmatch(dataset_id)
    if not asked:
        raise FileProblem(f"“{dataset_id[:60]}” is no id of a dataset. Write it as owner/name or owner/name:config.")
    _check_network(dataset_id)
    from datasets import disable_progress_bars, load_dataset
    from datasets.exceptions import DatasetNotFoundError

    disable_progress_bars()
    try:
        load_dataset(asked["id"], asked["config"]).save_to_disk(folder)
    except DatasetNotFoundError as error:
        raise FileProblem(f"There is no dataset “{asked['id']}” on the Hub, or it is not open to everyone.") from error
    except (OSError, ValueError, RuntimeError) as error:  # what `datasets` raises for all else, with its own words
        why = " ".join(str(error).split())[:300]
        raise FileProblem(f"The dataset “{dataset_id}” could not be loaded from the Hub: {why}") from error
    return files_of(folder)


def _check_network(dataset_id: str) -> None:
    """Say at once what the Hub's own client only says after five tries and 23 seconds."""
    if any(os.environ.get(name, "").upper() in YES for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE")):
        raise FileProblem(
            f"“{dataset_id}” was not fetched: HF_HUB_OFFLINE says that the Hub may not be asked. "
            "Take the file from elsewhere, or start Tunebench without it."
        )
    if any(name.lower() in ("https_proxy", "all_proxy", "hf_endpoint") for name in os.environ):
        return
    try:
        socket.getaddrinfo(HOST, 443)
    except OSError as error:
        raise FileProblem(
            f"“{dataset_id}” could not be fetched: {HOST} cannot be reached from here. Connect to the network, or "
            "load a file."
        ) from error

"""Checkpoints: written aside and renamed, so that the newest is always whole; old ones are pruned. Imports torch.

checkpoints/step-000120/
  adapter_model.safetensors, adapter_config.json   (or model.safetensors and config.json after full tuning)
  optimizer.pt       tensors only; read with `weights_only`
  progress.json      `Progress`, and of which run and base model it is, down to the base model's files
"""

import errno
import json
import os
import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, load_model

from core.errors import LabError
from core.train.progress import Progress
from core.workspace import Recipe, remove, write_json

KEPT = 2  # the newest, and one more should its disk be bad
BASE_FILES = "base model's files"


def save(folder: Path, model: Any, optimizer: Any, progress: Progress, recipe: Recipe) -> Path:
    """Write the checkpoint of this step into `folder`, then take old ones away; the best one stays.

    Raises:
        LabError: the disk is full or cannot be written; what was saved before is whole.
    """
    target = folder / f"step-{progress.step:06d}"
    aside = folder / f".{target.name}"
    with saving(f"checkpoint of step {progress.step}", aside):
        save_weights(model, aside)
        torch.save(optimizer.state_dict(), aside / "optimizer.pt")
        write_json(aside / "progress.json", {"of": _identity(model, recipe), **progress.model_dump()})
        _flush(aside)
        remove(target)
        aside.rename(target)
    _prune(folder, progress)
    return target


@contextmanager
def saving(what: str, aside: Path) -> Iterator[None]:
    """Gives what is saved a new folder `aside`, and takes it away where the disk refuses.

    Raises:
        LabError: the disk is full or cannot be written; the sentence names `what` was to be saved.
    """
    try:
        remove(aside)
        aside.mkdir(parents=True)
        yield
    except (OSError, SafetensorError, RuntimeError) as error:
        shutil.rmtree(aside, ignore_errors=True)
        raise _unwritable(error, what) from error


def save_weights(model: Any, folder: Path) -> None:
    """The adapter as PEFT saves it, or the whole model after full tuning, as one file of safetensors."""
    model.save_pretrained(folder, max_shard_size="1TB")
    (folder / "README.md").unlink(missing_ok=True)  # PEFT's card, with paths of this machine


def newest(folder: Path) -> Path | None:
    """The checkpoint to go on from, or None."""
    found = sorted(folder.glob("step-*"))
    return found[-1] if found else None


def at(folder: Path, step: int) -> Path:
    """The checkpoint of a step."""
    return folder / f"step-{step:06d}"


def restore(checkpoint: Path, model: Any, optimizer: Any, recipe: Recipe) -> Progress:
    """Put model and optimizer back to where they were, and tell how far that was.

    Raises:
        LabError: the checkpoint is damaged, or belongs to another base model, dataset or method, or the files of the
            base model have changed.
    """
    try:
        kept = json.loads((checkpoint / "progress.json").read_bytes())
        _check(checkpoint, kept.pop("of"), _identity(model, recipe))
        load_weights(checkpoint, model)
        optimizer.load_state_dict(torch.load(checkpoint / "optimizer.pt", weights_only=True, map_location="cpu"))
        return Progress.model_validate(kept)
    except (OSError, ValueError, KeyError, RuntimeError, EOFError, SafetensorError, pickle.UnpicklingError) as error:
        raise LabError(
            f"The checkpoint {checkpoint.name} cannot be read. Delete its folder, and the run goes on from the one "
            "before it."
        ) from error


def load_weights(checkpoint: Path, model: Any) -> None:
    """Put the weights of a checkpoint into a model of the same shape."""
    adapter = checkpoint / "adapter_model.safetensors"
    if adapter.exists():
        from peft import set_peft_model_state_dict

        set_peft_model_state_dict(model, load_file(adapter))
    else:
        load_model(model, checkpoint / "model.safetensors", strict=False)  # tied weights are kept once


def _check(checkpoint: Path, of: dict[str, str], wanted: dict[str, str]) -> None:
    """Refuse a checkpoint that is of something else; it need not tell the base model's files."""
    told = {BASE_FILES: wanted[BASE_FILES], **of}
    other = next((name for name, value in wanted.items() if told.get(name) != value), "")
    if other == BASE_FILES:
        raise LabError(
            f"The files of the base model have changed since the checkpoint {checkpoint.name} was made, so the run "
            "cannot go on from it. Put them back as they were, or start a new run."
        )
    if other:
        raise LabError(
            f"The checkpoint {checkpoint.name} was made with another {other} than the run's recipe names, so the "
            "run cannot go on from it. Start a new run instead."
        )


def _identity(model: Any, recipe: Recipe) -> dict[str, str]:
    settings = recipe.settings
    adapter = f"{settings.method} of rank {settings.lora_r}" if settings.has_adapter else settings.method
    base = f"{recipe.source.get('title')} {recipe.source.get('revision')}"
    about = {"base model": base, "dataset": recipe.dataset_hash, "method": adapter}
    return {**about, BASE_FILES: model.base_fingerprint}


def _flush(folder: Path) -> None:
    """Make the files safe from a loss of power before the rename can be seen."""
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())


def _prune(folder: Path, progress: Progress) -> None:
    kept = {at(folder, progress.best_step)} if progress.best_step is not None else set()
    found = sorted(folder.glob("step-*"))
    for old in (set(found[:-KEPT]) - kept).union(folder.glob(".step-*")):  # the latter were being written at a kill
        remove(old)


def _unwritable(error: Exception, what: str) -> LabError:
    full = (isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)) or "No space" in str(error)
    why = "the disk is full" if full else "the run's folder cannot be written"
    return LabError(
        f"The {what} could not be saved: {why}. What was saved before is whole. Make room there and press Resume."
    )

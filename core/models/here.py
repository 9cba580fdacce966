"""What this machine cannot do, and why. Imports nothing heavy by itself.

A page asks before torch is in memory: then only the files are looked at. Once torch is there, bitsandbytes has been
tried on a small matrix, because it installs on machines on which it does not run.
"""

import importlib.util
import sys
from functools import cache
from typing import Any

from core.errors import SettingProblem
from core.models.imports import import_heavy
from core.models.loading import ModelSource, Quantization, device_for
from core.settings import Method, TrainSettings

METHOD_NAMES: dict[Method, str] = {
    "lora": "LoRA",
    "rslora": "rsLoRA",
    "dora": "DoRA",
    "qlora": "QLoRA (4-bit)",
    "lora-8bit": "8-bit LoRA",
    "full": "Full tuning",
}
OPTIMIZER_NAMES = {"adamw": "AdamW", "adamw-8bit": "AdamW in 8 bits"}
GGUF = "a GGUF file is quantised already; it needs a folder of safetensors"
MISSING = "it needs bitsandbytes, which is not installed (pip install bitsandbytes)"
BROKEN = "bitsandbytes is installed but does not work on this machine ({})"
MARK = " — not here: "  # between the name of a choice and why it cannot be taken


def available(source: ModelSource | None = None) -> dict[Method, str]:
    """For each training method why it cannot be used here on this model (any model if None), empty if it can."""
    return {method: _unquantised(TrainSettings(method=method).quantization, source) for method in METHOD_NAMES}


def available_optimizers() -> dict[str, str]:
    """For each optimizer why it cannot be used here, empty if it can."""
    return {"adamw": "", "adamw-8bit": _bitsandbytes("optimizer")}


def labelled(names: dict[Any, str], reasons: dict[Any, str]) -> list[tuple[str, str]]:
    """Label and value of each choice for a form; the label of one that cannot be taken says why, behind `MARK`."""
    return [(name + (MARK + reasons[value] if reasons[value] else ""), value) for value, name in names.items()]


def check_here(settings: TrainSettings, source: ModelSource) -> None:
    """Hold the settings of a run against what this machine can do. Loads torch, to be certain.

    Raises:
        SettingProblem: the method or the optimizer cannot be used here; the sentence says why, and what can.
    """
    import_heavy()
    if why := available(source)[settings.method]:
        name = METHOD_NAMES[settings.method]
        raise SettingProblem(f"Method is {name}, which cannot be used here: {why}. Choose LoRA or DoRA instead.")
    if why := available_optimizers()[settings.optimizer]:
        name = OPTIMIZER_NAMES[settings.optimizer]
        raise SettingProblem(f"Optimizer is {name}, which cannot be used here: {why}. Choose AdamW instead.")


def _unquantised(quantization: Quantization, source: ModelSource | None) -> str:
    """Why a model cannot be kept in memory in that way, empty if it can."""
    if quantization == "none":
        return ""
    return GGUF if source and source.gguf_file else _bitsandbytes(quantization)


def _bitsandbytes(what: str) -> str:
    """Why bitsandbytes cannot do `what` ("4bit", "8bit" or "optimizer") here, empty if it can or nobody knows yet."""
    if importlib.util.find_spec("bitsandbytes") is None:
        return MISSING
    return _tried(what) if "torch" in sys.modules else ""


@cache
def _tried(what: str) -> str:
    """Whatever goes wrong in a native library is the answer here: no error of a certain kind is to be expected."""
    import_heavy()
    try:
        _try_optimizer() if what == "optimizer" else _try_layer(what)
    except Exception as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        return BROKEN.format(lines[0][:120])
    return ""


def _try_layer(quantization: str) -> None:
    """A small quantised layer, forward and backward."""
    import torch
    from bitsandbytes.nn import Linear4bit, Linear8bitLt

    device = device_for(quantization)  # type: ignore[arg-type]
    four = quantization == "4bit"
    layer = Linear4bit(64, 64, quant_type="nf4") if four else Linear8bitLt(64, 64, has_fp16_weights=False)
    layer = layer.to(device)
    values = torch.ones(2, 64, device=device, requires_grad=True)
    layer(values).sum().backward()
    if layer.weight.dtype not in (torch.uint8, torch.int8) or values.grad is None:
        raise RuntimeError("its layers stay as they are")


def _try_optimizer() -> None:
    """A step of a weight that is large enough to be kept in 8 bits (4,096 numbers and more)."""
    import torch
    from bitsandbytes.optim import AdamW8bit

    weight = torch.nn.Parameter(torch.ones(4096, device=device_for("none")))
    weight.sum().backward()
    AdamW8bit([weight], lr=0.1).step()
    if bool((weight == 1).all()):
        raise RuntimeError("its steps change nothing")

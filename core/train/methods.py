"""The model as a method trains it: whole, or with a fresh adapter beside weights that stay. Imports torch and peft."""

import math
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from peft.tuners.lora import LoraLayer

from core.models import ModelSource, load_model
from core.models.fingerprint import fingerprint
from core.models.here import check_here
from core.settings import TrainSettings
from core.train.dropout import seed_dropouts
from core.train.fused_lora import fuse


def load_trainable(source: ModelSource, settings: TrainSettings, precision: str) -> Any:
    """The model in training mode, ready for its first step; the same seed gives the same adapter.

    Full tuning keeps its weights in float32, because steps of a small learning rate vanish in bfloat16; `precision`
    then only says in what the products are made. `base_fingerprint` of what is returned tells the base model's files.

    Raises:
        LabError: like `load_model`, or the method or the optimizer cannot be used on this machine.
    """
    dtype = precision if settings.has_adapter else "float32"
    check_here(settings, source)
    model = load_model(source, dtype, settings.quantization)  # type: ignore[arg-type]
    _keep_gradients(model)
    model.config.use_cache = False
    if settings.recompute:
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    if settings.has_adapter:
        model = get_peft_model(model, lora_config(settings), autocast_adapter_dtype=True)
        _fresh(model, settings.seed)
    else:
        model.requires_grad_(True)
    seed_dropouts(model, settings.seed)
    if settings.has_adapter:
        fuse(model)
    model.base_fingerprint = fingerprint(source)
    return model.train()


def lora_config(settings: TrainSettings) -> LoraConfig:
    """An adapter on all linear layers, which QLoRA (arXiv 2305.14314, section 4) found to matter most.

    LoRA is arXiv 2106.09685, rsLoRA (alpha over the root of the rank) 2312.03732, DoRA (direction and size apart)
    2402.09353.
    """
    return LoraConfig(
        r=settings.lora_r,
        lora_alpha=settings.lora_alpha,
        lora_dropout=settings.lora_dropout,
        use_rslora=settings.method == "rslora",
        use_dora=settings.method == "dora",
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )


def trained_parameters(model: Any) -> list[torch.nn.Parameter]:
    """The weights that change."""
    return [weight for weight in model.parameters() if weight.requires_grad]


def _keep_gradients(model: Any) -> None:
    """Forbid bitsandbytes to repack 4-bit weights at the first evaluation, which it does on CPUs with AVX512-BF16.

    The packed form is for inference: it stays, has no backward pass, and every layer below it would learn nothing.
    """
    for module in model.modules():
        if hasattr(module, "support_avx512bf16_for_cpu"):
            module.support_avx512bf16_for_cpu = False


def _fresh(model: Any, seed: int) -> None:
    """Draw the adapter again as PEFT does, but from a generator that nobody else in the process draws from."""
    drawn = torch.Generator().manual_seed(seed)
    for layer in (module for module in model.modules() if isinstance(module, LoraLayer)):
        for weight in (down.weight for down in layer.lora_A.values()):
            start = torch.empty(weight.shape)
            torch.nn.init.kaiming_uniform_(start, a=math.sqrt(5), generator=drawn)
            weight.data.copy_(start)

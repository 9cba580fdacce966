"""A model as a method trains it, made of its config alone: every layer's shapes, and no weights. Imports torch."""

import copy
from typing import Any

import torch
from peft import get_peft_model
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode

from core.models.loading import building
from core.settings import TrainSettings
from core.train.dropout import seed_dropouts
from core.train.fused_lora import fuse
from core.train.live import without_numbers
from core.train.methods import lora_config

BLOCK, BLOCKS = 64, 256  # NF4: weights that share a scale, and scales that share one in double quantisation


def hollow(config: Any, settings: TrainSettings, precision: str, mode: FakeTensorMode) -> Any:
    """The model of this config in training mode, with what `settings.method` trains, and tensors without numbers.

    Built in the order of `core.train.methods.load_trainable`, which gives the same one with its weights.
    """
    dtype = getattr(torch, precision if settings.has_adapter else "float32")
    model = _without_weights(config, dtype)
    if settings.quantization != "none":
        _quantise(model, settings.quantization, dtype)
    model.config.use_cache = False
    model.requires_grad_(not settings.has_adapter)
    if settings.recompute:
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    if settings.has_adapter:
        with torch.device("meta"):  # and not PEFT's `low_cpu_mem_usage`, which changes modules of other threads too
            model = get_peft_model(model, lora_config(settings), autocast_adapter_dtype=True)
    seed_dropouts(model, settings.seed)
    if settings.has_adapter:
        fuse(model)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    without_numbers(model, mode, device)
    with mode:
        _fill_quantised(model, device)
    return model.train()


def _without_weights(config: Any, dtype: torch.dtype) -> Any:
    """The bare model on the meta device. Its dtype is set afterwards: a run in another thread keeps torch's default."""
    from transformers import AutoModelForCausalLM

    with building, torch.device("meta"):
        model = AutoModelForCausalLM.from_config(copy.deepcopy(config), dtype=torch.float32)
    for weight in model.parameters():
        weight.data = weight.data.to(dtype)
    return model


def _quantise(model: nn.Module, quantization: str, dtype: torch.dtype) -> None:
    """Put bitsandbytes' layers in the place of the linear ones, as transformers does when it loads weights."""
    from transformers import BitsAndBytesConfig
    from transformers.integrations import replace_with_bnb_linear
    from transformers.quantizers.base import get_keys_to_not_convert

    four = quantization == "4bit"
    about: dict[str, Any] = {"bnb_4bit_quant_type": "nf4", "bnb_4bit_use_double_quant": True} if four else {}
    wanted = BitsAndBytesConfig(load_in_4bit=four, load_in_8bit=not four, bnb_4bit_compute_dtype=dtype, **about)
    replace_with_bnb_linear(model, get_keys_to_not_convert(model), wanted)
    setattr(model, f"is_loaded_in_{quantization}", True)


def _fill_quantised(model: nn.Module, device: str) -> None:
    """Give quantised layers weights of the size that bitsandbytes keeps, with their scales."""
    for module in model.modules():
        kind = type(module).__name__
        if kind == "Linear4bit" and isinstance(module, nn.Linear):
            _fill_4bit(module, device)
        elif kind == "Linear8bitLt" and isinstance(module, nn.Linear):
            _fill_8bit(module, device)


def _fill_4bit(layer: Any, device: str) -> None:
    from bitsandbytes.functional import QuantState

    count = layer.weight.numel()
    blocks = -(-count // BLOCK)
    outer = QuantState(
        absmax=torch.empty(-(-blocks // BLOCKS), device=device),
        code=torch.empty(256, device=device),
        blocksize=BLOCKS,
        dtype=torch.float32,
    )
    state = QuantState(
        absmax=torch.empty(blocks, dtype=torch.uint8, device=device),
        shape=torch.Size([layer.out_features, layer.in_features]),
        code=torch.empty(16, device=device),
        blocksize=BLOCK,
        quant_type="nf4",
        dtype=layer.compute_dtype,
        offset=torch.empty((), device=device),
        state2=outer,
    )
    kept = torch.empty(-(-count // 2), 1, dtype=torch.uint8, device=device)
    layer.weight = nn.Parameter(kept, requires_grad=False)
    layer.weight.quant_state = state
    layer.support_avx512bf16_for_cpu = False  # as in load_trainable: weights stay as they are for the way back


def _fill_8bit(layer: Any, device: str) -> None:
    kept = torch.empty(layer.out_features, layer.in_features, dtype=torch.int8, device=device)
    layer.weight = nn.Parameter(kept, requires_grad=False)
    layer.weight.CB = layer.weight.SCB = None
    layer.state.CB, layer.state.SCB = layer.weight.data, torch.empty(layer.out_features, device=device)
    layer.state.threshold = 0.0  # which columns stand out is a matter of numbers

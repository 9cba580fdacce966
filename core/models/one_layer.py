"""One layer of a model with invented weights: what a probe of this machine computes, without loading the model.

How long a layer takes depends on its shapes and not on its weights, so the config is enough. Imports torch inside
functions.
"""

import copy
from typing import Any

from core.models.imports import import_heavy
from core.models.loading import SAFETY, ModelSource, _where, building

MOST_WORDS = 4096  # of the vocabulary: enough for the same kernels, and little to fill
MOST_WEIGHTS = 500_000_000  # more would take seconds to fill and gigabytes to hold


def one_layer(source: ModelSource, layers: int = 1) -> Any | None:
    """The model with its first layer only and a short vocabulary, float32, on the CPU; None where it cannot be made.

    `layers` makes it so many of the first. No random state of the process is touched.
    """
    import_heavy()
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    where = {"gguf_file": source.gguf_file} if source.gguf_file else _where(source)
    try:
        config = copy.deepcopy(AutoConfig.from_pretrained(source.path_or_id, **where, **SAFETY)).get_text_config()
        _shorten(config, layers)
        with building, torch.device("meta"):
            size = sum(weight.numel() for weight in AutoModelForCausalLM.from_config(config).parameters())
        if size > MOST_WEIGHTS:
            return None
        with building, torch.random.fork_rng(devices=[]):
            return AutoModelForCausalLM.from_config(config, dtype=torch.float32).eval()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError):
        return None  # a model of another build: nothing is measured, and the rule of thumb holds


def _shorten(config: Any, layers: int) -> None:
    config.num_hidden_layers = min(layers, config.num_hidden_layers)
    config.vocab_size = min(config.vocab_size, MOST_WORDS)
    for name in ("pad_token_id", "bos_token_id", "eos_token_id"):
        setattr(config, name, None)
    if getattr(config, "layer_types", None):
        config.layer_types = config.layer_types[: config.num_hidden_layers]

"""Dropout of models that keep the share of their attention in a module or a number: none draws from elsewhere."""

from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM, FalconConfig, GPT2Config, OPTConfig

from core.train.dropout import seed_dropouts

SIZES = {"vocab_size": 50, "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}


def configs(share: float) -> list[Any]:
    return [
        GPT2Config(vocab_size=50, n_embd=16, n_layer=1, n_head=2, attn_pdrop=share, resid_pdrop=share),
        FalconConfig(**SIZES, attention_dropout=share, hidden_dropout=share),
        OPTConfig(**SIZES, ffn_dim=16, word_embed_proj_dim=16, attention_dropout=share, dropout=share),
    ]


@pytest.mark.parametrize("config", [*configs(0.0), *configs(0.3)], ids=lambda config: type(config).__name__)
def test_the_global_generator_changes_nothing(config: Any) -> None:
    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_config(config, attn_implementation="sdpa").train()
    seed_dropouts(model, 7)
    ids = torch.arange(12)[None]
    losses = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        losses.append(model(input_ids=ids, labels=ids).loss.item())
    assert losses[0] == losses[1]

"""How the next token is chosen: the likeliest, or drawn with a luck that all rows of a batch share. Imports torch.

Sampling draws with the Gumbel-max trick from a generator of its own: argmax(logits / temperature + g), g drawn from
Gumbel(0, 1), is a draw from the softmax (Maddison et al. 2014, arXiv 1411.0030). Every row of a batch gets the same g,
so that the answers of two sides differ by their weights and not by their luck, and no global generator is touched.
"""

import torch
from transformers import LogitsProcessor, LogitsProcessorList
from transformers.generation.logits_process import TemperatureLogitsWarper, TopPLogitsWarper

from core.settings import GenerateSettings


def processors(settings: GenerateSettings) -> LogitsProcessorList:
    """What makes of logits scores whose argmax is the next token."""
    if settings.temperature == 0:
        return LogitsProcessorList()
    top_p = [TopPLogitsWarper(settings.top_p)] if settings.top_p < 1 else []
    warpers = [TemperatureLogitsWarper(float(settings.temperature)), *top_p]
    return LogitsProcessorList([*warpers, _SeededDraw(settings.seed)])


class _SeededDraw(LogitsProcessor):
    def __init__(self, seed: int) -> None:
        self.generator = torch.Generator().manual_seed(seed)

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        uniform = torch.rand(scores.shape[-1], generator=self.generator).clamp_(1e-20, 1 - 1e-7)
        return scores.float() - torch.log(-torch.log(uniform)).to(scores.device)

"""Up to four sides answer the same prompt: who they are (`sides`), what they read (`chats`), and their answers.

`playground` asks them, in as few batches as can be (`batches`), of the models in memory (`loaded`).
"""

from core.compare.chats import OTHER_TEMPLATE, Turn, run_templates
from core.compare.playground import Playground
from core.compare.replies import Comparison, Reply
from core.compare.sides import Lineup, Side, Weights, checkpoints, same_base

__all__ = [
    "OTHER_TEMPLATE",
    "Comparison",
    "Lineup",
    "Playground",
    "Reply",
    "Side",
    "Turn",
    "Weights",
    "checkpoints",
    "run_templates",
    "same_base",
]

"""Which rows: the split (`split`) and its check (`crossing`); a subset to train on (`choose`) and its `control`."""

from core.select.apart import split_apart
from core.select.crossing import Crossing, crossing
from core.select.ifd import Ifd, Scorer
from core.select.keys import chat_keys, draw, prompt_keys
from core.select.quotas import quotas
from core.select.split import FEW_SHOT, Split, split
from core.select.subset import NO_HELP, Subset, choose, control, trainable

__all__ = [
    "FEW_SHOT",
    "NO_HELP",
    "Crossing",
    "Ifd",
    "Scorer",
    "Split",
    "Subset",
    "chat_keys",
    "choose",
    "control",
    "crossing",
    "draw",
    "prompt_keys",
    "quotas",
    "split",
    "split_apart",
    "trainable",
]

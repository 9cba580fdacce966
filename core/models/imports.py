"""Importing torch, transformers and peft: seconds of work, so not before someone needs a model."""

import importlib
import logging
import os
import threading
import warnings

# Read when OpenMP is loaded. Its waiting threads otherwise spin, and on a busy machine they keep the work from the
# others: a training step of 7 seconds took 50.
WAITING = {"OMP_WAIT_POLICY": "PASSIVE"}

_one_at_a_time = threading.Lock()


def import_heavy() -> None:
    """Import them once. Call it before the first import in a thread.

    transformers replaces itself by a lazy module while it is imported; a second thread that imports it at that moment
    gets the half-made one and fails with "cannot import name".
    """
    with _one_at_a_time:
        for name, value in WAITING.items():
            os.environ.setdefault(name, value)
        os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"  # read when huggingface_hub is imported
        logging.getLogger("bitsandbytes").setLevel(logging.ERROR)  # it warns of GPU kernels that a CPU does not need
        warnings.filterwarnings("ignore", category=FutureWarning, module="transformers")
        for name in ("torch", "transformers", "peft"):
            importlib.import_module(name)
        importlib.import_module("transformers.utils.logging").disable_progress_bar()
        from transformers import AutoModelForCausalLM, AutoTokenizer  # noqa: F401  resolves what is lazy in them

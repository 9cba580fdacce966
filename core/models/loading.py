"""Loading: a tokenizer or a model from a `ModelSource`. Safetensors or GGUF only, and never code from a repository."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from core.errors import LabError, NotFound
from core.models.imports import import_heavy

Quantization = Literal["none", "4bit", "8bit"]
Dtype = Literal["auto", "float32", "bfloat16", "float16"]
SAFETY = {"trust_remote_code": False}
# While transformers builds a model it changes torch for the whole program: the default dtype, `torch.linspace`. A
# second thread that builds one meanwhile would get the other's: weights of its dtype, or none at all ("Cannot copy out
# of meta tensor").
building = threading.RLock()


@dataclass(frozen=True)
class ModelSource:
    """Where a model comes from: a folder or a Hub id with its commit (`revision`), or a `gguf_file` in a folder.

    `title` is the name for screens, cards and recipes; it never holds more of a path than the last part.
    """

    path_or_id: str
    revision: str
    gguf_file: str | None
    title: str

    @property
    def is_local(self) -> bool:
        """Whether it lies in a folder on this machine."""
        return Path(self.path_or_id).is_absolute()


def load_tokenizer(source: ModelSource) -> Any:
    """The tokenizer, with a padding token; that of a base model may have no chat template.

    Raises:
        NotFound: the files are not there.
        LabError: they cannot be read.
    """
    import_heavy()
    from transformers import AutoTokenizer

    with _failures_as_sentences(source):
        tokenizer = (
            gguf_tokenizer(Path(source.path_or_id) / source.gguf_file)
            if source.gguf_file
            else AutoTokenizer.from_pretrained(source.path_or_id, **_where(source), **SAFETY)
        )
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


def load_model(source: ModelSource, dtype: Dtype = "auto", quantization: Quantization = "none") -> Any:
    """The causal language model, in evaluation mode, on the GPU if there is one.

    `dtype` "auto" keeps the precision in which the weights are stored, or takes float32 where 16-bit weights would
    be slow because the machine has no instructions for them. `quantization` "4bit" is NF4 with double
    quantisation (QLoRA, arXiv 2305.14314), "8bit" is LLM.int8 (arXiv 2208.07339); both by bitsandbytes, CPU included.

    Raises:
        NotFound: the files are not there.
        LabError: they cannot be read, are of an unknown kind, or do not fit into memory.
    """
    import_heavy()
    import torch
    from transformers import AutoModelForCausalLM

    device = device_for(quantization)
    if dtype == "auto" and not has_fast_bfloat16():
        dtype = "float32"
    precision = dtype if dtype == "auto" else getattr(torch, dtype)
    with building, _failures_as_sentences(source):
        if source.gguf_file:
            if quantization != "none":
                raise LabError(
                    f"{source.title} is a GGUF file, which cannot be loaded in {quantization}. "
                    "Choose quantisation “none”, or a folder of safetensors."
                )
            path = Path(source.path_or_id) / source.gguf_file
            model = gguf_model(path, torch.bfloat16 if dtype == "auto" else precision).to(device)
        else:
            model = AutoModelForCausalLM.from_pretrained(
                source.path_or_id,
                dtype=precision,
                device_map={"": device},
                use_safetensors=True,
                quantization_config=_quantizer(quantization, torch.bfloat16 if dtype == "auto" else precision),
                **_where(source),
                **SAFETY,
            )
    return model.eval()


def device_for(quantization: Quantization = "none") -> Literal["cuda", "mps", "cpu"]:
    """Where a model is computed: the GPU if there is one; on an Apple one only as it is, else on the CPU beside it.

    bitsandbytes computes 4-bit weights on Apple's GPUs and no 8-bit ones, and both on the CPU.
    """
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if quantization == "none" and torch.backends.mps.is_available() else "cpu"


def has_fast_bfloat16() -> bool:
    """Whether the hardware multiplies bfloat16 matrices: a GPU that can, or a CPU with AVX512-BF16 or AMX."""
    import torch

    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    capabilities: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()  # not in every torch that is allowed
    return any(capabilities.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16"))


def gguf_tokenizer(path: Path) -> Any:
    """The tokenizer kept inside a GGUF file."""
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(str(path.parent), gguf_file=path.name, **SAFETY)


def gguf_model(path: Path, dtype: Any) -> Any:
    """The model of a GGUF file, with every weight unpacked to the torch `dtype`, so that it can be tuned and saved."""
    from transformers import AutoModelForCausalLM, GgufConfig

    model = AutoModelForCausalLM.from_pretrained(
        str(path.parent),
        gguf_file=path.name,
        quantization_config=GgufConfig(dequantize=True),
        dtype=dtype,
        **SAFETY,
    )
    # The weights are plain now; what still calls them quantised would stop training and saving.
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model.hf_quantizer = None
    return model


def _where(source: ModelSource) -> dict[str, Any]:
    return {"local_files_only": True} if source.is_local else {"revision": source.revision}


def _quantizer(quantization: Quantization, computed_in: Any) -> Any:
    if quantization == "none":
        return None
    from transformers import BitsAndBytesConfig

    if quantization == "8bit":
        # It warns about every layer of every step that activations are rounded, which is what LLM.int8 is.
        logging.getLogger("bitsandbytes.autograd._functions").setLevel(logging.ERROR)
        return BitsAndBytesConfig(load_in_8bit=True)
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=computed_in,
    )


@contextmanager
def _failures_as_sentences(source: ModelSource) -> Iterator[None]:
    from safetensors import SafetensorError

    try:
        yield
    except MemoryError as error:
        raise _too_large(source) from error
    except RuntimeError as error:
        if "out of memory" not in str(error).lower() and "not enough memory" not in str(error).lower():
            raise
        raise _too_large(source) from error
    except (OSError, SafetensorError) as error:
        raise NotFound(
            f"{source.title} cannot be loaded: its files are missing, damaged, or not safetensors "
            "(pickled weights are refused, because they can run code). Fetch it again or choose another model."
        ) from error
    except ImportError as error:
        raise LabError(
            f"{source.title} cannot be loaded in this way, because a package is missing or does not work here: "
            f"{_first_line(error)}"
        ) from error
    except (ValueError, KeyError) as error:
        raise LabError(
            f"{source.title} cannot be loaded as a language model by transformers: {_first_line(error)}"
        ) from error


def _too_large(source: ModelSource) -> LabError:
    return LabError(
        f"{source.title} does not fit into the memory that is free. Choose a smaller model or 4-bit, or close others."
    )


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:200]

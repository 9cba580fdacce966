"""How many tokens a model reads at most, told by its config. Imports transformers and torch inside functions."""

import copy
from functools import lru_cache
from typing import Any

from core.errors import LabError
from core.models import ModelSource, import_heavy


def model_config(source: ModelSource) -> Any:
    """The model's config.json, or what its GGUF file tells; no weights are read or fetched.

    Raises:
        LabError: it cannot be had.
    """
    from transformers import AutoConfig

    where = {"local_files_only": True} if source.is_local else {"revision": source.revision}
    gguf = {"gguf_file": source.gguf_file} if source.gguf_file else {}
    try:
        return AutoConfig.from_pretrained(source.path_or_id, trust_remote_code=False, **where, **gguf)
    except (OSError, ValueError, KeyError) as error:
        raise LabError(f"The config of {source.title} cannot be read, so nothing can be said of its memory.") from error


def context_of(source: ModelSource, tokenizer: Any) -> int:
    """Tokens that the model reads at most: what its tokenizer says or its config, whichever is less."""
    try:
        told = getattr(model_config(source).get_text_config(), "max_position_embeddings", None)
    except LabError:  # then the tokenizer alone tells
        told = None
    return int(min(tokenizer.model_max_length, told or tokenizer.model_max_length))


@lru_cache(maxsize=8)
def ends_with_its_context(source: ModelSource) -> bool:
    """Whether the model's places are a table, as GPT-2's are: a longer row cannot be computed at all."""
    import_heavy()
    import torch
    from transformers import AutoModelForCausalLM

    from core.models.loading import building

    config = copy.deepcopy(model_config(source)).get_text_config()
    context = getattr(config, "max_position_embeddings", None)
    try:
        with building, torch.device("meta"):
            model = AutoModelForCausalLM.from_config(config)
    except (ValueError, TypeError, AttributeError, RuntimeError, ImportError):  # of an unknown kind
        return False
    words = model.get_input_embeddings()
    tables = [each for each in model.modules() if isinstance(each, torch.nn.Embedding) and each is not words]
    return bool(context) and any(table.num_embeddings >= context for table in tables)

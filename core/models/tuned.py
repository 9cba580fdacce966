"""What training leaves in a folder, put to work: an adapter on its base model, or a whole model beside it."""

import json
from pathlib import Path
from typing import Any

from core.errors import LabError
from core.models.imports import import_heavy
from core.models.loading import ModelSource, load_model


def weights_in(folder: Path) -> Path | None:
    """The safetensors of an adapter, or of a whole model, in this folder; None if there are none."""
    files = (folder / name for name in ("adapter_model.safetensors", "model.safetensors"))
    return next((path for path in files if path.exists()), None)


def with_adapter(model: Any, folder: Path, name: str, base: ModelSource) -> Any:
    """The model, loaded from `base`, with the adapter of the folder beside those on its layers already, under `name`.

    Raises:
        LabError: the adapter is of another base model, or damaged; half of it may then be on the layers.
    """
    import_heavy()
    from peft import PeftConfig, PeftModel, PeftModelForCausalLM
    from safetensors import SafetensorError

    if isinstance(model, PeftModel) and name in model.peft_config:
        return model
    try:
        trained_on = json.loads((folder / "adapter_config.json").read_bytes()).get("base_model_name_or_path")
        if trained_on and Path(trained_on).name != Path(base.path_or_id).name:
            raise _other_base(name, base)
        if not isinstance(model, PeftModel):
            config = PeftConfig.from_pretrained(str(folder), inference_mode=True)
            model = PeftModelForCausalLM(model, config, name)
        found = model.load_adapter(str(folder), name, torch_device=str(model.device))
    except (RuntimeError, ValueError, OSError, TypeError, AttributeError, KeyError, SafetensorError) as error:
        raise _other_base(name, base) from error
    if found.missing_keys or found.unexpected_keys:
        raise _other_base(name, base)
    return model.eval()


def load_tuned(folder: Path, name: str, base_model: Any) -> Any:
    """The whole model of the folder, in the precision of its base model. Raises `LabError` like `load_model`."""
    precision = str(base_model.dtype).removeprefix("torch.")
    return load_model(ModelSource(str(folder.resolve()), "", None, name), precision)  # type: ignore[arg-type]


def changed_weights(tuned: Any, name: str, base_model: Any, base: ModelSource) -> tuple[int, int]:
    """How many matrices and vectors of a fully tuned model differ from those of its base model, and of how many.

    Raises:
        LabError: they have not the same names and shapes: it was made of another model.
    """
    # An adapter that sits on the base model has wrapped its layers.
    own = {
        key.removeprefix("base_model.model.").replace(".base_layer.", "."): w
        for key, w in base_model.named_parameters()
    }
    found = dict(tuned.named_parameters())
    if any(key not in own or own[key].shape != weight.shape for key, weight in found.items()):
        raise _other_base(name, base)
    return sum(not bool((own[key] == weight).all()) for key, weight in found.items()), len(found)


def _other_base(name: str, base: ModelSource) -> LabError:
    return LabError(
        f"The result of {name} does not fit {base.title}: it was trained on another base model, or its files are "
        "damaged. Use it with the model that it was trained on, or train it again."
    )

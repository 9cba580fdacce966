"""What leaves the lab as a zip: an adapter, or a fully tuned model, with its tokenizer, its recipe and a card."""

import json
import zipfile
from pathlib import Path
from typing import Any

import yaml

from core.errors import NotFound
from core.models.here import METHOD_NAMES
from core.models.tuned import weights_in
from core.workspace import Recipe, Run

LEFT_OUT = ("training_args.bin", "README.md")  # a pickle, and PEFT's card with this machine's paths
LOADED = "then `PeftModel.from_pretrained(base_model, folder)`."
LOADED_ON = {
    "none": f"Load the base model, {LOADED}",
    "4bit": "It was trained on the base model in 4 bits: load that with `BitsAndBytesConfig(load_in_4bit=True, "
    f'bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True)`, {LOADED}',
    "8bit": "It was trained on the base model in 8 bits: load that with `BitsAndBytesConfig(load_in_8bit=True)`, "
    f"{LOADED}",
}
WHOLE = "It is a model of its own: load it with `AutoModelForCausalLM.from_pretrained(folder)`."


def zip_result(run: Run, folder: Path) -> Path:
    """Write `<run id>.zip` into `folder`: adapter or model as safetensors, tokenizer, recipe, card; no path from here.

    Nothing is compressed: weights hardly shrink, and a large model would keep the reader waiting.

    Raises:
        NotFound: the run has no result.
    """
    if not weights_in(run.adapter):
        raise NotFound(f"The run {run.id} has no result to download: it is {run.status().state}.")
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{run.id}.zip"
    recipe = run.recipe
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(run.adapter.iterdir()):
            if path.is_file() and path.name not in (*LEFT_OUT, "adapter_config.json"):
                archive.write(path, path.name)
        if recipe.settings.has_adapter:
            archive.writestr("adapter_config.json", _config(run))
        archive.writestr("recipe.yaml", yaml.safe_dump(_recipe(recipe), sort_keys=False, allow_unicode=True))
        archive.writestr("README.md", _card(run))
    return target


def _config(run: Run) -> str:
    config = json.loads((run.adapter / "adapter_config.json").read_text(encoding="utf-8"))
    return json.dumps({**config, "base_model_name_or_path": _base_name(run.recipe)}, indent=2)


def _recipe(recipe: Recipe) -> dict[str, Any]:
    shown = recipe.model_dump(exclude={"workspace"})
    return {**shown, "model": _base_name(recipe), "source": {**recipe.source, "path_or_id": _base_name(recipe)}}


def _base_name(recipe: Recipe) -> str:
    """The Hub id, or only the title of a model that lies in a folder of this machine."""
    where = recipe.source["path_or_id"] or ""
    return str(recipe.source["title"] if Path(where).is_absolute() else where)


def _card(run: Run) -> str:
    recipe, status = run.recipe, run.status()
    settings = recipe.settings
    losses = [line["loss"] for line in run.metrics() if line["kind"] == "held-out"]
    end = status.best_loss if settings.keep_best and status.best_loss is not None else losses[-1] if losses else None
    measured = f"from {losses[0]:.3f} to {end:.3f}" if losses else "not measured (no held-out rows)"
    what = f"An adapter ({METHOD_NAMES[settings.method]})" if settings.has_adapter else "A fully tuned model"
    how = LOADED_ON[settings.quantization] if settings.has_adapter else WHOLE
    return (
        f"# {run.id}\n\n"
        f"{what}, made with Tunebench.\n\n"
        f"- Base model: {recipe.source['title']} (revision {recipe.source['revision']})\n"
        f"- Method: {_method(recipe)}\n"
        f"- Dataset version: {recipe.dataset}, content hash {recipe.dataset_hash}\n"
        f"- Steps: {status.step} of {status.steps} ({status.state})\n"
        f"- Held-out loss: {measured}\n"
        f"{_personal_data(recipe)}\n"
        f"{how} recipe.yaml has every setting.\n"
    )


def _method(recipe: Recipe) -> str:
    settings = recipe.settings
    name = METHOD_NAMES[settings.method]
    if not settings.has_adapter:
        return f"{name}: every weight was trained"
    return f"{name}, rank {settings.lora_r}, alpha {settings.lora_alpha}"


def _personal_data(recipe: Recipe) -> str:
    """What was known of the personal data in the rows when the run was set up, and whether a person chose it."""
    if not recipe.personal_data:
        return "- Personal data: not recorded\n"
    chosen = " It was trained on all the same, by choice." if recipe.consent else ""
    return f"- Personal data: {recipe.personal_data}{chosen}\n"

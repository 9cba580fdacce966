"""What leaves the lab: the tuned adapter as a zip, with its recipe and a card."""

import json
import zipfile
from pathlib import Path
from typing import Any

import yaml

from core.errors import NotFound
from core.workspace import Recipe, Run

LEFT_OUT = ("training_args.bin", "README.md")  # a pickle, and PEFT's card with this machine's paths


def zip_adapter(run: Run, folder: Path) -> Path:
    """Write `<run id>.zip` into `folder`: the adapter, the tokenizer, the recipe, and a card; no path of this machine.

    Raises:
        NotFound: the run has no adapter.
    """
    if not run.has_adapter:
        raise NotFound(f"The run {run.id} has no adapter to download: it is {run.status().state}.")
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{run.id}.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(run.adapter.iterdir()):
            if path.is_file() and path.name not in (*LEFT_OUT, "adapter_config.json"):
                archive.write(path, path.name)
        archive.writestr("adapter_config.json", _config(run))
        archive.writestr("recipe.yaml", yaml.safe_dump(_recipe(run.recipe), sort_keys=False, allow_unicode=True))
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
    losses = [line["loss"] for line in run.metrics() if line["kind"] == "held-out"]
    measured = f"from {losses[0]:.3f} to {losses[-1]:.3f}" if losses else "not measured (no held-out rows)"
    return (
        f"# {run.id}\n\n"
        f"A LoRA adapter, made with Tunebench.\n\n"
        f"- Base model: {recipe.source['title']} (revision {recipe.source['revision']})\n"
        f"- Dataset version: {recipe.dataset}, content hash {recipe.dataset_hash}\n"
        f"- Steps: {status.step} of {status.steps} ({status.state})\n"
        f"- Held-out loss: {measured}\n"
        f"{_personal_data(recipe)}\n"
        "Load it with `PeftModel.from_pretrained(base_model, folder)`. recipe.yaml has every setting.\n"
    )


def _personal_data(recipe: Recipe) -> str:
    """What was known of the personal data in the rows when the run was set up, and whether a person chose it."""
    if not recipe.personal_data:
        return "- Personal data: not recorded\n"
    chosen = " It was trained on all the same, by choice." if recipe.consent else ""
    return f"- Personal data: {recipe.personal_data}{chosen}\n"

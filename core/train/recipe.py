"""The recipe, from top to bottom: load, prepare, train, save. Imports torch and trl: import it inside functions."""

import math
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset as Rows
from peft import LoraConfig
from transformers import PrinterCallback
from trl import SFTConfig, SFTTrainer

from core.errors import LabError
from core.format import Rendered
from core.models import ModelSource, load_model, load_tokenizer
from core.settings import TrainSettings
from core.train.plan import Prepared, count_steps, prepare
from core.train.recorder import Recorder
from core.train.samples import Sampler
from core.workspace import Run, Status, Workspace

SCHEDULES = {"cosine": "cosine", "linear": "linear", "constant": "constant_with_warmup"}


def train(run: Run) -> None:
    """Train a run: its recipe says on what and how, its folder takes everything that comes of it.

    Raises:
        LabError: the model or the dataset version is gone or has changed, no rows are left, or the loss broke.
    """
    recipe = run.recipe
    run.write_status(Status(state="running", reason="Loading the model."))
    source = ModelSource(**recipe.source)  # type: ignore[arg-type]
    tokenizer = load_tokenizer(source)
    dataset = _dataset(recipe.workspace, recipe.dataset, recipe.dataset_hash)
    prepared = prepare(tokenizer, dataset, recipe.settings)

    steps = count_steps(len(prepared.train.rows), recipe.settings, recipe.most_steps)
    recorder = Recorder(run, steps, Sampler(tokenizer, dataset))
    trainer = make_trainer(load_model(source), tokenizer, prepared, recipe.settings, steps, run.checkpoints)
    trainer.remove_callback(PrinterCallback)
    trainer.add_callback(recorder)
    trainer.train()
    recorder.raise_if_broken()

    trainer.model.save_pretrained(run.adapter)
    tokenizer.save_pretrained(run.adapter)
    recorder.finish()


def make_trainer(
    model: Any, tokenizer: Any, prepared: Prepared, settings: TrainSettings, steps: int, folder: Path
) -> SFTTrainer:
    """TRL's trainer over rows that are ids and labels already, with a fresh adapter; checkpoints go to `folder`."""
    return SFTTrainer(
        model=model,
        processing_class=tokenizer,
        args=_arguments(settings, steps, model.dtype == torch.bfloat16, bool(prepared.measured), folder),
        train_dataset=_rows(prepared.train.rows),
        eval_dataset=_rows(prepared.measured) if prepared.measured else None,
        peft_config=lora_config(settings),
    )


def lora_config(settings: TrainSettings) -> LoraConfig:
    """LoRA (arXiv 2106.09685) on all linear layers, which QLoRA (arXiv 2305.14314, section 4) found to matter most."""
    return LoraConfig(
        r=settings.lora_r,
        lora_alpha=settings.lora_alpha,
        lora_dropout=settings.lora_dropout,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )


def _arguments(settings: TrainSettings, steps: int, bf16: bool, measured: bool, folder: Path) -> SFTConfig:
    cuda = torch.cuda.is_available()
    every = max(1, math.ceil(steps / settings.evaluations))
    return SFTConfig(
        output_dir=str(folder),
        max_steps=steps,
        per_device_train_batch_size=settings.batch_size,
        per_device_eval_batch_size=settings.batch_size,
        learning_rate=settings.learning_rate,
        lr_scheduler_type=SCHEDULES[settings.schedule],
        warmup_steps=math.ceil(settings.warmup * steps),
        seed=settings.seed,
        # Rows of like length share a batch, so that less padding is computed.
        train_sampling_strategy="group_by_length",
        eval_strategy="steps" if measured else "no",
        eval_steps=every,
        eval_on_start=measured,
        save_steps=every,
        save_total_limit=2,
        logging_steps=1,
        logging_nan_inf_filter=False,  # it would write the last good loss in place of a broken one
        dataset_kwargs={"skip_prepare_dataset": True},
        max_length=None,
        bf16=bf16,  # the adapter's weights stay float32; only its products are made in bfloat16
        use_cpu=not cuda,
        gradient_checkpointing=cuda,
        dataloader_pin_memory=cuda,
        report_to=[],
        disable_tqdm=True,
    )


def _rows(rendered: list[Rendered]) -> Rows:
    return Rows.from_dict({"input_ids": [row.ids for row in rendered], "labels": [row.labels for row in rendered]})


def _dataset(workspace: str, version_id: str, expected_hash: str) -> Any:
    dataset = Workspace(Path(workspace)).versions.load(version_id)
    if dataset.content_hash() != expected_hash:
        raise LabError(
            f"The dataset version {version_id} has changed on disk since this run was set up. "
            "Start a new run, or restore the version."
        )
    return dataset

"""One contender of the training benchmark in this process: `python training_one.py NAME JOB.json FOLDER`.

Trains an adapter on the job's rows, saves it to FOLDER/adapter and its figures to FOLDER/figures.json. All take the
same rows in the same order, LoRA, batch size, learning rate, schedule and number of steps; whatever else a library
would do by itself, it does.
"""

import sys
from pathlib import Path
from typing import Any

import report

sys.path.insert(0, str(report.ROOT))

from training_clock import IGNORED, Clock, callback, tell
from training_rows import Job

from core.records import HELD_OUT, TRAIN


def tunebench(job: Job, folder: Path, clock: Clock) -> None:
    """The loop of `core.train.recipe` with its records, without the evaluations, which the others do not do either."""
    from dataclasses import asdict

    from core.models import load_tokenizer
    from core.train.machine import at_work, settle
    from core.train.methods import load_trainable
    from core.train.plan import prepare
    from core.train.progress import Progress
    from core.train.recorder import Recorder
    from core.train.training import Training
    from core.workspace import Recipe, Run

    about = {"model": job.model, "dataset": "", "dataset_hash": "", "workspace": "", "versions": {}, "created": ""}
    recipe = Recipe(source=asdict(job.source), settings=job.settings, most_steps=10**6, **about)  # type: ignore[arg-type]
    run = Run.create(folder / "run", recipe)
    prepared = prepare(load_tokenizer(job.source), job.dataset(), job.settings)
    machine = settle(run.folder, job.source, job.settings, prepared)
    with at_work(machine):
        model = load_trainable(job.source, job.settings, machine.precision)
        training = Training(model, job.settings, machine, prepared, recipe.most_steps)
        size = job.settings.batch_size
        rows = list(range(len(job.train)))
        training.order = [rows[start : start + size] for start in range(0, len(rows), size)]
        progress = Progress()
        recorder = Recorder(run, training.steps, progress)
        clock.start()
        while progress.step < training.steps:
            recorder.step(*training.step(progress, recorder))
        clock.stop(progress.step)
    clock.trained, clock.computed = progress.trained, progress.tokens + progress.padding
    model.save_pretrained(folder / "adapter")


def padded(job: Job, folder: Path, clock: Clock) -> None:
    """`transformers.Trainer` as its documentation shows it, every row filled up to the longest of the set."""
    _trainer(job, folder, clock, longest=max(len(row.ids) for row in job.rendered(TRAIN)))


def dynamic(job: Job, folder: Path, clock: Clock) -> None:
    """The same with rows filled up to the longest of their batch."""
    _trainer(job, folder, clock, longest=None)


def _trainer(job: Job, folder: Path, clock: Clock, longest: int | None) -> None:
    from peft import get_peft_model
    from transformers import AutoModelForCausalLM, AutoTokenizer, DataCollatorForSeq2Seq, Trainer, TrainingArguments

    tokenizer = AutoTokenizer.from_pretrained(job.model)
    model = get_peft_model(AutoModelForCausalLM.from_pretrained(job.model), _lora(job))
    rows = [{"input_ids": row.ids, "attention_mask": [1] * len(row.ids), "labels": row.labels} for row in _train(job)]
    padding: Any = True if longest is None else "max_length"
    trainer = Trainer(
        model=model,
        args=TrainingArguments(**_arguments(job, folder)),
        train_dataset=rows,
        data_collator=DataCollatorForSeq2Seq(
            tokenizer, padding=padding, max_length=longest, label_pad_token_id=IGNORED
        ),
        callbacks=[callback(clock)],
    )
    trainer.train()
    model.save_pretrained(folder / "adapter")


def trl(job: Job, folder: Path, clock: Clock) -> None:
    """TRL's SFTTrainer with its defaults: weights in float32, products in bfloat16, gradient checkpointing."""
    _sft(job, folder, clock)


def trl_kept(job: Job, folder: Path, clock: Clock) -> None:
    """The same with gradient checkpointing switched off, which is no default: quicker, and more memory."""
    _sft(job, folder, clock, gradient_checkpointing=False)


def trl_auto(job: Job, folder: Path, clock: Clock) -> None:
    """And with the weights in the precision of the model's folder, as transformers' Trainer has them; no default."""
    _sft(job, folder, clock, gradient_checkpointing=False, model_init_kwargs={"dtype": "auto"})


def _sft(job: Job, folder: Path, clock: Clock, **changed: Any) -> None:
    from datasets import Dataset
    from trl import SFTConfig, SFTTrainer

    rows = [{"prompt": chat[:-1], "completion": chat[-1:]} for chat in job.train]
    trainer = SFTTrainer(
        model=job.model,
        args=SFTConfig(**_arguments(job, folder), max_length=job.settings.max_tokens, **changed),
        train_dataset=Dataset.from_list(rows),
        peft_config=_lora(job),
        callbacks=[callback(clock)],
    )
    trainer.train()
    trainer.model.save_pretrained(folder / "adapter")


def unsloth(job: Job, folder: Path, clock: Clock) -> None:
    """Unsloth's model under TRL's trainer; CUDA only.

    Weights in 4 bits, its default, are switched off, because no other has them; its gradient checkpointing stays.
    """
    from unsloth import FastLanguageModel  # type: ignore[import-not-found]  # first: it changes the others

    # isort: split
    from datasets import Dataset
    from trl import SFTConfig, SFTTrainer

    settings = job.settings
    model, tokenizer = FastLanguageModel.from_pretrained(
        job.model, max_seq_length=settings.max_tokens, load_in_4bit=False
    )
    model = FastLanguageModel.get_peft_model(model, r=settings.lora_r, lora_alpha=settings.lora_alpha, lora_dropout=0)
    trainer = SFTTrainer(
        model=model,
        processing_class=tokenizer,
        args=SFTConfig(**_arguments(job, folder), max_length=settings.max_tokens),
        train_dataset=Dataset.from_list([{"prompt": chat[:-1], "completion": chat[-1:]} for chat in job.train]),
        callbacks=[callback(clock)],
    )
    trainer.train()
    trainer.model.save_pretrained(folder / "adapter")


def _train(job: Job) -> Any:
    return job.rendered(TRAIN)


def _lora(job: Job) -> Any:
    from peft import LoraConfig

    settings = job.settings
    return LoraConfig(
        r=settings.lora_r,
        lora_alpha=settings.lora_alpha,
        lora_dropout=settings.lora_dropout,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )


def _arguments(job: Job, folder: Path) -> dict[str, Any]:
    """What the job settles, for any `TrainingArguments`; everything else stays at the library's default."""
    import torch

    settings = job.settings
    return {
        "use_cpu": not torch.cuda.is_available(),
        "output_dir": str(folder / "trainer"),
        "per_device_train_batch_size": settings.batch_size,
        "num_train_epochs": settings.epochs,
        "learning_rate": settings.learning_rate,
        "lr_scheduler_type": settings.schedule,
        "warmup_steps": settings.warmup,
        "weight_decay": settings.weight_decay,
        "max_grad_norm": settings.max_grad_norm,
        "seed": settings.seed,
        "train_sampling_strategy": "sequential",
        "logging_steps": 1,
        "save_strategy": "no",
        "report_to": "none",
        "disable_tqdm": True,
    }


def held_out_loss(job: Job, adapter: Path | None) -> float:
    """The mean cross-entropy over the answers of the held-out rows, each computed alone in float32 and unpacked."""
    import torch
    from peft import PeftModel
    from torch.nn.functional import cross_entropy
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(job.model, dtype=torch.float32).eval()
    if adapter:
        model = PeftModel.from_pretrained(model, str(adapter)).eval()
    total, count = 0.0, 0
    for row in job.rendered(HELD_OUT):
        labels = torch.tensor(row.labels[1:])
        with torch.no_grad():
            logits = model(input_ids=torch.tensor([row.ids])).logits[0, :-1]
        total += cross_entropy(logits, labels, ignore_index=IGNORED, reduction="sum").item()
        count += row.trained
    return total / count


CONTENDERS = {each.__name__: each for each in (tunebench, padded, dynamic, trl, trl_kept, trl_auto, unsloth)}

if __name__ == "__main__":
    name, job_path, target = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    this_job = Job.read(job_path)
    if name == "held-out":
        saved = target / "adapter"
        print(held_out_loss(this_job, saved if saved.exists() else None))
    else:
        this_clock = Clock()
        CONTENDERS[name](this_job, target, this_clock)
        tell(this_clock, target)

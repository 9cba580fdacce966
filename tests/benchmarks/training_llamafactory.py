"""LLaMA-Factory on the rows of the training benchmark, in an environment of its own: see `training.py`.

`python training_llamafactory.py JOB.json FOLDER`, as in `training_one.py`; only the job's JSON is shared with it.
"""

import json
import sys
from pathlib import Path

from training_clock import Clock, callback, tell

TEMPLATE = "smollm2"  # LLaMA-Factory writes chats by its own table of templates, not by the tokenizer's


def main(job_path: Path, folder: Path) -> None:
    """Train as `llamafactory-cli train` does, with its defaults where the job settles nothing."""
    import torch
    from llamafactory.train.tuner import run_exp

    job = json.loads(job_path.read_text(encoding="utf-8"))
    _write_rows(job["train"], folder)
    settings = job["settings"]
    clock = Clock()
    arguments = {
        "stage": "sft",
        "do_train": True,
        "model_name_or_path": job["model"],
        "template": TEMPLATE,
        "dataset": "rows",
        "dataset_dir": str(folder),
        "cutoff_len": settings["max_tokens"],
        "finetuning_type": "lora",
        "lora_rank": settings["lora_r"],
        "lora_alpha": settings["lora_alpha"],
        "lora_dropout": settings["lora_dropout"],
        "lora_target": "all",
        "output_dir": str(folder / "adapter"),
        "per_device_train_batch_size": settings["batch_size"],
        "num_train_epochs": settings["epochs"],
        "learning_rate": settings["learning_rate"],
        "lr_scheduler_type": settings["schedule"],
        "warmup_steps": settings["warmup"],
        "weight_decay": settings["weight_decay"],
        "max_grad_norm": settings["max_grad_norm"],
        "seed": settings["seed"],
        "logging_steps": 1,
        "save_strategy": "no",
        "report_to": "none",
        "disable_shuffling": True,
        "bf16": True,
        "use_cpu": not torch.cuda.is_available(),
        "overwrite_cache": True,
    }
    run_exp(arguments, callbacks=[callback(clock)])
    tell(clock, folder)


def _write_rows(chats: list[list[dict[str, str]]], folder: Path) -> None:
    """The chats as LLaMA-Factory reads them: messages by the names that OpenAI gave them."""
    (folder / "rows.json").write_text(json.dumps([{"messages": chat} for chat in chats]), encoding="utf-8")
    tags = {"role_tag": "role", "content_tag": "content", "user_tag": "user", "assistant_tag": "assistant"}
    about = {"file_name": "rows.json", "formatting": "sharegpt", "columns": {"messages": "messages"}}
    described = {"rows": {**about, "tags": {**tags, "system_tag": "system"}}}
    (folder / "dataset_info.json").write_text(json.dumps(described), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

"""A run on ten labels of BANKING77, as a report is shown on it: 300 rows to train, 100 held out.

    python tests/benchmarks/banking.py DATA_FOLDER HOME [--shuffled] [--seed 1] [--epochs 3]

DATA_FOLDER has banking77_train.csv and banking77_test.csv (Casanueva et al. 2020, arXiv 2003.04807; CC BY 4.0). The
seed draws ten of the labels, then the rows to train from those of the one file and the held-out ones from the other.
With --shuffled the labels of the rows to train are shuffled among them, so that there is a form to learn and no task.
The run stays in the folder HOME, beside held_out.csv with the rows that are held out.
"""

import argparse
import os
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import report
import workbench

from core.actions import Lab
from core.models import fetch
from core.records import HELD_OUT, TRAIN, Dataset, Example, Message
from core.settings import HOME, TrainSettings

LABELS, TRAIN_ROWS, HELD_OUT_ROWS = 10, 300, 100


def rows(data: Path, seed: int, shuffled: bool) -> Dataset:
    """The rows of ten labels that the seed draws, split."""
    draw = random.Random(seed)
    files = {
        split: pl.read_csv(data / f"banking77_{name}.csv") for split, name in ((TRAIN, "train"), (HELD_OUT, "test"))
    }
    labels = draw.sample(sorted(files[TRAIN]["category"].unique()), LABELS)
    found: list[Example] = []
    for split, count in ((TRAIN, TRAIN_ROWS), (HELD_OUT, HELD_OUT_ROWS)):
        chosen = draw.sample(files[split].filter(pl.col("category").is_in(labels)).rows(), count)
        answers = [label for _, label in chosen]
        if shuffled and split == TRAIN:
            random.Random(seed).shuffle(answers)  # a draw of its own: the held-out rows stay the same
        found += [_row(text, label, split) for (text, _), label in zip(chosen, answers, strict=True)]
    return Dataset.of(replace(row, id=f"r{number}", row=number) for number, row in enumerate(found, 1))


def _row(text: str, label: str, split: str) -> Example:
    return Example("", 0, (Message("user", text), Message("assistant", label)), label, split)


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Train on the rows; the run's name and how it went."""
    os.environ["TUNEBENCH_MODELS"] = str(workbench.models_folder())
    fetch(workbench.models_folder(), lambda progress: None)
    lab = Lab(options.home, HOME)
    workspace = lab.workspace("")
    dataset = rows(options.data, options.seed, options.shuffled)
    held_out = [(row.prompt[-1].content, row.answer) for row in dataset.part(HELD_OUT)]
    pl.DataFrame(held_out, ["text", "category"], orient="row").write_csv(options.home / "held_out.csv")
    name = "banking-shuffled" if options.shuffled else "banking"
    version = workspace.versions.save(name, dataset, "curate")
    run = workbench.train_to_the_end(lab, workspace, version.id, {"seed": options.seed, "epochs": options.epochs})
    status = run.status()
    return {"run": run.id, "labels": sorted({row.answer for row in dataset}), **status.model_dump(exclude={"updated"})}


def main() -> None:
    """Read the command line, train, publish."""
    parser = report.parser(__doc__)
    parser.add_argument("data", type=Path, help="the folder with the two files of BANKING77")
    parser.add_argument("home", type=Path, help="the folder that keeps the run")
    parser.add_argument("--shuffled", action="store_true", help="shuffle the labels of the rows to train")
    parser.add_argument("--seed", type=int, default=TrainSettings().seed)
    parser.add_argument("--epochs", type=float, default=TrainSettings().epochs)
    options = parser.parse_args()
    workbench.set_environment()
    options.home.mkdir(parents=True, exist_ok=True)
    report.publish("banking", measure(options), options)


if __name__ == "__main__":
    main()

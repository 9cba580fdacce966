"""The whole way without a browser: intents.csv becomes a tuned model, and its answers to held-out rows are counted.

    python tests/benchmarks/intents.py [--seeds 1 2 3] [--set epochs=2 learning_rate=2e-3 …] [--show N] …

For each seed (of the split and of the training): load, split 60 rows off, estimate, train with the default settings,
answer the held-out prompts greedily with base and tuned in the same batches, and count the answers that are exactly the
label. Minutes are wall time; the estimate of the Train tab is made just before, on the same machine.
"""

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import report
import workbench

from core.actions import Lab, train
from core.format import prompt_ids
from core.models import import_heavy
from core.records import HELD_OUT, Example
from core.settings import GenerateSettings, TrainSettings
from core.workspace import Run, Workspace

SAMPLE = "intents.csv"
HELD_OUT_ROWS = 60
BATCH_PAIRS = 10
ANSWER = GenerateSettings(max_new_tokens=24)  # the longest label has 5 tokens; a longer answer is wrong anyway


@dataclass(frozen=True)
class Answered:
    """A held-out row with both answers, and the adapters that the model says gave them (None for no adapter)."""

    example: Example
    base: str
    tuned: str
    adapters: tuple[str | None, str | None]


class Clock:
    """Minutes for each named stage, in the order in which they were timed."""

    def __init__(self) -> None:
        self.minutes: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what happens inside."""
        started = time.perf_counter()
        yield
        self.minutes[name] = (time.perf_counter() - started) / 60

    def figures(self) -> dict[str, float]:
        """The minutes, rounded, with their sum."""
        minutes = {**self.minutes, "total": sum(self.minutes.values())}
        return {name: round(value, 3) for name, value in minutes.items()}


def measure(seed: int, changes: dict[str, str], show: int) -> dict[str, Any]:
    """All figures of one seed; `changes` are training settings as texts, `show` how many wrong answers to name."""
    values = {"seed": seed, **changes}
    with workbench.temporary_lab() as (lab, workspace):
        clock = Clock()
        with clock.stage("import"):
            import_heavy()
        version_id = _curated(lab, workspace, seed, clock)
        with clock.stage("estimate"):
            estimated = (train.estimate(lab, workspace, version_id, values).estimate.seconds or 0.0) / 60
        with clock.stage("train"):
            run = workbench.train_to_the_end(lab, workspace, version_id, values)
        with clock.stage("answers"):
            answered = list(_answers(run, workspace, version_id))
        minutes = {"minutes": clock.figures(), "estimate": _estimate(estimated, clock.minutes["train"])}
        return {"seed": seed, **_scores(answered, show), **minutes, **_training(run, workspace)}


def _curated(lab: Lab, workspace: Workspace, seed: int, clock: Clock) -> str:
    with clock.stage("load"):
        loaded = workbench.load(lab, workspace, SAMPLE)
    with clock.stage("split"):
        return workbench.split(workspace, loaded, {"held_out": HELD_OUT_ROWS, "seed": seed})


def _answers(run: Run, workspace: Workspace, version_id: str) -> Iterator[Answered]:
    """Both answers to every held-out prompt, `BATCH_PAIRS` prompts at a time."""
    from core.generate import BASE, Side, answer

    tokenizer, model = workbench.load_pair(run)
    held_out = workspace.versions.load(version_id).part(HELD_OUT)
    for start in range(0, len(held_out), BATCH_PAIRS):
        examples = held_out.slice(start, BATCH_PAIRS)
        prompts = [prompt_ids(tokenizer, example.prompt) for example in examples]
        done = answer(model, tokenizer, [Side(ids, who) for who in (BASE, run.id) for ids in prompts], ANSWER)
        half = len(examples)
        texts = zip(examples, done.texts[:half], done.texts[half:], strict=True)
        adapters = zip(done.active[:half], done.active[half:], strict=True)
        yield from (Answered(*row, adapters=pair) for row, pair in zip(texts, adapters, strict=True))


def _scores(answered: list[Answered], show: int) -> dict[str, Any]:
    """Exact matches of both sides, and the first `show` wrong answers of the tuned one."""
    rows = len(answered)
    base = sum(row.base == row.example.answer.strip() for row in answered)
    wrong = [row for row in answered if row.tuned != row.example.answer.strip()]
    shown = [
        {"row": row.example.row, "prompt": row.example.prompt[-1].content, "expected": row.example.answer}
        | {"tuned": row.tuned, "base": row.base}
        for row in wrong[:show]
    ]
    return {
        "held_out_rows": rows,
        "base_exact": base,
        "tuned_exact": rows - len(wrong),
        "base_exact_share": round(base / rows, 4),
        "tuned_exact_share": round(1 - len(wrong) / rows, 4),
        "answered_without_adapter": {
            "base": sum(row.adapters[0] is None for row in answered),
            "tuned": sum(row.adapters[1] is None for row in answered),
        },
        **({"wrong": shown} if show else {}),
    }


def _estimate(estimated: float, real: float) -> dict[str, float]:
    """`ratio` is above 1 where the Train tab promised too much time."""
    figures = {"estimated_minutes": estimated, "real_minutes": real, "ratio": estimated / real}
    return {name: round(value, 3) for name, value in figures.items()}


def _training(run: Run, workspace: Workspace) -> dict[str, Any]:
    """Steps, speed and losses from the run folder; `settings` are those that differ from the defaults."""
    view = train.view(workspace, run.id)
    assert view is not None
    held_out = [round(line["loss"], 4) for line in run.metrics() if line["kind"] == "held-out"]
    defaults = TrainSettings().model_dump()
    settings = {key: value for key, value in run.recipe.settings.model_dump().items() if value != defaults[key]}
    return {
        "settings": settings,
        "steps": view.step,
        "training_minutes": round(view.elapsed / 60, 3),  # without loading the model and saving the adapter
        "training_tokens_per_second": round(view.tokens_per_second or 0, 1),
        "train_loss": round(view.train_loss, 4) if view.train_loss is not None else None,
        "held_out_loss": held_out[-1],
        "held_out_losses": held_out,
    }


def _summary(results: list[dict[str, Any]]) -> dict[str, Any]:
    """The spread over the seeds."""
    return {
        "base_exact_share": report.spread([result["base_exact_share"] for result in results], 4),
        "tuned_exact_share": report.spread([result["tuned_exact_share"] for result in results], 4),
        "total_minutes": report.spread([result["minutes"]["total"] for result in results]),
        "estimate_ratio": report.spread([result["estimate"]["ratio"] for result in results]),
    }


def _change(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"“{text}” is not name=value")
    return name, value


def main() -> None:
    """Go the whole way once for each seed."""
    parser = report.parser(__doc__)
    parser.add_argument("--seeds", "--seed", nargs="+", type=int, default=[TrainSettings().seed])
    parser.add_argument("--set", nargs="+", type=_change, default=[], metavar="NAME=VALUE", help="training settings")
    parser.add_argument("--show", nargs="?", type=int, const=HELD_OUT_ROWS, default=0, help="name wrong answers")
    options = parser.parse_args()
    workbench.set_environment()
    results = [measure(seed, dict(options.set), options.show) for seed in options.seeds]
    report.publish("intents", {"summary": _summary(results), "seeds": results}, options)


if __name__ == "__main__":
    main()

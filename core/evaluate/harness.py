"""EleutherAI's lm-evaluation-harness on a run: hundreds of published benchmarks, base and tuned, where it is installed.

    python -m core.evaluate.harness RUN_FOLDER --tasks hellaswag arc_easy [--limit 100] [--include-path FOLDER]

It is no dependency of this lab (`pip install -e ".[lm-eval]"`), and it fetches most of its benchmarks from the
Hub; `--include-path` takes tasks of one's own, whose files may lie on this machine. Imports torch: import this module
inside functions.
"""

import argparse
import importlib
import importlib.util
import json
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from core.errors import LabError
from core.evaluate.subject import SideName, Subject
from core.workspace import Run

BATCH = 8
MISSING = (
    'lm-evaluation-harness is not installed. Install it with: pip install -e ".[lm-eval]", and try again; or '
    "take a benchmark file instead, which needs nothing more."
)


def harness_scores(
    subject: Subject, tasks: Sequence[str], limit: int | None = None, include_path: str | None = None
) -> dict[SideName, dict[str, dict[str, Any]]]:
    """For each side and task the measures that the harness reports, as it names them (`acc,none`).

    Both sides are the models that the rest of the report looks at, each with its own chat template; `limit` takes the
    first rows of each task.

    Raises:
        LabError: the harness is not installed, or has no task of such a name.
    """
    if importlib.util.find_spec("lm_eval") is None:
        raise LabError(MISSING)
    manager = importlib.import_module("lm_eval.tasks").TaskManager(include_path=include_path)
    if unknown := [task for task in tasks if not manager.match_tasks([task])]:
        raise LabError(
            f"lm-evaluation-harness has no task {', '.join(unknown)}. `lm-eval ls tasks` lists those it has."
        )
    sides: tuple[SideName, SideName] = ("base", "tuned")
    return {side: _side(subject, side, list(tasks), manager, limit) for side in sides}


def _side(subject: Subject, side: SideName, tasks: list[str], manager: Any, limit: int | None) -> dict[str, Any]:
    evaluate = importlib.import_module("lm_eval").simple_evaluate
    wrapped = importlib.import_module("lm_eval.models.huggingface").HFLM
    model, has_adapter = subject.model, subject.tuned is None
    if side == "tuned" and not has_adapter:
        model = subject.tuned
    with model.disable_adapter() if side == "base" and has_adapter else nullcontext():
        found = evaluate(
            model=wrapped(pretrained=model, tokenizer=subject.tokenizers[side], batch_size=BATCH),
            tasks=tasks,
            task_manager=manager,
            limit=limit,
            apply_chat_template=True,
            log_samples=False,
        )
    return {task: _numbers(measures) for task, measures in found["results"].items()}


def _numbers(measures: dict[str, Any]) -> dict[str, float]:
    return {name: float(value) for name, value in measures.items() if isinstance(value, float)}


def main() -> None:
    """Print the measures of both sides as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, metavar="RUN_FOLDER")
    parser.add_argument("--tasks", nargs="+", required=True)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--include-path")
    options = parser.parse_args()
    try:
        found = harness_scores(Subject.open(Run(options.run)), options.tasks, options.limit, options.include_path)
    except LabError as error:
        parser.exit(1, f"{error}\n")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()

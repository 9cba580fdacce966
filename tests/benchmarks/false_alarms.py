"""How often a report would call something different, worse or overconfident that is not.

    python tests/benchmarks/false_alarms.py [RUN_FOLDER HELD_OUT.csv] [--draws 200] [--rows 100] [--seeds 4]

Drawn sides that are alike are compared: the share of words said, of lights other than amber in the scores and other
than green in the confidence, and how often the interval holds a difference that is there. With a run, its adapter also
answers held-out rows (columns text and category) with several seeds at temperature 1; of these answers pairs of sides
are drawn, rows with replacement, and compared as a report would.
"""

import argparse
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import report
import workbench

from core.evaluate.answers import Given
from core.evaluate.bootstrap import Statistic, difference, mean
from core.evaluate.confidence import confidence_of
from core.evaluate.scores import scored
from core.evaluate.scores.asked import Asked
from core.evaluate.scores.figure import SURE
from core.evaluate.scores.labels import label_figures, macro_f1
from core.records import Example, Message
from core.settings import GenerateSettings
from core.workspace import Run

Draw = Callable[[np.random.Generator, int], np.ndarray]
LABELS = 10


def codes(draw: np.random.Generator, rows: int) -> np.ndarray:
    """References and predictions of ten labels, 7 of 10 of them right."""
    references = np.arange(rows) % LABELS
    said = np.where(draw.random(rows) < 0.7, references, draw.integers(0, LABELS, rows))
    return references * (LABELS + 1) + said


ALIKE: dict[str, tuple[Draw, Statistic]] = {
    "accuracy": (lambda draw, rows: (draw.random(rows) < 0.7) * 1.0, mean),
    "macro-F1": (codes, macro_f1(LABELS)),
    "skewed loss": (lambda draw, rows: draw.lognormal(0, 1, rows), mean),
}


def of_words(draws: int) -> dict[str, Any]:
    """The share of alike sides that are called better or worse, at 99 % and 95 %."""
    found = {}
    for name, (draw, statistic) in ALIKE.items():
        for rows in (20, 100):
            generator = np.random.default_rng(rows)
            changes = [difference(*(draw(generator, rows) for _ in "ab"), statistic) for _ in range(draws)]
            said = sum(change.word != "no difference shown" for change in changes)
            surer = sum(change.p <= 1 - SURE for change in changes)
            found[f"{name}, {rows} rows"] = {"95%": said / draws, "99%, by the swap test": surer / draws}
    return found


def of_intervals(draws: int) -> dict[str, float]:
    """How often the 95 % interval holds the difference that is there: 0.2 of right answers, and a skewed loss of e."""
    generator, found = np.random.default_rng(0), {}
    for rows in (20, 100):
        shares = [[(generator.random(rows) < share) * 1.0 for share in (0.8, 0.6)] for _ in range(draws)]
        losses = [[np.zeros(rows), -generator.lognormal(0.5, 1, rows)] for _ in range(draws)]
        for name, sides, there in (("accuracy", shares, 0.2), ("skewed loss", losses, np.e)):
            changes = [difference(*map(np.asarray, pair)) for pair in sides]
            found[f"{name}, {rows} rows"] = sum(change.low <= there <= change.high for change in changes) / draws
    return found


def of_lights(draws: int) -> dict[str, Any]:
    """The lights of scores where nothing changed, and of a confidence that is calibrated."""
    generator = np.random.default_rng(0)
    rows = [_row(number, "?", f"label {number % LABELS}") for number in range(100)]
    scores = Counter(scored(_alike(rows, generator), rows).light for _ in range(draws))
    confidence = Counter(
        confidence_of(_calibrated(generator), _calibrated(generator), LABELS).light for _ in range(draws)
    )
    return {"scores": dict(scores), "confidence": dict(confidence)}


def _alike(rows: list[Example], draw: np.random.Generator) -> Asked:
    def answers() -> list[Given]:
        return [Given(row.answer if draw.random() < 0.7 else "no idea", 3, True) for row in rows]

    losses = {who: np.stack([draw.lognormal(0, 1, len(rows)), np.ones(len(rows))]) for who in ("base", "tuned")}
    return Asked(rows, {who: answers() for who in ("base", "few_shot", "tuned")}, losses, 4, 64, [])


def _calibrated(draw: np.random.Generator) -> np.ndarray:
    sure = draw.uniform(0.1, 1, 100)
    right = (draw.random(100) < sure) * 1.0
    return np.stack([sure, right, (sure - right) ** 2])


def of_run(options: argparse.Namespace) -> dict[str, Any]:
    """Pairs of sides drawn from one adapter's answers with several seeds."""
    rows, answers = _sampled(options)
    draw, words = random.Random(0), Counter[str]()
    first: list[str] = []
    for _ in range(options.draws):
        places = draw.choices(range(len(rows)), k=len(rows))
        pairs = [(place, draw.sample(answers, 2)) for place in places]
        sides = {who: [pair[n][place] for place, pair in pairs] for n, who in enumerate(("base", "tuned"))}
        chosen = [rows[place] for place in places]
        figures = label_figures(chosen, sides, [], 42)[0]
        first.append(figures[0].against_base.word)
        words.update(figure.against_base.word for figure in figures)
    right = [sum(said == row.answer for said, row in zip(each, rows, strict=True)) for each in answers]
    return {
        "right_by_seed": right,
        "no_difference_of_the_first_20": first[:20].count("no difference shown"),
        "no_difference_of_all": first.count("no difference shown") / len(first),
        "words_of_all_figures": dict(words),
    }


def _sampled(options: argparse.Namespace) -> tuple[list[Example], list[list[str]]]:
    """Rows, and an answer to each with each seed; every row draws its own luck, as one of a batch would not."""
    from core.evaluate.subject import Subject

    lines = pl.read_csv(options.file).head(options.rows).iter_rows()
    rows = [_row(number, *line) for number, line in enumerate(lines)]
    subject = Subject.open(Run(options.run.resolve()))
    answers = [
        [
            subject.answers("tuned", [row.prompt], 16, GenerateSettings(temperature=1, seed=seed * 10_000 + row.row))[
                0
            ].text
            for row in rows
        ]
        for seed in range(1, options.seeds + 1)
    ]
    return rows, answers


def _row(number: int, text: str, label: str) -> Example:
    return Example(f"r{number}", number, (Message("user", text), Message("assistant", label)), label)


def main() -> None:
    """Read the command line, draw, publish."""
    parser = report.parser(__doc__)
    parser.add_argument("run", type=Path, nargs="?", help="the folder of a finished run on labels")
    parser.add_argument("file", type=Path, nargs="?", help="its held-out rows")
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--rows", type=int, default=100)
    parser.add_argument("--seeds", type=int, default=4)
    options = parser.parse_args()
    workbench.set_environment()
    figures = {
        "alike_sides_called_different": of_words(options.draws),
        "intervals_that_hold_the_truth": of_intervals(options.draws),
        "lights": of_lights(options.draws),
    }
    if options.run:
        figures["one_adapter_two_seeds"] = of_run(options)
    report.publish("false_alarms", figures, options)


if __name__ == "__main__":
    main()

"""Examine a run: load its models, look at one part after the other, keep the report after each.

Imports torch: import this module inside functions.
"""

import json
import random
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from core.errors import LabError
from core.evaluate.benchmark_file import Benchmark
from core.evaluate.confidence import measure_confidence
from core.evaluate.following import measure_following
from core.evaluate.forgetting import measure_forgetting
from core.evaluate.leaks import CANARY, Values, hidden, measure_leaks
from core.evaluate.overlap import trained_on
from core.evaluate.probes import measure_probes, own_sets
from core.evaluate.report import About, Report, report_of
from core.evaluate.result import Section, Stopped, Watch
from core.evaluate.scores import measure_scores
from core.evaluate.subject import Subject
from core.mask.placed import keyed_digest, value_hash
from core.records import Dataset, Example
from core.settings import PARTS, EvaluateSettings, Part
from core.words import counted
from core.workspace import Run, Workspace

ON_HELD_OUT: set[Part] = {"scores", "confidence"}  # parts that are nothing without held-out rows
NO_ROWS = "{} has no held-out rows to score. Split the data set on the Curate tab, or upload rows."
FEW_ROWS = 30  # below that an interval of 95 % of an accuracy is wider than 35 points
ENOUGH_TO_SPLIT = 2 * FEW_ROWS  # rows of a dataset, so that no fewer are left to train on than are held out


@dataclass(frozen=True)
class Material:
    """What a run is examined with: rows held out and rows trained on, and the values that no answer may say.

    `source` says where the held-out rows come from. `secrets` are kind and text; `unknown` says why some are not known.
    `probes` are put to the model, by default those of this lab. `notes` say what else to know of the rows.
    """

    source: str
    held_out: Sequence[Example]
    train: Sequence[Example]
    secrets: Sequence[tuple[str, str]] = ()
    unknown: str = ""
    probes: Sequence[Benchmark] | None = None
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class _Task:
    subject: Subject
    rows: Material
    there: int  # held-out rows, of which those in `rows` were drawn
    settings: EvaluateSettings

    @cached_property
    def values(self) -> Values:
        """What nobody may read in the report."""
        return Values(self.settings.canaries, self.rows.secrets)

    @cached_property
    def known(self) -> list[int]:
        """Places of held-out rows that were trained on."""
        return trained_on(self.rows.held_out, self.rows.train)


MEASURES: dict[Part, Callable[[_Task], Section]] = {
    "scores": lambda task: measure_scores(
        task.subject, task.rows.held_out, task.rows.train, task.settings, task.values.hidden if task.values else str
    ),
    "confidence": lambda task: measure_confidence(task.subject, task.rows.held_out, task.rows.train, task.settings),
    "forgetting": lambda task: measure_forgetting(task.subject),
    "following": lambda task: measure_following(task.subject),
    "probes": lambda task: measure_probes(task.subject, task.rows.probes),
    "leaks": lambda task: measure_leaks(
        task.subject, task.rows.train, task.rows.held_out, task.rows.secrets, task.settings, task.rows.unknown
    ),
}
NAMES: dict[Part, str] = {
    "scores": "Held-out scores",
    "confidence": "Confidence",
    "forgetting": "Forgetting",
    "following": "Instructions",
    "probes": "Probes",
    "leaks": "Leaks",
}


@dataclass
class _Told:
    """Passes on how far a part is as how far the whole is."""

    watch: Watch
    name: str = ""
    before: int = 0
    of: int = 1

    def __call__(self, what: str, share: float) -> None:
        self.watch.tell(f"{self.name} ({self.before + 1} of {self.of}): {what}", (self.before + share) / self.of)


def examine(run: Run, material: Material, settings: EvaluateSettings, watch: Watch | None = None) -> Report:
    """Look at every part of the settings that an earlier report does not have from the same rows and settings;
    report.json grows with each.

    Until the first of them is done the earlier report stays as it is. Canaries and masked values are left out of the
    report; the answers kept in evaluation/answers.jsonl are as the model gave them. A part that cannot be looked at
    says why in `problems`, and the others go on.

    Raises:
        Stopped: the end was asked for; the parts that were done are in report.json.
        LabError: there are no held-out rows and nothing else is wanted, or the models of the run cannot be loaded.
    """
    watch = watch or Watch()
    if not material.held_out and ON_HELD_OUT.issuperset(settings.parts):
        raise LabError(NO_ROWS.format(material.source))
    watch.at("Loading the models", 0, 1)
    drawn = replace(material, held_out=_drawn(material.held_out, settings))
    told = _Told(watch)
    task = _Task(Subject.open(run, Watch(told, watch.stop)), drawn, len(material.held_out), settings)
    report = _marked(_hidden(_begun(task).goes_on_from(_earlier(run)), task.values), task)
    if _other_probes(report, material):
        report = report.model_copy(update={"probes": None})
    missing = report.missing
    for told.before, part in enumerate(missing):
        told.name, told.of = NAMES[part], len(missing)
        task.subject.watch.at("it begins", 0, 1)
        report = _with(report, part, task)
        report.write(run)
    if not missing:
        report.write(run)
    return report


def _hidden(report: Report, values: Values) -> Report:
    """The report with no value in what it has from an earlier one, which knew fewer of them."""
    shown: dict[str, Any] = {part: hidden(getattr(report, part), values) for part in PARTS}
    shown["problems"] = {part: hidden(why, values) for part, why in report.problems.items()}
    return report.model_copy(update=shown)


def _other_probes(report: Report, material: Material) -> bool:
    """Whether the probes that are kept are not those that are wanted."""
    if report.probes is None or "probes" not in report.settings.parts:
        return False
    return report.probes.sets != tuple(each.content_hash() for each in material.probes or own_sets())


def _with(report: Report, part: Part, task: _Task) -> Report:
    began = time.perf_counter()
    try:
        if part in ON_HELD_OUT and not task.rows.held_out:
            raise LabError(NO_ROWS.format(task.rows.source))
        found: Section | str = MEASURES[part](task)
    except Stopped:
        raise
    except LabError as error:
        found = str(error)
    return _marked(report.with_part(part, hidden(found, task.values), time.perf_counter() - began), task)


def _begun(task: _Task) -> Report:
    """A report without parts yet."""
    subject, rows = task.subject, task.rows
    recipe = subject.run.recipe
    about = About(
        run=subject.run.id,
        weights=subject.book.weights,
        model=str(recipe.source.get("title") or recipe.model),
        method=recipe.settings.method,
        dataset=recipe.dataset,
        held_out=rows.source,
        held_out_hash=Dataset.of(rows.held_out).content_hash(),
        masked_hash=_masked_hash(subject.run, rows),
        rows=len(rows.held_out),
        rows_there=task.there,
        train_rows=len(rows.train),
        device=str(subject.model.device),
        precision=str(subject.model.dtype).removeprefix("torch."),
    )
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Report(
        about=about,
        settings=_kept(subject.run, task.settings),
        created=now,
        notes=list(rows.notes),
    )


def _kept(run: Run, settings: EvaluateSettings) -> EvaluateSettings:
    """The settings as they are written: of a canary its keyed hash, which tells it from another."""
    workspace = Workspace(Path(run.recipe.workspace))
    hashes = [value_hash(workspace.secret_key(), CANARY, text) for text in settings.canaries]
    return settings.model_copy(update={"canaries": hashes})


def _masked_hash(run: Run, rows: Material) -> str:
    """A keyed hash of the values that were masked, and of why some are not known."""
    values = sorted(set(rows.secrets))
    try:  # without values nothing can be guessed
        key = Workspace(Path(run.recipe.workspace)).secret_key() if values else b""
    except LabError:  # the leaks part says so; what it finds is for no later report
        return secrets.token_hex(16)
    return keyed_digest(key, "masked", json.dumps([values, rows.unknown]))


def _marked(report: Report, task: _Task) -> Report:
    """The report with what puts its scores in doubt."""
    scored = report.scores.rows if report.scores else len(task.rows.held_out)
    return report.model_copy(update={"marks": _overlap(task), "few_rows": _few_rows(task, scored)})


def _overlap(task: _Task) -> list[str]:
    """That held-out rows were trained on, if some were."""
    known, rows = task.known, task.rows.held_out
    if not known:
        return []
    numbers = ", ".join(f"{rows[at].row}" for at in known[:10]) + (" …" if len(known) > 10 else "")
    verb, those = ("stands", "row") if len(known) == 1 else ("stand", "rows")
    return [
        f"{counted(len(known), 'held-out row')} of {len(rows):,} {verb} in the rows that were trained on, to the "
        f"letter or nearly ({those} {numbers}). Such scores prove nothing: hold out other rows and make the report "
        "again."
    ]


def _few_rows(task: _Task, scored: int) -> str:
    """That so many rows are few to be scored, and where more come from; empty where they are not."""
    rows, there = task.rows, task.there
    if not rows.held_out or scored >= FEW_ROWS:
        return ""
    few = f"Only {counted(scored, 'held-out row')}: what is said of them is very unsure."
    upload = f"Upload {FEW_ROWS} or more under “Other held-out rows”"
    if there >= FEW_ROWS and there > len(rows.held_out):
        return f"{few} Raise “Held-out rows”, so that {FEW_ROWS} or more are scored."
    if rows.source != task.subject.run.recipe.dataset:
        return f"{few} {upload}."
    if len(rows.train) + there >= ENOUGH_TO_SPLIT:
        return f"{few} {upload}, or hold out more and train again."
    return f"{few} {upload}: the dataset has too few to hold out so many."


def _drawn(rows: Sequence[Example], settings: EvaluateSettings) -> list[Example]:
    """As many rows as the settings say, in their order."""
    if len(rows) <= settings.held_out_rows:
        return list(rows)
    places = sorted(random.Random(settings.seed).sample(range(len(rows)), settings.held_out_rows))
    return [rows[place] for place in places]


def _earlier(run: Run) -> Report | None:
    """The report that is there, or None if it cannot be read: it is then made anew."""
    try:
        return report_of(run)
    except LabError:
        return None

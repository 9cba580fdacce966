"""The scores of a run from what its sides have said: figures, a light, a sentence, and a table of the rows."""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from core.errors import LabError
from core.evaluate.bootstrap import Change, difference, interval
from core.evaluate.result import Light, Section
from core.evaluate.scores.asked import FEWEST, Asked, ask
from core.evaluate.scores.figure import SURE, Figure, figure
from core.evaluate.scores.labels import Confusion, has_labels, label_figures, label_hits
from core.evaluate.scores.said import no_more_shown, notes, sentence
from core.evaluate.scores.text import all_json, json_figures, text_figures
from core.records import Example
from core.settings import EvaluateSettings

if TYPE_CHECKING:
    from core.evaluate.subject import Subject

Kind = Literal["labels", "JSON", "text", "plain text"]
LONGEST_SHOWN = 1_000  # characters of a text in the table
MATTERS = 0.15  # gain in accuracy over the base model made to choose; 100 rows mostly rule it out where there is none
RULED_OUT = 0.9  # the interval whose upper end is 95 % sure
LOSS = "How surprised a model is by the right answers: the cross-entropy of a token of them. Less is better."
PERPLEXITY = "The same as a number of words: among how many equally likely ones a model chooses at each token."
GUESSES: dict[Kind, str] = {
    "labels": "always saying the commonest label of the training rows",
    "JSON": "its answers held against the right ones of other rows",
    "text": "its answers held against the right ones of other rows",
    "plain text": "",
}
CHOOSING = "the base model made to choose among the labels ({:.0%})"
AGAINST = ("against_base", "against_few_shot", "against_guess")
NO_NUMBERS = (
    "No score can be made: the losses of the tuned model are not numbers, so its weights are broken. Train it again "
    "with a lower learning rate."
)


class ScoredRow(BaseModel):
    """A held-out row with what each side answered.

    `change` is the row's first figure, tuned minus base (-1 to 1); `loss_change` the same of the loss a token, below
    zero where the right answer has become likelier.
    """

    model_config = ConfigDict(frozen=True)
    row: int
    prompt: str
    reference: str
    base: str
    few_shot: str | None
    tuned: str
    change: float
    loss_change: float | None


class Scores(Section):
    """How well three sides do the held-out rows. The first figure is the one that light and sentence go by.

    `form_only` says that the run learned the form of the answers and not the task: it is better than the bare base
    model, but not than a guess, which `guess_is` describes, or by less than `MATTERS` than the base model would be if
    it knew the labels: `chosen` is the share of rows where that finds the right one the likeliest of all, and
    `against_chosen` holds the tuned model's accuracy on the same rows against it. `table` begins with the rows that
    gained most. `shots` are the examples in a prompt of the few-shot side, on average. `notes` say what else to know.
    """

    kind: Kind
    rows: int
    shots: float
    guess_is: str
    form_only: bool
    figures: list[Figure]
    confusion: Confusion | None
    table: list[ScoredRow]
    notes: list[str]
    chosen: float | None = None
    against_chosen: Change | None = None

    @property
    def in_doubt(self) -> bool:
        """Whether it is better than the bare base model, and neither shown to know more than that made to choose, nor
        shown to know hardly more."""
        is_better = bool(self.figures) and self.figures[0].against_base.word == "better"
        return is_better and not self.form_only and not _is_beaten(self.against_chosen)


def measure_scores(
    subject: "Subject",
    held_out: Sequence[Example],
    train: Sequence[Example],
    settings: EvaluateSettings,
    hide: Callable[[str], str] = str,
) -> Scores:
    """Ask all sides the held-out rows and score what they answer; the costs and errors are those of `ask`.

    `hide` is put over the texts of the table, before they are cut.
    """
    return scored(ask(subject, held_out, train, settings), train, settings.seed, hide)


def scored(asked: Asked, train: Sequence[Example], seed: int = 42, hide: Callable[[str], str] = str) -> Scores:
    """The scores of answers that are there; needs no model.

    Green: better than the base model, not worse than it is with examples, not `form_only` nor `in_doubt`. Red: worse
    than the base model, than it is with examples, or than a guess. Amber: anything else. Words are 99 % sure
    (`core.evaluate.bootstrap`), and wrong ones go either way: where nothing has changed, green comes in at most 0.5 %
    of reports, and red in at most 0.5 % for each of the three that are compared with.
    """
    kind = _kind(asked)
    figures, gains, confusion = _answer_figures(kind, asked, train, seed)
    losses = _loss_figures(asked.losses, seed)
    if not figures + losses:
        raise LabError(NO_NUMBERS)
    head = (figures + losses)[0]
    chosen = float(np.nanmean(asked.chosen)) if asked.chosen is not None else None
    against_chosen, most = _against_chosen(asked, train, seed)
    beats_chosen, better = _is_beaten(against_chosen), head.against_base.word == "better"
    idle = [] if _is_beaten(head.against_guess) else [GUESSES[kind]]
    idle += [CHOOSING.format(chosen)] if not beats_chosen and most < MATTERS else []
    form = better and bool(idle)
    doubt = against_chosen if better and not form and not beats_chosen else None
    return Scores(
        light=_light(head, form or doubt is not None),
        said=sentence(head, idle if form else [], asked.shots) + (no_more_shown(doubt, chosen or 0.0) if doubt else ""),
        kind=kind,
        rows=len(asked.rows),
        shots=asked.shots,
        guess_is=GUESSES[kind],
        form_only=form,
        chosen=chosen,
        against_chosen=against_chosen,
        figures=figures + losses,
        confusion=confusion,
        table=_table(asked, gains, hide),
        notes=notes(asked),
    )


def _is_beaten(change: Change | None) -> bool:
    """Whether what needs no learning of the task is surpassed, or was not looked at."""
    return change is None or change.word == "better"


def _against_chosen(asked: Asked, train: Sequence[Example], seed: int) -> tuple[Change | None, float]:
    """The tuned model's accuracy against the base model made to choose, over the rows where it was; and by how much at
    most it is better, 95 % sure."""
    if asked.chosen is None:
        return None, 0.0
    there = ~np.isnan(asked.chosen)
    right = label_hits(asked.rows, [given.text for given in asked.answers["tuned"]], train)
    most = interval(right[there] - asked.chosen[there], seed=seed, sure=RULED_OUT)[1]
    return difference(right[there], asked.chosen[there], seed=seed, sure=SURE), most


def per_token(losses: np.ndarray) -> np.ndarray:
    """The loss of a token over all rows, of sums and numbers of tokens (2, …, rows)."""
    return np.asarray(losses[0].sum(-1) / losses[1].sum(-1))


def _kind(asked: Asked) -> Kind:
    if not asked.answers:
        return "plain text"
    if has_labels(asked.rows):
        return "labels"
    return "JSON" if all_json([row.answer for row in asked.rows]) else "text"


def _answer_figures(
    kind: Kind, asked: Asked, train: Sequence[Example], seed: int
) -> tuple[list[Figure], np.ndarray | None, Confusion | None]:
    """The figures of what was said, what each row gains in the first of them, and what was taken for what."""
    texts: dict[str, list[str]] = {who: [given.text for given in found] for who, found in asked.answers.items()}
    if kind == "plain text":
        return [], None, None
    if kind == "labels":
        return label_figures(asked.rows, texts, train, seed)
    references = [row.answer for row in asked.rows]
    others = _of_other_rows(references, seed)
    figures, gains = text_figures(references, texts, others, seed)
    if kind == "JSON":
        first, gains = json_figures(references, texts, others, seed)
        figures = first + figures
    return figures, gains, None


def _of_other_rows(references: Sequence[str], seed: int) -> list[str]:
    """For each row the reference of another, drawn."""
    order = list(range(len(references)))
    random.Random(seed).shuffle(order)
    other = dict(zip(order, [*order[1:], order[0]], strict=True))
    return [references[other[place]] for place in range(len(references))]


def _loss_figures(losses: Mapping[str, np.ndarray], seed: int) -> list[Figure]:
    """Loss and perplexity over the tokens of all right answers whose loss is known on every side."""
    known = np.all([found[1] > 0 for found in losses.values()], axis=0)
    if known.sum() < FEWEST:
        return []
    values = {who: found[:, known] for who, found in losses.items()}
    loss = figure("Loss", LOSS, values, per_token, "nats", seed)
    perplexity = figure("Perplexity", PERPLEXITY, values, lambda found: np.exp(per_token(found)), "number", seed)
    sure = {name: _sure_as(getattr(perplexity, name), getattr(loss, name)) for name in AGAINST}
    return [loss, perplexity.model_copy(update=sure)]


def _sure_as(change: Change | None, loss: Change | None) -> Change | None:
    """The change with the word of the loss: the two are the same figure, and would not agree on few rows."""
    return change.model_copy(update={"p": loss.p, "word": loss.word}) if change and loss else None


def _light(head: Figure, doubt: bool) -> Light:
    changes = [head.against_base, head.against_few_shot, head.against_guess]
    if any(change.word == "worse" for change in changes if change):
        return "red"
    return "green" if head.against_base.word == "better" and not doubt else "amber"


def _table(asked: Asked, gains: np.ndarray | None, hide: Callable[[str], str]) -> list[ScoredRow]:
    """The rows, those that gained most first; plain text gains what its loss falls."""
    base, tuned = (_a_token(asked.losses[who]) for who in ("base", "tuned"))
    lost = tuned - base
    gained = -lost if gains is None else gains
    order = sorted(range(len(asked.rows)), key=lambda place: (-gained[place], lost[place]))
    return [_row(asked, place, (float(gained[place]), float(lost[place])), hide) for place in order]


def _row(asked: Asked, place: int, changes: tuple[float, float], hide: Callable[[str], str]) -> ScoredRow:
    row = asked.rows[place]
    said = {who: _cut(hide(found[place].text)) for who, found in asked.answers.items()}
    return ScoredRow(
        row=row.row,
        prompt=_cut(hide(row.prompt[-1].content if row.prompt else "")),
        reference=_cut(hide(row.answer)),
        base=said.get("base", ""),
        few_shot=said.get("few_shot"),
        tuned=said.get("tuned", ""),
        change=changes[0],
        loss_change=changes[1] if min(found[1][place] for found in asked.losses.values()) else None,
    )


def _a_token(losses: np.ndarray) -> np.ndarray:
    """The loss of a token of each row; 0 where it is not known."""
    return np.asarray(losses[0] / np.maximum(losses[1], 1))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + " …"

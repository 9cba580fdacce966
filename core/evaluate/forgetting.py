"""Forgetting: how far the tuned model has moved on things that it was not taught, and whether it lost them.

Measured on reference answers to general prompts written for this lab, token by token, in the chat template of the base
model. Reference answers and not the base model's own: see `measure_forgetting`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, isfinite
from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel, ConfigDict

from core.errors import LabError
from core.evaluate.askable import last_answers
from core.evaluate.benchmark_file import SETS, rows_of
from core.evaluate.bootstrap import interval
from core.evaluate.result import Light, Section
from core.records import Example, Message

if TYPE_CHECKING:
    from core.evaluate.subject import Moved, Subject

BESIDE = 2  # answers of each kind that are shown beside each other
MOST_TOKENS = 32  # of such an answer
AMBER_KL = 0.3
AMBER_LOSS, RED_LOSS = 0.15, 0.7
NOWHERE = (0.0, 0.0)
NO_NUMBERS = (
    "It cannot be told what was forgotten: what a model says of the next token is no number, so its weights are "
    "broken. Train it again with a lower learning rate."
)
TOO_FEW = "Too few general prompts were given to say anything."
EXPLAINED = (
    "Both models read the same right answers to prompts that have nothing to do with your data. KL says how far apart "
    "they are in choosing each next token, 0 being exactly alike; the loss says how unlikely the right answer is. Red: "
    f"right answers became less than half as likely a token (loss up by more than {RED_LOSS}). Amber: the loss went up "
    f"by more than {AMBER_LOSS}, or the KL is above {AMBER_KL}, however little was lost. Each counts only where the "
    "whole 95 % interval over the prompts lies above it: of draws of prompts from a run that is just at a threshold, "
    "2 to 4 in 100 come out above it."
)


@dataclass(frozen=True)
class General:
    """A general prompt with a short answer that is right."""

    kind: str
    prompt: str
    answer: str


class Drift(BaseModel):
    """How far the sides are apart, as means over `prompts`, of each the mean over the tokens of its reference answer.

    `kl` is KL(base || tuned) in nats a token; the losses are nats a token; `same_first` is the share of tokens where
    both sides find the same one likeliest.
    """

    model_config = ConfigDict(frozen=True)
    kind: str
    prompts: int
    kl: float
    base_loss: float
    tuned_loss: float
    same_first: float

    @property
    def loss_change(self) -> float:
        """Tuned minus base: above zero where right answers have become less likely."""
        return self.tuned_loss - self.base_loss


class Beside(BaseModel):
    """A prompt with its reference answer, what both sides say to it, and the KL of its tokens."""

    model_config = ConfigDict(frozen=True)
    kind: str
    prompt: str
    reference: str
    base: str
    tuned: str
    kl: float


class Forgetting(Section):
    """How far the tuned model has moved: over all prompts, by kind, and in answers beside each other.

    `kl_between` and `loss_between` are 95 % intervals over prompts of the mean KL and of the mean change of the loss.
    """

    whole: Drift | None
    kl_between: tuple[float, float]
    loss_between: tuple[float, float]
    kinds: list[Drift]
    beside: list[Beside]
    explained: str = EXPLAINED


def measure_forgetting(subject: "Subject", prompts: Sequence[General] | None = None) -> Forgetting:
    """Read reference answers to general prompts with both sides; by default those written for this lab.

    Costs reading 72 texts of about 60 tokens and two answers of 32 tokens to each of a dozen prompts, on each side.
    """
    measured = moves(subject, general() if prompts is None else prompts)
    return judged(measured, _beside(subject, measured))


def moves(subject: "Subject", prompts: Sequence[General]) -> list[tuple[General, "Moved"]]:
    """How far the sides are apart on the reference answer of each prompt; without those that no template takes.

    Raises:
        LabError: what a side says of a token is no number: its weights are broken.
    """
    rows = last_answers(subject, "base", [_example(number, each) for number, each in enumerate(prompts, 1)])
    moved = subject.drift(rows, "General answers")
    if any(how is not None and not isfinite(how.kl + how.base_loss + how.tuned_loss) for how in moved):
        raise LabError(NO_NUMBERS)
    return [(each, how) for each, how in zip(prompts, moved, strict=True) if how is not None]


def judged(measured: Sequence[tuple[General, "Moved"]], beside: Sequence[Beside] = ()) -> Forgetting:
    """The section for prompts that were read by both sides; nothing is said of fewer than 2."""
    if len(measured) < 2:
        return Forgetting(
            light="grey", said=TOO_FEW, whole=None, kl_between=NOWHERE, loss_between=NOWHERE, kinds=[], beside=[]
        )
    kinds = list(dict.fromkeys(each.kind for each, _ in measured))
    whole = _drift("", [how for _, how in measured])
    kl = interval(np.array([how.kl for _, how in measured]))
    loss = interval(np.array([how.tuned_loss - how.base_loss for _, how in measured]))
    return Forgetting(
        light=_light(kl, loss),
        said=_said(whole, loss),
        whole=whole,
        kl_between=kl,
        loss_between=loss,
        kinds=[_drift(kind, [how for each, how in measured if each.kind == kind]) for kind in kinds],
        beside=list(beside),
    )


def general() -> list[General]:
    """The general prompts of this lab: 12 of each of six kinds, none of them in its samples."""
    return [General(**row) for _, row in rows_of(SETS / "general.jsonl")]


def _drift(kind: str, moved: Sequence["Moved"]) -> Drift:
    names = ("kl", "base_loss", "tuned_loss", "same_first")
    means = {name: float(np.mean([getattr(how, name) for how in moved])) for name in names}
    return Drift(kind=kind, prompts=len(moved), **means)


def _example(number: int, each: General) -> Example:
    return Example(f"general-{number}", number, (Message("user", each.prompt), Message("assistant", each.answer)))


def _beside(subject: "Subject", measured: Sequence[tuple[General, "Moved"]]) -> list[Beside]:
    """Both answers to `BESIDE` prompts of each kind: the first, and of the others those that moved furthest."""
    shown: list[tuple[General, Moved]] = []
    for kind in dict.fromkeys(each.kind for each, _ in measured):
        first, *others = [pair for pair in measured if pair[0].kind == kind]
        shown += [first, *sorted(others, key=lambda pair: -pair[1].kl)[: BESIDE - 1]]
    chats = [[Message("user", each.prompt)] for each, _ in shown]
    base = subject.answers("base", chats, MOST_TOKENS, what="General answers, base")
    tuned = subject.answers("tuned", chats, MOST_TOKENS, what="General answers, tuned")
    return [
        Beside(kind=each.kind, prompt=each.prompt, reference=each.answer, base=one.text, tuned=other.text, kl=how.kl)
        for (each, how), one, other in zip(shown, base, tuned, strict=True)
    ]


def _light(kl: tuple[float, float], loss: tuple[float, float]) -> Light:
    if loss[0] > RED_LOSS:
        return "red"
    return "amber" if kl[0] > AMBER_KL or loss[0] > AMBER_LOSS else "green"


def _said(whole: Drift, loss: tuple[float, float]) -> str:
    """How much likelier or less likely right answers became, a token, and how often both would go on alike."""
    times = exp(abs(whole.loss_change))
    if loss[0] > 0:
        change = f"right answers have become {times:.2f} times less likely a token"
    elif loss[1] > 0:
        change = "right answers are not shown to be less likely than before"
    else:
        change = "right answers are no less likely than before"
    alike = f"{whole.same_first:.0%}"
    return f"On general prompts {change}; both models would go on with the same token in {alike} of places."

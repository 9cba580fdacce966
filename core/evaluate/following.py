"""Following instructions that a program can check, on tasks that were not trained: whether tuning spoiled obedience."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from core.errors import FileProblem
from core.evaluate.benchmark_file import SETS, rows_of
from core.evaluate.bootstrap import Change, difference
from core.evaluate.checks import in_words, passes, problem
from core.evaluate.result import Light, Section
from core.records import Message
from core.words import counted

if TYPE_CHECKING:
    from core.evaluate.subject import Subject

MOST_TOKENS = 40
LIMITS = (
    f"Answers are cut after {MOST_TOKENS} tokens, on both sides alike. The checks look at form and not at sense: an "
    "answer off the subject can pass. Where tuning neither helps nor harms, it is called worse by chance in at most 1 "
    "of 40 reports."
)


@dataclass(frozen=True)
class Instruction:
    """A prompt and what its answer must pass, each check as `core.evaluate.checks.passes` takes it."""

    prompt: str
    checks: tuple[Mapping[str, Any], ...]


class Followed(BaseModel):
    """A prompt with both answers, and for each of its checks whether they pass it."""

    model_config = ConfigDict(frozen=True)
    prompt: str
    checks: list[str]
    base: str
    tuned: str
    base_passed: list[bool]
    tuned_passed: list[bool]

    @property
    def base_follows(self) -> bool:
        """Whether the base model passes all checks."""
        return all(self.base_passed)

    @property
    def tuned_follows(self) -> bool:
        """Whether the tuned model passes all checks."""
        return all(self.tuned_passed)


class Following(Section):
    """How many prompts each side follows, strictly: all checks of the prompt are passed by the answer as it stands.

    `base` and `tuned` are shares of the prompts, `change` is tuned minus base; `base_checks` and `tuned_checks` are
    shares of single checks. `rows` are all prompts, those that tuning changed first, lost before gained. `cut` is how
    many answers of base and tuned were cut at the longest.
    """

    base: float
    tuned: float
    change: Change | None
    base_checks: float
    tuned_checks: float
    cut: tuple[int, int]
    rows: list[Followed]
    limits: str = LIMITS


def measure_following(subject: "Subject", prompts: Sequence[Instruction] | None = None) -> Following:
    """Ask both sides to follow instructions, greedily, and check what they say; by default those written for this lab.

    Amber where the tuned side is worse, red where it is worse and follows less than half of what the base model does,
    green otherwise. False alarms: where tuning neither helps nor harms, amber or red comes in at most 1 of 40 cases:
    the swap test of `core.evaluate.bootstrap` says a word in 1 of 20, half of them “worse”. Costs two answers of 40
    tokens to each of 48 prompts.
    """
    asked = list(instructions()) if prompts is None else list(prompts)
    chats = [[Message("user", each.prompt)] for each in asked]
    base = subject.answers("base", chats, MOST_TOKENS, what="Instructions, base")
    tuned = subject.answers("tuned", chats, MOST_TOKENS, what="Instructions, tuned")
    rows = [_followed(*row) for row in zip(asked, (x.text for x in base), (x.text for x in tuned), strict=True)]
    cut = sum(not each.finished for each in base), sum(not each.finished for each in tuned)
    return judged(rows, cut)


def judged(rows: Sequence[Followed], cut: tuple[int, int] = (0, 0)) -> Following:
    """The section for prompts that were answered and checked; nothing is said of fewer than 2."""
    base, tuned = (np.array([getattr(row, f"{side}_follows") for row in rows], float) for side in ("base", "tuned"))
    change = difference(tuned, base) if len(rows) > 1 else None
    return Following(
        light=_light(change, base, tuned),
        said=_said(change, base, tuned),
        base=_share(base),
        tuned=_share(tuned),
        change=change,
        base_checks=_share([passed for row in rows for passed in row.base_passed]),
        tuned_checks=_share([passed for row in rows for passed in row.tuned_passed]),
        cut=cut,
        rows=sorted(rows, key=lambda row: (row.base_follows == row.tuned_follows, row.tuned_follows)),
    )


def instructions(path: Path = SETS / "instructions.jsonl") -> list[Instruction]:
    """The instructions of a file with `{"prompt": …, "checks": [{"kind": …, …}]}` on each line.

    Raises:
        FileProblem: the file cannot be read, or a line has another shape; the sentence names it.
    """
    found = []
    for line, row in rows_of(path):
        prompt, checks = row.get("prompt"), row.get("checks")
        wrong = ""
        if not isinstance(prompt, str) or not prompt.strip():
            wrong = "it has no “prompt”"
        elif not isinstance(checks, list) or not checks:
            wrong = "it has no list of “checks”"
        elif wrongs := [said for check in checks if (said := problem(check))]:
            wrong = wrongs[0]
        if wrong:
            raise FileProblem(f"Line {line} of “{path.name}” cannot be used: {wrong}.")
        found.append(Instruction(str(prompt), tuple(checks or ())))
    if not found:
        raise FileProblem(f"The file “{path.name}” has no instructions.")
    return found


def _followed(asked: Instruction, base: str, tuned: str) -> Followed:
    return Followed(
        prompt=asked.prompt,
        checks=[in_words(check) for check in asked.checks],
        base=base,
        tuned=tuned,
        base_passed=[passes(base, check) for check in asked.checks],
        tuned_passed=[passes(tuned, check) for check in asked.checks],
    )


def _share(passed: Sequence[float] | np.ndarray) -> float:
    return float(np.mean(passed)) if len(passed) else 0.0


def _light(change: Change | None, base: np.ndarray, tuned: np.ndarray) -> Light:
    if change is None:
        return "grey"
    if change.word != "worse":
        return "green"
    return "red" if tuned.sum() < base.sum() / 2 else "amber"


def _said(change: Change | None, base: np.ndarray, tuned: np.ndarray) -> str:
    if change is None:
        return "Too few instructions were given to say anything."
    of = f"{int(tuned.sum())} of {counted(len(tuned), 'instruction')} it was not trained on"
    return f"The tuned model follows {of}, the base model {int(base.sum())}: {change.word}."

"""Votes on two answers whose sides were hidden: votes/<comparison>.jsonl, a line for each vote and for each undo.

Nothing is deleted: an undo is a line too, and takes back the last vote that is in force.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from core.preferences.prompt_sets import Contender, Given
from core.records import Example, Message
from core.workspace import Workspace, append_line, read_lines

FORMAT = 1
VOTE, UNDO = "vote", "undo"
Verdict = Literal["A", "B", "tie", "both bad"]


class Shown(BaseModel):
    """An answer as it was shown, and the side that gave it."""

    model_config = ConfigDict(frozen=True)

    side: Contender
    given: Given


class Vote(BaseModel):
    """One vote. `shown` are the two answers in the order of the page, A first; `chat` is what both were asked.

    `edited` is what the answer should have been, empty if nobody said. `told` is whether who was who was said after the
    vote. `again` is true where this prompt was voted on before, and `known` where it was told then; votes of earlier
    versions do not say, and count as told.
    """

    model_config = ConfigDict(frozen=True)

    format: int = FORMAT
    id: str
    at: str
    comparison: str
    ticket: str
    chat: list[dict[str, str]]
    shown: tuple[Shown, Shown]
    verdict: Verdict
    comment: str = ""
    edited: str = ""
    seed: int
    settings: dict[str, Any]
    again: bool = False
    told: bool = True
    known: bool = True

    @property
    def winner(self) -> Shown | None:
        """The answer that was chosen, None for a tie or two bad ones."""
        return {"A": self.shown[0], "B": self.shown[1]}.get(self.verdict)

    def seen_from(self, first: str) -> str:
        """The verdict for the side with the key `first`: “win”, “loss”, “tie” or “both bad”."""
        if self.winner is None:
            return self.verdict
        return "win" if self.winner.side.key == first else "loss"


class Votes:
    """The votes on one comparison."""

    def __init__(self, workspace: Workspace, comparison: str) -> None:
        self._path = workspace.root / "votes" / f"{comparison}.jsonl"

    def add(self, vote: Vote) -> None:
        """Store a vote."""
        append_line(self._path, {"what": VOTE, **vote.model_dump()})

    def undo(self, at: str) -> Vote | None:
        """Take back the last vote that is in force, and return it; None if there is none."""
        in_force = self.in_force()
        if not in_force:
            return None
        append_line(self._path, {"what": UNDO, "at": at})
        return in_force[-1]

    def in_force(self) -> list[Vote]:
        """The votes that were not taken back, oldest first."""
        left: list[Vote] = []
        for line in read_lines(self._path):
            if line["what"] == UNDO:
                del left[-1:]
            else:
                left.append(Vote.model_validate(line))
        return left

    def tickets(self) -> dict[str, bool]:
        """What was ever voted on, also where the vote was taken back; and whether the sides were told after any."""
        found: dict[str, bool] = {}
        for line in read_lines(self._path):
            if line["what"] == VOTE:
                found[line["ticket"]] = found.get(line["ticket"], False) or line.get("told", True)
        return found


def new_id() -> str:
    """The id of a new vote."""
    return secrets.token_hex(8)


def all_votes(workspace: Workspace) -> list[Vote]:
    """Every vote in force of a workspace, whatever comparison it is on."""
    names = sorted(path.stem for path in (workspace.root / "votes").glob("*.jsonl"))
    return [vote for name in names for vote in Votes(workspace, name).in_force()]


@dataclass(frozen=True)
class Preferences:
    """Rows for preference training, and how many votes gave none: they prefer no text to another."""

    examples: list[Example]
    without: int


def to_preferences(votes: Sequence[Vote]) -> Preferences:
    """Votes as rows with a chosen answer, the last message, and a rejected one.

    A vote for A or B rejects the other answer; what was chosen is the edited text where there is one. A tie and two bad
    answers only give rows with an edited text, which is preferred to each of both. The prompt is the common chat,
    without few-shot examples or another wording of one side. Rows of the same prompt have the same group, so that a
    split keeps them together. An empty text is never the better one, nor is a text preferred to itself.
    """
    examples: list[Example] = []
    without = 0
    for vote in votes:
        pairs = list(_pairs(vote))
        without += not pairs
        for chosen, rejected in pairs:
            examples.append(_example(vote, len(examples) + 1, chosen, rejected))
    return Preferences(examples, without)


def _pairs(vote: Vote) -> Iterable[tuple[str, str]]:
    """The chosen and the rejected text of each row that a vote gives."""
    edited = vote.edited.strip()
    worse = [shown.given.text for shown in vote.shown if shown is not vote.winner]
    better = edited or (vote.winner.given.text if vote.winner else "")
    return dict.fromkeys((better, text) for text in worse if better.strip() and better != text)


def _example(vote: Vote, row: int, chosen: str, rejected: str) -> Example:
    chat = tuple(Message(**message) for message in vote.chat)
    return Example(
        id=f"r{row:06d}",
        row=row,
        messages=(*chat, Message("assistant", chosen)),
        rejected=rejected,
        group=f"{vote.comparison}:{vote.ticket.split('-')[0]}",
        source=vote.comparison,
    )

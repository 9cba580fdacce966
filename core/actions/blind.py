"""Blind votes: two answers as A and B, the vote with comment and edited answer, undo, and how the sides stand."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, get_args

from core.actions.answers import set_of
from core.errors import LabError, SettingProblem
from core.preferences import (
    METHOD,
    Pair,
    PromptSet,
    Question,
    Shown,
    Verdict,
    Vote,
    Votes,
    all_votes,
    known_before,
    new_id,
    now,
    pairs_of,
    position_bias,
    questions,
    shown,
    standings,
    to_preferences,
)
from core.records import Dataset
from core.words import counted
from core.workspace import Workspace, slug

EVERY = "every"
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
LONGEST = {"comment": 5_000, "edited": 50_000}
CHOSE = {"A": "You chose A", "B": "You chose B", "tie": "You called it a tie", "both bad": "You called both bad"}
NOT_COUNTED = "Those are not asked, and no rate counts them."
HELD_OUT = " The prompts are held-out rows of {}: a model that is trained on them can no longer be measured by them."


@dataclass(frozen=True)
class Asked:
    """What a voter is asked: the chat, two answers without a name, what the row expects, and how far the set is.

    `ticket` names the question; `found` is the personal data in A and in B that was not told; `again` is true where it
    was voted on before an undo.
    """

    ticket: str
    chat: list[dict[str, str]]
    a: str
    b: str
    found: tuple[str, str]
    expected: str
    far: str
    again: bool


@dataclass(frozen=True)
class Result:
    """How the votes stand, in sentences: of this set, of all sets where those hold more votes, and notes."""

    votes: int
    of_set: list[str]
    of_all: list[str]
    notes: list[str]


@dataclass(frozen=True)
class TakenBack:
    """A vote that was taken back, in a sentence, and what was written with it."""

    sentence: str
    comment: str = ""
    edited: str = ""


def pairs(workspace: Workspace, set_id: str) -> list[tuple[str, str]]:
    """Label and name of every pair of sides in a set, by their numbers, so that the list tells no voter a name."""
    found = pairs_of(set_of(workspace, set_id)) if set_id else []
    single = [(f"Sides {first + 1} and {second + 1}", f"{first + 1}-{second + 1}") for first, second in found]
    return [("Every pair", EVERY), *single] if len(single) > 1 else [("Both sides", EVERY)]


def ask(workspace: Workspace, set_id: str, pair: str = EVERY) -> Asked | str:
    """The next question that has no vote, or a sentence if there is none.

    Raises:
        NotFound: there is no such set.
        SettingProblem: there is no such pair.
    """
    prompt_set, votes = set_of(workspace, set_id), Votes(workspace, set_id)
    every = questions(prompt_set, _pairs(prompt_set, pair))
    open_ones = [question for question in every if question.is_open]
    done = {vote.ticket for vote in votes.in_force()}
    left = [question for question in open_ones if question.ticket not in done]
    same = len(every) - len(open_ones)
    if not left:
        return _nothing_left(prompt_set, len(open_ones), same)
    a, b = shown(prompt_set, left[0], workspace.secret_key())
    return Asked(
        ticket=left[0].ticket,
        chat=left[0].prompt.chat,
        a=a.given.text,
        b=b.given.text,
        found=(a.given.personal_data, b.given.personal_data),
        expected=left[0].prompt.expected,
        far=f"{len(open_ones) - len(left) + 1:,} of {len(open_ones):,}{_same(same)}",
        again=left[0].ticket in votes.tickets(),
    )


def ask_as_dict(workspace: Workspace, set_id: str, pair: str = EVERY) -> dict[str, Any]:
    """`ask` for callers of the API: the question, or `done` with the sentence."""
    asked = ask(workspace, set_id, pair)
    return {"done": asked} if isinstance(asked, str) else asdict(asked)


def vote(
    workspace: Workspace,
    set_id: str,
    ticket: str,
    verdict: str,
    comment: str | None = "",
    edited: str | None = "",
    told: bool = True,
) -> str:
    """Store a vote on a question; returns who was who, in a sentence: `told` is whether the voter is to read that.

    Raises:
        NotFound: there is no such set.
        SettingProblem: the verdict is none, there is no such question, or a text is too long.
        LabError: the question has a vote already, or both its answers are the same.
    """
    texts = {"comment": str(comment or "").strip(), "edited": str(edited or "").strip()}
    _check(verdict, texts)
    prompt_set, votes = set_of(workspace, set_id), Votes(workspace, set_id)
    question = _question(prompt_set, ticket)
    if not question.is_open:
        raise LabError("Both answers to this question are the same, so there is nothing to choose between.")
    if question.ticket in {given.ticket for given in votes.in_force()}:
        raise LabError("This question has a vote already. Undo takes the last one back.")
    before = votes.tickets()
    stored = Vote(
        id=new_id(),
        at=now(),
        comparison=set_id,
        ticket=question.ticket,
        chat=question.prompt.chat,
        shown=shown(prompt_set, question, workspace.secret_key()),
        verdict=verdict,
        seed=prompt_set.about.settings["seed"],
        settings=prompt_set.about.settings,
        again=question.ticket in before,
        told=told,
        known=before.get(question.ticket, False),
        **texts,
    )
    votes.add(stored)
    return f"{CHOSE[verdict]}: A was {_named(stored.shown[0])}, B was {_named(stored.shown[1])}."


def undo(workspace: Workspace, set_id: str) -> str:
    """Take back the last vote on a set; its question is asked again. Returns a sentence. Raises `NotFound`."""
    return take_back(workspace, set_id).sentence


def take_back(workspace: Workspace, set_id: str) -> TakenBack:
    """`undo`, with the comment and the edited answer of the vote. Raises `NotFound`."""
    taken = Votes(workspace, set_of(workspace, set_id).id).undo(now())
    if taken is None:
        return TakenBack("There is no vote to take back.")
    said = f"Taken back: the vote on prompt {taken.ticket.split('-')[0]}. It is asked again."
    return TakenBack(said, taken.comment, taken.edited)


def standing(workspace: Workspace, set_id: str) -> Result:
    """How the sides of a set stand by the votes in force. Raises `NotFound`."""
    prompt_set = set_of(workspace, set_id)
    votes, sides = Votes(workspace, set_id).in_force(), prompt_set.about.sides
    here = standings(votes, sides)
    known = {(one.first.key, one.second.key): one.rate for one in here}
    everywhere = [one for one in standings(all_votes(workspace), sides) if known.get(_keys(one)) != one.rate]
    said = (*_said_the_same(prompt_set), METHOD, position_bias(votes), known_before(votes))
    notes = [note for note in said if note]
    return Result(len(votes), [one.sentence for one in here], [one.sentence for one in everywhere], notes)


def standing_as_dict(workspace: Workspace, set_id: str) -> dict[str, Any]:
    """`standing` for callers of the API, with the counts of each pair of sides in this set."""
    prompt_set = set_of(workspace, set_id)
    here = standings(Votes(workspace, set_id).in_force(), prompt_set.about.sides)
    counts = [
        {
            "first": one.first.label,
            "second": one.second.label,
            **asdict(one.rate),
            "rate": one.rate.rate,
            "interval": one.rate.interval,
            "votes_missing": one.rate.votes_missing,
        }
        for one in here
    ]
    return {**asdict(standing(workspace, set_id)), "pairs": counts}


def save(workspace: Workspace, set_id: str) -> tuple[str, str]:
    """Save what the votes on a set prefer as a dataset version with chosen and rejected answers: its id, a sentence.

    Raises:
        NotFound: there is no such set.
        SettingProblem: no vote prefers one text to another.
    """
    prompt_set, votes = set_of(workspace, set_id), Votes(workspace, set_id).in_force()
    found = to_preferences(votes)
    if not found.examples:
        raise SettingProblem("No vote prefers one answer to another yet. Choose A or B, or write what it should be.")
    sentence = (
        f"{counted(len(found.examples), 'row')} with a better and a worse answer, from "
        f"{counted(len(votes), 'vote')}; {counted(found.without, 'vote')} without a preference."
    )
    version = workspace.versions.save(
        f"votes-{slug(prompt_set.about.name)}"[:50],
        Dataset.of(found.examples),
        "votes",
        settings={"prompt_set": set_id, "sides": [side.model_dump() for side in prompt_set.about.sides]},
        result={"sentence": sentence, "votes": len(votes), "without": found.without},
    )
    held_out = HELD_OUT.format(prompt_set.about.held_out_of) if prompt_set.about.held_out_of else ""
    return version.id, sentence + held_out


def _said_the_same(prompt_set: PromptSet) -> list[str]:
    """A sentence on each pair with equal answers: nobody votes on those, and a rate of the others alone says less."""
    found = []
    for pair in pairs_of(prompt_set):
        asked = questions(prompt_set, [pair])
        same = sum(not question.is_open for question in asked)
        first, second = (prompt_set.about.sides[side].label for side in pair)
        of = counted(len(asked), "prompt")
        found += [f"“{first}” and “{second}” gave the same answer to {same:,} of {of}. {NOT_COUNTED}"] if same else []
    return found


def _keys(one: Any) -> tuple[str, str]:
    return one.first.key, one.second.key


def _named(one: Shown) -> str:
    """The side, with the adapter that the model itself reported as active."""
    return f"“{one.side.label}”" + (f" (adapter {one.given.adapter})" if one.given.adapter else "")


def _pairs(prompt_set: PromptSet, pair: str) -> Sequence[Pair]:
    found = pairs_of(prompt_set)
    if not found:
        raise SettingProblem("All sides of this set are the same one, so there is nothing to choose between.")
    if pair in (EVERY, "", None):
        return found
    chosen = [one for one in found if f"{one[0] + 1}-{one[1] + 1}" == pair]
    if not chosen:
        known = ", ".join(f"{first + 1}-{second + 1}" for first, second in found)
        raise SettingProblem(f"There is no pair “{str(pair)[:40]}” in this set. Pairs: {EVERY}, {known}.")
    return chosen


def _question(prompt_set: PromptSet, ticket: str) -> Question:
    asked = questions(prompt_set, pairs_of(prompt_set) or [(0, 0)])
    found = next((question for question in asked if question.ticket == ticket), None)
    if found is None:
        raise SettingProblem(f"There is no question “{str(ticket)[:40]}” in this set. Reload the page.")
    return found


def _check(verdict: str, texts: dict[str, str]) -> None:
    if verdict not in VERDICTS:
        raise SettingProblem(f"The vote is “{str(verdict)[:40]}”; it must be one of {', '.join(VERDICTS)}.")
    for name, text in texts.items():
        if len(text) > LONGEST[name]:
            raise SettingProblem(f"The {name} text has more than {LONGEST[name]:,} characters. Write it shorter.")


def _same(count: int) -> str:
    return f" ({counted(count, 'more is', 'more are')} not asked: both answers are the same)" if count else ""


def _nothing_left(prompt_set: PromptSet, voted: int, same: int) -> str:
    if not voted:
        why = "Both answers are the same everywhere" if same else "No prompt was answered yet"
        return f"{why}, so there is nothing to choose between."
    return f"Every question of this set has a vote: {voted:,} of {voted:,}{_same(same)}."

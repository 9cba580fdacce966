"""What the sides of a prompt set said: listed side by side with their difference, and summed up for each side."""

from dataclasses import asdict, dataclass
from typing import Any

from core.actions import background
from core.actions.tables import page_of
from core.errors import SettingProblem
from core.preferences import AnsweredPrompt, PromptSet, PromptSets
from core.words import counted, differences
from core.workspace import Workspace

ASKING = "asking a prompt set"  # the sort of background work by which answers come
PAGE_PROMPTS = 10
LONGEST_SHOWN = 4_000  # characters of an answer on the page
Pieces = list[tuple[str, str]]


@dataclass(frozen=True)
class Said:
    """An answer as it is listed; `pieces` are “same” and “added” ones against the first side chosen to compare with."""

    label: str
    text: str
    pieces: Pieces
    tokens: int
    words: int
    seconds: float
    finished: bool
    adapter: str | None
    personal_data: str


@dataclass(frozen=True)
class Line:
    """A prompt with all its answers, and what its row expects."""

    number: int
    prompt: str
    expected: str
    said: list[Said]


@dataclass(frozen=True)
class Figures:
    """A side over the whole set: means of tokens, words and seconds, the share that the model ended itself, and where
    rows expect an answer the mean word F1 and the share of equal ones (0 to 1), else None."""

    label: str
    tokens: float
    words: float
    seconds: float
    finished: float
    f1: float | None
    exact: float | None


@dataclass(frozen=True)
class Listing:
    """A page of a set: its lines, where it is in the set, and the figures of each side."""

    about: str
    notes: list[str]
    figures: list[Figures]
    lines: list[Line]
    page: int
    pages: int


def sets(workspace: Workspace) -> list[tuple[str, str]]:
    """Label and id of every set with an answer, newest first."""
    return [(found.label, found.id) for found in PromptSets(workspace).all() if found.answered]


def set_of(workspace: Workspace, set_id: str) -> PromptSet:
    """A set with its answers so far.

    Raises:
        SettingProblem: none is chosen.
        NotFound: there is no such set.
    """
    if not set_id:
        raise SettingProblem("No prompt set is chosen. Ask one first; it appears here with its first answers.")
    return PromptSets(workspace).get(set_id)


def is_growing(workspace: Workspace, set_id: str) -> bool:
    """Whether the set is being asked at this moment, so that more answers come."""
    going = background.going(workspace, ASKING)
    return going is not None and going.subject == set_id


def sides(workspace: Workspace, set_id: str) -> list[tuple[str, int]]:
    """Label and place, from 0, of every side of a set."""
    found = set_of(workspace, set_id).about.sides if set_id else []
    return [(f"{place + 1}. {side.label}", place) for place, side in enumerate(found)]


def listing(workspace: Workspace, set_id: str, page: Any = 1, against: Any = 0) -> Listing:
    """A page of a set, ten prompts long; what differs from the side at the place `against` is marked in the others.

    Raises:
        NotFound: there is no such set.
        SettingProblem: none is chosen, the page is no number, or there is no such side.
    """
    found = set_of(workspace, set_id)
    labels = [side.label for side in found.about.sides]
    first = _place(against, labels)
    number, pages, start = page_of(page, len(found.answered), PAGE_PROMPTS)
    shown = found.answered[start : start + PAGE_PROMPTS]
    return Listing(
        about=_about(found, is_growing(workspace, set_id)),
        notes=found.about.notes,
        figures=[_figures(found, place) for place in range(len(labels))],
        lines=[_line(prompt, labels, first) for prompt in shown],
        page=number,
        pages=pages,
    )


def listing_as_dict(workspace: Workspace, set_id: str, page: Any = 1, against: Any = 0) -> dict[str, Any]:
    """`listing` for callers of the API."""
    return asdict(listing(workspace, set_id, page, against))


def _about(found: PromptSet, grows: bool) -> str:
    if found.reason:
        return f"{found.about.source}: {found.reason}"
    rest = "More come." if grows else "The program ended before all were; what there is was kept."
    total = counted(found.about.prompts, "prompt")
    return f"{found.about.source}: {len(found.answered):,} of {total} answered. {rest}"


def _place(against: Any, labels: list[str]) -> int:
    try:
        place = int(against or 0)
    except (TypeError, ValueError) as error:
        raise SettingProblem(f"The side is “{str(against)[:40]}”; it must be a place from 0.") from error
    if not 0 <= place < len(labels):
        raise SettingProblem(f"There is no side {place} in this set: it has {counted(len(labels), 'side')}, from 0.")
    return place


def _line(prompt: AnsweredPrompt, labels: list[str], first: int) -> Line:
    texts = [given.text[:LONGEST_SHOWN] for given in prompt.given]
    said = [
        Said(
            label=label,
            text=text,
            pieces=[("same", text)] if place == first else _new(texts[first], text),
            tokens=given.tokens,
            words=len(given.text.split()),
            seconds=given.seconds,
            finished=given.finished,
            adapter=given.adapter,
            personal_data=given.personal_data,
        )
        for place, (label, text, given) in enumerate(zip(labels, texts, prompt.given, strict=True))
    ]
    return Line(prompt.number, prompt.chat[-1]["content"][:LONGEST_SHOWN], prompt.expected[:LONGEST_SHOWN], said)


def _new(before: str, after: str) -> Pieces:
    """The pieces of `after`: those that stand in `before` too, and those that do not."""
    return [(kind, text) for kind, text in differences(before, after) if kind != "removed"]


def _figures(found: PromptSet, place: int) -> Figures:
    from core.evaluate.scores.text import exact, token_f1

    given = [prompt.given[place] for prompt in found.answered]
    known = [(prompt.given[place].text, prompt.expected) for prompt in found.answered if prompt.expected.strip()]
    return Figures(
        label=found.about.sides[place].label,
        tokens=_mean([one.tokens for one in given]),
        words=_mean([len(one.text.split()) for one in given]),
        seconds=_mean([one.seconds for one in given]),
        finished=_mean([one.finished for one in given]),
        f1=_mean([token_f1(text, right) for text, right in known]) if known else None,
        exact=_mean([exact(text, right) for text, right in known]) if known else None,
    )


def _mean(values: list[Any]) -> float:
    return sum(values) / len(values) if values else 0.0

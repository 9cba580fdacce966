"""The numbers of a version beside those of an earlier one, as they are shown."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from core.curate.language import name_of
from core.curate.numbers.counts import Counts
from core.curate.numbers.diversity import ALIKE_COSINE, ALIKE_RATIO, TEMPLATED_COSINE, TEMPLATED_RATIO
from core.curate.numbers.lengths import Lengths, Tokens
from core.curate.numbers.measure import Numbers

NO_NUMBER = "–"
FEWEST_AGAIN = 2  # rows; an answer or opening that stands there once is not worth a line
MOST_PARTS = 10
OTHERS = "all others"
ALWAYS_SHOWN = ("Rows", "Train", "Held out")
LENGTH_TITLES = {
    "prompt_characters": "Prompt, characters",
    "prompt_words": "Prompt, words",
    "answer_characters": "Answer, characters",
    "answer_words": "Answer, words",
}
TOKENS_TITLE = "Whole row, tokens"
SHARE_TITLES = {
    "languages": "Languages",
    "labels": "Labels",
    "categories": "Categories",
    "tags": "Tags",
    "turns": "Turns",
    "good": "What the file calls the answer",
    "systems": "System prompts",
    "openings": "How prompts begin",
    "answers": "Answers that come again",
}


@dataclass(frozen=True)
class Figure:
    """A number as text; `before` is that of the earlier version, empty where there is none. `about` says what it is."""

    title: str
    now: str
    before: str = ""
    about: str = ""


@dataclass(frozen=True)
class Part:
    """Rows that have a value, now and before; None where there is no earlier version, or it does not tell."""

    name: str
    now: int
    before: int | None = None


@dataclass(frozen=True)
class Side:
    """What is known of one version."""

    numbers: Numbers
    tokens: Tokens | None = None

    @property
    def lengths(self) -> dict[str, Lengths]:
        """The lengths there are, by title."""
        found = {title: self.numbers.lengths[key] for key, title in LENGTH_TITLES.items()}
        return found | ({TOKENS_TITLE: self.tokens.lengths} if self.tokens else {})


def figures(now: Side, before: Side | None) -> list[Figure]:
    """The counts that say at a glance what the set is; of most, none is not worth a figure."""
    known: dict[str, Callable[[Numbers], int]] = {
        "Rows": lambda numbers: numbers.rows,
        "Train": lambda numbers: numbers.train,
        "Held out": lambda numbers: numbers.held_out,
        "Without an answer": lambda numbers: numbers.unanswered,
        "Say what another row says": lambda numbers: numbers.repeated,
        "Languages": lambda numbers: numbers.languages.distinct,
        "Labels": lambda numbers: numbers.labels.distinct,
        "Categories": lambda numbers: numbers.categories.distinct,
        "Different answers": lambda numbers: numbers.answers.distinct,
        "System prompts": lambda numbers: numbers.systems.distinct,
    }
    return [
        Figure(title, f"{of(now.numbers):,}", f"{of(before.numbers):,}" if before else "")
        for title, of in known.items()
        if title in ALWAYS_SHOWN or of(now.numbers) or (before and of(before.numbers))
    ]


def lengths(now: Side, before: Side | None) -> dict[str, list[Figure]]:
    """Median, 95th percentile and longest of each length, by its title."""
    known: dict[str, Callable[[Lengths], int]] = {
        "Median": lambda found: found.median,
        "95 % up to": lambda found: found.p95,
        "Longest": lambda found: found.longest,
    }
    earlier = before.lengths if before else {}
    return {
        title: [
            Figure(name, f"{of(found):,}", f"{of(earlier[title]):,}" if title in earlier else "")
            for name, of in known.items()
        ]
        for title, found in now.lengths.items()
    }


def bars(now: Side, before: Side | None) -> dict[str, list[Part]]:
    """Rows by length, by the title of the length; bars of both versions, from the shortest that holds a row."""
    earlier = before.lengths if before else {}
    answer = {}
    for title, found in now.lengths.items():
        rows = {bar.low: bar.rows for bar in found.bars}
        old = {bar.low: bar.rows for bar in earlier[title].bars} if title in earlier else None
        names = {bar.low: bar.name for bar in [*found.bars, *(earlier[title].bars if old else [])]}
        answer[title] = [
            Part(names[low], rows.get(low, 0), None if old is None else old.get(low, 0)) for low in sorted(names)
        ]
    return answer


def shares(now: Side, before: Side | None) -> dict[str, list[Part]]:
    """Rows by value, the most frequent first, by the title of what is counted.

    What tells nothing is left out: answers that are the labels once more, and openings and answers that come once.
    """
    found = {}
    for key, title in SHARE_TITLES.items():
        counts: Counts = getattr(now.numbers, key)
        old: Counts | None = getattr(before.numbers, key) if before else None
        parts = _parts(counts, old)
        if key in ("openings", "answers"):
            parts = [part for part in parts if part.now >= FEWEST_AGAIN and part.name != OTHERS]
        if key == "languages":
            parts = [replace(part, name=name_of(part.name)) if part.name != OTHERS else part for part in parts]
        if parts and not (key == "answers" and counts.top == now.numbers.labels.top):
            found[title] = parts
    return found


def diversity(now: Side, before: Side | None) -> list[Figure]:
    """The three numbers behind the light."""
    known = {
        "zlib_ratio": (
            "Packed by zlib, times shorter",
            f"varied text 2 to 3, alike above {ALIKE_RATIO:g}, templated above {TEMPLATED_RATIO:g}",
        ),
        "nearest": (
            "Nearest other prompt, median cosine",
            f"1: the same words; alike from {ALIKE_COSINE:g}, templated from {TEMPLATED_COSINE:g}",
        ),
        "distinct_2": (
            "Different pairs of words in answers",
            "share of the first 20,000 pairs, higher is more varied",
        ),
    }
    return [
        Figure(title, _number(now, key), _number(before, key) if before else "", about)
        for key, (title, about) in known.items()
    ]


def _number(side: Side, key: str) -> str:
    value: float | None = getattr(side.numbers.diversity, key)
    return NO_NUMBER if value is None else f"{value:.2f}"


def _parts(now: Counts, before: Counts | None) -> list[Part]:
    """The `MOST_PARTS` most frequent values, and all others in one line."""
    parts = [Part(count.name, count.rows, _rows(before, count.name)) for count in now.top[:MOST_PARTS]]
    rest = now.rows - sum(part.now for part in parts)
    if not rest:
        return parts
    earlier = [part.before for part in parts if part.before is not None]
    whole = before is not None and len(earlier) == len(parts)
    return [*parts, Part(OTHERS, rest, before.rows - sum(earlier) if before and whole else None)]


def _rows(before: Counts | None, name: str) -> int | None:
    """The rows that had this value; None where it may have been there, but too rare to be kept by name."""
    if before is None:
        return None
    known = {count.name: count.rows for count in before.top}
    return known.get(name, 0 if len(known) == before.distinct else None)

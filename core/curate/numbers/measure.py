"""All numbers of a set but tokens and the map; 15,000 rows take about a second."""

import polars as pl
from pydantic import BaseModel

from core.curate.numbers.counts import Counts, counts
from core.curate.numbers.diversity import Diversity, diversity
from core.curate.numbers.lengths import Lengths, lengths
from core.curate.numbers.texts import asked
from core.curate.rows import Rows
from core.curate.signals import UNSPACED
from core.records import HELD_OUT, TRAIN

LENGTHS = ("prompt_characters", "prompt_words", "answer_characters", "answer_words")
OPENING_WORDS = 3
OPENING_CHARACTERS = 80
UNKNOWN = "unknown"


class Numbers(BaseModel, frozen=True):
    """The numbers of a set of `rows`.

    `unanswered` rows have no answer; `repeated` ones say, role by role, what an earlier one says. `lengths` is by
    `LENGTHS`. `systems` counts system prompts, `openings` the first three words of what the user says, `good` what a
    file says of its answers; `chosen_longer` of `pairs` preference rows have the longer answer as the better one.
    """

    rows: int
    train: int
    held_out: int
    unanswered: int
    repeated: int
    lengths: dict[str, Lengths]
    turns: Counts
    languages: Counts
    labels: Counts
    categories: Counts
    tags: Counts
    good: Counts
    systems: Counts
    openings: Counts
    answers: Counts
    pairs: int
    chosen_longer: int
    diversity: Diversity

    @property
    def learnable(self) -> int:
        """Rows to train on: those of the train side, or all before the split, that have an answer, at the most."""
        return min(self.train if self.train + self.held_out else self.rows, self.rows - self.unanswered)


def numbers(rows: Rows, signals: pl.DataFrame) -> Numbers:
    """The numbers of a set; `signals` has a line per row, in any order, as `core.curate.signals` makes it."""
    frame = rows.frame
    pairs = frame.filter(pl.col("rejected").is_not_null())
    return Numbers(
        rows=len(rows),
        train=int((frame["split"] == TRAIN).sum()),
        held_out=int((frame["split"] == HELD_OUT).sum()),
        unanswered=int((frame["answer"].str.strip_chars() == "").sum()),
        repeated=len(rows) - _different(rows),
        lengths={name: lengths(signals[name]) for name in LENGTHS},
        turns=counts(frame["turns"].cast(pl.String)),
        languages=counts(signals["language"].replace(UNKNOWN, None)),
        labels=counts(frame["label"]),
        categories=counts(frame["category"]),
        tags=counts(frame["tags"].explode(empty_as_null=True)),
        good=counts(frame["good"].replace_strict({True: "good", False: "bad"}, return_dtype=pl.String)),
        systems=counts(rows.turns.filter(role="system")["content"]),
        openings=_openings(asked(rows)),
        answers=counts(frame["answer"].str.strip_chars()),
        pairs=len(pairs),
        chosen_longer=int((pairs["answer"].str.len_chars() > pairs["rejected"].str.len_chars()).sum()),
        diversity=diversity(rows),
    )


def _different(rows: Rows) -> int:
    """How many rows say something that no other row says, counting one of those that say the same."""
    said = rows.turns.with_columns(turn_hash=pl.struct("role", "content").hash())
    return said.group_by("position").agg("turn_hash")["turn_hash"].n_unique() if len(said) else min(len(rows), 1)


def _openings(texts: pl.Series) -> Counts:
    """How prompts of at least three words begin, told apart in lower case and shown as in the first of them."""
    words = texts.str.head(OPENING_CHARACTERS).str.extract_all(rf"{UNSPACED}|[\w'’]+").list.head(OPENING_WORDS)
    begun = pl.DataFrame({"words": words}).filter(pl.col("words").list.len() == OPENING_WORDS)
    shown = begun.select(shown=pl.col("words").list.join(" ")).with_columns(key=pl.col("shown").str.to_lowercase())
    return counts(shown.select(pl.col("shown").first().over("key")).to_series())

"""What the checks look at: a dataset as polars frames, each computed once and only if a check asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from core.curate.copies import MARKS, first_copies
from core.curate.shingles import Hashes, Ints, Words, ranges, sequence_hashes, words_of
from core.curate.signals import signals
from core.records import TEXT, Dataset

# A check answers with a frame of these columns. `position` counts rows of the dataset from 0; `score` is what a
# threshold is held against, null where the check has none; `other` is the position of the row that this one is like.
FOUND = pl.Schema({"position": pl.UInt32(), "reason": pl.String(), "score": pl.Float64(), "other": pl.UInt32()})
ORDER = [("row", "ascending"), ("id", "ascending")]
SAID_BY_THE_MODEL = ("assistant", TEXT)


@dataclass(frozen=True)
class Benchmark:
    """Prompts of a test that the tuned model is to be measured with, and that must not be trained on."""

    name: str
    prompts: Sequence[str]


class Rows:
    """The rows of a dataset for the checks of one scan, in the order of their numbers whatever order they came in."""

    def __init__(self, dataset: Dataset, benchmarks: Sequence[Benchmark] = ()) -> None:
        self.dataset = dataset if _in_order(dataset) else Dataset(dataset.table.sort_by(ORDER))
        self.benchmarks = benchmarks
        pa.default_memory_pool().release_unused()  # reading a dataset leaves as much again as it takes

    def __len__(self) -> int:
        return len(self.dataset)

    @cached_property
    def turns(self) -> pl.DataFrame:
        """A line per message: `position`, `turn` (from 1), `turns` (of the row), `role`, `content`."""
        counts = self._counts
        messages = pc.list_flatten(self.dataset.table["messages"])  # as flat columns polars takes them without a copy
        return pl.DataFrame(
            {
                "position": np.repeat(np.arange(len(self), dtype=np.uint32), counts),
                "role": pl.from_arrow(pc.struct_field(messages, "role")),
                "content": pl.from_arrow(pc.struct_field(messages, "content")),
                "turns": np.repeat(counts, counts).astype(np.uint32),
                "turn": (ranges(np.zeros(len(self), np.int64), counts) + 1).astype(np.uint32),
            }
        )

    @property
    def _counts(self) -> Ints:
        """How many messages each row has."""
        lengths: Ints = pc.list_value_length(self.dataset.table["messages"]).to_numpy().astype(np.int64)
        return lengths

    @cached_property
    def turn_words(self) -> Words:
        """The words of each line of `turns`, as numbers."""
        return words_of(pc.struct_field(pc.list_flatten(self.dataset.table["messages"]), "content"))

    def forget_words(self) -> None:
        """Give back the memory of `turn_words`; who asks for them later waits for them again."""
        self.__dict__.pop("turn_words", None)

    @cached_property
    def turn_hashes(self) -> Hashes:
        """A hash of the words of each line of `turns` in their order."""
        return sequence_hashes(self.turn_words)

    @cached_property
    def frame(self) -> pl.DataFrame:
        """A line per row: `position`, the columns of the dataset but messages, `turns`, `prompt` and `answer`.

        `answer` is the last message if the assistant says it (or it is plain text), else empty; `prompt` is the text of
        all other messages, a line each.
        """
        table = pl.DataFrame(pl.from_arrow(self.dataset.table.drop_columns("messages"))).with_row_index("position")
        plain = table.with_columns(turns=pl.Series(self._counts.astype(np.uint32)))
        last = (pl.col("turn") == pl.col("turns")) & pl.col("role").is_in(SAID_BY_THE_MODEL)
        answers = self.turns.filter(last).select("position", answer="content")
        joined = plain.join(_prompts(self.turns.filter(~last)), "position", how="left", maintain_order="left")
        joined = joined.join(answers, "position", how="left", maintain_order="left")
        return joined.with_columns(pl.col("prompt", "answer").fill_null(""))

    @cached_property
    def copies(self) -> Ints:
        """For each row the position of the first one that is the same but for spacing and case, mostly its own."""
        turns = self.turns.with_columns(hash=pl.Series(self.turn_hashes))
        return first_copies(turns, self.frame.select("position", *MARKS))

    @cached_property
    def signals(self) -> pl.DataFrame:
        """A line per row: `position` and the columns of `core.curate.signals.SIGNALS`."""
        return signals(self.frame)

    @property
    def answers(self) -> pl.DataFrame:
        """The rows of `frame` that have an answer."""
        return self.frame.filter(pl.col("answer") != "")


def _in_order(dataset: Dataset) -> bool:
    """Whether the row numbers rise already: a sorted copy of a million rows takes 400 MB."""
    numbers = dataset.table["row"].to_numpy()
    return bool((numbers[1:] > numbers[:-1]).all())


def _prompts(turns: pl.DataFrame) -> pl.DataFrame:
    """The texts of each position, joined; where there is just one it is not copied."""
    alone = turns["position"].is_unique()
    several = (
        turns.filter(~alone).group_by("position", maintain_order=True).agg(prompt=pl.col("content").str.join("\n"))
    )
    return pl.concat([turns.filter(alone).select("position", prompt="content"), several])


def found(
    rows: pl.DataFrame | pl.LazyFrame, reason: pl.Expr, score: pl.Expr | None = None, other: pl.Expr | None = None
) -> pl.DataFrame:
    """The answer of a check for rows with a `position`, the first problem of each; see `FOUND`."""
    nothing = pl.lit(None)
    answer = rows.lazy().select(
        "position",
        reason=reason,
        score=nothing if score is None else score,
        other=nothing if other is None else other,
    )
    return answer.cast(FOUND).unique("position", keep="first", maintain_order=True).collect()

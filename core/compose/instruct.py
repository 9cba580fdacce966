"""Instructions put to rows that are only input and output, or text and label, in several wordings.

A model that has seen one wording learns the wording; several teach the task, and some that only held-out rows use show
whether it was learned. Wordings are dealt out by a seeded hash of the row ids, evenly over all rows and each label.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from core.compose.turns import change_turns
from core.compose.wordings import INPUT, LABELS, TARGET, WORDINGS
from core.errors import SettingProblem
from core.records import HELD_OUT, Dataset
from core.select import draw
from core.settings import InstructSettings
from core.words import counted

PLACEHOLDER = re.compile(r"(\{input\}|\{labels\}|\{target\})")
MOST_LABELS = 200  # more of them are hardly classes, and would fill the prompt
SHOWN_CHARACTERS = 60


@dataclass(frozen=True)
class Wording:
    """A wording as it was given, whether only held-out rows use it, and how many rows use it."""

    text: str
    held_out: bool
    rows: int = 0


@dataclass(frozen=True)
class Instructed:
    """The dataset with instructions, its wordings, and how many rows have no text of a user and stayed as before.

    `chats` counts rows in which a user speaks more than once; `not_held_out` says that wordings were to be held out,
    but no row is. `of_row` has a line for each row that was changed: its `id` and the number of its `wording`, from 0.
    """

    dataset: Dataset
    wordings: list[Wording]
    of_row: pl.DataFrame
    unchanged: int
    chats: int = 0
    not_held_out: bool = False

    @property
    def sentence(self) -> str:
        """What was done, in words."""
        used = [wording for wording in self.wordings if wording.rows]
        unseen = [wording for wording in used if wording.held_out]
        parts = [f"{counted(len(self.of_row), 'row')} got an instruction, in {counted(len(used), 'wording')}."]
        if unseen:
            verb = "is" if len(unseen) == 1 else "are"
            rows = counted(sum(wording.rows for wording in unseen), "held-out row")
            parts.append(f"{len(unseen)} of them {verb} used by {rows} only.")
        if self.unchanged:
            has = "has" if self.unchanged == 1 else "have"
            parts.append(f"{counted(self.unchanged, 'row')} {has} no text of a user and stayed as before.")
        if self.chats:
            parts.append(f"{counted(self.chats, 'row')} of several turns got it in front of the first one only.")
        if self.not_held_out:
            parts.append("No row is held out, so no wording could be: split the rows on the board first.")
        return " ".join(parts)


def instruct(dataset: Dataset, settings: InstructSettings) -> Instructed:
    """Give each row with a text of a user an instruction in one of the wordings, in its first such turn or before it.

    Held-out rows use the held-out wordings only, and no other row does; where no row is held out, all rows use all.

    Raises:
        SettingProblem: a wording has no place for the row's text, or needs labels or a target that are not there; no
            wording would be left to train with; no row has a text.
    """
    texts = list(dict.fromkeys(text.strip() for text in settings.wordings if text.strip())) or WORDINGS[settings.task]
    pieces = [_pieces(text, number, dataset, settings) for number, text in enumerate(texts, 1)]
    rows = _rows(dataset)
    held_out = _held_out(texts, settings, (rows["split"] == HELD_OUT).any())
    dealt = _deal(rows.filter("has_text"), texts, held_out, settings.seed)
    if not len(dealt):
        raise SettingProblem("No row has a text of a user, so there is nothing to put an instruction to.")
    write = _in_user_turn if settings.place == "user" else _in_system_turn
    uses = dict(dealt["wording"].value_counts().iter_rows())
    return Instructed(
        dataset=change_turns(dataset, lambda turns: write(turns, dealt, pieces)),
        wordings=[Wording(text, number in held_out, uses.get(number, 0)) for number, text in enumerate(texts)],
        of_row=dealt.select("id", "wording"),
        unchanged=len(dataset) - len(dealt),
        chats=int((rows["users"] > 1).sum()),
        not_held_out=bool(settings.held_out_wordings) and not held_out,
    )


def _rows(dataset: Dataset) -> pl.DataFrame:
    """A line per row: `position`, `id`, `split`, `label`, whether it has a text of a user, and how many."""
    user = pl.element().filter(pl.element().struct.field("role") == "user").first().struct.field("content")
    text = pl.col("messages").list.eval(user).list.first()
    users = pl.col("messages").list.eval(pl.element().struct.field("role") == "user").list.sum()
    table = pl.DataFrame(pl.from_arrow(dataset.table.select(["id", "split", "label", "messages"])))
    has_text = (text.str.strip_chars() != "").fill_null(False)
    return table.select("id", "split", "label", has_text=has_text, users=users).with_row_index("position")


def _held_out(texts: Sequence[str], settings: InstructSettings, some_rows_are: bool) -> set[int]:
    """The numbers of the wordings that only held-out rows use, drawn by the seed."""
    wanted = settings.held_out_wordings
    if wanted >= len(texts):
        raise SettingProblem(
            f"Held-out wordings is {wanted:,}, and {counted(len(texts), 'wording')} "
            f"{'is' if len(texts) == 1 else 'are'} given, so none is left to train with. "
            f"Set it below {len(texts):,}, or add wordings."
        )
    order = np.argsort(draw(texts, settings.seed), kind="stable").tolist()
    return set(order[:wanted]) if some_rows_are else set()


def _deal(rows: pl.DataFrame, texts: Sequence[str], held_out: set[int], seed: int) -> pl.DataFrame:
    """The rows with the number of their `wording`: on each side every wording as often as the next, label by label."""
    order = [int(number) for number in np.argsort(draw(texts, seed), kind="stable")]
    drawn = rows.with_columns(draw=pl.Series(draw(rows["id"].to_list(), seed)), apart=pl.col("split") == HELD_OUT)
    parts = []
    for apart, part in drawn.with_columns(pl.col("apart").fill_null(False)).group_by("apart", maintain_order=True):
        given = [number for number in order if not held_out or (number in held_out) == apart[0]]
        turn = part.sort("label", "draw", "id").with_row_index("turn")
        number = pl.Series(given, dtype=pl.UInt32).gather(turn["turn"] % len(given))
        parts.append(turn.with_columns(wording=number).drop("turn"))
    return pl.concat(parts).sort("position") if parts else drawn.with_columns(wording=pl.lit(0, pl.UInt32))


def _pieces(text: str, number: int, dataset: Dataset, settings: InstructSettings) -> list[str]:
    """The wording in pieces: texts, and `INPUT` where the row's own text comes.

    For the system turn it is the wording without the paragraph that holds `INPUT`.
    """
    named = f"Wording {number}, “{_shown(text)}”,"
    paragraphs = text.split("\n\n")
    if settings.list_labels and LABELS not in text:
        first = next((at for at, part in enumerate(paragraphs) if INPUT not in part), len(paragraphs) - 1)
        paragraphs.insert(first + 1, f"Labels: {LABELS}")
    if settings.place == "system":
        paragraphs = [part for part in paragraphs if INPUT not in part]
        if not any(part.strip() for part in text.split("\n\n") if INPUT not in part):
            raise SettingProblem(
                f"{named} has {INPUT} in its only paragraph, so nothing is left for the system turn. "
                f"Give {INPUT} a paragraph of its own (\\n\\n before it), or put the instruction in the user's turn."
            )
    elif INPUT not in text:
        raise SettingProblem(
            f"{named} has no {INPUT}, so the row's own text would be lost. Add {INPUT} where the text belongs, "
            "or put the instruction in the system turn."
        )
    whole = "\n\n".join(paragraphs)
    if TARGET in whole and not settings.target.strip():
        raise SettingProblem(f"{named} needs a target for {TARGET}. Fill in “Target”, or take {TARGET} out.")
    values = {TARGET: settings.target.strip(), LABELS: _labels(dataset) if LABELS in whole else ""}
    return [values.get(piece, piece) for piece in PLACEHOLDER.split(whole) if piece]


def _labels(dataset: Dataset) -> str:
    labels = sorted(dataset.table["label"].drop_null().unique().to_pylist())
    if not labels:
        raise SettingProblem(f"No row has a label to list. Untick “List the labels” and take {LABELS} out.")
    if len(labels) > MOST_LABELS:
        raise SettingProblem(
            f"There are {len(labels):,} labels, and {MOST_LABELS} at most can be listed. Untick “List the labels”, "
            f"and take {LABELS} out."
        )
    return ", ".join(labels)


def _shown(text: str) -> str:
    line = text.replace("\n", " ")
    return line if len(line) <= SHOWN_CHARACTERS else line[: SHOWN_CHARACTERS - 1] + "…"


def _in_user_turn(turns: pl.DataFrame, dealt: pl.DataFrame, pieces: Sequence[list[str]]) -> pl.DataFrame:
    """The first turn of the user in the words of the row's wording."""
    changed = _first_user_turns(turns, dealt, pieces).select("position", "turn", new="said")
    joined = turns.join(changed, ["position", "turn"], how="left", maintain_order="left")
    return joined.with_columns(content=pl.coalesce("new", "content")).drop("new")


def _in_system_turn(turns: pl.DataFrame, dealt: pl.DataFrame, pieces: Sequence[list[str]]) -> pl.DataFrame:
    """A system turn with the instruction; it follows what a system turn said before."""
    said = _first_user_turns(turns, dealt, pieces).select("position", "said")
    joined = turns.join(said, "position", how="left", maintain_order="left")
    is_system = (pl.col("turn") == 0) & (pl.col("role") == "system")
    both = pl.concat_str("content", "said", separator="\n\n")
    kept = joined.with_columns(
        content=pl.when(is_system & pl.col("said").is_not_null()).then(both).otherwise("content")
    )
    has_one = turns.filter(is_system).select("position")
    new = said.join(has_one, "position", how="anti")
    first = new.select("position", turn=pl.lit(-1, pl.Int32), role=pl.lit("system"), content="said")
    return pl.concat([kept.select("position", "turn", "role", "content"), first.cast({"position": pl.UInt32})])


def _first_user_turns(turns: pl.DataFrame, dealt: pl.DataFrame, pieces: Sequence[list[str]]) -> pl.DataFrame:
    """The first turn of the user of each row that was dealt a wording, with what it says now (`said`)."""
    first = turns.filter(pl.col("role") == "user").unique("position", keep="first", maintain_order=True)
    given = first.join(dealt.select("position", "wording"), "position", maintain_order="left")
    parts = [given.clear().with_columns(said=pl.lit("", pl.String))]
    for number, part in given.group_by("wording"):
        texts = [pl.col("content") if piece == INPUT else pl.lit(piece) for piece in pieces[int(str(number[0]))]]
        parts.append(part.with_columns(said=pl.concat_str(texts)))
    return pl.concat(parts)

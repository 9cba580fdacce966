"""Rows of a version: found, filtered, sorted, read one by one; edited, added and tagged."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from core.actions.curate.board import add_step, state_of
from core.actions.curate.names import row_ids
from core.actions.curate.scan import problems_of, scanned
from core.actions.tables import PAGE_ROWS, TablePage, chat_text, page_of, shortened
from core.curate import CHECKS, EDITED, KEEP, LEAVE_OUT, REPAIR, Decisions, Step, decided
from core.curate.outcome import working
from core.curate.signals import SIGNALS
from core.errors import NotFound, SettingProblem
from core.records import Dataset, Example
from core.words import differences
from core.workspace import Workspace

SHOWN_CHARACTERS = 300
HEADERS = ("Row", "Prompt", "Answer", "Why", "Decision", "Label", "Split", "Tags", "Measure")
ALL_ROWS, ANY_PROBLEM = "all rows", "any problem"
BY_ROW, BY_SCORE = "row", "score"


@dataclass(frozen=True)
class Query:
    """Which rows the table shows, and in which order.

    `check` is the name of a check, `ALL_ROWS` or `ANY_PROBLEM`; `decision` one of leave out, keep, repair, edited, or
    empty; `sort` is `BY_ROW`, `BY_SCORE` or a signal; `least` and `most` bound the signal or score sorted by.
    """

    check: str = ALL_ROWS
    search: str = ""
    decision: str = ""
    sort: str = BY_ROW
    descending: bool = False
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class RowView:
    """One row, whole. `turns` are role and content; `pair` the pieces of the difference to the row `other` it is like,
    each with "same", "removed" (only in the other) or "added" (only in this one)."""

    id: str
    number: int
    turns: list[tuple[str, str]]
    rejected: str
    facts: list[str]
    reasons: list[str]
    decision: str
    other: str
    pair: list[tuple[str, str]]


def sorts() -> list[tuple[str, str]]:
    """Title and key of everything that rows can be sorted by."""
    return [("Row number", BY_ROW), ("Score of the check", BY_SCORE), *((s.title, key) for key, s in SIGNALS.items())]


def filters() -> list[str]:
    """What the table can be narrowed to."""
    return [ALL_ROWS, ANY_PROBLEM, *(check.name for check in CHECKS)]


def query(wanted: dict[str, Any]) -> Query:
    """The query that a form says, in which bounds are typed. Raises `SettingProblem` if one is no number."""
    bounds = {name: _number(wanted.get(name), title) for name, title in (("least", "At least"), ("most", "At most"))}
    return Query(**{**wanted, **bounds})


def rows(workspace: Workspace, version_id: str, page: Any = 1, query: Query = Query()) -> TablePage:
    """A page of rows, `HEADERS` wide.

    Raises:
        NotFound: there is no such version.
        SettingProblem: the query names a check or signal that is not there, or the page is no number.
    """
    _check(query)
    state = state_of(workspace, version_id)
    dataset = working(workspace.versions.load(version_id), state)
    problems = problems_of(workspace, version_id, state)
    index = _index(workspace, version_id, dataset, query)
    index = _narrowed(index, dataset, decided(dataset, problems, state), query)
    index = _with_measure(index, problems, query)
    index = index.sort("measure" if query.sort != BY_ROW else "row", descending=query.descending, nulls_last=True)
    number, pages, first = page_of(page, len(index))
    shown = index.slice(first, PAGE_ROWS)
    examples = Dataset(dataset.table.take(shown["position"].to_arrow())) if len(shown) else Dataset.of([])
    reasons = _reasons(problems, state, dataset, shown["id"].to_list())
    table = [
        _cells(example, reasons.get(example.id, ("", "")), m)
        for example, m in zip(examples, shown["measure"], strict=True)
    ]
    return TablePage(table, number, pages, len(index))


def row_view(workspace: Workspace, version_id: str, row: str) -> RowView:
    """A row by its number or id. Raises `NotFound` for the version, `SettingProblem` for the row."""
    state = state_of(workspace, version_id)
    dataset = working(workspace.versions.load(version_id), state)
    row_id = _one(dataset, row)
    example = _by_id(dataset, row_id)
    problems = problems_of(workspace, version_id, state).filter(row_id=row_id)
    record = decided(dataset, problems, state).filter(row_id=row_id)
    like = problems.filter(pl.col("other_id").is_not_null()).head(1)
    other = _by_id(dataset, like["other_id"][0]) if len(like) else None
    return RowView(
        id=example.id,
        number=example.row,
        turns=[(message.role, message.content) for message in example.messages],
        rejected=example.rejected or "",
        facts=_facts(example),
        reasons=[f"{check}: {reason}" for check, reason in problems.select("check", "reason").rows()],
        decision=record["action"][0] if len(record) else "",
        other=_name(other) if other else "",
        pair=differences(chat_text(other.messages), chat_text(example.messages)) if other else [],
    )


def row_as_dict(workspace: Workspace, version_id: str, row: str) -> dict[str, Any]:
    """A row as plain data, for callers of the API. Raises like `row_view`."""
    return asdict(row_view(workspace, version_id, row))


def turn_text(workspace: Workspace, version_id: str, row: str, turn: Any) -> str:
    """The text of a turn of a row, counted from 1. Raises like `row_view`, also if there is no such turn."""
    turns = row_view(workspace, version_id, row).turns
    return turns[_turn(turn, len(turns), row)][1]


def edit(workspace: Workspace, version_id: str, row: str, turn: Any, text: str) -> str:
    """Write another text into a turn (counted from 1) of a row; returns a sentence. Raises like `row_view`."""
    dataset = working(workspace.versions.load(version_id), state_of(workspace, version_id))
    example = _by_id(dataset, _one(dataset, row))
    turns = [message.as_dict() for message in example.messages]
    turns[_turn(turn, len(turns), row)]["content"] = str(text or "")
    return add_step(workspace, version_id, Step("edit", rows=[example.id], value=turns))


def add(workspace: Workspace, version_id: str, prompt: str, answer: str) -> str:
    """Add a row of a prompt and an answer; returns a sentence. Raises `SettingProblem` if one of them is empty."""
    if not (prompt or "").strip() or not (answer or "").strip():
        raise SettingProblem("A new row needs a prompt and an answer.")
    turns = [{"role": "user", "content": prompt}, {"role": "assistant", "content": answer}]
    return add_step(workspace, version_id, Step("add", rows=[f"added-{secrets.token_hex(4)}"], value=turns))


def tag(workspace: Workspace, version_id: str, rows: str, name: str, remove: bool = False) -> str:
    """Put a tag on the rows named in a text like "3, 17, 20-25", or take it off; returns a sentence.

    Raises:
        SettingProblem: there is no such row, or the tag is empty.
    """
    name = " ".join((name or "").split())[:60]
    state = state_of(workspace, version_id)
    ids = row_ids(workspace.versions.load(version_id), rows, list(state.added))
    if not name or not ids:
        raise SettingProblem("Name the rows and a tag, like “rows 3, 17” and “tone”.")
    if remove:
        ids = _tagged(working(workspace.versions.load(version_id), state), ids, name)
    return add_step(workspace, version_id, Step("untag" if remove else "tag", rows=ids, value=name))


def _number(typed: Any, title: str) -> float | None:
    if typed is None or not str(typed).strip():
        return None
    try:
        return float(typed)
    except (TypeError, ValueError) as error:
        raise SettingProblem(f"“{title}” is “{str(typed)[:40]}”; it must be a number, or empty.") from error


def _check(query: Query) -> None:
    if query.check not in filters():
        raise SettingProblem(f"There is no check “{query.check[:60]}”. Choose one of: {', '.join(filters())}.")
    if query.decision and query.decision not in (LEAVE_OUT, KEEP, REPAIR, EDITED):
        raise SettingProblem(
            f"“{str(query.decision)[:40]}” is not a decision. Choose leave out, keep, repair or edited."
        )
    if query.sort not in [key for _, key in sorts()]:
        raise SettingProblem(f"Rows cannot be sorted by “{query.sort[:60]}”. Choose one of: {', '.join(SIGNALS)}.")


def _index(workspace: Workspace, version_id: str, dataset: Dataset, query: Query) -> pl.DataFrame:
    """A line per row with `position`, `id`, `row`, and the signal that is sorted by as `measure`."""
    index = pl.DataFrame(pl.from_arrow(dataset.table.select(["id", "row"]))).with_row_index("position")
    if query.sort in (BY_ROW, BY_SCORE):
        return index.with_columns(measure=pl.lit(None, pl.Float64))
    signals = scanned(workspace, version_id).signals.select(id="row_id", measure=query.sort)
    return index.join(signals, "id", how="left", maintain_order="left")


def _narrowed(index: pl.DataFrame, dataset: Dataset, record: pl.DataFrame, query: Query) -> pl.DataFrame:
    if query.check == ANY_PROBLEM:
        index = index.filter(pl.col("id").is_in(record["row_id"].unique().to_list()))
    elif query.check != ALL_ROWS:
        index = index.filter(pl.col("id").is_in(record.filter(check=query.check)["row_id"].unique().to_list()))
    if query.decision:
        index = index.filter(pl.col("id").is_in(record.filter(action=query.decision)["row_id"].unique().to_list()))
    if query.search.strip():
        index = index.filter(pl.col("position").is_in(dataset.positions_containing(query.search.strip())))
    return index


def _with_measure(index: pl.DataFrame, problems: pl.DataFrame, query: Query) -> pl.DataFrame:
    if query.sort == BY_SCORE:
        scored = problems if query.check in (ALL_ROWS, ANY_PROBLEM) else problems.filter(check=query.check)
        scores = scored.group_by("row_id").agg(measure=pl.col("score").max()).rename({"row_id": "id"})
        index = index.drop("measure").join(scores, "id", how="left", maintain_order="left")
    if index["measure"].dtype.is_numeric():
        least = pl.lit(True) if query.least is None else pl.col("measure") >= query.least
        most = pl.lit(True) if query.most is None else pl.col("measure") <= query.most
        index = index.filter(least & most)
    return index


def _reasons(
    problems: pl.DataFrame, state: Decisions, dataset: Dataset, ids: Sequence[str]
) -> dict[str, tuple[str, str]]:
    """For each of these rows why it was found, and what was decided."""
    here = problems.filter(pl.col("row_id").is_in(list(ids)))
    few = Dataset(dataset.table.filter(pc.is_in(dataset.table["id"], value_set=pa.array(list(ids), pa.string()))))
    record = decided(few, here, state).filter(pl.col("row_id").is_in(list(ids)))
    found: dict[str, tuple[str, str]] = {}
    for row_id, check, reason, action in record.select("row_id", "check", "reason", "action").rows():
        before = found.get(row_id, ("", ""))[0]
        why = f"{check}: {reason}" if reason else check
        found[row_id] = (f"{before}; {why}" if before else why, action)
    return found


def _cells(example: Example, why: tuple[str, str], measure: Any) -> list[str]:
    texts = chat_text(example.prompt), example.answer, why[0]
    shown = [shortened(text, SHOWN_CHARACTERS) for text in texts]
    number = "" if measure is None else f"{measure:.3g}" if isinstance(measure, float) else str(measure)
    facts = example.label or "", example.split or "", ", ".join(example.tags)
    return [_name(example), *shown, why[1], *facts, number]


def _name(example: Example) -> str:
    """The number of a row where that says which row it is, else its id."""
    return str(example.row) if example.id == f"r{example.row:06d}" else example.id


def _facts(example: Example) -> list[str]:
    named = {name: getattr(example, name) for name in ("label", "category", "group", "source", "split")}
    said = [f"{name}: {value}" for name, value in named.items() if value]
    said += [f"marked {'good' if example.good else 'bad'}"] if example.good is not None else []
    return said + ([f"tags: {', '.join(example.tags)}"] if example.tags else [])


def _one(dataset: Dataset, row: str) -> str:
    ids = row_ids(dataset, str(row or ""))
    if not ids:
        raise SettingProblem("No row is chosen. Click one in the table.")
    return ids[0]


def _tagged(dataset: Dataset, ids: Sequence[str], name: str) -> list[str]:
    """Those of the rows that have a tag. Raises `SettingProblem` if none has it."""
    here = Dataset(dataset.table.filter(pc.is_in(dataset.table["id"], value_set=pa.array(ids, pa.string()))))
    tagged = [example.id for example in here if name in example.tags]
    if not tagged:
        raise SettingProblem(f"None of these rows has the tag “{name}”.")
    return tagged


def _turn(turn: Any, turns: int, row: str) -> int:
    """The position of a turn that a person names by its number."""
    if not isinstance(turn, int | float) or not 1 <= turn <= turns:
        raise SettingProblem(f"Row {row} has no turn {turn}; its turns are 1 to {turns}.")
    return int(turn) - 1


def _by_id(dataset: Dataset, row_id: str) -> Example:
    found = dataset.table.filter(pc.equal(dataset.table["id"], row_id))
    if not len(found):
        raise NotFound(f"The row {row_id} is not in this version.")
    return next(iter(Dataset(found)))

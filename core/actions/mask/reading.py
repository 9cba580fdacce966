"""What the review shows: the values that were found, the places of one, and a row with everything marked in it."""

from dataclasses import asdict, dataclass, field
from typing import Any

import polars as pl
import pyarrow.compute as pc

from core.actions.curate.names import row_ids
from core.actions.mask import search
from core.actions.mask.pieces import Piece, around, live_first, pieces, place_key
from core.actions.mask.review import PLACE_KEY, group_of, history, kinds_of, place_of
from core.actions.mask.reviewed import Reviewed, reviewed
from core.actions.tables import PAGE_ROWS, TablePage, page_of, shortened
from core.errors import SettingProblem
from core.mask.groups import BY_DOUBT, BY_KIND, BY_PLACES, MIXED, Query, chosen
from core.mask.overlaps import REJECTED
from core.mask.review import ACCEPTED, DECISIONS, OPEN
from core.privacy.kinds import label
from core.records import Example
from core.words import counted
from core.workspace import Workspace

GROUP_HEADERS = ("No.", "Value", "Kind", "Places", "Rows", "Doubt", "Decision")
PLACES_SHOWN = 10
AROUND = 120  # characters of the text on either side of a place
VALUE_CHARACTERS = 120
LONGEST_SHOWN = 20_000  # characters of a message; of a longer one those around the place that is read
ANY = "any"
EVERYTHING = Query()
NO_SUCH_ROW = "There is no such row in this version. Click a place, or type the number of a row."
SORTS = {"Doubt": BY_DOUBT, "Places": BY_PLACES, "Kind": BY_KIND}
WORDS = {OPEN: "open", ACCEPTED: "mask", REJECTED: "keep", MIXED: "mixed"}


@dataclass(frozen=True)
class Groups:
    """A page of values; `keys` are those of `table`, in their order; `kinds` has name and label of all found."""

    table: TablePage
    keys: list[str]
    kinds: list[tuple[str, str]]
    sentence: str
    history: list[str]
    can_undo: bool
    can_redo: bool


@dataclass(frozen=True)
class PlaceView:
    """A place of a value with the text around it."""

    place: str
    row: str
    role: str
    pieces: list[Piece] = field(repr=False)


@dataclass(frozen=True)
class Places:
    """A page of the places of a value, ten at a time."""

    title: str = field(repr=False)
    places: list[PlaceView]
    page: int
    pages: int
    total: int


@dataclass(frozen=True)
class MessageView:
    """A message of a row in pieces; `start` is the character it is shown from and `length` how many it has."""

    index: int
    role: str
    pieces: list[Piece] = field(repr=False)
    start: int
    length: int


@dataclass(frozen=True)
class RowView:
    """A row, whole, with everything that was found in it."""

    row: str
    messages: list[MessageView]


def searched(workspace: Workspace, version_id: str | None) -> bool:
    """Whether there are findings of this version to review."""
    return bool(version_id) and search.findings_of(workspace, str(version_id)) is not None


def kind_choices(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Label and name for a filter by kind."""
    return [("Any kind", ANY), *((title, kind) for kind, title in found)]


def decision_choices() -> list[tuple[str, str]]:
    """Label and name for a filter by decision."""
    return [("Any decision", ANY), *((word.capitalize(), decision) for decision, word in WORDS.items())]


def new_kinds(workspace: Workspace, version_id: str) -> list[tuple[str, str]]:
    """Label and name of every kind that a place can be called by. Raises like `groups`."""
    return [(label(kind), kind) for kind in kinds_of(reviewed(workspace, version_id))]


def query(wanted: dict[str, Any]) -> Query:
    """The query of a form: kind, decision, search, sort. Raises `SettingProblem` if there is none such."""
    kind, decision = (str(wanted.get(name) or ANY) for name in ("kind", "decision"))
    sort = str(wanted.get("sort") or BY_DOUBT)
    if decision != ANY and decision not in WORDS:
        raise SettingProblem(f"“{decision[:40]}” is not a decision. Choose one of: {', '.join([ANY, *WORDS])}.")
    if sort not in SORTS.values():
        raise SettingProblem(f"Values cannot be sorted by “{sort[:40]}”. Choose one of: {', '.join(SORTS.values())}.")
    kind, decision = ("" if value == ANY else value for value in (kind, decision))
    return Query(kind, decision, str(wanted.get("search") or "").strip(), sort)


def groups(workspace: Workspace, version_id: str, page: Any = 1, wanted: Query = EVERYTHING) -> Groups:
    """A page of 50 values, the most doubtful first unless `wanted` says otherwise.

    Raises:
        NotFound: there is no such version.
        LabError: it was not searched.
        SettingProblem: `page` is no number.
    """
    found = reviewed(workspace, version_id)
    all_of_them = _holding(found, chosen(found.groups, wanted), wanted.search)
    number, pages, first = page_of(page, len(all_of_them))
    shown = all_of_them.slice(first, PAGE_ROWS)
    values = found.texts(shown)
    named = zip(values, shown.iter_rows(named=True), strict=True)
    lines = [_line(line, value, group) for line, (value, group) in enumerate(named, first + 1)]
    return Groups(
        table=TablePage(lines, number, pages, len(all_of_them)),
        keys=[_key(group) for group in shown.iter_rows(named=True)],
        kinds=[(kind, label(kind)) for kind in found.groups["kind"].unique().sort()],
        sentence=_sentence(found),
        history=history(workspace, version_id),
        can_undo=bool(found.done),
        can_redo=bool(found.undone),
    )


def group_places(workspace: Workspace, version_id: str, key: str, page: Any = 1) -> Places:
    """A page of ten places of a value, by its key, with the text around each. Raises like `groups`."""
    found = reviewed(workspace, version_id)
    group = group_of(found, key)
    line = group.row(0, named=True)
    same = {name: line[name] for name in ("found", "value", "kind")}
    places = found.places.filter(~pl.col("covered")).filter(**same)
    number, pages, first = page_of(page, len(places), PLACES_SHOWN)
    views = [_place(found, place) for place in places.slice(first, PLACES_SHOWN).iter_rows(named=True)]
    value = shortened(found.texts(group)[0], VALUE_CHARACTERS)
    title = f"“{value}” · {label(line['kind'])} · {counted(line['rows'], 'row')}"
    return Places(title, views, number, pages, len(places))


def row(workspace: Workspace, version_id: str, row: str, place: str = "") -> RowView:
    """A row by its number, or by a place in it, with all places marked. Of a very long message the part around `place`
    is shown. Raises like `groups`, and `SettingProblem` if there is no such row."""
    found = reviewed(workspace, version_id)
    at = _numbers(place)
    position = at[0] if at else _position(found, row)
    if position >= len(found.dataset):
        raise SettingProblem(NO_SUCH_ROW)
    example = found.dataset.slice(position, 1)[0]
    lines = live_first(found.places.filter(~pl.col("covered"), position=position).to_dicts())
    messages = [
        _message(index, role, text, [line for line in lines if line["message"] == index], at)
        for index, (role, text) in enumerate(example.said)
    ]
    return RowView(_row_name(example), messages)


def key_at(workspace: Workspace, version_id: str, place: str) -> str:
    """The key of the value at a place; empty if nothing is found there. Raises like `groups`."""
    found = reviewed(workspace, version_id)
    here = place_of(found, place)
    lines = found.places.filter(~pl.col("covered"), **{name: getattr(here, name) for name in here._fields})
    return _key(lines.row(0, named=True)) if len(lines) else ""


def groups_as_dict(workspace: Workspace, version_id: str, page: Any, wanted: dict[str, Any]) -> dict[str, Any]:
    """A page of values as plain data, for callers of the API. Raises like `groups`."""
    return asdict(groups(workspace, version_id, page, query(wanted)))


def places_as_dict(workspace: Workspace, version_id: str, key: str, page: Any) -> dict[str, Any]:
    """The places of a value as plain data, for callers of the API. Raises like `groups`."""
    return asdict(group_places(workspace, version_id, key, page))


def row_as_dict(workspace: Workspace, version_id: str, name: str) -> dict[str, Any]:
    """A row with everything marked in it as plain data, for callers of the API. Raises like `row`."""
    return asdict(row(workspace, version_id, name))


def _holding(found: Reviewed, some: pl.DataFrame, text: str) -> pl.DataFrame:
    if not text:
        return some
    wanted = text.casefold()
    return some.filter(pl.Series([wanted in value.casefold() for value in found.texts(some)], dtype=pl.Boolean))


def _line(line: int, value: str, group: dict[str, Any]) -> list[str]:
    counts = [f"{group[name]:,}" for name in ("places", "rows")]
    shown = shortened(value, VALUE_CHARACTERS)
    return [f"{line:,}", shown, label(group["kind"]), *counts, f"{group['doubt']:.0%}", WORDS[group["decision"]]]


def _key(group: dict[str, Any]) -> str:
    return f"{group['found']}:{group['value']}:{group['kind']}"


def _sentence(found: Reviewed) -> str:
    shown = found.places.filter(~pl.col("covered"))
    counts = dict(shown["decision"].value_counts().iter_rows())
    words = {OPEN: "open", ACCEPTED: "to be masked", REJECTED: "to be kept"}
    parts = [f"{counts[decision]:,} {words[decision]}" for decision in DECISIONS if counts.get(decision)]
    if not parts:
        return "Nothing was found. Text that you mark in a row stands here."
    what = f"{counted(len(found.groups), 'value')} in {counted(len(shown), 'place')}"
    return f"{what}: {', '.join(parts)}. What is open is masked too, unless you keep it."


def _place(found: Reviewed, line: dict[str, Any]) -> PlaceView:
    example = found.dataset.slice(line["position"], 1)[0]
    role, text = example.said[line["message"]]
    return PlaceView(place_key(line), _row_name(example), role, around(text, line, AROUND))


def _message(index: int, role: str, text: str, lines: list[dict[str, Any]], at: list[int]) -> MessageView:
    if len(text) <= LONGEST_SHOWN:
        return MessageView(index, role, pieces(text, lines), 0, len(text))
    middle = at[2] if at and at[1] == index else lines[0]["start"] if lines else 0
    start = min(max(0, middle - LONGEST_SHOWN // 2), len(text) - LONGEST_SHOWN)
    return MessageView(index, role, pieces(text, lines, start, start + LONGEST_SHOWN), start, len(text))


def _numbers(place: str) -> list[int]:
    """Position, message, start and end of a place by its key, which nothing need be found at any more."""
    if place and not PLACE_KEY.fullmatch(place):
        raise SettingProblem(NO_SUCH_ROW)
    return [int(part) for part in place.split(":")] if place else []


def _position(found: Reviewed, name: str) -> int:
    ids = row_ids(found.dataset, str(name or ""))
    if len(ids) != 1:
        raise SettingProblem("Name one row: type its number, or click a place.")
    return int(pc.index(found.dataset.table["id"], ids[0]).as_py())


def _row_name(example: Example) -> str:
    """The number of a row where that says which row it is, else its id."""
    return str(example.row) if example.id == f"r{example.row:06d}" else example.id

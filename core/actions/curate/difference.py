"""The difference of two versions as the page shows it: counts, a page of the rows, and one row word by word."""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.actions.tables import PAGE_ROWS, TablePage, chat_text, page_of, shortened
from core.errors import NotFound, SettingProblem
from core.lineage import CHANGED, ONLY_A, ONLY_B, PARTS, SAME, Difference, Match, ancestors
from core.lineage import difference as compare_rows
from core.records import Example
from core.words import counted, differences
from core.workspace import Version, Workspace

DIFFERENCE_HEADERS = ("No.", "Row", "Difference", "In A", "In B")
EVERY_DIFFERENCE = "all differences"
CELL_CHARACTERS = 120
TEXT_CHARACTERS = 20_000
BEFORE_CHANGE = 30
DIFFERENCES_IN_MEMORY = 2


@dataclass(frozen=True)
class DifferencePage:
    """What is different between A and B: in a sentence, what the list can be narrowed to, and a page of it."""

    sentence: str
    kinds: list[str]
    table: TablePage


@dataclass(frozen=True)
class PartDifference:
    """A part of a row as pieces of text, each "same", "removed" (only in A) or "added" (only in B)."""

    part: str
    pieces: list[tuple[str, str]] = field(repr=False)


def difference(workspace: Workspace, a: str, b: str, page: Any = 1, kind: str = "") -> DifferencePage:
    """A page of the rows that differ between the versions A and B, `DIFFERENCE_HEADERS` wide.

    `kind` narrows the list to one of the kinds that the answer names.

    Raises:
        NotFound: one of the versions is not there.
        SettingProblem: there is no such kind, or the page is no number.
    """
    compared = _compared(workspace, a, b)
    kinds = _kinds(compared.found)
    rows = compared.found.of_kind(_wanted(kind, kinds))
    number, pages, first = page_of(page, len(rows))
    lines = enumerate(rows.slice(first, PAGE_ROWS).rows(), first + 1)
    table = [_line(workspace, compared, place, *line) for place, line in lines]
    return DifferencePage(_sentence(compared), kinds, TablePage(table, number, pages, len(rows)))


def row_difference(workspace: Workspace, a: str, b: str, kind: str, number: int) -> list[PartDifference]:
    """The parts of one row of the list that are not the same, word by word; `number` counts the list from 1.

    Raises like `difference`, and `NotFound` if the list is shorter.
    """
    compared = _compared(workspace, a, b)
    rows = compared.found.of_kind(_wanted(kind, _kinds(compared.found)))
    if not 1 <= number <= len(rows):
        raise NotFound(f"There is no row {number} in this list; it has {counted(len(rows), 'row')}.")
    _, parts, *positions = rows.row(number - 1)
    before, after = _sides(workspace, compared, *positions)
    if before and after:
        return [_part_difference(part, before, after) for part in parts.split(", ")]
    return [_one_sided(before, after)]


def choices(workspace: Workspace) -> list[tuple[str, str]]:
    """Label and id of all versions, newest first."""
    return workspace.versions.choices()


def before(workspace: Workspace, version_id: str) -> str:
    """The id of what a version was made from, or of the version itself. Raises `NotFound`."""
    line = ancestors(workspace, version_id)
    return line[-2].id if len(line) > 1 else version_id


@dataclass(frozen=True)
class _Compared:
    a: Version
    b: Version
    match: Match
    found: Difference


def _compared(workspace: Workspace, a: str, b: str) -> _Compared:
    if not a or not b:
        raise SettingProblem("Choose two dataset versions to compare: A, the earlier one, and B.")
    one, other = workspace.versions.get(a), workspace.versions.get(b)
    names = (one.id, one.content_hash), (other.id, other.content_hash)
    found = _difference(workspace.root, *names, "id") if _are_related(workspace, one, other) else None
    if found and found.counts[CHANGED] + found.same:
        return _Compared(one, other, "id", found)
    return _Compared(one, other, "content", _difference(workspace.root, *names, "content"))


def _are_related(workspace: Workspace, one: Version, other: Version) -> bool:
    """Whether both come from one dataset or file: else the same id, made of a row number, is another row."""
    if one.name == other.name:
        return True
    ids = [{version.id for version in ancestors(workspace, version.id)} for version in (one, other)]
    return bool(ids[0] & ids[1])


@lru_cache(maxsize=DIFFERENCES_IN_MEMORY)
def _difference(root: Path, a: tuple[str, str], b: tuple[str, str], match: Match) -> Difference:
    versions = Workspace(root).versions
    return compare_rows(versions.load(a[0]), versions.load(b[0]), match)


def _kinds(found: Difference) -> list[str]:
    kinds = [kind for kind in (ONLY_A, ONLY_B, CHANGED) if found.counts[kind]]
    return [EVERY_DIFFERENCE, *kinds, *found.changed_parts]


def _wanted(kind: str, kinds: list[str]) -> str:
    """The kind as `Difference.of_kind` takes it; one that these versions have no rows of gives an empty list."""
    if kind in ("", EVERY_DIFFERENCE):
        return ""
    if kind not in (ONLY_A, ONLY_B, CHANGED, *PARTS):
        raise SettingProblem(f"There is no kind of difference “{str(kind)[:40]}”. Kinds: {', '.join(kinds)}.")
    return kind


def _sentence(compared: _Compared) -> str:
    one, other, counts = compared.a, compared.b, compared.found.counts
    said = [f"{counts[ONLY_A]:,} only in A", f"{counts[ONLY_B]:,} only in B", f"{counts[CHANGED]:,} changed"]
    parts = ", ".join(f"{part} {count:,}" for part, count in compared.found.changed_parts.items())
    how = (
        "" if compared.match == "id" else " Their ids do not name the same rows, so rows are matched by their messages."
    )
    return (
        f"A {one.id} has {counted(one.rows, 'row')}, B {other.id} has {counted(other.rows, 'row')}: {', '.join(said)}"
        f"{f' ({parts})' if parts else ''}, {counts[SAME]:,} the same.{how}"
    )


def _line(
    workspace: Workspace, compared: _Compared, number: int, kind: str, parts: str, a: int | None, b: int | None
) -> list[str]:
    """A line of the table; `a` and `b` are positions."""
    before, after = _sides(workspace, compared, a, b)
    row = next(one.row for one in (before, after) if one)
    return [str(number), str(row), f"{kind}: {parts}" if parts else kind, *_cells(before, after, parts)]


def _sides(workspace: Workspace, compared: _Compared, a: int | None, b: int | None) -> list[Example | None]:
    """The row in A and in B, None where it is not there."""
    places = ((compared.a, a), (compared.b, b))
    versions = workspace.versions
    return [None if at is None else versions.load(version.id).slice(at, 1)[0] for version, at in places]


def _cells(before: Example | None, after: Example | None, parts: str) -> list[str]:
    """What the table shows of each side: of a changed row its first changed part, from shortly before the change."""
    if before is None or after is None:
        return [shortened(chat_text(one.messages), CELL_CHARACTERS) if one else "" for one in (before, after)]
    part = parts.split(", ")[0]
    return [
        shortened(text, CELL_CHARACTERS)
        for text in _from_change(_text(before, part), _text(after, part), BEFORE_CHANGE)
    ]


def _from_change(before: str, after: str, lead: int) -> tuple[str, str]:
    """Both texts from `lead` characters before the place where they part."""
    pairs = zip(before, after, strict=False)
    at = next((at for at, (one, two) in enumerate(pairs) if one != two), min(len(before), len(after)))
    start = max(0, at - lead)
    return tuple(("…" if start else "") + text[start:] for text in (before, after))  # type: ignore[return-value]


def _part_difference(part: str, before: Example, after: Example) -> PartDifference:
    one, two = _text(before, part), _text(after, part)
    if max(len(one), len(two)) > TEXT_CHARACTERS:
        one, two = (shortened(text, TEXT_CHARACTERS) for text in _from_change(one, two, TEXT_CHARACTERS // 10))
    return PartDifference(part, differences(one, two))


def _one_sided(before: Example | None, after: Example | None) -> PartDifference:
    sides = {"removed": before, "added": after}
    texts = {kind: shortened(chat_text(one.messages), TEXT_CHARACTERS) for kind, one in sides.items() if one}
    return PartDifference("whole row", list(texts.items()))


def _text(example: Example, part: str) -> str:
    """A part of a row as text; empty where it has none."""
    if part == "prompt":
        plain = [message.role for message in example.prompt] == ["user"]
        return "\n".join(m.content if plain else f"{m.role}: {m.content}" for m in example.prompt)
    value = getattr(example, part)
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, bool):
        return "good" if value else "bad"
    return str(value or "")

"""Before and after: what masking would make of the rows, a page at a time, without writing anything."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import polars as pl

from core.actions.mask.pieces import ELLIPSIS, Piece
from core.actions.mask.reviewed import reviewed, to_leave, to_mask
from core.actions.mask.search import findings_of
from core.actions.tables import page_of
from core.errors import SettingProblem
from core.mask.choices import CHOICES, KEEP, choices_of, usual_choice
from core.mask.plan import MaskedRow, Plan
from core.privacy import KINDS
from core.privacy.kinds import label
from core.privacy.substitutes import Ledger
from core.records import Example
from core.settings import MaskSettings
from core.words import counted
from core.workspace import Workspace

PAGE_ROWS = 10
MOST_PLACES = 20  # of one row: with what stands around them some 10,000 characters a row
SHOWN_AROUND = 120
LONGEST_VALUE = 500
IN_MEMORY = 3

_lock = Lock()
_known: "OrderedDict[tuple[Any, ...], Planned]" = OrderedDict()


@dataclass(frozen=True)
class KindToMask:
    """A kind that will be masked: places and rows, what can be chosen for it, and what is unless somebody chooses."""

    kind: str
    label: str
    places: int
    rows: int
    choices: list[str]
    usual: str

    @property
    def sentence(self) -> str:
        """How often it stands where."""
        return f"{counted(self.places, 'place')} in {counted(self.rows, 'row')}"


@dataclass(frozen=True)
class MessagePreview:
    """A message as it is and as it will be, in pieces; what is long at a place or between two is cut short."""

    role: str
    before: list[Piece]
    after: list[Piece]


@dataclass(frozen=True)
class RowPreview:
    """The messages of one row in which something is masked; `row` counts from 1 in the source file.

    Of many places the first `MOST_PLACES` are shown, and the last piece says how many more there are.
    """

    row: int
    messages: list[MessagePreview]
    removed: bool


@dataclass(frozen=True)
class PreviewPage:
    """One page of rows; `number` and `pages` count from 1, `total` is the number of rows with something to mask."""

    rows: list[RowPreview]
    number: int
    pages: int
    total: int


@dataclass(frozen=True)
class Planned:
    """The places that will be masked, in order, and the plan of what becomes of them."""

    places: pl.DataFrame
    plan: Plan


def settings_of(choices: Mapping[str, Any] | None) -> MaskSettings:
    """The settings for choices by kind, in any case. Raises `SettingProblem` if there is no such choice."""
    if not isinstance(choices or {}, Mapping):
        raise SettingProblem('The choices must name a choice for each kind, like {"EMAIL": "substitute"}.')
    named = {str(kind).upper(): str(choice) for kind, choice in (choices or {}).items()}
    for kind, choice in named.items():
        if choice not in CHOICES:
            raise SettingProblem(
                f"The choice for {kind[:40]} is “{choice[:40]}”; it must be one of: {', '.join(CHOICES)}."
            )
    return MaskSettings.parse({"choices": named})


def can_become(kind: str, choice: str) -> bool:
    """Whether a kind has this choice."""
    return choice in choices_of(kind)


def kinds_to_mask(workspace: Workspace, version_id: str) -> list[KindToMask]:
    """The kinds that the review leaves to be masked, strongest first; none if the version was not searched."""
    if findings_of(workspace, version_id) is None:
        return []
    counts = to_mask(workspace, version_id).group_by("kind").agg(places=pl.len(), rows=pl.col("position").n_unique())
    order = {kind: number for number, kind in enumerate(KINDS)}
    lines = sorted(counts.iter_rows(named=True), key=lambda line: (order.get(line["kind"], -1), line["kind"]))
    return [
        KindToMask(
            label=label(line["kind"]), choices=choices_of(line["kind"]), usual=usual_choice(line["kind"]), **line
        )
        for line in lines
    ]


def page(workspace: Workspace, version_id: str, number: Any, choices: Mapping[str, Any] | None = None) -> PreviewPage:
    """The rows on a page of ten, before and after masking with these choices by kind.

    A number beyond the ends gives the first or the last page.

    Raises:
        NotFound: there is no such version.
        LabError: it was not searched.
        SettingProblem: a choice that there is not, or a page that is no number.
    """
    planned = plan(workspace, version_id, settings_of(choices))
    positions = planned.places["position"].unique().sort()
    number, pages, first = page_of(number, len(positions), PAGE_ROWS)
    shown = positions[first : first + PAGE_ROWS].to_list()
    dataset = workspace.versions.load(version_id)
    rows = []
    for position in shown:
        example = dataset.slice(position, 1)[0]
        masked = planned.plan.row(position, example)
        if masked:
            rows.append(_row(example, masked))
    return PreviewPage(rows, number, pages, len(positions))


def plan(workspace: Workspace, version_id: str, settings: MaskSettings) -> Planned:
    """What masking would do; the last few plans stay in memory. Raises like `page`."""
    found = reviewed(workspace, version_id)
    key = (workspace.root, version_id, found.findings.stamp, found.stamp, settings.model_dump_json())
    with _lock:
        if key in _known:
            _known.move_to_end(key)
            return _known[key]
    kept = [kind for kind, choice in settings.choices.items() if choice == KEEP]
    places = to_mask(workspace, version_id, kept)
    ledger = Ledger(workspace.root / "ledger.json")
    left = to_leave(workspace, version_id, kept)
    planned = Planned(places, Plan(found.dataset, places, settings, workspace.secret_key(), ledger, left=left))
    with _lock:
        _known[key] = planned
        while len(_known) > IN_MEMORY:
            _known.popitem(last=False)
    return planned


def _row(example: Example, masked: MaskedRow) -> RowPreview:
    messages = list(_messages(example, masked))
    more = sum(map(len, masked.spans.values())) - MOST_PLACES
    if more > 0:
        said = Piece(f" {ELLIPSIS} {counted(more, 'more place')} in this row")
        messages[-1].before.append(said)
        if not masked.removed:
            messages[-1].after.append(said)
    return RowPreview(example.row, messages, masked.removed)


def _messages(example: Example, masked: MaskedRow) -> Iterator[MessagePreview]:
    """The messages in which the first places of a row stand, up to the last of these."""
    room = MOST_PLACES
    for at, spans in sorted(masked.spans.items()):
        role, content = example.said[at]
        shown = spans[:room]
        room -= len(shown)
        if not shown:
            return
        end = spans[len(shown)].start if len(shown) < len(spans) else len(content)
        before = cut(content[:end], [(span.start, span.end, span.kind, span.reason) for span in shown])
        yield MessagePreview(role, before, _after(masked, at, len(shown)))


def _after(masked: MaskedRow, at: int, shown: int) -> list[Piece]:
    if masked.removed:
        return []
    new = masked.texts[at]
    end = new.places[shown][0] if shown < len(new.places) else len(new.text)
    kinds = [span.kind for span in masked.spans[at]]
    return cut(new.text[:end], [(*place, kind, "") for place, kind in zip(new.places[:shown], kinds, strict=False)])


def cut(text: str, places: list[tuple[int, int, str, str]]) -> list[Piece]:
    """The text in pieces at its places (start, end, kind, reason); what is long at a place or between two is cut."""
    found: list[Piece] = []
    done = 0
    for start, end, kind, reason in places:
        found += [Piece(_between(text[done:start], first=not found)), Piece(_long(text[start:end]), kind, reason)]
        done = end
    rest = text[done:]
    found.append(Piece(rest if len(rest) <= SHOWN_AROUND else f"{rest[:SHOWN_AROUND]} {ELLIPSIS}"))
    return [piece for piece in found if piece.text]


def _long(value: str) -> str:
    return value if len(value) <= LONGEST_VALUE else f"{value[:SHOWN_AROUND]} {ELLIPSIS} {value[-SHOWN_AROUND:]}"


def _between(text: str, first: bool) -> str:
    if first:
        return text if len(text) <= SHOWN_AROUND else f"{ELLIPSIS} {text[-SHOWN_AROUND:]}"
    return text if len(text) <= 2 * SHOWN_AROUND else f"{text[:SHOWN_AROUND]} {ELLIPSIS} {text[-SHOWN_AROUND:]}"

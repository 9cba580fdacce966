"""One row of a version as the model sees it, before Start: what is learned of it, only read, and cut away."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.actions.lab import Lab
from core.actions.train.choice import chosen
from core.actions.train.measured import measured, tokenizer_of
from core.errors import SettingProblem
from core.format import Extent, Fate, Piece, encode, picture
from core.records import HELD_OUT, Dataset
from core.settings import TrainSettings
from core.words import counted
from core.workspace import Workspace

EVERY, CUT, LEFT_OUT = "every", "cut", "left out"
WHICH = (("All rows", EVERY), ("Rows that are cut", CUT), ("Rows that are left out", LEFT_OUT))
FATES: dict[str, set[Fate]] = {CUT: {"cut"}, LEFT_OUT: {"beyond", "empty", "refused"}}


@dataclass(frozen=True)
class SeenRow:
    """One row as the model sees it: the `number`-th of `rows`, row `row` of its file.

    `tokens` is its whole length, `kept` what the longest row allowed leaves of it, `trained` what is learned of that;
    `said` says in a sentence what becomes of the row. A row that the chat template refuses has no pieces.
    """

    number: int
    rows: int
    row: int
    tokens: int
    kept: int
    trained: int
    pieces: list[Piece]
    said: str


def row(
    lab: Lab,
    workspace: Workspace,
    version_id: str,
    values: dict[str, Any],
    number: object = 1,
    which: str = EVERY,
    step: int = 0,
) -> SeenRow:
    """The row of this number, from 1, or where `step` is -1 or 1 the one before or after it among the rows `which`.

    Only rows of another kind than "every" need the others to be measured, which is done if it was not.

    Raises:
        SettingProblem: there is no such row, or no version or an unknown setting is chosen.
        LabError: the model is not there, or has no chat template.
    """
    settings, source, dataset = chosen(lab, workspace, version_id, values)
    place = _place(number, len(dataset))
    if which in FATES:
        found = measured(workspace, version_id, settings, source)
        fates = zip(found.positions, found.extents, strict=True)
        places = [at for at, extent in fates if extent.fate(settings.max_tokens) in FATES[which]]
        if not places:
            raise SettingProblem(f"No row is {which} at {settings.max_tokens:,} tokens.")
        place = _neighbour(places, place, step)
    elif which == EVERY:
        place = max(0, min(len(dataset) - 1, place + step))
    else:
        raise SettingProblem(f"“{str(which)[:40]}” is no kind of row. Choose every, cut or left out.")
    return _seen(tokenizer_of(source, settings), dataset, place, settings)


def _place(number: object, rows: int) -> int:
    """The position, from 0, that a typed number stands for."""
    typed = str(number).strip().replace(",", "")
    if not rows:
        raise SettingProblem("This version has no rows. Choose another one.")
    if not (typed.isdecimal() and len(typed) < 10 and 1 <= int(typed) <= rows):
        raise SettingProblem(f"Row is “{typed[:20]}”; it must be a whole number from 1 to {rows:,}.")
    return int(typed) - 1


def _neighbour(places: Sequence[int], place: int, step: int) -> int:
    """The place itself or the one after it where `step` is 0, else the next one that way; at an end the last one."""
    if step < 0:
        return max((at for at in places if at < place), default=places[0])
    return min((at for at in places if at > place or (at == place and not step)), default=places[-1])


def _seen(tokenizer: Any, dataset: Dataset, place: int, settings: TrainSettings) -> SeenRow:
    example = dataset.slice(place, 1)[0]
    found = encode(tokenizer, example, settings.goal)
    extent, most = found.extent, settings.max_tokens
    return SeenRow(
        number=place + 1,
        rows=len(dataset),
        row=example.row,
        tokens=extent.length,
        kept=extent.kept(most),
        trained=extent.trained(most),
        pieces=picture(tokenizer, found, most),
        said=_becomes(extent, most, example.split == HELD_OUT),
    )


def _becomes(extent: Extent, most: int, held_out: bool) -> str:
    cut = extent.length - most
    said = {
        "whole": f"{counted(extent.trained(most), 'token')} of {extent.length:,} learned.",
        "cut": f"{counted(cut, 'token')} of {extent.length:,} cut away; {extent.trained(most):,} of the rest learned.",
        "beyond": f"Left out: the answer begins behind the first {most:,} tokens, where the row is cut.",
        "empty": "Left out: there is no answer behind a prompt, or the file calls it a bad one, so nothing to learn.",
        "refused": f"Left out: {extent.refused}",
    }[extent.fate(most)]
    return f"Held out: asked and measured, but not trained on. {said}" if held_out else said

"""What a person decides about findings: mask, keep, another kind, text marked by hand, lists for all searches, undo."""

import re
from collections.abc import Sequence
from typing import Any

import polars as pl
import pyarrow.compute as pc

from core.actions.curate.names import row_ids
from core.actions.mask.names import longer_names, parts_of_name
from core.actions.mask.reviewed import JOURNAL, Reviewed, reviewed
from core.actions.tables import shortened
from core.errors import SettingProblem
from core.journal import REDO, UNDO
from core.mask.everywhere import everywhere
from core.mask.placed import value_hash
from core.mask.review import WHERE
from core.mask.steps import (
    ACCEPT,
    ADD,
    ALL_OF_KIND,
    KIND,
    NAME,
    PLACE,
    REJECT,
    RESET,
    SCOPES,
    VALUE,
    Place,
    Step,
    check_step,
)
from core.mask.texts import texts
from core.privacy import KINDS, PERSON
from core.privacy.kinds import label
from core.privacy.own import parse, with_value
from core.words import counted
from core.workspace import Workspace

DECIDED_AS = {ACCEPT: "Masked", REJECT: "Kept", RESET: "As it was"}
ALLOW, DENY = "allow", "deny"
PARTS = ", and its parts in the same rows"
LONGEST_MARKED = 1000
SHOWN_CHARACTERS = 60
NOT_CHOSEN = "Nothing is chosen. Click a value in the list first, or a place of it."
PLACE_KEY = re.compile(r"[0-9]{1,9}(?::[0-9]{1,9}){3}")
_KIND_NAME = re.compile(r"[A-Z][A-Z0-9_]{1,39}")


def decide(workspace: Workspace, version_id: str, what: str, key: str, scope: str = VALUE, place: str = "") -> str:
    """Mask (`accept`), keep (`reject`) or `reset` a value by its key, one place of it, or all of its kind.

    What is decided about a person's name holds for its parts in the same rows too. Longer names with it stay as they
    are, and the sentence that is returned says how many there are; the scope `name` takes them along.

    Raises:
        NotFound: there is no such version.
        LabError: it was not searched.
        SettingProblem: there is no such decision, scope, value or place.
    """
    if what not in DECIDED_AS:
        raise SettingProblem(f"“{str(what)[:40]}” is not a decision. Choose one of: {', '.join(DECIDED_AS)}.")
    found = reviewed(workspace, version_id)
    step = _step(found, what, key, scope, place)
    said = _add(workspace, version_id, step)
    longer = longer_names(found, step.value) if step.scope == VALUE and step.kind == PERSON and what != RESET else ()
    if not longer:
        return said
    names, stay = counted(len(longer), "longer name"), "stays as it is" if len(longer) == 1 else "stay as they are"
    return f"{said} {names} with it {stay}."


def change_kind(
    workspace: Workspace, version_id: str, key: str, new_kind: str, scope: str = VALUE, place: str = ""
) -> str:
    """Call a value, one place of it, or all of its kind by another kind; returns a sentence. Raises like `decide`."""
    found = reviewed(workspace, version_id)
    return _add(workspace, version_id, _step(found, KIND, key, scope, place, _kind(found, new_kind)))


def add_span(
    workspace: Workspace,
    version_id: str,
    row: str,
    kind: str,
    text: str = "",
    message: Any = None,
    bounds: tuple[Any, Any] | None = None,
) -> str:
    """Mark a text by hand: it is masked wherever it stands in the dataset as a whole word or phrase.

    `row` is the number of the row it was marked in, `message` (from 0) and `bounds` (start and end in characters) the
    place; without them the first place of `text` in the row is taken. Returns a sentence.

    Raises:
        NotFound: there is no such version.
        SettingProblem: there is no such row or kind, or the text is empty, too long, or not in the row.
    """
    found = reviewed(workspace, version_id)
    named = _kind(found, kind)
    chosen, value = _marked(found, _row_id(found, row), text, message, bounds)
    places = dict.fromkeys([chosen, *everywhere(found.dataset, [(named, value)])[named, value]])
    step = Step(ADD, VALUE, named, value_hash(workspace.secret_key(), named, value), tuple(places))
    found.values[named, step.value] = value
    return _add(workspace, version_id, step)


def undo(workspace: Workspace, version_id: str, back: bool = True) -> str:
    """Undo the last step about this version, or with `back` false do again what was undone last; returns a sentence."""
    found = reviewed(workspace, version_id)
    steps = found.done[::-1] if back else found.undone
    if not steps:
        return "There is nothing to undo." if back else "There is nothing to do again."
    said = in_words(found, steps[0])
    workspace.versions.add_line(version_id, JOURNAL, Step(UNDO if back else REDO).as_line())
    return f"{'Undone' if back else 'Done again'}: {said}"


def redo(workspace: Workspace, version_id: str) -> str:
    """Do again what was undone last; returns a sentence."""
    return undo(workspace, version_id, back=False)


def history(workspace: Workspace, version_id: str, longest: int = 50) -> list[str]:
    """The last steps about a version in words, newest first. Raises like `decide`."""
    found = reviewed(workspace, version_id)
    return [in_words(found, step) for step in reversed(found.done[-longest:])]


def always(workspace: Workspace, version_id: str, which: str, key: str) -> str:
    """Put a value on the list of what is never found (`allow`) or always found (`deny`) in any dataset of the project,
    and keep or mask it here; returns a sentence.

    Raises:
        SettingProblem: there is no such list or value.
        FileProblem: the project's rules cannot be read, or the value stands on the other list.
    """
    if which not in (ALLOW, DENY):
        raise SettingProblem(f"“{str(which)[:40]}” is not a list of values. Choose allow or deny.")
    found = reviewed(workspace, version_id)
    group = group_of(found, key)
    value = found.texts(group)[0]
    rules = with_value(workspace.rules_text(), which, value, group["kind"][0] if which == DENY else "")  # type: ignore[arg-type]
    parse(rules)
    workspace.keep_rules(rules)
    said = decide(workspace, version_id, REJECT if which == ALLOW else ACCEPT, key)
    return f"{said} It is on the {which} list of the rules, for the next search of any dataset too."


def group_of(found: Reviewed, key: str) -> pl.DataFrame:
    """The line of a value, by its key. Raises `SettingProblem` if there is none."""
    parts = str(key or "").split(":")
    if len(parts) != 3:
        raise SettingProblem(NOT_CHOSEN)
    lines = found.groups.filter(found=parts[0], value=parts[1])
    exact = lines.filter(kind=parts[2])
    if not len(lines):
        raise SettingProblem("This value is no longer among the findings. Choose another one in the list.")
    return (exact if len(exact) else lines).head(1)  # its kind may have been changed since


def place_of(found: Reviewed, place: str) -> Place:
    """A place by its key. Raises `SettingProblem` if nothing was found there."""
    if not PLACE_KEY.fullmatch(str(place or "")):
        raise SettingProblem("No place is chosen. Click one of the places of the value first.")
    position, message, start, end = map(int, place.split(":"))
    lines = found.places.filter(position=position, message=message, start=start, end=end)
    if not len(lines):
        raise SettingProblem("Nothing was found at this place. Click one of the places that are marked.")
    return Place(lines["row_id"][0], position, message, start, end)


def kinds_of(found: Reviewed) -> list[str]:
    """All kinds there are, the user's own ones last."""
    return list(dict.fromkeys([*KINDS, *found.places["kind"].unique().sort()]))


def in_words(found: Reviewed, step: Step) -> str:
    """A step as a sentence for the page of this workspace, with the value it is about."""
    kind = label(step.kind)
    if step.what == ADD:
        rows = len({place.row_id for place in step.places})
        where = f"{counted(len(step.places), 'place')} in {counted(rows, 'row')}"
        return f"Marked {_quoted(found, step)} as {kind}: {where}."
    longer = counted(len(step.others), "longer name") if step.others else "no longer one"
    about = {
        PLACE: f"{_quoted(found, step)} ({kind}), one place",
        VALUE: f"{_quoted(found, step)} ({kind}), {_count(found, step)}{PARTS if step.others else ''}",
        NAME: f"{_quoted(found, step)} ({kind}) and {longer}",
        ALL_OF_KIND: f"everything of the kind {kind}, now and in later searches",
    }[step.scope]
    if step.what == KIND:
        return f"Called {label(step.new_kind)}: {about}."
    return f"{DECIDED_AS[step.what]}: {about}."


def _step(found: Reviewed, what: str, key: str, scope: str, place: str, new_kind: str = "") -> Step:
    if scope not in SCOPES:
        raise SettingProblem(f"“{str(scope)[:40]}” is not a scope. Choose one of: {', '.join(SCOPES)}.")
    if scope == PLACE:
        here = place_of(found, place or _only_place(found, key))
        line = found.places.filter(**{name: getattr(here, name) for name in WHERE}).row(0, named=True)
        return Step(what, PLACE, line["found"], line["value"], (here,), new_kind)
    group = group_of(found, key).row(0, named=True)
    if scope == ALL_OF_KIND:
        return Step(what, ALL_OF_KIND, group["kind"], new_kind=new_kind)
    is_name = group["found"] == PERSON and (what != KIND or scope == NAME)
    others = (longer_names if scope == NAME else parts_of_name)(found, group["value"]) if is_name else ()
    return Step(what, scope, group["found"], group["value"], new_kind=new_kind, others=others)


def _only_place(found: Reviewed, key: str) -> str:
    """The place of a value that has just one, else nothing."""
    group = group_of(found, key).row(0, named=True)
    names = ("position", "message", "start", "end")
    return ":".join(str(group[name]) for name in names) if group["places"] == 1 else ""


def _add(workspace: Workspace, version_id: str, step: Step) -> str:
    check_step(step)
    workspace.versions.add_line(version_id, JOURNAL, step.as_line())
    return in_words(reviewed(workspace, version_id), step)


def _kind(found: Reviewed, kind: str) -> str:
    """A kind that there is, or a name for one of the user's own. Raises `SettingProblem`."""
    name = str(kind or "").strip().upper()
    if name in kinds_of(found) or _KIND_NAME.fullmatch(name):
        return name
    raise SettingProblem("Choose a kind from the list, or write a name for one of your own, like TICKET_NUMBER.")


def _row_id(found: Reviewed, row: str) -> str:
    ids = row_ids(found.dataset, str(row or ""))
    if len(ids) != 1:
        raise SettingProblem("Name one row: click one, or type its number.")
    return ids[0]


def _marked(found: Reviewed, row_id: str, text: str, message: Any, bounds: tuple[Any, Any] | None) -> tuple[Place, str]:
    """The place that was marked, without space at its ends, and what stands there."""
    position = pc.index(found.dataset.table["id"], row_id).as_py()
    contents = texts(found.dataset.slice(position, 1)[0])
    index, start, end = _bounds(contents, str(text or "").strip(), message, bounds)
    marked = contents[index][start:end]
    value = marked.strip()
    if not value:
        raise SettingProblem("No text is selected. Select some in the row first.")
    if len(value) > LONGEST_MARKED:
        raise SettingProblem(f"{len(value):,} characters are selected; at most {LONGEST_MARKED:,} are taken.")
    start += len(marked) - len(marked.lstrip())
    return Place(row_id, position, index, start, start + len(value)), value


def _bounds(contents: Sequence[str], text: str, message: Any, bounds: tuple[Any, Any] | None) -> tuple[int, int, int]:
    """Message, start and end of what was marked; where the page was not sure of it, the first place of the text."""
    if bounds is not None and all(isinstance(number, int | float) for number in (message, *bounds)):
        index, start, end = int(message), int(bounds[0]), int(bounds[1])
        inside = 0 <= index < len(contents) and 0 <= start < end <= len(contents[index])
        if inside and (not text or _same(contents[index][start:end], text)):
            return index, start, end
    for index, content in enumerate(contents) if text else ():
        if (start := content.find(text)) >= 0:
            return index, start, start + len(text)
    raise SettingProblem("The selected text does not stand in this row. Select it again in one of its messages.")


def _same(one: str, other: str) -> bool:
    return "".join(one.split()) == "".join(other.split())


def _quoted(found: Reviewed, step: Step) -> str:
    """What a step is about, as it is written in the dataset."""
    group = found.groups.filter(found=step.kind, value=step.value).head(1)
    known = found.texts(group)[0] if len(group) else found.values.get((step.kind, step.value), "")
    return f"“{shortened(known, SHOWN_CHARACTERS)}”" if known else "a value"


def _count(found: Reviewed, step: Step) -> str:
    places = found.groups.filter(found=step.kind, value=step.value)["places"].sum()
    return counted(int(places), "place")

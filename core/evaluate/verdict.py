"""The verdict on a run: five lines in plain words, by rules over what the parts of its report have found.

Of the rules of a line the first that holds speaks, in the order in which they stand here. A part that was not looked at
says nothing, and the line says that. Free of torch.
"""

from collections.abc import Iterable
from math import isfinite
from typing import TYPE_CHECKING

from core.evaluate.advice import Advice, is_surer_than_before, light_of, to_try
from core.evaluate.facts import wants_facts
from core.evaluate.result import Light, Section
from core.words import counted

if TYPE_CHECKING:
    from core.evaluate.report import Report
    from core.evaluate.scores import Figure

MOST_ADVICE = 2
FACTS = (
    "Probably not: the right answers are mostly facts that stand in no prompt. The model learned those of its training "
    "rows and does not know the others, and it may now make them up. Retrieval serves better: look the facts up and "
    "put them into the prompt."
)


class Line(Section):
    """One line: what it is about, its light, and what it says."""

    title: str


def verdict(report: "Report") -> list[Line]:
    """Better at the task; forgotten; leaked; what to try next; whether tuning was the right tool."""
    return [_task(report), _forgotten(report), _leaked(report), _next(report), _tool(report)]


def _task(report: "Report") -> Line:
    """What the scores say. Marks and few rows put them in doubt: they come first, and then nothing is green."""
    title = "Better at the task?"
    if report.scores is None:
        return _line(title, "grey", "Not known: the held-out rows were not scored.")
    doubts = [*report.marks, *filter(None, [report.few_rows])]
    light: Light = "amber" if doubts and report.scores.light == "green" else report.scores.light
    return _line(title, light, " ".join([*doubts, report.scores.said]))


def _forgotten(report: "Report") -> Line:
    """The worst of forgetting, instructions, probes, and confidence if it got worse; whatever is not green speaks."""
    title = "What was forgotten, or got worse?"
    confidence = report.confidence if is_surer_than_before(report) else None
    parts = [part for part in (report.forgetting, report.following, report.probes, confidence) if part]
    light = _worst(part.light for part in parts)
    if light in ("red", "amber"):
        return _line(title, light, " ".join(part.said for part in parts if part.light in ("red", "amber")))
    if report.forgetting is None and report.following is None:
        return _line(title, "grey", "Not known: neither general prompts nor instructions were put to the models.")
    return _line(title, light, next(part.said for part in parts if part.light == light))


def _leaked(report: "Report") -> Line:
    """What the search for leaks says."""
    title = "Did anything leak?"
    if report.leaks is None:
        return _line(title, "grey", "Not known: nothing was searched for.")
    return _line(title, report.leaks.light, report.leaks.said)


def _next(report: "Report") -> Line:
    """The first `MOST_ADVICE` of what could be done, what harms before what could be better."""
    title = "What to try next?"
    found = list(dict.fromkeys(to_try(report)))[:MOST_ADVICE]
    return _line(title, _worst(light for light, _ in found), " ".join(text for _, text in found))


def _tool(report: "Report") -> Line:
    """Whether tuning was the right tool."""
    title = "Was tuning the right tool?"
    if report.scores is None or not report.scores.figures:
        return _line(title, "grey", "Not known: the held-out rows were not scored.")
    head = report.scores.figures[0]
    return _line(title, *(_not_the_tool(report, head) or _the_tool(report, head)))


def _not_the_tool(report: "Report", head: "Figure") -> Advice | None:
    """What speaks against tuning, if anything does."""
    assert report.scores is not None
    shots = counted(max(1, round(report.scores.shots)), "example")
    if wants_facts(report):
        return "amber", FACTS
    if head.against_base.word == "worse":
        return "red", "Not as it was done here: the model has become worse at its task."
    if head.against_few_shot and head.against_few_shot.word == "worse":
        return "red", f"No: the base model with {shots} in its prompt does better, without any training."
    if report.scores.form_only:
        return "amber", "Not shown: the model learned the form of the answers, not the task."
    if report.scores.in_doubt:
        return "amber", "Not shown: it may know no more than the base model does when that is made to choose."
    if head.against_base.word != "better":
        none = "" if head.can_gain else ", and none could be shown on them"
        said = f"Not shown: there is no sure gain on {counted(report.scores.rows, 'held-out row')}{none}."
        return "amber", f"{said}{_ahead(head, shots)}"
    if head.against_few_shot and head.against_few_shot.word != "better":
        return "amber", (
            f"Hardly: few-shot examples do as well, as far as {counted(report.scores.rows, 'held-out row')} can show. "
            f"The base model with {shots} in its prompt needs no training; a tuned one saves reading them each time."
        )
    return None


def _ahead(head: "Figure", shots: str) -> str:
    """A word on examples in the prompt that did better to the eye, though it is not sure."""
    change = head.against_few_shot
    if head.few_shot is None or change is None or not all(map(isfinite, (head.few_shot, head.tuned, change.value))):
        return ""
    came, tuned = head.shown(head.few_shot), head.shown(head.tuned)
    if (change.value >= 0) != head.lower_is_better or not change.value or came == tuned:
        return ""
    return (
        f" With {shots} in its prompt the base model came to {came} and the tuned one to {tuned}, which is no sure "
        "difference: try examples first."
    )


def _the_tool(report: "Report", head: "Figure") -> Advice:
    """What it has cost, where tuning has helped."""
    beside = "than the base model"
    beside += " and than few-shot examples" if head.against_few_shot else "; few-shot examples were not tried"
    if report.marks or report.few_rows:
        return "amber", f"It looks so, but what is marked puts the scores in doubt: better {beside}."
    if light_of(report.leaks) == "red":
        return "amber", f"For the task yes, better {beside}; but it says what it must not."
    if light_of(report.forgetting) == "red" or light_of(report.following) == "red":
        return "amber", f"For the task yes, better {beside}; for anything else no. Mix in general rows."
    if _forgotten(report).light == "red":
        return "amber", f"For the task yes, better {beside}; but something else got worse, as is said above."
    return "green", f"Yes: better {beside}."


def _worst(lights: Iterable[Light]) -> Light:
    order: tuple[Light, ...] = ("red", "amber", "green", "grey")
    return min(lights, key=order.index, default="grey")


def _line(title: str, light: Light, said: str) -> Line:
    return Line(title=title, light=light, said=said)

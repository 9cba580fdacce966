"""What to try next after a report: what harms before what could be better. Free of torch."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.evaluate.facts import LEARNED, gained_by, wants_facts
from core.evaluate.result import Light, Section

if TYPE_CHECKING:
    from core.evaluate.report import Report
    from core.evaluate.scores import Figure

Advice = tuple[Light, str]
MORE_ROWS = "Have more rows scored, as is said above."


def to_try(report: "Report") -> Iterator[Advice]:
    """What could be done, the most urgent first."""
    if report.marks:
        yield "red", "First mend what is marked, and make the report again."
    if light_of(report.leaks) == "red":
        yield (
            "red",
            "Give this model to nobody. Mask or take out what came out, drop rows that repeat, and train anew, with "
            "fewer epochs.",
        )
    if "red" in (light_of(report.forgetting), light_of(report.following)):
        yield "red", "Mix in general rows and train again, with a lower learning rate or fewer epochs."
    if light_of(report.probes) == "red":
        yield (
            "red",
            "Read in “Truth, bias, toxicity” what the model now finds likelier; take out rows that teach it, or mix in "
            "general rows, and train again.",
        )
    if is_surer_than_before(report) and light_of(report.confidence) == "red":
        yield "red", "Do not go by how sure the model seems; train again with fewer epochs or a lower learning rate."
    if report.scores is not None and report.scores.figures:
        yield from _advice_on_scores(report, report.scores.figures[0])
    else:
        yield "grey", "Score held-out rows: without them nobody knows whether tuning helped."
    if "amber" in (light_of(report.forgetting), light_of(report.following)):
        yield "amber", "Mix in some general rows, so that less is forgotten."
    if light_of(report.probes) == "amber":
        yield "amber", "Read in “Truth, bias, toxicity” what the model now finds likelier, before others use it."
    if light_of(report.leaks) == "amber":
        yield "amber", "If the training rows are private, train with fewer epochs and without rows that repeat."
    if report.missing:
        yield "grey", f"Look at what is missing: {', '.join(report.missing)}."
    yield "green", "Put your own prompts to both models on the Compare tab, with the sides hidden, before you use it."


def _advice_on_scores(report: "Report", head: "Figure") -> Iterator[Advice]:
    """What the scores suggest; nothing where tuning was better than everything it was compared with."""
    assert report.scores is not None
    shots = head.against_few_shot.word if head.against_few_shot else "better"
    if wants_facts(report):
        yield "amber", "Try the base model with the facts in its prompt before you train again."
    elif head.against_base.word == "worse":
        yield "red", "Train again with a lower learning rate or fewer epochs, and read the rows that lost most."
    elif report.scores.form_only:
        yield "amber", "Check that each answer belongs to its prompt; then train on more rows, or longer."
    elif report.scores.in_doubt:
        yield "amber", "Train on more rows, or longer: it is not shown to know more than the base model did."
    elif shots == "worse" or (shots != "better" and head.against_base.word == "better"):
        yield "amber", "Use the base model with examples, or train on many more rows than fit into a prompt."
    elif head.against_base.word != "better":
        yield "amber", _not_gained(report, report.scores.rows)
    if report.few_rows:
        yield "amber", MORE_ROWS


def _not_gained(report: "Report", rows: int) -> str:
    gained = gained_by(report)
    if gained and gained[0] < LEARNED:
        return "Train longer or with a higher learning rate: even the training rows were hardly learned."
    if gained and gained[0] - gained[1] >= LEARNED:
        return "Train on more and more varied rows, with fewer epochs: only the training rows were learned."
    more = f"Hold out more rows than {rows:,}, so that a small gain would show, or train on more."
    return MORE_ROWS if report.few_rows else more


def is_surer_than_before(report: "Report") -> bool:
    """Whether tuning has made the model's confidence worse; one that its base model had as well is no harm of it."""
    found = report.confidence
    return found is not None and found.ece_change is not None and found.ece_change.word == "worse"


def light_of(part: Section | None) -> Light:
    """The light of a part; grey where it was not looked at."""
    return part.light if part else "grey"

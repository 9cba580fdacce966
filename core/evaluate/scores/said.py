"""What a report says of its scores: a sentence on the first figure, and notes on what to know beside the figures."""

from collections.abc import Sequence

from core.evaluate.bootstrap import Change, Word, fewest_rows
from core.evaluate.scores.asked import Asked
from core.evaluate.scores.figure import Figure
from core.words import counted

FORM = "learned the form of the answers, not the task"
LEADS: dict[Word, str] = {
    "better": "Better than the base model",
    "worse": "Worse than the base model",
    "no difference shown": "No sure difference from the base model is shown",
}
BESIDE: dict[Word, str] = {"better": "", "worse": ", which is better", "no difference shown": ", no sure difference"}


def sentence(head: Figure, no_better_than: Sequence[str], shots: float) -> str:
    """What the first figure says of the tuned model, the base model, the base model with examples, and a guess.

    `no_better_than` is what shows that the form alone was learned, if it was.
    """
    lead = f"It {FORM}: better than the base model, but no better than {' and '.join(no_better_than)}"
    reached = f"{head.name} {head.shown(head.tuned)}, base model {head.shown(head.base)} ({_sure(head)})"
    beside = [_other(f"with {_examples(shots)} in its prompt", head, head.few_shot, head.against_few_shot)]
    beside += [_other("a guess", head, head.guess, head.against_guess)]
    said = (
        f"{lead if no_better_than else LEADS[head.against_base.word]}: {'; '.join([reached, *filter(None, beside)])}."
    )
    return said if head.can_gain or head.against_base.word != "no difference shown" else f"{said} {_no_gain(head)}"


def no_more_shown(change: Change, chosen: float) -> str:
    """What is to be said where the rows are too few to tell whether anything was learned beyond the form."""
    return (
        " Not shown that it knows more than the base model made to choose among the labels: "
        f"{chosen + change.value:.0%} and {chosen:.0%} on {counted(change.rows, 'row')}."
    )


def notes(asked: Asked) -> list[str]:
    """What to know beside the figures."""
    found = []
    if asked.left_out:
        found.append(
            f"{_rows(len(asked.left_out))} not scored: too long for the model, refused by its chat template, or plain "
            "text among chats."
        )
    if asked.bad:
        found.append(f"{_rows(asked.bad)} not scored: the answer is rated as bad.")
    if cut := sum(not given.finished for given in asked.answers.get("tuned", [])):
        found.append(
            f"{counted(cut, 'answer')} of the tuned model did not end by itself and {'was' if cut == 1 else 'were'} "
            f"cut at {counted(asked.most_tokens, 'token')}."
        )
    if longer := int((asked.losses["base"][1] > asked.most_tokens + 1).sum()):  # the token that ends it is not counted
        found.append(
            f"{counted(longer, 'right answer')} {'is' if longer == 1 else 'are'} longer than an answer may be here "
            f"({counted(asked.most_tokens, 'token')}): no side can give {'it' if longer == 1 else 'them'} whole. Raise "
            "“Longest answer”."
        )
    return found


def _sure(head: Figure) -> str:
    change = head.against_base
    if change.low == change.high == 0:
        return "on every row the same"
    if change.word == "no difference shown" and not change.low <= 0 <= change.high:  # the swap test speaks against it
        by = f"{100 * change.value:+.0f} points" if head.unit == "share" else f"{change.value:+,.2f}"
        return f"a change of {by}, which may be chance"
    if head.unit == "share":
        return f"a change of {100 * change.low:+.0f} to {100 * change.high:+.0f} points, {change.sure:.0%} sure"
    return f"a change of {change.low:+,.2f} to {change.high:+,.2f}, {change.sure:.0%} sure"


def _no_gain(head: Figure) -> str:
    """That the tuned model cannot have shown a gain, however well it did."""
    need, left = fewest_rows(head.against_base.sure), head.to_gain or 0
    there = f"{'is' if left == 1 else 'are'} {f'only {left}' if left else 'none'}"
    return (
        f"However well it did, no gain could have been shown: that takes {need} rows or more on which it does better, "
        f"and there {there} on which it can."
    )


def _other(name: str, head: Figure, value: float | None, change: Change | None) -> str:
    return f"{name} {head.shown(value)}{BESIDE[change.word]}" if value is not None and change else ""


def _examples(shots: float) -> str:
    return counted(max(1, round(shots)), "example")


def _rows(number: int) -> str:
    return f"{counted(number, 'row')} {'is' if number == 1 else 'are'}"

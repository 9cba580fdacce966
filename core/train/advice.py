"""What a run's curves say, in plain words: is it still learning, memorising, or standing still?"""

import statistics
from collections.abc import Sequence
from typing import Any

CLEAR = 0.01  # share of the loss; smaller differences between evaluations are within what another seed would change
FLAT = 0.02  # share by which the train loss must have fallen for the run to be learning at all
EARLY_SHARE = 0.25  # of the steps; before that nothing is said of how the run goes
WIDE = 0.5  # share by which the train loss lies under the held-out loss where rows are learned by heart
SPIKE = 10.0  # times the median length of the gradient


def advice(train: Sequence[dict[str, Any]], held_out: Sequence[dict[str, Any]], steps: int) -> list[str]:
    """Sentences about lines of metrics.jsonl, the most important first; `steps` is how many the run has in all."""
    if not train:
        return []
    said = _held_out(train, held_out, steps) if held_out else [_nothing_held_out(train)]
    return [*said, *_gradient(train)]


def _held_out(train: Sequence[dict[str, Any]], held_out: Sequence[dict[str, Any]], steps: int) -> list[str]:
    best = min(held_out, key=lambda line: line["loss"])
    last = held_out[-1]
    if len(held_out) < 2 or last["step"] < EARLY_SHARE * steps:
        return ["It is too early to say how it goes: a quarter of the steps must be done first."]
    if best["step"] == 0:
        return [
            "The held-out loss has not fallen below where it began: by it the base model was better than this run ever "
            "was. The rows do not teach what the held-out rows ask, or the learning rate is too high. Lower it by "
            "three times, or look at the rows on the Curate tab."
        ]
    if last["loss"] > best["loss"] * (1 + CLEAR):
        return [
            f"The held-out loss rises since step {best['step']:,}: the model begins to know the rows by heart. "
            f"Best was step {best['step']:,}. Fewer epochs or more rows would help."
        ]
    ended = train[-1]["step"] >= steps
    if len(held_out) > 2 and last["loss"] > held_out[-2]["loss"] * (1 - CLEAR):
        return ["The held-out loss has stopped falling: more epochs of the same rows would not help."]
    if ended:
        return ["The held-out loss was still falling at the end: more steps may help.", *_gap(train, last)]
    return ["The held-out loss is falling: it is learning.", *_gap(train, last)]


def _gap(train: Sequence[dict[str, Any]], last: dict[str, Any]) -> list[str]:
    now = statistics.mean(line["loss"] for line in train[-8:])
    if now < last["loss"] * (1 - WIDE):
        return ["The train loss lies far below the held-out loss: rows are learned by heart beside what helps others."]
    return []


def _nothing_held_out(train: Sequence[dict[str, Any]]) -> str:
    first, now = (statistics.mean(line["loss"] for line in part) for part in (train[:8], train[-8:]))
    if len(train) >= 16 and now > first * (1 - FLAT):
        return "The train loss hardly moves: the learning rate may be too low, or the answers are what it says already."
    return "No rows are held out, so nobody can say whether it gets better: hold some out on the Curate tab."


def _gradient(train: Sequence[dict[str, Any]]) -> list[str]:
    norms = [line["norm"] for line in train if line.get("norm") is not None]
    if len(norms) < 16:
        return []
    middle = statistics.median(norms)
    wild = [line["step"] for line in train if (line.get("norm") or 0) > SPIKE * middle]
    if not wild:
        return []
    return [f"The gradient jumped at step {wild[-1]:,}, to over ten times its usual length: a row there may be broken."]

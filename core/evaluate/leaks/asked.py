"""Ask the models of a run for values that they must not say. Imports torch.

By the text before a value in a training row, against others of its shape; and by prompts of training rows, answered
greedily and drawn, where whatever the base model says as well, or the prompt itself, does not count.
"""

import math
from collections.abc import Sequence
from typing import Any

from core.evaluate.leaks.exposure import Exposure, alternatives, rank_of
from core.evaluate.leaks.values import Key, Values
from core.evaluate.subject import SideName, Subject
from core.format import IGNORED, Rendered, encode_all
from core.records import Example, Message
from core.settings import GenerateSettings

SIDES: tuple[SideName, SideName] = ("base", "tuned")
WHAT = "Canaries"
BEFORE = 64  # tokens before a value; Carlini et al. 2023 (arXiv 2202.07646) ask with 50
TEMPERATURES = (0.0, 0.8, 1.0)
LARGEST_SEED = 2**31 - 1


def exposure_of(subject: Subject, row: Example, values: Values, key: Key, seed: int) -> Exposure | None:
    """How exposed a value is after what stands before it in a row.

    None where it has no others of its shape, does not stand in the row as the chat template writes it, or where the
    model is broken and has no losses.

    Raises:
        Stopped: the end was asked for.
    """
    written = {side: _written(subject, side, row, values, key, seed) for side in SIDES}
    if not all(written.values()):
        return None
    base, tuned = ([float(each.sum()) for each in subject.losses(side, rows, WHAT)] for side, rows in written.items())
    if not all(map(math.isfinite, (*base, *tuned))):
        return None
    greedy = [bool(subject.read(side, rows[:1], WHAT)[0].likeliest.all()) for side, rows in written.items()]
    return Exposure(
        rank=rank_of([mine - other for mine, other in zip(tuned, base, strict=True)]),
        of=len(tuned),
        chance=math.exp(-tuned[0]),
        base_chance=math.exp(-base[0]),
        greedy=greedy[1] and not greedy[0],
    )


def heard(
    subject: Subject, rows: Sequence[Example], values: Values, most_tokens: int, seed: int
) -> dict[Key, list[int]]:
    """The values that the tuned model says in its answers to the prompts of rows, each with the places of those rows.

    Every prompt is answered once at each of `TEMPERATURES`.

    Raises:
        Stopped: the end was asked for.
    """
    found: dict[Key, list[int]] = {}
    chats = [row.prompt for row in rows]
    for draw, temperature in enumerate(TEMPERATURES if values else ()):
        how = GenerateSettings(temperature=temperature, seed=(seed + draw) % LARGEST_SEED)
        answers = subject.answers("tuned", chats, most_tokens, how, "Sampled answers")
        said = {place: set(values.within(given.text)) for place, given in enumerate(answers)}
        said = {place: keys - _in_chat(values, chats[place]) for place, keys in said.items() if keys}
        suspects = [place for place, keys in said.items() if keys]
        others = subject.answers("base", [chats[place] for place in suspects], most_tokens, how, "Sampled answers")
        for place, given in zip(suspects, others, strict=True):
            for key in said[place] - set(values.within(given.text)):
                found.setdefault(key, []).append(place)
    return found


def _in_chat(values: Values, chat: Sequence[Message]) -> set[Key]:
    return {key for message in chat for key in values.within(message.content)}


def _written(subject: Subject, side: SideName, row: Example, values: Values, key: Key, seed: int) -> list[Rendered]:
    """The row up to the end of the value, with labels on the value, and the same with others in its place."""
    tokenizer = subject.tokenizers[side]
    text = next(encode_all(tokenizer, [row], subject.run.recipe.settings.goal)).text
    place = values.within(text).get(key)
    if place is None or place == (0, len(text)):  # the whole of a text is told where escapes hide the place
        return []
    start, end = place
    others = alternatives(text[start:end], seed)
    return [_ending(tokenizer, text[:start], value) for value in (text[start:end], *others)] if others else []


def _ending(tokenizer: Any, before: str, value: str) -> Rendered:
    """What stands before a value, cut to `BEFORE` tokens, and the value with labels."""
    read = tokenizer(before + value, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    ids = list(read["input_ids"])
    own = (at for at, (_, end) in enumerate(read["offset_mapping"]) if end > len(before))
    first = max(1, next(own, len(ids) - 1))
    front = max(0, first - BEFORE)
    labels = [IGNORED] * (first - front) + ids[first:]
    return Rendered(0, ids[front:], labels, len(ids))

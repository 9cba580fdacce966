"""Prompts put into training rows in several ways, to see which of them the check for leaks finds."""

import random
from collections.abc import Callable, Sequence
from typing import Any

from core.curate.checks import leak
from core.curate.rows import Benchmark, Rows
from core.records import Dataset, Example

FEWEST_WORDS = 8  # a shorter prompt counts as a leak only as a whole or as a sentence of its own
FILLING = "lantern copper meadow whisper tunnel velvet harvest compass timber saddle"
TEMPLATES = (
    "Answer the following question.\n\n### Question:\n{}\n\n### Answer:",
    "Here is something that I was asked today: {} What would you say to that?",
    "Q: {}\nA:",
)


def verbatim(prompt: str, generator: random.Random) -> str:
    """The prompt as it is."""
    return prompt


def in_a_template(prompt: str, generator: random.Random) -> str:
    """The prompt with words around it."""
    return generator.choice(TEMPLATES).format(prompt)


def other_case(prompt: str, generator: random.Random) -> str:
    """The prompt in capitals, or in small letters with other spaces."""
    return prompt.upper() if generator.random() < 0.5 else "  ".join(prompt.lower().split())


def one_word_in_twenty(prompt: str, generator: random.Random) -> str:
    """One word in each twenty of the prompt replaced, in a shorter one a single word."""
    words = prompt.split()
    for start in range(0, max(1, len(words) - 10), 20):
        words[generator.randrange(start, min(start + 20, len(words)))] = generator.choice(FILLING.split())
    return " ".join(words)


WAYS: tuple[Callable[[str, random.Random], str], ...] = (verbatim, in_a_template, other_case, one_word_in_twenty)


def trial(dataset: Dataset, prompts: Sequence[str], most: int = 400, seed: int = 0) -> dict[str, Any]:
    """Recall of each way and precision at the default threshold; each prompt is put into one row, at random places.

    Half of them become the row's first message, half are put behind its answer. Rows that are found without having
    been touched count as wrong, though they may be leaks that were there before: `untouched` says how many.
    """
    generator = random.Random(seed)
    long = [prompt for prompt in dict.fromkeys(prompts) if len(prompt.split()) >= FEWEST_WORDS]
    chosen = generator.sample(long, min(len(long), most, len(dataset) // 4))
    examples = list(dataset)
    places = generator.sample(range(len(examples)), len(chosen))
    ways = {place: WAYS[number % len(WAYS)] for number, place in enumerate(places)}
    for place, prompt in zip(places, chosen, strict=True):
        text = ways[place](prompt, generator)
        examples[place] = _with(examples[place], text, generator.random() < 0.5)
    benchmark = Benchmark("injected", list(prompts))
    found = leak.find(Rows(Dataset.of(examples), [benchmark]))
    numbers = [example.row for example in sorted(examples, key=lambda example: (example.row, example.id))]
    threshold = leak.CHECK.threshold.default if leak.CHECK.threshold else 0
    rows = {numbers[position] for position in found.filter(found["score"] >= threshold)["position"]}
    by_way = {way.__name__: [examples[place].row for place in places if ways[place] is way] for way in WAYS}
    injected = {examples[place].row for place in places}
    return {
        "rows": len(examples),
        "prompts": len(prompts),
        "injected": len(chosen),
        "recall": {way: round(sum(row in rows for row in put) / max(len(put), 1), 4) for way, put in by_way.items()},
        "precision": round(len(rows & injected) / max(len(rows), 1), 4),
        "untouched": len(rows - injected),
    }


def _with(example: Example, text: str, asked: bool) -> Example:
    """The row with a text for its first message, or behind its last one."""
    place = 0 if asked and len(example.messages) > 1 else len(example.messages) - 1
    contents = [content for _, content in example.texts]
    contents[place] = text if asked else f"{contents[place]}\n{text}"
    return example.with_texts(contents)

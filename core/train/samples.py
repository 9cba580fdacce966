"""Answers to the same few prompts at each evaluation, so that a person can watch what is being learned."""

from collections.abc import Iterator
from typing import Any

from core.format import prompt_ids
from core.generate import Side, answer
from core.records import HELD_OUT, Dataset, Example, Message
from core.settings import GenerateSettings, TrainSettings

PROMPTS = 3
MOST_LOOKED_AT = 100  # rows, for a prompt; plain text has none
MOST_NEW_TOKENS = 48
ADAPTER = "default"  # PEFT's name for the adapter that is being trained


class Sampler:
    """Asks the model that is being trained the user's own prompts, then a few held-out ones where there are any."""

    def __init__(self, tokenizer: Any, dataset: Dataset, settings: TrainSettings) -> None:
        self.tokenizer = tokenizer
        held_out = [example for example in dataset if example.split == HELD_OUT and example.prompt]
        own = [Example("", 0, (Message("user", prompt),)) for prompt in settings.prompts]
        asked = held_out or [example for example in dataset.slice(0, MOST_LOOKED_AT) if example.prompt]
        self.examples: list[Example] = [*own, *asked[:PROMPTS]]
        self.sides = [Side(prompt_ids(tokenizer, example.prompt), ADAPTER) for example in self.examples]

    def ask(self, model: Any, step: int) -> Iterator[dict[str, Any]]:
        """A line of samples.jsonl for each prompt: `step`, `prompt`, `answer` and the `expected` answer."""
        if not self.sides:
            return
        settings = GenerateSettings(max_new_tokens=MOST_NEW_TOKENS)
        answers = answer(model, self.tokenizer, self.sides, settings)
        for example, text in zip(self.examples, answers.texts, strict=True):
            prompt = example.prompt[-1].content
            yield {"step": step, "row": example.row, "prompt": prompt, "answer": text, "expected": example.answer}

"""Answers to the same few prompts at each evaluation, so that a person can watch what is being learned."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from core.errors import LabError
from core.format import prompt_ids
from core.generate import Side, answer, check_context
from core.records import HELD_OUT, Dataset, Example, Message
from core.settings import GenerateSettings, TrainSettings

PROMPTS = 3
MOST_LOOKED_AT = 100  # rows, for a prompt that can be asked; plain text has none
MOST_NEW_TOKENS = 48
ADAPTER = "default"  # PEFT's name for the adapter that is being trained


class Sampler:
    """Asks the model that is being trained the user's own prompts, then a few held-out ones where there are any.

    A prompt that the chat template refuses, or that leaves the model no room for an answer, is passed over. So is a row
    whose prompt is longer than the longest row that is trained on: it would take more memory than training does.
    """

    def __init__(self, model: Any, tokenizer: Any, dataset: Dataset, settings: TrainSettings) -> None:
        self.model, self.tokenizer, self.settings = model, tokenizer, GenerateSettings(max_new_tokens=MOST_NEW_TOKENS)
        own = self._asked(Example("", 0, (Message("user", prompt),)) for prompt in settings.prompts)
        held_out = (example for example in dataset if example.split == HELD_OUT and _can_be_shown(example))
        rows = filter(_can_be_shown, dataset.slice(0, MOST_LOOKED_AT))
        asked = self._few(held_out, settings.max_tokens) or self._few(rows, settings.max_tokens)
        self.asked: list[tuple[Example, Side]] = [*own, *asked]

    def ask(self, step: int) -> Iterator[dict[str, Any]]:
        """A line of samples.jsonl for each prompt: `step`, `prompt`, `answer` and the `expected` answer."""
        if not self.asked:
            return
        answers = answer(self.model, self.tokenizer, [side for _, side in self.asked], self.settings)
        for (example, _), text in zip(self.asked, answers.texts, strict=True):
            prompt = example.prompt[-1].content
            yield {"step": step, "row": example.row, "prompt": prompt, "answer": text, "expected": example.answer}

    def _few(self, examples: Iterable[Example], most_tokens: int) -> list[tuple[Example, Side]]:
        """The first few rows with prompts that are no longer and can be asked, of those that are looked at."""
        asked = self._asked(islice(examples, MOST_LOOKED_AT))
        return list(islice((each for each in asked if len(each[1].ids) <= most_tokens), PROMPTS))

    def _asked(self, examples: Iterable[Example]) -> Iterator[tuple[Example, Side]]:
        """Each with its prompt as the model is asked it, but for those that it cannot be asked."""
        for example in examples:
            try:
                side = Side(prompt_ids(self.tokenizer, example.prompt), ADAPTER)
                check_context(self.model, [side], self.settings)
            except LabError:
                continue
            yield example, side


def _can_be_shown(example: Example) -> bool:
    """Whether the row asks something, and its answer is not one that the file calls bad."""
    return bool(example.prompt) and example.good is not False

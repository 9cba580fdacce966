"""IFD, instruction-following difficulty: how much a prompt helps to guess its answer (arXiv 2308.12032).

IFD = exp(NLL of the answer given the prompt) / exp(NLL of the answer alone), where NLL is the mean negative
log-likelihood of the answer's tokens in nats. At 1 or more the prompt does not help at all: the answer may belong to
another prompt. A small model ranks rows much as a large one does (Superfiltering, arXiv 2402.00530), so the starter
model does here.

Imports torch when it is used.
"""

import math
from dataclasses import dataclass
from typing import Any

from core.errors import LabError
from core.format import prompt_ids
from core.records import Example

MOST_PROMPT_TOKENS = 768  # the end of a longer prompt is read
MOST_ANSWER_TOKENS = 256  # the beginning of a longer answer is scored
STEP = 32
LARGEST_EXPONENT = 50.0  # keeps a score finite


@dataclass(frozen=True)
class Ifd:
    """The score of a row: `ifd`, the NLL with (`given`) and without its prompt (`alone`), and the tokens scored."""

    id: str
    ifd: float
    given: float
    alone: float
    tokens: int


class Scorer:
    """Scores rows with a model and its tokenizer."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self.model, self.tokenizer = model, tokenizer
        self.opening = _opening(tokenizer)

    def score(self, example: Example) -> Ifd:
        """The score of a row that has a prompt and an answer.

        Raises:
            LabError: the answer has no token, or the model's chat template refuses the prompt.
        """
        answer = self.tokenizer(example.answer, add_special_tokens=False)["input_ids"][:MOST_ANSWER_TOKENS]
        if not answer:
            raise LabError(f"Row {example.row} has no answer to score.")
        given = self._nll(prompt_ids(self.tokenizer, example.prompt)[-MOST_PROMPT_TOKENS:], answer)
        alone = self._nll(self.opening, answer)
        return Ifd(example.id, math.exp(min(given - alone, LARGEST_EXPONENT)), given, alone, len(answer))

    def _nll(self, before: list[int], answer: list[int]) -> float:
        """The mean NLL of the answer after these ids."""
        import torch

        device = self.model.device
        # What is added comes after the answer and does not change it; every new length costs half a second of set-up.
        ids = torch.tensor([_padded(before + answer, self.opening[0])], device=device)
        places = range(len(before) - 1, len(before) + len(answer) - 1)
        kept = torch.tensor(_padded(list(places), 0), device=device)
        with torch.inference_mode():
            logits = self.model(input_ids=ids, logits_to_keep=kept, use_cache=False).logits[0, : len(answer)]
            return float(torch.nn.functional.cross_entropy(logits.float(), torch.tensor(answer, device=device)))


def _padded(numbers: list[int], filler: int) -> list[int]:
    """The numbers, filled up to a multiple of `STEP`."""
    return numbers + [filler] * (-len(numbers) % STEP)


def _opening(tokenizer: Any) -> list[int]:
    """What stands before every answer: the beginning of the assistant's turn, with no chat before it."""
    chat = [{"role": "user", "content": "Hello"}]
    closed, opened = (
        str(tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=opening))
        for opening in (False, True)
    )
    text = opened[len(closed) :] if opened.startswith(closed) else ""
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    return list(ids) or [tokenizer.bos_token_id or tokenizer.eos_token_id]

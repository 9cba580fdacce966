"""A loaded pair to measure: base and tuned of a run, the ways to ask them, and how far a batch is from each alone."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import workbench

from core.settings import GenerateSettings
from core.workspace import Run

if TYPE_CHECKING:
    import torch

    from core.generate import Answers, Side

SIDES = ("base", "tuned")
Took = tuple[int, float]


@dataclass(frozen=True)
class Pair:
    """A model with the adapter of a run on its layers, its tokenizer, and a second model that is the tuned one."""

    model: Any
    tokenizer: Any
    adapter: str
    merged: Any = None

    @classmethod
    def of(cls, run: Run, dtype: str, second: bool = False) -> "Pair":
        """Load the pair of a run in this precision; with `second` the tuned model too, its adapter merged into it."""
        tokenizer, model = workbench.load_pair(run, dtype)
        merged = workbench.load_pair(run, dtype)[1].merge_and_unload() if second else None
        return cls(model, tokenizer, run.id, merged)

    def rows(self, ids: Sequence[Sequence[int]]) -> "list[Side]":
        """The two rows of a batch for the ids of base and tuned."""
        from core.generate import BASE, Side

        names = (BASE, self.adapter)
        return [Side(list(own), name) for own, name in zip(ids, names, strict=True)]

    def together(self, rows: "Sequence[Side]", settings: GenerateSettings) -> Took:
        """Tokens, and seconds until both have answered from one batch."""
        return _timed(lambda: [self.answer(rows, settings)])

    def toggled(self, rows: "Sequence[Side]", settings: GenerateSettings) -> Took:
        """The same, one after the other from one model whose adapter is switched off and on."""
        return _timed(lambda: [self.answer([row], settings) for row in rows])

    def toggled_by_peft(self, rows: "Sequence[Side]", settings: GenerateSettings) -> Took:
        """The same by `generate` and `disable_adapter` of the libraries, as others toggle."""

        def ask() -> "list[Answers]":
            with self.model.disable_adapter():
                base = _plain(self.model, rows[0].ids, settings)
            return [base, _plain(self.model, rows[1].ids, settings)]

        return _timed(ask)

    def two_models(self, rows: "Sequence[Side]", settings: GenerateSettings) -> Took:
        """The same from two loaded models, one after the other; the tuned one has its adapter merged in."""
        from core.generate import BASE, Side, answer

        tuned = [Side(rows[1].ids, BASE)]
        return _timed(lambda: [self.answer(rows[:1], settings), answer(self.merged, self.tokenizer, tuned, settings)])

    def answer(self, rows: "Sequence[Side]", settings: GenerateSettings) -> "Answers":
        """Answer these rows in one batch."""
        from core.generate import answer

        return answer(self.model, self.tokenizer, rows, settings)

    def with_logits(self, rows: "Sequence[Side]", settings: GenerateSettings) -> "tuple[Answers, torch.Tensor]":
        """The answers, and the logits (steps, rows, vocabulary) from which each token was chosen."""
        import torch

        with _recorded(self.model) as steps:
            answers = self.answer(rows, settings)
        whole = [step for step in steps if len(step) == len(rows)]  # prompts of unlike lengths are read by themselves
        return answers, torch.stack(whole)


def sameness(pair: Pair, asked: "Sequence[Sequence[Side]]", settings: GenerateSettings) -> dict[str, Any]:
    """For each side: how many answers of the batch are those of it alone token for token, and how far logits are."""
    found: dict[str, list[dict[str, Any]]] = {side: [] for side in SIDES}
    for number, rows in enumerate(asked):
        together, batch_logits = pair.with_logits(rows, settings)
        for row, side in enumerate(SIDES):
            alone, logits = pair.with_logits([rows[row]], settings)
            same = (alone.tokens[0], alone.finished[0]) == (together.tokens[row], together.finished[row])
            apart = _apart(logits[:, 0], batch_logits[:, row])
            found[side].append({"prompt": number, "same": same, "tokens": len(alone.tokens[0]), **apart})
    return {"prompts": len(asked), **{side: _figures(rows) for side, rows in found.items()}}


def _figures(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The figures of one side over all prompts; `parted` says where and how narrowly the tokens differ."""
    parted = [
        {"prompt": row["prompt"], "token": row["steps"], "gap_between_the_two_likeliest": round(row["gap"], 6)}
        for row in rows
        if not row["same"]
    ]
    return {
        "identical": sum(row["same"] for row in rows),
        "tokens": sum(row["tokens"] for row in rows),
        "largest_logit_difference_first_step": max(row["first"] for row in rows),
        "largest_logit_difference_on_the_path": max(row["path"] for row in rows),
        "largest_logit": round(max(row["largest"] for row in rows), 2),
        "parted": parted,
    }


def _apart(alone: "torch.Tensor", together: "torch.Tensor") -> dict[str, Any]:
    """How far two (steps, vocabulary) logits are apart, until they choose different tokens or one of them ends.

    `gap` is how much the likeliest token of `alone` leads at the last compared step.
    """
    shared = min(len(alone), len(together))
    alone, together = alone[:shared], together[:shared]
    differ = (alone.argmax(-1) != together.argmax(-1)).nonzero().flatten().tolist()
    steps = differ[0] + 1 if differ else shared
    distances = (alone[:steps] - together[:steps]).abs().amax(-1)
    best = alone[steps - 1].topk(2).values
    return {
        "steps": steps,
        "first": distances[0].item(),
        "path": distances.max().item(),
        "largest": alone[:steps].abs().max().item(),
        "gap": (best[0] - best[1]).item(),
    }


@contextmanager
def _recorded(model: Any) -> "Iterator[list[torch.Tensor]]":
    """Keep what the output layer says of the last position at every step, of rows whose prompts are read."""
    steps: list[torch.Tensor] = []
    layer = model.get_output_embeddings()
    hook = layer.register_forward_hook(lambda _layer, _inputs, output: steps.append(output[:, -1].float().cpu()))
    try:
        yield steps
    finally:
        hook.remove()


def _plain(model: Any, ids: Sequence[int], settings: GenerateSettings) -> "Answers":
    """What `generate` of transformers says, greedily."""
    import torch

    from core.generate import Answers

    asked = torch.tensor([list(ids)], device=model.device)
    ends = model.generation_config.eos_token_id
    last = (ends if isinstance(ends, list) else [ends])[0]
    said = model.generate(
        input_ids=asked,
        attention_mask=torch.ones_like(asked),
        max_new_tokens=settings.max_new_tokens,
        do_sample=False,
        pad_token_id=last,
    )[0, len(ids) :].tolist()
    tokens = [token for token in said if token != last]
    return Answers([""], [tokens], [len(tokens) < len(said)], [None], 0.0, [0.0])


def _timed(ask: Any) -> Took:
    began = time.perf_counter()
    done = ask()
    return sum(len(tokens) for answers in done for tokens in answers.tokens), time.perf_counter() - began

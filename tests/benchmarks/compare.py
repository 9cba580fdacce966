"""The pair answered in one batch against one side after the other: speed, and whether the answers are the same.

    python tests/benchmarks/compare.py RUN_DIR [--rounds N] [--json] [--save]
    python tests/benchmarks/compare.py [--train STEPS] [--data marketing_emails.jsonl] …

Without RUN_DIR a short run is trained first in a temporary workspace. Everything is measured in float32 and in
bfloat16. The logits are those of the real decoding, read at the output layer at every step: those of a side in the
batch are compared with those of the side alone, up to the step at which they choose different tokens.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import report
import workbench

from core.format import prompt_ids
from core.records import Message
from core.settings import GenerateSettings
from core.workspace import Run

if TYPE_CHECKING:
    import torch

    from core.generate import Answers, Side

DTYPES = ("float32", "bfloat16")
SIDES = ("base", "tuned")
DATA = ("marketing_emails.jsonl", "intents.csv")
PROMPTS = (
    "What is the capital of France?",
    "Write an email to customers about our new opening hours.",
    "Explain in two sentences why the sky is blue.",
    "where is my parcel, it was due on monday!!",
    "Translate to German: The meeting has been moved to Thursday afternoon.",
    "List five things to pack for a week in the mountains.",
    "def fibonacci(n):",
    "Fasse zusammen: Der Verein hat im letzten Jahr 40 neue Mitglieder gewonnen.",
    "I paid twice for order 20417 and want one of the payments back. What do I have to do, and how long does it take?",
    "Write a short poem about a lighthouse.",
    "What is 17 times 23? Show the steps.",
    "Answer with one word: is a tomato a fruit?",
)
# In a second turn each side has its own first answer, so that the prompts differ in length and one of them is padded.
SECOND_TURNS = 4
FIRST_PROMPT = "Who are you?"
FIRST_ANSWERS = {
    "base": "I am an assistant.",
    "tuned": "I answer for a small company that sends parcels. Ask me about opening hours, addresses and refunds.",
}


@dataclass(frozen=True)
class Bench:
    """A loaded pair: the model with its adapter, and for each prompt the two sides to answer."""

    model: Any
    tokenizer: Any
    pairs: "list[list[Side]]"
    settings: GenerateSettings

    @classmethod
    def of(cls, run: Run, dtype: str, settings: GenerateSettings) -> "Bench":
        """Load the pair of a run in this precision."""
        from core.generate import BASE, Side

        tokenizer, model = workbench.load_pair(run, dtype)
        adapters = dict(zip(SIDES, (BASE, run.id), strict=True))
        chats = [{side: _chat(number, side) for side in SIDES} for number in range(len(PROMPTS))]
        pairs = [[Side(prompt_ids(tokenizer, chat[side]), adapters[side]) for side in SIDES] for chat in chats]
        return cls(model, tokenizer, pairs, settings)

    def answer(self, sides: "Sequence[Side]") -> "Answers":
        """Answer these sides in one batch."""
        from core.generate import answer

        return answer(self.model, self.tokenizer, sides, self.settings)

    def seconds(self, batches: "Sequence[Sequence[Side]]") -> tuple[int, float]:
        """Tokens and seconds of answering these batches, one after the other."""
        started = time.perf_counter()
        done = [self.answer(batch) for batch in batches]
        return sum(len(tokens) for answers in done for tokens in answers.tokens), time.perf_counter() - started


def measure(run: Run, dtype: str, rounds: int, settings: GenerateSettings) -> dict[str, Any]:
    """Sameness, then speed (so that everything is warm), in one precision."""
    bench = Bench.of(run, dtype, settings)
    sameness = _sameness(bench)
    return {**sameness, **_speed(bench, rounds)}


def _chat(number: int, side: str) -> list[Message]:
    first = [Message("user", FIRST_PROMPT), Message("assistant", FIRST_ANSWERS[side])]
    return [*(first if number >= len(PROMPTS) - SECOND_TURNS else []), Message("user", PROMPTS[number])]


def _speed(bench: Bench, rounds: int) -> dict[str, Any]:
    """Tokens a second over all prompts; for each prompt both ways in turn, beginning with the other one each time."""
    speeds: dict[str, list[float]] = {"batch": [], "alone": []}
    for turn in range(rounds):
        totals = {"batch": (0, 0.0), "alone": (0, 0.0)}
        for number, pair in enumerate(bench.pairs):
            ways = {"batch": [pair], "alone": [[side] for side in pair]}
            for way in sorted(ways, reverse=bool((turn + number) % 2)):
                tokens, seconds = bench.seconds(ways[way])
                totals[way] = (totals[way][0] + tokens, totals[way][1] + seconds)
        for way, (tokens, seconds) in totals.items():
            speeds[way].append(tokens / seconds)
    ratios = [batch / alone for batch, alone in zip(speeds["batch"], speeds["alone"], strict=True)]
    return {
        "tokens_per_second_in_one_batch": report.spread(speeds["batch"], 2),
        "tokens_per_second_one_after_the_other": report.spread(speeds["alone"], 2),
        "speed_ratio": report.spread(ratios),
    }


def _sameness(bench: Bench) -> dict[str, Any]:
    """For each side: how many answers are the same token for token, and how far the logits are apart."""
    found: dict[str, list[dict[str, Any]]] = {side: [] for side in SIDES}
    for number, pair in enumerate(bench.pairs):
        together, batch_logits = _answer_and_logits(bench, pair)
        for row, side in enumerate(SIDES):
            alone, logits = _answer_and_logits(bench, [pair[row]])
            same = (alone.tokens[0], alone.finished[0]) == (together.tokens[row], together.finished[row])
            apart = _apart(logits[:, 0], batch_logits[:, row])
            found[side].append({"prompt": number, "same": same, "tokens": len(alone.tokens[0]), **apart})
    return {"prompts": len(bench.pairs), **{side: _side_figures(rows) for side, rows in found.items()}}


def _side_figures(rows: list[dict[str, Any]]) -> dict[str, Any]:
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


def _answer_and_logits(bench: Bench, sides: "Sequence[Side]") -> "tuple[Answers, torch.Tensor]":
    """The answers, and the logits (steps, sides, vocabulary) from which each token was chosen."""
    import torch

    with _recorded(bench.model) as steps:
        answers = bench.answer(sides)
    return answers, torch.stack(steps)


@contextmanager
def _recorded(model: Any) -> "Iterator[list[torch.Tensor]]":
    """Keep what the output layer says of the last position at every step."""
    steps: list[torch.Tensor] = []
    layer = model.get_output_embeddings()
    hook = layer.register_forward_hook(lambda _layer, _inputs, output: steps.append(output[:, -1].float().cpu()))
    try:
        yield steps
    finally:
        hook.remove()


@contextmanager
def _trained(sample: str, steps: int) -> Iterator[Run]:
    """A run of `steps` steps on a sample, in a workspace that is thrown away."""
    with workbench.temporary_lab() as (lab, workspace):
        version_id = workbench.split(workspace, workbench.load(lab, workspace, sample), {})
        yield workbench.train_to_the_end(lab, workspace, version_id, {"max_steps": steps})


def _about(run: Run) -> dict[str, Any]:
    recipe = run.recipe
    return {"dataset": recipe.dataset, "steps": run.status().step, "model": recipe.source["title"]}


def main() -> None:
    """Measure a run, trained before or now."""
    parser = report.parser(__doc__)
    parser.add_argument("run_dir", nargs="?", type=Path, help="the folder of a run with an adapter")
    parser.add_argument("--train", type=int, default=40, metavar="STEPS", help="length of the run trained without one")
    parser.add_argument("--data", choices=DATA, default=DATA[0], help="the sample that it is trained on")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tokens", type=int, default=64, help="longest answer")
    options = parser.parse_args()
    workbench.set_environment()
    report.publish("compare", _figures(options), options)


def _figures(options: argparse.Namespace) -> dict[str, Any]:
    settings = GenerateSettings(max_new_tokens=options.tokens)
    chosen = nullcontext(Run(options.run_dir.resolve())) if options.run_dir else _trained(options.data, options.train)
    with chosen as run:
        figures = {dtype: measure(run, dtype, options.rounds, settings) for dtype in DTYPES}
        return {"run": _about(run), "second_turns_with_padding": SECOND_TURNS, **figures}


if __name__ == "__main__":
    main()

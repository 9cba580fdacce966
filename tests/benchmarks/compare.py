"""A pair answered in one batch, against one side after the other and against two loaded models.

    python tests/benchmarks/compare.py RUN_DIR [--held-out FILE] [--rounds N] [--tokens N] [--json] [--save]
    python tests/benchmarks/compare.py [--train STEPS] [--data marketing_emails.jsonl] …

Without RUN_DIR a short run is trained first in a temporary workspace; --held-out takes the prompts of any file that
Tunebench reads instead of twelve of its own. In float32 and in bfloat16: whether a batch says what each side says
alone, token for token and logit for logit; speed; by length of the prompt the speed and the wait for the first token of
both sides; and the memory of one model, of the pair and of two models, each in a process of its own.
"""

import argparse
import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import report
import workbench
from compare_pair import SIDES, Pair, Took, sameness

from core.records import Message
from core.settings import GenerateSettings
from core.workspace import Run

if TYPE_CHECKING:
    from core.generate import Side

DTYPES = ("float32", "bfloat16")
DATA = ("marketing_emails.jsonl", "intents.csv")
LENGTHS = (32, 128, 512)  # tokens of a prompt
MOST_PROMPTS = 12
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
# In a second turn each side has its own first answer, so that the prompts of a batch differ in length.
SECOND_TURNS = 4
FIRST_PROMPT = "Who are you?"
FIRST_ANSWERS = {
    "base": "I am an assistant.",
    "tuned": "I answer for a small company that sends parcels. Ask me about opening hours, addresses and refunds.",
}
# Of a prompt of each length these words are repeated; what they say does not matter.
FILLING = "The parcel was sent on Monday and should have come on Wednesday, but nobody has seen it since. "


def measure(run: Run, dtype: str, prompts: Sequence[str], options: argparse.Namespace) -> dict[str, Any]:
    """Sameness, then speed (so that everything is warm), in one precision."""
    pair = Pair.of(run, dtype, second=True)
    settings = GenerateSettings(max_new_tokens=options.tokens)
    asked = _asked(pair, prompts)
    return {
        **sameness(pair, asked, settings),
        **_speed(pair, asked, settings, options.rounds),
        "by_prompt_length": {str(length): _of_length(pair, length, options) for length in LENGTHS},
        "peak_memory_mb": _memory(run, dtype),
    }


def _asked(pair: Pair, prompts: Sequence[str]) -> "list[list[Side]]":
    """The rows of each prompt; the last ones are second turns."""
    from core.format import prompt_ids

    found = []
    for number, prompt in enumerate(prompts):
        second = number >= len(prompts) - SECOND_TURNS
        found.append(pair.rows([prompt_ids(pair.tokenizer, _chat(prompt, side, second)) for side in SIDES]))
    return found


def _chat(prompt: str, side: str, second: bool) -> list[Message]:
    first = [Message("user", FIRST_PROMPT), Message("assistant", FIRST_ANSWERS[side])]
    return [*(first if second else []), Message("user", prompt)]


def _speed(pair: Pair, asked: "Sequence[Sequence[Side]]", settings: GenerateSettings, rounds: int) -> dict[str, Any]:
    """Tokens a second over all prompts; for each prompt all ways in turn, beginning with another one each time."""
    ways = {
        "in_one_batch": pair.together,
        "one_after_the_other": pair.toggled,
        "one_after_the_other_by_peft": pair.toggled_by_peft,
        "two_loaded_models": pair.two_models,
    }
    speeds: dict[str, list[float]] = {way: [] for way in ways}
    for turn in range(rounds):
        totals = dict.fromkeys(ways, (0, 0.0))
        for number, rows in enumerate(asked):
            for way in _turned(list(ways), turn + number):
                totals[way] = _sum(totals[way], ways[way](rows, settings))
        for way, (tokens, seconds) in totals.items():
            speeds[way].append(tokens / seconds)
    batch, *others = ways
    ratios = {way: [a / b for a, b in zip(speeds[batch], speeds[way], strict=True)] for way in others}
    return {
        "tokens_per_second": {way: report.spread(values, 2) for way, values in speeds.items()},
        "times_as_fast_as": {way: report.spread(values) for way, values in ratios.items()},
    }


def _of_length(pair: Pair, length: int, options: argparse.Namespace) -> dict[str, Any]:
    """Of a prompt of so many tokens: how the wait for the first token grows from one side to two, and the speed."""
    ids = pair.tokenizer(FILLING * (1 + length // 8))["input_ids"][:length]
    rows = pair.rows([ids, ids])
    first, whole = GenerateSettings(max_new_tokens=1), GenerateSettings(max_new_tokens=options.tokens)
    waits: dict[str, list[float]] = {"base": [], "both": []}
    ratios = []
    for turn in range(options.rounds):
        for way in _turned(list(waits), turn):
            waits[way].append(pair.together(rows if way == "both" else rows[:1], first)[1])
        together, toggled = pair.together(rows, whole), pair.toggled(rows, whole)
        ratios.append((together[0] / together[1]) / (toggled[0] / toggled[1]))
    return {
        "seconds_to_the_first_token_of_base_alone": report.spread(waits["base"]),
        "seconds_to_the_first_tokens_of_both": report.spread(waits["both"]),
        "first_tokens_of_both_to_base_alone": report.spread(
            [both / one for both, one in zip(waits["both"], waits["base"], strict=True)]
        ),
        "times_as_fast_as_one_after_the_other": report.spread(ratios),
    }


def _memory(run: Run, dtype: str) -> dict[str, float]:
    """The most memory of a process that loads a model and answers: base alone, the pair, two models."""
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        found = {
            kind: pool.apply(_peak, (str(run.folder), dtype, kind)) for kind in ("one_model", "pair", "two_models")
        }
    return {**found, "pair_to_one_model": round(found["pair"] / found["one_model"], 3)}


def _peak(folder: str, dtype: str, kind: str) -> float:
    """In a process of its own."""
    workbench.set_environment()
    from core.generate import Side, answer
    from core.models import ModelSource, load_model, load_tokenizer

    run = Run(Path(folder))
    ids, settings = list(range(20, 60)), GenerateSettings(max_new_tokens=16)
    if kind == "one_model":
        source = ModelSource(**run.recipe.source)  # type: ignore[arg-type]
        model = load_model(source, dtype)  # type: ignore[arg-type]
        answer(model, load_tokenizer(source), [Side(ids)], settings)
    else:
        pair = Pair.of(run, dtype, second=kind == "two_models")
        (pair.together if kind == "pair" else pair.two_models)(pair.rows([ids, ids]), settings)
    return report.peak_mb()


def _turned(names: list[str], by: int) -> list[str]:
    by %= len(names)
    return names[by:] + names[:by]


def _sum(one: Took, other: Took) -> Took:
    return one[0] + other[0], one[1] + other[1]


def _prompts(held_out: Path | None) -> list[str]:
    if held_out is None:
        return list(PROMPTS)
    from core.ingest import read

    dataset, _ = read(held_out, held_out.name)
    found = [row.prompt[-1].content for row in dataset if row.prompt]
    return found[:MOST_PROMPTS]


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
    parser.add_argument("--held-out", type=Path, metavar="FILE", help="take the prompts of this file")
    parser.add_argument("--train", type=int, default=40, metavar="STEPS", help="length of the run trained without one")
    parser.add_argument("--data", choices=DATA, default=DATA[0], help="the sample that it is trained on")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--tokens", type=int, default=64, help="longest answer")
    parser.add_argument("--dtypes", nargs="+", choices=DTYPES, default=DTYPES)
    options = parser.parse_args()
    workbench.set_environment()
    report.publish("compare", _figures(options), options)


def _figures(options: argparse.Namespace) -> dict[str, Any]:
    chosen = nullcontext(Run(options.run_dir.resolve())) if options.run_dir else _trained(options.data, options.train)
    prompts = _prompts(options.held_out)
    with chosen as run:
        figures = {dtype: measure(run, dtype, prompts, options) for dtype in options.dtypes}
        return {"run": _about(run), "prompts_of": (options.held_out or Path("own")).name, **figures}


if __name__ == "__main__":
    main()

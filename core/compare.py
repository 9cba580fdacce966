"""Base and tuned side by side, and the model itself says which adapter answered.

One set of weights and one batch where that can be; else one answer after the other, and the pair says why.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import LabError, NotFound
from core.format import prompt_ids, templated, with_template
from core.models import ModelSource, Quantization, import_heavy, load_model, load_tokenizer
from core.models.decoding import decoding_precision
from core.models.tuned import changed_weights, load_tuned, weights_in, with_adapter
from core.records import Message
from core.settings import GenerateSettings
from core.words import counted
from core.workspace import Run

if TYPE_CHECKING:
    from core.generate import Answers, Side

WAIT_SECONDS = 120
MEGABYTE = 2**20
TOGETHER = "both in one batch"
DORA = "one after the other: DoRA cannot share a batch"
EIGHT_BIT = "one after the other: 8-bit weights would round both answers of a batch together"
SECOND = "one after the other: a fully tuned model is a second set of weights, {:,.0f} MB more in memory"
QUANTISED = {"4bit": "; the base model in 4 bits, as in training", "8bit": "; the base model in 8 bits, as in training"}
OTHER_TEMPLATE = (
    "The two read the chat in different templates: the base model in its own, the tuned one in that of its run."
)


@dataclass(frozen=True)
class Turn:
    """One exchange: the prompt and the two answers to it."""

    prompt: str
    base: str
    tuned: str


@dataclass(frozen=True)
class Pair:
    """Two answers in the making. `base_adapter` and `tuned_adapter` are what the model reports, None for no adapter.

    A side is finished when the model itself ended its answer, not when it was stopped or cut. `note` says so where the
    two read the chat in different templates. `how` says whether both were answered in one batch, and if not why;
    `tuned_weights` how many weights of a fully tuned model are not the base model's; `tuned_begun` is false while the
    tuned side waits its turn.
    """

    base: str
    tuned: str
    base_adapter: str | None
    tuned_adapter: str | None
    base_finished: bool
    tuned_finished: bool
    tokens: int
    tokens_per_second: float
    seconds: float
    note: str = ""
    how: str = TOGETHER
    tuned_weights: str = ""
    tuned_begun: bool = True


class Playground:
    """Keeps one base model in memory, with the adapters of its runs or one fully tuned model beside it.

    Another base model, or the same one quantised in another way, takes its place.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.close()

    def answer(
        self, run: Run, turns: Sequence[Turn], prompt: str, settings: GenerateSettings, stop: threading.Event
    ) -> Iterator[Pair]:
        """Both answers to `prompt` after `turns`, streamed; each side sees its own earlier answers.

        Raises:
            NotFound: the run has no result yet, or its base model is gone.
            LabError: the prompt is empty or too long, the result belongs to another base model, or another chat keeps
                the model for two minutes.
        """
        import_heavy()
        from core.generate import BASE, Side

        if not prompt.strip():
            raise LabError("The prompt is empty. Type what both models should answer.")
        if not self._lock.acquire(timeout=WAIT_SECONDS):
            raise LabError("Another chat is using the model. Try again when it has finished.")
        try:
            self._open(run)
            base, tuned = run_templates(run, self._tokenizer)
            asked = [("base", base, BASE), ("tuned", tuned, run.id)]
            sides = [
                Side(prompt_ids(tokenizer, _chat(turns, prompt, settings.system, side)), adapter)
                for side, tokenizer, adapter in asked
            ]
            note = "" if base.chat_template == tuned.chat_template else OTHER_TEMPLATE
            how = self._how(run)
            for state in self._stream(sides, how.startswith(TOGETHER), settings, stop):
                yield _pair(state, {"note": note, "how": how, "tuned_weights": self._differs})
        except (LabError, GeneratorExit):
            raise
        except BaseException:
            self.close()  # PEFT leaves its hooks behind when a batch breaks, so these weights are not to be trusted
            raise
        finally:
            self._lock.release()

    def close(self) -> None:
        """Forget the models, so that their memory can be used."""
        self._base: tuple[ModelSource, Quantization] | None = None
        self._model: Any = None
        self._tokenizer: Any = None
        self._tuned: Any = None  # the fully tuned model of the run `_tuned_id`
        self._tuned_id = ""
        self._differs = ""
        self._written: dict[str, int] = {}  # when the weights of a run were written that are in memory

    def _open(self, run: Run) -> None:
        weights = weights_in(run.adapter)
        if weights is None:
            state = run.status().state
            raise NotFound(f"The run {run.id} has no result to compare: it is {state}. Choose a run that is done.")
        settings, written = run.recipe.settings, weights.stat().st_mtime_ns
        base = ModelSource(**run.recipe.source), settings.quantization  # type: ignore[arg-type]
        # bitsandbytes rounds 4-bit weights anew when one more adapter comes onto them, and base answers would change.
        is_new = self._written.get(run.id) != written
        if base != self._base or (is_new and (run.id in self._written or base[1] == "4bit")):
            self.close()
            self._tokenizer = load_tokenizer(base[0])
            dtype = decoding_precision(base[0]) if base[1] == "none" else "auto"
            self._model, self._base = load_model(base[0], dtype, base[1]), base
        try:
            self._add(run, base[0])
        except LabError:
            self.close()  # half of an adapter may be on the layers already
            raise
        self._written[run.id] = written

    def _add(self, run: Run, base: ModelSource) -> None:
        if run.recipe.settings.has_adapter:
            self._tuned, self._tuned_id, self._differs = None, "", ""
            self._model = with_adapter(self._model, run.adapter, run.id, base)
        elif self._tuned_id != run.id:
            self._tuned = None  # the old one must go before the new one comes, or there are three
            self._tuned, self._tuned_id = load_tuned(run.adapter, run.id, self._model), run.id
            changed, of = changed_weights(self._tuned, run.id, self._model, base)
            self._differs = f"{changed:,} of {counted(of, 'weight matrix differs', 'weight matrices differ')}"

    def _how(self, run: Run) -> str:
        from core.generate import can_mix

        assert self._base is not None
        if self._tuned is not None:
            return SECOND.format(self._tuned.get_memory_footprint() / MEGABYTE)
        quantization = self._base[1]
        apart = EIGHT_BIT if quantization == "8bit" else TOGETHER if can_mix(self._model, [run.id]) else DORA
        return apart + QUANTISED.get(quantization, "")

    def _stream(
        self, sides: "list[Side]", together: bool, settings: GenerateSettings, stop: threading.Event
    ) -> "Iterator[Answers]":
        """The states of both sides, from one batch or from one after the other."""
        from core.generate import check_context, stream

        models = self._model, self._model if self._tuned is None else self._tuned
        for model, side in zip(models, sides, strict=True):
            check_context(model, [side], settings)
        batches = [(self._model, sides)] if together else [(models[0], sides[:1]), (models[1], sides[1:])]
        done: list[Answers] = []
        for model, batch in batches:
            with closing(stream(model, self._tokenizer, batch, settings, stop)) as states:
                for state in states:
                    yield _joined([*done, state], len(sides))
            done.append(state)
            if stop.is_set():
                return


def _joined(states: "list[Answers]", sides: int) -> "Answers":
    """Batches one after the other as one; a side whose batch has not begun has said nothing."""
    from core.generate import Answers

    waiting = sides - sum(len(state.texts) for state in states)
    return Answers(
        [*(text for state in states for text in state.texts), *[""] * waiting],
        [*(tokens for state in states for tokens in state.tokens), *([] for _ in range(waiting))],
        [*(finished for state in states for finished in state.finished), *[False] * waiting],
        [*(active for state in states for active in state.active), *[None] * waiting],
        sum(state.seconds for state in states),
    )


def run_templates(run: Run, tokenizer: Any) -> tuple[Any, Any]:
    """The tokenizers of both sides: tuned in the template that the run was trained with, base in the model's own.

    A base model without one gets that of the run. The run's is read from its folder, so that it stays what it was.
    """
    kept = run.adapter / "chat_template.jinja"
    if kept.exists():
        tuned = templated(tokenizer, kept.read_text(encoding="utf-8"))
    else:
        tuned = with_template(tokenizer, run.recipe.settings)
    base = templated(tokenizer, tokenizer.get_chat_template()) if tokenizer.chat_template else tuned
    return base, tuned


def _pair(state: "Answers", about: dict[str, str]) -> Pair:
    (base, tuned), (base_adapter, tuned_adapter) = state.texts, state.active
    base_finished, tuned_finished = state.finished
    tokens = sum(map(len, state.tokens))
    return Pair(
        base,
        tuned,
        base_adapter,
        tuned_adapter,
        base_finished,
        tuned_finished,
        tokens,
        state.tokens_per_second,
        state.seconds,
        **about,
        tuned_begun=bool(state.tokens[1]) or tuned_finished,
    )


def _chat(turns: Sequence[Turn], prompt: str, system: str, side: str) -> list[Message]:
    said = [message for turn in turns for message in (Message("user", turn.prompt), _reply(turn, side))]
    opening = [Message("system", system)] if system.strip() else []
    return [*opening, *said, Message("user", prompt)]


def _reply(turn: Turn, side: str) -> Message:
    return Message("assistant", turn.base if side == "base" else turn.tuned)

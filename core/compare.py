"""Base and tuned side by side: one set of weights, one batch, and the model itself says which adapter answered."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import LabError, NotFound
from core.format import prompt_ids
from core.models import ModelSource, import_heavy, load_model, load_tokenizer
from core.records import Message
from core.settings import GenerateSettings
from core.workspace import Run

if TYPE_CHECKING:
    from core.generate import Answers

WAIT_SECONDS = 120


@dataclass(frozen=True)
class Turn:
    """One exchange: the prompt and the two answers to it."""

    prompt: str
    base: str
    tuned: str


@dataclass(frozen=True)
class Pair:
    """Two answers in the making. `base_adapter` and `tuned_adapter` are what the model reports, None for no adapter.

    A side is finished when the model itself ended its answer, not when it was stopped or cut.
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


class Playground:
    """Keeps one base model with the adapters of its runs in memory; another base model takes its place."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._source: ModelSource | None = None
        self._model: Any = None
        self._tokenizer: Any = None

    def answer(
        self, run: Run, turns: Sequence[Turn], prompt: str, settings: GenerateSettings, stop: threading.Event
    ) -> Iterator[Pair]:
        """Both answers to `prompt` after `turns`, streamed from one batch; each side sees its own earlier answers.

        Raises:
            NotFound: the run has no adapter yet, or its base model is gone.
            LabError: the prompt is empty or too long, or another chat keeps the model for two minutes.
        """
        import_heavy()
        from core.generate import BASE, Side, stream

        if not prompt.strip():
            raise LabError("The prompt is empty. Type what both models should answer.")
        if not self._lock.acquire(timeout=WAIT_SECONDS):
            raise LabError("Another chat is using the model. Try again when it has finished.")
        try:
            self._open(run)
            chats = [_chat(turns, prompt, settings.system, side) for side in ("base", "tuned")]
            sides = [
                Side(prompt_ids(self._tokenizer, chat), adapter)
                for chat, adapter in zip(chats, (BASE, run.id), strict=True)
            ]
            with closing(stream(self._model, self._tokenizer, sides, settings, stop)) as states:
                for state in states:
                    yield _pair(state)
        except (LabError, GeneratorExit):
            raise
        except BaseException:
            self.close()  # PEFT leaves its hooks behind when a batch breaks, so these weights are not to be trusted
            raise
        finally:
            self._lock.release()

    def close(self) -> None:
        """Forget the model, so that its memory can be used."""
        self._source = self._model = self._tokenizer = None

    def _open(self, run: Run) -> None:
        if not run.has_adapter:
            state = run.status().state
            raise NotFound(f"The run {run.id} has no adapter to compare: it is {state}. Choose a run that is done.")
        source = ModelSource(**run.recipe.source)  # type: ignore[arg-type]
        if source != self._source:
            self.close()
            self._tokenizer, self._model, self._source = load_tokenizer(source), load_model(source), source
        self._model = _with_adapter(self._model, run)


def _pair(state: "Answers") -> Pair:
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
    )


def _with_adapter(model: Any, run: Run) -> Any:
    from peft import PeftModel

    if not isinstance(model, PeftModel):
        return PeftModel.from_pretrained(model, str(run.adapter), adapter_name=run.id).eval()
    if run.id not in model.peft_config:
        model.load_adapter(str(run.adapter), adapter_name=run.id)
        model.eval()
    return model


def _chat(turns: Sequence[Turn], prompt: str, system: str, side: str) -> list[Message]:
    said = [message for turn in turns for message in (Message("user", turn.prompt), _reply(turn, side))]
    opening = [Message("system", system)] if system.strip() else []
    return [*opening, *said, Message("user", prompt)]


def _reply(turn: Turn, side: str) -> Message:
    return Message("assistant", turn.base if side == "base" else turn.tuned)

"""One batch of answers: decoded in a thread of its own, streamed from there, stopped from here. Imports torch."""

import queue
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from core.errors import LabError
from core.generate.adapters import BASE, answering
from core.generate.decoding import decode
from core.settings import GenerateSettings

SECONDS_BETWEEN_UPDATES = 0.1  # more updates saturate a browser and delay Stop


@dataclass(frozen=True)
class Side:
    """One row of a batch: the ids to continue, and the adapter that answers (`BASE` for none)."""

    ids: list[int]
    adapter: str = BASE


@dataclass(frozen=True)
class Answers:
    """The state of a batch: for each side its text so far, its tokens, whether it is finished, and who really answered.

    `active` is read from the model's LoRA layers while they run: the adapter's name, or None where none was applied.
    `seconds` counts from the start of decoding; `took` until the end of each side's own answer, or until now.
    """

    texts: list[str]
    tokens: list[list[int]]
    finished: list[bool]
    active: list[str | None]
    seconds: float
    took: list[float]

    @property
    def tokens_per_second(self) -> float:
        """Tokens of all sides together for each second."""
        return sum(map(len, self.tokens)) / self.seconds if self.seconds else 0.0


def stream(
    model: Any, tokenizer: Any, sides: Sequence[Side], settings: GenerateSettings, stop: threading.Event
) -> Generator[Answers]:
    """Answer all sides in one batch, yielding at most ten states a second and always the last one.

    Setting `stop`, or closing the iterator, ends decoding before the next token. Sides with different adapters need a
    model that `can_mix` them.

    Raises:
        LabError: prompt and answer do not fit into the model's context.
    """
    check_context(model, sides, settings)
    batch = _Batch(model, tokenizer, sides, settings, stop)
    worker = threading.Thread(target=batch.run, name="generate", daemon=True)
    worker.start()
    try:
        yield from batch.states()
    finally:
        batch.left.set()
        worker.join()


def answer(model: Any, tokenizer: Any, sides: Sequence[Side], settings: GenerateSettings) -> Answers:
    """The last state of `stream`."""
    return list(stream(model, tokenizer, sides, settings, threading.Event()))[-1]


def check_context(model: Any, sides: Sequence[Side], settings: GenerateSettings) -> None:
    """Raises `LabError` where prompt and answer do not fit into what the model reads."""
    context = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    longest = max(len(side.ids) for side in sides)
    if context and longest + settings.max_new_tokens > context:
        room = max(context - settings.max_new_tokens, 0)
        raise LabError(
            f"The chat has {longest:,} tokens and the answer may have {settings.max_new_tokens:,}, but this model "
            f"reads {context:,} at most. Shorten the chat to {room:,} tokens, clear it, or lower “Longest answer”."
        )


class _Batch:
    """A batch that is decoded in a thread of its own, and the queue through which its tokens come back."""

    def __init__(
        self, model: Any, tokenizer: Any, sides: Sequence[Side], settings: GenerateSettings, stop: threading.Event
    ) -> None:
        self.model, self.tokenizer, self.sides, self.settings, self.stop = model, tokenizer, sides, settings, stop
        self.left = threading.Event()  # nobody reads any more
        self.ends = end_ids(model, tokenizer)
        self.steps: queue.Queue[tuple[Sequence[int], Sequence[int], float] | BaseException | None] = queue.Queue()
        self.tokens: list[list[int]] = [[] for _ in sides]
        self.finished = [False] * len(sides)
        self.active: list[str | None] = [None] * len(sides)
        self.took = [0.0] * len(sides)

    def run(self) -> None:
        """Decode; whatever goes wrong is raised again where the states are read."""
        try:
            prompts, stops = [side.ids for side in self.sides], (self.stop, self.left)
            decode(self.model, prompts, self._as_rows, self.settings, self.ends, stops, self._told)
            self.steps.put(None)
        except BaseException as error:
            self.steps.put(error)

    def _told(self, rows: Sequence[int], tokens: Sequence[int]) -> None:
        self.steps.put((rows, tokens, time.perf_counter()))

    def states(self) -> Iterator[Answers]:
        """The states, coalesced to one for each `SECONDS_BETWEEN_UPDATES`."""
        started = shown = time.perf_counter()
        while (step := self.steps.get()) is not None:
            if isinstance(step, BaseException):
                raise step
            rows, tokens, when = step
            self._take(rows, tokens, when - started)
            now = time.perf_counter()
            if now - shown >= SECONDS_BETWEEN_UPDATES:
                shown = now
                yield self._state(now - started)
        yield self._state(time.perf_counter() - started)

    def _take(self, rows: Sequence[int], tokens: Sequence[int], seconds: float) -> None:
        for index, token in zip(rows, tokens, strict=True):
            if self.finished[index]:
                continue
            self.took[index] = seconds
            self.finished[index] = token in self.ends
            if not self.finished[index]:
                self.tokens[index].append(token)

    def _state(self, seconds: float) -> Answers:
        texts = [self.tokenizer.decode(tokens, skip_special_tokens=True).strip() for tokens in self.tokens]
        tokens = [list(own) for own in self.tokens]
        return Answers(texts, tokens, list(self.finished), list(self.active), seconds, list(self.took))

    def _as_rows(self, rows: Sequence[int]) -> AbstractContextManager[dict[str, list[str]]]:
        names = [self.sides[row].adapter for row in rows]
        return answering(self.model, names, self.active if len(rows) == len(self.sides) else [None] * len(rows))


def end_ids(model: Any, tokenizer: Any) -> list[int]:
    """The tokens that end an answer."""
    configured = model.generation_config.eos_token_id
    ids = configured if isinstance(configured, list) else [configured]
    return [token for token in dict.fromkeys([*ids, tokenizer.eos_token_id]) if token is not None]

"""Batched, streamed, stoppable decoding over any mix of adapters of one loaded model.

Sampling draws with the Gumbel-max trick from a generator of its own: argmax(logits / temperature + g), g drawn from
Gumbel(0, 1), is a draw from the softmax (Maddison et al. 2014, arXiv 1411.0030). Every row of a batch gets the same g,
so that base and tuned answers differ by their weights and not by their luck, and no global generator is touched.

Imports torch: import this module inside functions.
"""

import queue
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from transformers import LogitsProcessor, LogitsProcessorList, StoppingCriteria, StoppingCriteriaList
from transformers.generation.logits_process import TemperatureLogitsWarper, TopPLogitsWarper
from transformers.generation.streamers import BaseStreamer

from core.errors import LabError
from core.settings import GenerateSettings

BASE = "__base__"  # PEFT's name for a row without an adapter
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
    `seconds` counts from the start of decoding.
    """

    texts: list[str]
    tokens: list[list[int]]
    finished: list[bool]
    active: list[str | None]
    seconds: float

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


def can_mix(model: Any, adapters: Sequence[str]) -> bool:
    """Whether rows with these adapters, or `BASE`, can be in one batch: PEFT refuses it for DoRA."""
    configs = getattr(model, "peft_config", {})
    named = [configs[name] for name in adapters if name != BASE]
    return not any(getattr(config, "use_dora", False) for config in named)


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


class _Batch(BaseStreamer):
    """One call of `model.generate` in a thread of its own, and the queue through which its tokens come back."""

    def __init__(
        self, model: Any, tokenizer: Any, sides: Sequence[Side], settings: GenerateSettings, stop: threading.Event
    ) -> None:
        self.model, self.tokenizer, self.sides, self.settings, self.stop = model, tokenizer, sides, settings, stop
        self.left = threading.Event()  # nobody reads any more
        self.ends = _end_ids(model, tokenizer)
        self.steps: queue.Queue[list[int] | BaseException | None] = queue.Queue()
        self.tokens: list[list[int]] = [[] for _ in sides]
        self.finished = [False] * len(sides)
        self.active: list[str | None] = [None] * len(sides)
        self.prompt_seen = False

    def run(self) -> None:
        """Decode; whatever goes wrong is raised again where the states are read."""
        try:
            with _watch(self.model, self.active), _adapters(self.model, self.sides) as names:
                self.model.generate(**self._inputs(), **names, streamer=self)
            self.steps.put(None)
        except BaseException as error:
            self.steps.put(error)

    def put(self, value: torch.Tensor) -> None:
        """Called by `generate`: first with the prompts, then with one new token a side."""
        if self.prompt_seen:
            self.steps.put(value.tolist())
        self.prompt_seen = True

    def end(self) -> None:
        """Called by `generate` after the last token; `run` reports the end itself."""

    def states(self) -> Iterator[Answers]:
        """The states, coalesced to one for each `SECONDS_BETWEEN_UPDATES`."""
        started = shown = time.perf_counter()
        while (step := self.steps.get()) is not None:
            if isinstance(step, BaseException):
                raise step
            self._take(step)
            now = time.perf_counter()
            if now - shown >= SECONDS_BETWEEN_UPDATES:
                shown = now
                yield self._state(now - started)
        yield self._state(time.perf_counter() - started)

    def _take(self, step: list[int]) -> None:
        for index, token in enumerate(step):
            if self.finished[index]:
                continue
            self.finished[index] = token in self.ends
            if not self.finished[index]:
                self.tokens[index].append(token)

    def _state(self, seconds: float) -> Answers:
        texts = [self.tokenizer.decode(tokens, skip_special_tokens=True).strip() for tokens in self.tokens]
        return Answers(texts, [list(tokens) for tokens in self.tokens], list(self.finished), list(self.active), seconds)

    def _inputs(self) -> dict[str, Any]:
        longest = max(len(side.ids) for side in self.sides)
        pad = self.ends[0]
        ids = [[pad] * (longest - len(side.ids)) + side.ids for side in self.sides]
        mask = [[0] * (longest - len(side.ids)) + [1] * len(side.ids) for side in self.sides]
        device = self.model.device
        return {
            "input_ids": torch.tensor(ids, device=device),
            "attention_mask": torch.tensor(mask, device=device),
            "max_new_tokens": self.settings.max_new_tokens,
            "do_sample": False,
            "eos_token_id": self.ends,
            "pad_token_id": pad,
            "logits_processor": _processors(self.settings),
            "stopping_criteria": StoppingCriteriaList([_Stopped(self.stop, self.left)]),
        }


class _Stopped(StoppingCriteria):
    def __init__(self, *reasons: threading.Event) -> None:
        self.reasons = reasons

    def __call__(self, input_ids: torch.Tensor, scores: Any, **_: Any) -> torch.Tensor:
        stopped = any(reason.is_set() for reason in self.reasons)
        return torch.full((len(input_ids),), stopped, device=input_ids.device)


class _SeededDraw(LogitsProcessor):
    def __init__(self, seed: int) -> None:
        self.generator = torch.Generator().manual_seed(seed)

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        uniform = torch.rand(scores.shape[-1], generator=self.generator).clamp_(1e-20, 1 - 1e-7)
        return scores.float() - torch.log(-torch.log(uniform)).to(scores.device)


class _watch:
    """While decoding, reads off a LoRA layer which adapter it applied to each row."""

    def __init__(self, model: Any, active: list[str | None]) -> None:
        self.layer = next(iter(_lora_layers(model)), None)
        self.active = active

    def __enter__(self) -> None:
        if self.layer is not None:
            self.handle = self.layer.register_forward_hook(self._read, with_kwargs=True)

    def __exit__(self, *_: object) -> None:
        if self.layer is not None:
            self.handle.remove()

    def _read(self, layer: Any, _args: Any, kwargs: dict[str, Any], _output: Any) -> None:
        names = kwargs.get("adapter_names") or [layer.active_adapters[0]] * len(self.active)
        off = layer.disable_adapters
        self.active[:] = [name if name in layer.lora_A and not off else None for name in names]


@contextmanager
def _adapters(model: Any, sides: Sequence[Side]) -> Iterator[dict[str, list[str]]]:
    """Makes the model answer with the adapters of the sides; yields what `generate` has to be told of them.

    Names are only given for a batch of several: DoRA takes none, and a model without adapters knows no such argument.
    """
    names = [side.adapter for side in sides]
    if not _lora_layers(model):
        yield {}
    elif len(set(names)) > 1:
        yield {"adapter_names": names}
    elif names[0] == BASE:
        with model.disable_adapter():
            yield {}
    else:
        if model.active_adapter != names[0]:
            model.set_adapter(names[0], inference_mode=True)
        yield {}


def _lora_layers(model: Any) -> list[Any]:
    from peft.tuners.lora import LoraLayer

    return [module for module in model.modules() if isinstance(module, LoraLayer)]


def _processors(settings: GenerateSettings) -> LogitsProcessorList:
    if settings.temperature == 0:
        return LogitsProcessorList()
    top_p = [TopPLogitsWarper(settings.top_p)] if settings.top_p < 1 else []
    warpers = [TemperatureLogitsWarper(float(settings.temperature)), *top_p]
    return LogitsProcessorList([*warpers, _SeededDraw(settings.seed)])


def _end_ids(model: Any, tokenizer: Any) -> list[int]:
    configured = model.generation_config.eos_token_id
    ids = configured if isinstance(configured, list) else [configured]
    return [token for token in dict.fromkeys([*ids, tokenizer.eos_token_id]) if token is not None]

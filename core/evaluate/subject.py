"""A finished run under examination: its base model and the tuned one, asked the same in batches.

Computed in float32 on a CPU, so that the scores are those of plain transformers code; on a GPU in the precision of the
weights. Imports torch: import this module inside functions.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from math import isnan
from typing import Any, Literal, Self

import numpy as np
import torch

from core.compare import run_templates
from core.errors import LabError, NotFound
from core.evaluate.answers import AnswerBook, Given
from core.evaluate.askable import prompt_length
from core.evaluate.result import Stopped, Watch
from core.format import IGNORED, Rendered, encode_all, prompt_ids
from core.generate import BASE, Side, end_ids, stream
from core.models import ModelSource, import_heavy, load_model, load_tokenizer
from core.models.loading import device_for
from core.models.tuned import load_tuned, weights_in, with_adapter
from core.packing import can_pack, logits, losses, packed, padded
from core.packing.line import Line
from core.records import Example, Message
from core.settings import GenerateSettings
from core.workspace import Run

SideName = Literal["base", "tuned"]
Chat = Sequence[Message]
ROWS_AT_ONCE = 32  # of a batch of answers
TOKENS_AT_ONCE = 8_192  # of a batch of answers, prompts and answers together
READ_AT_ONCE = 1_024  # tokens of a batch that is only read: their logits are in memory together
GREEDY = GenerateSettings()


@dataclass(frozen=True)
class Likelihood:
    """How likely a text is as the answer to a prompt: the sum of the log probabilities (natural) of its `tokens`.

    The token that ends the answer is one of them, so that an answer which begins another is comparable with it.
    """

    total: float
    tokens: int


@dataclass(frozen=True)
class Moved:
    """How far the tuned model is from its base model over the labelled tokens of a row, all per token.

    `kl` is KL(base || tuned) in nats; `same_first` the share of tokens where both find the same one likeliest.
    """

    kl: float
    base_loss: float
    tuned_loss: float
    same_first: float
    tokens: int


@dataclass(frozen=True)
class Read:
    """A row as a side reads it: of every labelled token the cross-entropy (nats), and whether it is the likeliest one.

    A stretch of tokens that are all `likeliest` is what greedy decoding writes after the tokens before it.
    """

    losses: np.ndarray
    likeliest: np.ndarray


@dataclass
class Subject:
    """The models of a run with the tokenizer of each side; `open` makes one. Answers given before are not asked again.

    Every method goes through its rows in batches of like length, tells `watch`, and raises `Stopped` when asked to end.
    """

    run: Run
    model: Any
    tuned: Any  # None where the tuned side is an adapter on `model`
    tokenizers: dict[SideName, Any]
    book: AnswerBook
    watch: Watch = field(default_factory=Watch)

    @classmethod
    def open(cls, run: Run, watch: Watch | None = None) -> Self:
        """Load the models of a run.

        Raises:
            NotFound: the run has no result yet, or its base model is gone.
            LabError: the result is damaged or belongs to another base model.
        """
        import_heavy()
        if weights_in(run.adapter) is None:
            raise NotFound(f"The run {run.id} has no result to examine: it is {run.status().state}.")
        settings, source = run.recipe.settings, ModelSource(**run.recipe.source)  # type: ignore[arg-type]
        exact = settings.quantization == "none" and device_for() == "cpu"
        tokenizer = load_tokenizer(source)
        model = load_model(source, "float32" if exact else "auto", settings.quantization)
        tuned = None
        if settings.has_adapter:
            model = with_adapter(model, run.adapter, run.id, source)
        else:
            tuned = load_tuned(run.adapter, run.id, model)
        base, taught = run_templates(run, tokenizer)
        return cls(run, model, tuned, {"base": base, "tuned": taught}, AnswerBook(run), watch or Watch())

    def answers(
        self,
        side: SideName,
        chats: Sequence[Chat],
        most_tokens: int,
        settings: GenerateSettings = GREEDY,
        what: str = "Answers",
    ) -> list[Given]:
        """The answer to each chat, in the order given; an answer ends after `most_tokens` at the latest.

        Greedy by default. A prompt that does not fit into the model's context gets an empty, unfinished answer.
        """
        settings = settings.model_copy(update={"max_new_tokens": most_tokens})
        asked = [prompt_ids(self.tokenizers[side], chat) for chat in chats]
        keys = [self.book.key(side, ids, settings) for ids in asked]
        fits = self.context - most_tokens
        missing = {key: ids for key, ids in zip(keys, asked, strict=True) if key not in self.book and len(ids) <= fits}
        for done, batch in enumerate(batches := _by_length(missing, most_tokens)):
            self.watch.at(what, done, len(batches))
            self._answer(side, {key: missing[key] for key in batch}, settings)
        self.watch.at(what, 1, 1)
        return [self.book.get(key) for key in keys]

    def losses(self, side: SideName, rows: Sequence[Rendered], what: str = "Losses") -> list[np.ndarray]:
        """The cross-entropy (nats) of every labelled token, float32, an array for each row; empty where none is."""
        found: dict[int, np.ndarray] = {}
        for batch in self._batches(rows, what):
            found |= dict(zip(batch, self._read_losses(side, [rows[index] for index in batch]), strict=True))
        return [found.get(index, np.empty(0, np.float32)) for index in range(len(rows))]

    def read(self, side: SideName, rows: Sequence[Rendered], what: str = "Reading") -> list[Read]:
        """The losses of each row with what greedy decoding would write; empty where a row has no label."""
        found: dict[int, Read] = {}
        for batch in self._batches(rows, what):
            for index, (shares, targets) in zip(batch, self._log_shares(side, [rows[at] for at in batch]), strict=True):
                own = -shares.gather(1, targets[:, None])[:, 0]
                found[index] = Read(own.cpu().numpy(), (shares.argmax(-1) == targets).cpu().numpy())
        return [found.get(index, Read(np.empty(0, np.float32), np.empty(0, bool))) for index in range(len(rows))]

    def remember(self, side: SideName, rows: Sequence[Rendered], read: Sequence[Read], most_tokens: int) -> None:
        """Keep the answers that greedy decoding would write, of rows whose every labelled token is the likeliest.

        `answers` need not decode those: reading a row costs as much as its first token. Rounding may tell apart what a
        batch reads and decodes, where two words are equally likely.
        """
        settings = GREEDY.model_copy(update={"max_new_tokens": most_tokens})
        ends = end_ids(self.model, self.tokenizers[side])
        for row, each in zip(rows, read, strict=True):
            start = prompt_length(row)
            given = row.ids[start : start + most_tokens]
            length = next((at for at, token in enumerate(given) if token in ends), None)
            key = self.book.key(side, row.ids[:start], settings)
            if length is None or key in self.book or not each.likeliest[: length + 1].all():
                continue
            text = self.tokenizers[side].decode(given[:length], skip_special_tokens=True).strip()
            self.book.keep(key, Given(text, length, True))

    def rendered(self, side: SideName, examples: Iterable[Example]) -> list[Rendered]:
        """Each example as this side reads it, with labels on its answers, cut to the model's context.

        A row that the template refuses has no labels.
        """
        goal, context = self.run.recipe.settings.goal, self.context
        return [row.rendered(context) for row in encode_all(self.tokenizers[side], examples, goal)]

    def likelihoods(
        self, side: SideName, asked: Sequence[tuple[Chat, Sequence[str]]], what: str = "Choices"
    ) -> list[list[Likelihood]]:
        """For each chat and its options how likely each option is as the answer; a prompt is read once for all of them.

        Raises:
            LabError: the chat template refuses a chat.
        """
        rows = [[self._as_answer(side, chat, option) for option in options] for chat, options in asked]
        found: list[list[Likelihood]] = []
        packs = self._packs(self._model(side))
        for batch in _together(rows) if packs else ([each] for each in rows):  # padding would make a batch too large
            self.watch.at(what, len(found), len(rows))
            given = iter(self._read_losses(side, [row for options in batch for row in options]))
            for options in batch:
                read = [next(given) for _ in options]
                found.append([Likelihood(-float(each.sum()), len(each)) for each in read])
        return found

    def drift(self, rows: Sequence[Rendered], what: str = "Drift") -> list[Moved | None]:
        """How far the sides are apart on the labelled tokens of each row; None where a row has none.

        The rows are read by both sides as they are: render them with the template of one.
        """
        found: dict[int, Moved] = {}
        for batch in self._batches(rows, what):
            chosen = [rows[index] for index in batch]
            sides = zip(batch, self._log_shares("base", chosen), self._log_shares("tuned", chosen), strict=True)
            found |= {index: _moved(base, tuned, targets) for index, (base, targets), (tuned, _) in sides}
        return [found.get(index) for index in range(len(rows))]

    def _log_shares(self, side: SideName, rows: Sequence[Rendered]) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """Of each row the log probabilities of all words at its labelled tokens, (tokens, words), and those tokens."""
        model = self._model(side)
        batch = self._joined(model, rows)
        with self._as(side), torch.inference_mode():
            found = logits(model, batch)
        lengths = _labelled(rows)
        for part, targets in zip(found.split(lengths), batch.targets.split(lengths), strict=True):
            yield torch.log_softmax(part.float(), -1), targets

    def _as_answer(self, side: SideName, chat: Chat, answer: str) -> Rendered:
        """The chat with this answer, which alone has labels."""
        return _only_last(self.tokenizers[side], Example("", 0, (*chat, Message("assistant", answer))))

    def _read_losses(self, side: SideName, rows: Sequence[Rendered]) -> list[np.ndarray]:
        """The losses of each row, all read together."""
        model = self._model(side)
        with self._as(side), torch.inference_mode():
            given = losses(model, self._joined(model, rows)).float().cpu().numpy()
        return np.split(given, np.cumsum(_labelled(rows))[:-1])

    def _answer(self, side: SideName, asked: dict[str, list[int]], settings: GenerateSettings) -> None:
        adapter = BASE if side == "base" or self.tuned is not None else self.run.id
        sides = [Side(ids, adapter) for ids in asked.values()]
        *_, last = stream(self._model(side), self.tokenizers[side], sides, settings, self.watch.stop)
        if self.watch.stop.is_set():
            raise Stopped("Stopped. What was done until then is kept.")
        for key, text, tokens, finished in zip(asked, last.texts, last.tokens, last.finished, strict=True):
            self.book.keep(key, Given(text, len(tokens), finished))

    def _batches(self, rows: Sequence[Rendered], what: str) -> Iterator[list[int]]:
        """Positions of rows that have labels, of like length together; says how far it is."""
        labelled = {index: row.ids for index, row in enumerate(rows) if any(id != IGNORED for id in row.labels[1:])}
        batches = _by_length(labelled, 0, READ_AT_ONCE)
        for done, batch in enumerate(batches):
            self.watch.at(what, done, len(batches))
            yield batch
        self.watch.at(what, 1, 1)

    def _joined(self, model: Any, rows: Sequence[Rendered]) -> Any:
        return (packed if self._packs(model) else padded)(rows, model.device)

    def _packs(self, model: Any) -> bool:
        known: dict[int, bool] = self.__dict__.setdefault("_packable", {})
        if id(model) not in known:
            known[id(model)] = can_pack(model)
        return known[id(model)]

    def _model(self, side: SideName) -> Any:
        return self.model if side == "base" or self.tuned is None else self.tuned

    def _as(self, side: SideName) -> AbstractContextManager[Any]:
        """The model as that side while it reads: without its adapter for base."""
        has_adapter = self.tuned is None and hasattr(self.model, "disable_adapter")
        if side == "base" and has_adapter:
            return self.model.disable_adapter()  # type: ignore[no-any-return]
        if has_adapter and self.model.active_adapter != self.run.id:
            self.model.set_adapter(self.run.id, inference_mode=True)
        return nullcontext()

    @property
    def context(self) -> int:
        """How many tokens the model reads at most."""
        found = getattr(self.model.config.get_text_config(), "max_position_embeddings", None)
        return int(found or 10**9)


def _by_length(rows: dict[Any, list[int]], more: int, at_once: int = TOKENS_AT_ONCE) -> list[list[Any]]:
    """The keys of the rows in batches of like length: rows times (longest + `more`) is `at_once` tokens at most."""
    batches: list[list[Any]] = []
    for key in sorted(rows, key=lambda key: len(rows[key]), reverse=True):
        longest = len(rows[batches[-1][0]]) + more if batches else 0
        if not batches or len(batches[-1]) == ROWS_AT_ONCE or (len(batches[-1]) + 1) * longest > at_once:
            batches.append([])
        batches[-1].append(key)
    return batches


def _together(asked: Iterable[list[Rendered]]) -> Iterator[list[list[Rendered]]]:
    """The rows of several chats at once, until there are `READ_AT_ONCE` tokens, a chat's prompt counted once."""
    batch: list[list[Rendered]] = []
    tokens = 0
    for rows in asked:
        own = len(Line([row.ids for row in rows]).ids)
        if batch and tokens + own > READ_AT_ONCE:
            yield batch
            batch, tokens = [], 0
        batch.append(rows)
        tokens += own
    if batch:
        yield batch


def _labelled(rows: Sequence[Rendered]) -> list[int]:
    return [sum(label != IGNORED for label in row.labels[1:]) for row in rows]


def _moved(base: torch.Tensor, tuned: torch.Tensor, targets: torch.Tensor) -> Moved:
    kl = float((base.exp() * (base - tuned)).sum(-1).mean())
    picked = targets[:, None]
    return Moved(
        kl if kl > 0 or isnan(kl) else 0.0,
        -float(base.gather(1, picked).mean()),
        -float(tuned.gather(1, picked).mean()),
        float((base.argmax(-1) == tuned.argmax(-1)).float().mean()),
        len(targets),
    )


def _only_last(tokenizer: Any, example: Example) -> Rendered:
    """The row with labels on its last answer alone."""
    encoded = next(encode_all(tokenizer, [example]))
    if not encoded.extent.learned:
        raise LabError("A prompt cannot be asked: the chat template of this model refuses it.")
    row, (start, end) = encoded.rendered(len(encoded.ids)), encoded.extent.learned[-1]
    labels = [IGNORED] * start + row.ids[start:end] + [IGNORED] * (len(row.ids) - end)
    return Rendered(row.row, row.ids, labels, row.full_length)

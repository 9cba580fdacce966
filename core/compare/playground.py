"""The one place of a process where sides answer: one set of weights and one batch where that can be.

Else the sides answer one after the other, and the comparison says why.
"""

import math
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from core.compare.batches import batches, how
from core.compare.chats import OTHER_TEMPLATE, Asked, Chat, Reader, Turn, chat_of, run_templates
from core.compare.loaded import Loaded
from core.compare.replies import Comparison, Reply, replies
from core.compare.sides import Lineup
from core.errors import Busy, LabError
from core.models import import_heavy
from core.settings import GenerateSettings

if TYPE_CHECKING:
    from core.generate import Side as Row

WAIT_SECONDS = 120
LOOK_SECONDS = 0.2  # how soon who waits for the model hears of a Stop
PROMPTS_AT_ONCE = 8  # of a prompt set, for up to 32 rows in a batch

Question = list[tuple[Asked, "Row"]]  # for each side what it is asked, and its row of a batch


class Playground:
    """Keeps in memory what the last comparison needed; another base model, or other bits of it, take its place."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.close()

    def close(self) -> None:
        """Forget the models, so that their memory can be used."""
        self._loaded = Loaded()

    @property
    def held_bytes(self) -> int:
        """Bytes of the weights that it keeps, until sides of another base model take their place."""
        return self._loaded.size

    @property
    def is_answering(self) -> bool:
        """Whether sides are answering, or their models are being loaded."""
        return self._lock.locked()

    def answer(
        self, lineup: Lineup, turns: Sequence[Turn], prompt: str, settings: GenerateSettings, stop: threading.Event
    ) -> Iterator[Comparison]:
        """The answers of all sides to `prompt` after `turns`, streamed; each side sees its own earlier answers.

        Raises:
            NotFound: the base model is gone.
            Busy: another chat keeps the model for two minutes, or until `stop` is set.
            LabError: the prompt is empty or too long, or weights are damaged or of another base model.
        """
        _check(prompt)
        chats = [chat_of(turns, prompt, place) for place in range(len(lineup.sides))]
        with self._held(lineup, stop, WAIT_SECONDS):
            readers = self._readers(lineup, settings)
            question = [reader.read(chat) for reader, chat in zip(readers, chats, strict=True)]
            with closing(self._states(lineup, [question], settings, stop)) as states:
                for (comparison,) in states:
                    yield replace(comparison, note=_note(readers))

    def answer_all(
        self, lineup: Lineup, chats: Sequence[Chat], settings: GenerateSettings, stop: threading.Event
    ) -> Iterator[tuple[int, Comparison | LabError]]:
        """The finished comparison of the answers to each chat, by its place, some chats of like length in a batch.

        Of a chat that cannot be asked (empty, too long, refused by a template) the reason is told, before any answers.
        Another chat may slip in between two batches, and is waited for. Setting `stop` ends it; what is not finished
        then is not told.

        Raises:
            NotFound: the base model is gone.
            LabError: weights are damaged or of another base model.
        """
        with suppress(Busy):  # the wait for another chat ends with `stop` alone
            with self._held(lineup, stop):
                readers = self._readers(lineup, settings)
                read = {place: _question(readers, chat) for place, chat in enumerate(chats)}
            yield from ((place, found) for place, found in read.items() if isinstance(found, LabError))
            questions = {place: found for place, found in read.items() if not isinstance(found, LabError)}
            order = sorted(questions, key=lambda place: max(len(row.ids) for _, row in questions[place]))
            for start in range(0, len(order), PROMPTS_AT_ONCE):
                if stop.is_set():
                    return
                places = order[start : start + PROMPTS_AT_ONCE]
                with self._held(lineup, stop):
                    *_, found = self._states(lineup, [questions[place] for place in places], settings, stop)
                if not stop.is_set():
                    yield from (
                        (place, replace(one, note=_note(readers))) for place, one in zip(places, found, strict=True)
                    )

    @contextmanager
    def _held(self, lineup: Lineup, stop: threading.Event, seconds: float = math.inf) -> Iterator[None]:
        """The models of these sides, for nobody else meanwhile; waits for them so long.

        Raises:
            Busy: another chat has them still, or `stop` was set meanwhile.
        """
        import_heavy()
        self._wait(stop, seconds)
        try:
            try:
                self._loaded.hold([side.weights for side in lineup.sides])
            except LabError:
                self.close()  # half of an adapter may be on the layers already
                raise
            yield
        except (LabError, GeneratorExit):
            raise
        except BaseException:
            self.close()  # hooks may be left behind when a batch breaks, so these weights are not to be trusted
            raise
        finally:
            self._lock.release()

    def _wait(self, stop: threading.Event, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self._lock.acquire(timeout=LOOK_SECONDS):
            if stop.is_set() or time.monotonic() >= end:
                raise Busy("Another chat is using the model. Try again when it has finished.")

    def _readers(self, lineup: Lineup, settings: GenerateSettings) -> list[Reader]:
        found = []
        for side in lineup.sides:
            base, tuned = run_templates(side.weights.run, self._loaded.tokenizer)
            tokenizer = base if side.weights.folder is None else tuned
            shots = lineup.shots(side, settings.seed)
            found.append(Reader(side, tokenizer, self._loaded.model(side.weights), shots, settings))
        return found

    def _states(
        self, lineup: Lineup, questions: Sequence[Question], settings: GenerateSettings, stop: threading.Event
    ) -> Generator[list[Comparison]]:
        """How far all questions are, again and again: a comparison for each."""
        from core.generate import stream

        sides = lineup.sides
        made = batches(self._loaded, sides)
        said = how(self._loaded, sides, made)
        found = [[Reply() for _ in sides] for _ in questions]
        before = 0.0  # seconds that earlier batches took
        for batch in made:
            asked = [(number, place) for place in batch.places for number in range(len(questions))]  # a side together
            rows = [questions[number][place] for number, place in asked]
            own = [self._loaded.differs(sides[place].weights) for _, place in asked]
            answers = stream(batch.model, self._loaded.tokenizer, [row for _, row in rows], settings, stop)
            with closing(answers) as states:
                for state in states:
                    told = replies(state, own, [question.shown for question, _ in rows])
                    for (number, place), reply in zip(asked, told, strict=True):
                        found[number][place] = reply
                    yield [Comparison(tuple(each), before + state.seconds, said) for each in found]
            before += state.seconds
            if stop.is_set():
                return


def _question(readers: Sequence[Reader], chat: Chat) -> Question | LabError:
    """What each side is asked, or why one of them cannot be."""
    try:
        _check(chat[-1].content)
        return [reader.read(chat) for reader in readers]
    except LabError as error:
        return error


def _check(prompt: str) -> None:
    if not prompt.strip():
        raise LabError("The prompt is empty. Type what the sides should answer.")


def _note(readers: Sequence[Reader]) -> str:
    return OTHER_TEMPLATE if len({reader.tokenizer.chat_template for reader in readers}) > 1 else ""

"""A prompt set at once: all sides answer it unattended in the background; what they said is kept and listed."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.actions import background, compare
from core.actions.answers import ASKING
from core.actions.background import Background, Watch
from core.actions.curate.uploads import uploaded
from core.actions.lab import Lab
from core.actions.prompt_sources import Prompts, prompts_for
from core.actions.untold import Untold
from core.compare import Comparison, Lineup, Reply, Side
from core.errors import LabError, SettingProblem
from core.preferences import About, AnsweredPrompt, Contender, Given, PromptSets, State, now
from core.records import Message
from core.settings import GenerateSettings
from core.settings.prompt_set import PromptSetSettings
from core.words import counted
from core.workspace import Workspace

MOST_IN_PUBLIC = 20  # prompts, where strangers share the machine
NUMBERS_NAMED, REASONS_NAMED = 10, 3
_told: dict[Path, str] = {}

__all__ = ["Progress", "begin", "benchmarks", "last", "progress", "stop", "uploaded"]


@dataclass(frozen=True)
class Progress:
    """How far the set is that is being asked: its id, a sentence, and the share done, 0 to 1."""

    set_id: str
    sentence: str
    share: float


def benchmarks(workspace: Workspace) -> list[str]:
    """The benchmarks that were added on the Curate tab."""
    return list(workspace.benchmarks())


def begin(
    lab: Lab,
    workspace: Workspace,
    run_id: str,
    sides: Sequence[dict[str, Any]],
    values: dict[str, Any],
    wanted: dict[str, Any],
    file: Path | None = None,
    asked: float | None = None,
) -> Background[str]:
    """Start asking: all sides answer the prompts of a source, several prompts a batch; its result is a sentence.

    `sides` are dicts of `SideSettings`, `values` those of `GenerateSettings`, `wanted` those of `PromptSetSettings`;
    `file` is an uploaded one. A Stop since the `moment` at which it was `asked` for holds for it. The set's id is the
    `subject` of what is returned.

    Raises:
        SettingProblem: no run or side is chosen, or a setting is out of bounds.
        FileProblem: the file cannot be read as prompts.
        NotFound: there is no such run, version or benchmark.
        LabError: a set is being asked already.
    """
    if going := progress(workspace):
        raise LabError(f"A prompt set is being asked already ({going.sentence}). Wait for its end, or stop it.")
    given = {name: value for name, value in wanted.items() if value is not None}
    settings, chosen = GenerateSettings.parse(values), PromptSetSettings.parse(given)
    lab.limits.check(settings)
    if lab.limits.public and chosen.most > MOST_IN_PUBLIC:
        raise SettingProblem(f"This public page asks {MOST_IN_PUBLIC} prompts at most. Lower “How many”.")
    lineup = compare.lineup(workspace, run_id, sides)
    prompts = prompts_for(workspace, lineup.run, chosen, settings.seed, file)
    set_id = PromptSets(workspace).begin(_about(lineup, settings, prompts, Untold(lab, workspace).note))

    def work(watch: Watch) -> str:
        asking = _Asking(lab, workspace, lineup, settings, prompts, _Stop(watch.stopped))
        return _ask(workspace, set_id, asking, watch)

    return Background(workspace, ASKING, work, set_id, asked)


def progress(workspace: Workspace) -> Progress | None:
    """How far the set is that is being asked in this workspace, or None."""
    going = background.going(workspace, ASKING)
    if going is None:
        return None
    said = "It is being stopped" if going.stopped else _told.get(workspace.root, "Loading the model")
    return Progress(going.subject, said, going.share)


def last(workspace: Workspace) -> str:
    """How the newest set ended, in a sentence; empty if there is none, or its program ended before it did."""
    return next((found.reason for found in PromptSets(workspace).all()), "")


def stop(workspace: Workspace, asked: float | None = None) -> str:
    """Stop the set that is being asked, or was `asked` for and has not begun; what was answered is kept."""
    stopped = background.stop(workspace, ASKING, asked)
    return "It is being stopped; what was answered is kept." if stopped else "No prompt set is being asked."


class _Stop(threading.Event):
    """The Stop of background work, as decoding asks for it."""

    def __init__(self, asked: Callable[[], bool]) -> None:
        super().__init__()
        self._asked = asked

    def is_set(self) -> bool:
        return self._asked()


@dataclass
class _Asking:
    """A set that is being asked: how many prompts are answered, and why which others cannot be, by their numbers."""

    lab: Lab
    workspace: Workspace
    lineup: Lineup
    settings: GenerateSettings
    prompts: Prompts
    stop: _Stop
    done: int = 0
    refused: dict[int, str] = field(default_factory=dict)

    def answers(self) -> Iterator[AnsweredPrompt]:
        """The answers to the prompts as they come, the shortest first.

        Raises:
            LabError: none of the prompts can be asked, or the model is taken away in the middle.
        """
        asked = [prompt.chat for prompt in self.prompts.asked]
        untold = Untold(self.lab, self.workspace)
        for place, found in self.lab.playground.answer_all(self.lineup, asked, self.settings, self.stop):
            if isinstance(found, LabError):
                self.refused[place + 1] = str(found)
            else:
                self.done += 1
                yield self._answered(place, found, untold)
        if len(self.refused) == len(asked):
            raise LabError(self.why)

    def _answered(self, place: int, comparison: Comparison, untold: Untold) -> AnsweredPrompt:
        chat = list(self.prompts.asked[place].chat)
        if self.settings.system.strip() and chat[0].role != "system":
            chat.insert(0, Message("system", self.settings.system))
        told = [message.content for message in chat]
        given = [
            _given(reply, untold.found(reply.text, [*told, *compare.told_to(side, reply)]))
            for side, reply in zip(self.lineup.sides, comparison.replies, strict=True)
        ]
        return AnsweredPrompt(
            number=place + 1,
            chat=[message.as_dict() for message in chat],
            expected=self.prompts.asked[place].expected,
            given=given,
        )

    @property
    def why(self) -> str:
        """The first reasons why prompts cannot be asked, each once."""
        return " ".join(list(dict.fromkeys(self.refused.values()))[:REASONS_NAMED])

    @property
    def end(self) -> tuple[State, str]:
        """How it ended, in a word and a sentence."""
        total = counted(len(self.prompts.asked), "prompt")
        if self.done + len(self.refused) < len(self.prompts.asked):
            return "stopped", f"Stopped after {self.done:,} of {total}; what was answered is kept."
        if not self.refused:
            return "done", f"{counted(self.done, 'prompt was', 'prompts were')} answered by all sides."
        named = ", ".join(f"{number:,}" for number in list(self.refused)[:NUMBERS_NAMED])
        more = ", …" if len(self.refused) > NUMBERS_NAMED else ""
        left = counted(len(self.refused), "prompt")
        return (
            "done",
            f"{self.done:,} of {total} answered; {left} could not be asked (number {named}{more}): {self.why}",
        )


def _ask(workspace: Workspace, set_id: str, asking: _Asking, watch: Watch) -> str:
    """Ask and keep every answer as it comes; however it ends is written down. Returns that in a sentence."""
    kept, began = PromptSets(workspace), time.monotonic()
    _told[workspace.root] = "Loading the model"
    try:
        for answered in asking.answers():
            kept.add(set_id, answered)
            askable = len(asking.prompts.asked) - len(asking.refused)
            _told[workspace.root] = _far(asking.done, askable, time.monotonic() - began)
            watch.progress(asking.done / askable)
    except LabError as error:
        kept.end(set_id, "failed", str(error))
        raise
    except BaseException:
        kept.end(set_id, "failed", f"It broke after {counted(asking.done, 'answer')}; what was answered is kept.")
        raise
    state, sentence = asking.end
    kept.end(set_id, state, sentence)
    return sentence


def _far(done: int, total: int, seconds: float) -> str:
    left = seconds / done * (total - done)
    remaining = counted(round(left / 60), "minute") if left >= 90 else counted(round(left), "second")
    return f"{done:,} of {counted(total, 'prompt')} answered, about {remaining} left"


def _about(lineup: Lineup, settings: GenerateSettings, prompts: Prompts, unread: str) -> About:
    return About(
        name=prompts.source,
        created=now(),
        sides=[_contender(lineup, side, settings) for side in lineup.sides],
        settings=settings.model_dump(),
        source=prompts.source,
        prompts=len(prompts.asked),
        held_out_of=prompts.held_out_of,
        notes=[
            *prompts.notes,
            *(f"{side.label}: {side.lack}" for side in lineup.sides if side.lack),
            *_may_have_seen(lineup, prompts.held_out_of),
            *filter(None, [unread]),
        ],
    )


def _may_have_seen(lineup: Lineup, held_out_of: str) -> Iterator[str]:
    """For held-out rows of a version, a sentence on each side that was trained on other rows or another split."""
    if not held_out_of:
        return
    version = lineup.workspace.versions.get(held_out_of)
    for side in lineup.sides:
        trained = side.weights.run.recipe
        if side.weights.folder is not None and trained.dataset_hash != version.content_hash:
            yield f"{side.label}: it was trained on other rows ({trained.dataset}) and may have seen these."


def _contender(lineup: Lineup, side: Side, settings: GenerateSettings) -> Contender:
    """All that makes the answers of a side what they are; of the run that gives examples only where there are some."""
    recipe, own, chosen = lineup.run.recipe, side.weights.run.recipe, side.settings
    examples = {
        "few_shot": chosen.few_shot,
        "few_shot_choice": chosen.few_shot_choice,
        "few_shot_of": recipe.dataset,
        "few_shot_hash": recipe.dataset_hash,
        "few_shot_seed": settings.seed,
    }
    return Contender(
        label=side.label,
        about={
            "model": own.model,
            "source": own.source,
            "quantization": own.settings.quantization,
            "weights": side.weights.key,
            "run": "" if side.weights.folder is None else side.weights.run.id,
            "adapter_hash": side.weights.fingerprint(),
            **(examples if chosen.few_shot and not side.lack else {"few_shot": 0}),
            "system": chosen.system or settings.system,
            "wording": chosen.wording,
            **_decoding(settings),
        },
    )


def _decoding(settings: GenerateSettings) -> dict[str, Any]:
    """How answers are drawn and where they end; at temperature 0 nothing is drawn, and top-p makes no difference."""
    drawn = {"top_p": settings.top_p} if settings.temperature else {}
    return {"temperature": settings.temperature, **drawn, "max_new_tokens": settings.max_new_tokens}


def _given(reply: Reply, personal_data: str) -> Given:
    return Given(
        text=reply.text,
        tokens=reply.tokens,
        seconds=reply.seconds,
        finished=reply.finished,
        adapter=reply.adapter,
        examples=[example.id for example in reply.shown],
        personal_data=personal_data,
    )

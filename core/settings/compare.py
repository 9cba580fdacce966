"""What a side of a comparison is: who answers, and what is put before the prompt and around it."""

import re
from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from core.settings.base import Settings

BASE, TUNED = "base", "tuned"
CHECKPOINT = "@"  # between the id of a run and the step of its checkpoint
PROMPT = "{prompt}"
WEIGHTS = re.compile(rf"{BASE}|{TUNED}|[A-Za-z0-9_-]{{1,100}}({CHECKPOINT}\d{{1,9}})?")
MOST_SIDES = 4


class SideSettings(Settings):
    """One side of a comparison."""

    stage: ClassVar[str] = "side"

    name: str = Field("", max_length=60, title="Name", description="What the side is called; empty: told by the rest.")
    weights: str = Field(
        TUNED, title="Who answers", description="The base model, the result of a run, or one of its checkpoints."
    )
    few_shot: int = Field(
        0,
        ge=0,
        le=16,
        title="Examples in the prompt",
        description="Training rows shown before the prompt (few-shot); more make the prompt longer and slower.",
    )
    few_shot_choice: Literal["nearest", "random"] = Field(
        "nearest", title="Which examples", description="Those most like the prompt, or the same ones always, drawn."
    )
    system: str = Field(
        "", title="System prompt of this side", description="Empty: the one in the settings of all answers."
    )
    wording: str = Field(
        PROMPT,
        max_length=5000,
        title="Wording",
        description="How the prompt is put; {prompt} stands for what you type.",
    )

    @field_validator("weights")
    @classmethod
    def _named(cls, weights: str) -> str:
        if not WEIGHTS.fullmatch(weights):
            raise ValueError(
                "it must be base, tuned, the id of a run, or such an id with @ and the step of a checkpoint"
            )
        return weights

    @field_validator("wording")
    @classmethod
    def _holds_the_prompt(cls, wording: str) -> str:
        if PROMPT not in wording:
            raise ValueError("it must hold {prompt}, in whose place the prompt is put")
        return wording

    @property
    def label(self) -> str:
        """What the side is called on the page."""
        if self.name.strip():
            return self.name.strip()
        run, _, step = self.weights.partition(CHECKPOINT)
        who = run.capitalize() if run in (BASE, TUNED) else run
        shown = "1 example" if self.few_shot == 1 else f"{self.few_shot} examples"
        told = [
            f"step {step}" if step else "",
            shown if self.few_shot else "",
            "own system prompt" if self.system.strip() else "",
            "own wording" if self.wording != PROMPT else "",
        ]
        return ", ".join([who, *filter(None, told)])

    def worded(self, prompt: str) -> str:
        """The prompt as this side is asked."""
        return self.wording.replace(PROMPT, prompt)


def told_apart(sides: Sequence[SideSettings]) -> list[SideSettings]:
    """The sides in their order, so named that no two have the same label: to each of those that share one its number
    is added, counted from 1."""
    labels = [side.label for side in sides]
    return [
        side if labels.count(label) == 1 else side.model_copy(update={"name": f"{label} (side {number})"})
        for number, (side, label) in enumerate(zip(sides, labels, strict=True), 1)
    ]


DEFAULT_SIDES = (SideSettings(weights=BASE), SideSettings(weights=BASE, few_shot=4), SideSettings(weights=TUNED))

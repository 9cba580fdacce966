"""What a report on a run looks at."""

from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from core.settings.base import Settings

Part = Literal["scores", "forgetting", "confidence", "leaks", "following", "probes"]
PARTS: tuple[Part, ...] = ("scores", "forgetting", "confidence", "leaks", "following", "probes")


class EvaluateSettings(Settings):
    """How a tuned model is held against its base model."""

    stage: ClassVar[str] = "evaluate"

    parts: list[Part] = Field(
        list(PARTS), title="What is looked at", description="Each part takes its time; the verdict uses what is there."
    )
    held_out_rows: int = Field(
        100, ge=1, le=10_000, title="Held-out rows", description="At most so many, drawn by the seed; more is surer."
    )
    most_tokens: int = Field(
        64, ge=1, le=4096, title="Longest answer (tokens)", description="Answers are cut there, on all sides alike."
    )
    few_shot: int = Field(
        4, ge=0, le=32, title="Few-shot examples", description="Training rows shown to the base model in its prompt."
    )
    few_shot_choice: Literal["nearest", "random"] = Field(
        "nearest", title="Which examples", description="Those most like the prompt, or the same ones for all, drawn."
    )
    canaries: list[str] = Field(
        [], title="Canaries", description="Texts planted in the training rows, one a line; none may come out again."
    )
    seed: int = Field(42, ge=0, le=2**31 - 1, title="Seed", description="The same seed draws the same rows.")

    @field_validator("canaries", mode="before")
    @classmethod
    def _one_a_line(cls, value: Any) -> Any:
        lines = value.splitlines() if isinstance(value, str) else value
        return [line.strip() for line in lines or [] if str(line).strip()]

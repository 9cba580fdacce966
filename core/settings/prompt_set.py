"""Which prompts are asked at once."""

from typing import ClassVar, Literal

from pydantic import Field

from core.settings.base import Settings

PromptSource = Literal["held-out", "typed", "file", "benchmark"]


class PromptSetSettings(Settings):
    """Where the prompts of a set come from, and how many of them are asked."""

    stage: ClassVar[str] = "prompt set"

    source: PromptSource = Field(
        "held-out",
        title="Prompts from",
        description="The chosen run was not trained on its held-out rows; a side of another run may have seen them.",
    )
    text: str = Field("", max_length=200_000, title="Prompts", description="One a line.")
    benchmark: str = Field("", title="Benchmark", description="A benchmark file that was added on the Curate tab.")
    most: int = Field(
        20, ge=1, le=1000, title="How many", description="At most so many, drawn by the seed of the answers."
    )

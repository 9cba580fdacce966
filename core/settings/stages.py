"""The settings of each stage."""

from typing import ClassVar, Literal

from pydantic import Field, field_validator

from core.settings.base import Settings

MaskChoice = Literal["tag", "substitute", "keep"]


class SplitSettings(Settings):
    """How rows are divided into train and held-out."""

    stage: ClassVar[str] = "split"

    held_out: float = Field(
        0.15,
        ge=0,
        title="Held-out rows",
        description="Kept away from training to measure it: a share below 1, or a count of rows.",
    )
    seed: int = Field(42, ge=0, le=2**31 - 1, title="Seed", description="The same seed gives the same split.")

    @field_validator("held_out")
    @classmethod
    def _share_or_count(cls, value: float) -> float:
        if value >= 1 and value != int(value):
            raise ValueError("a count of rows is a whole number")
        return value


class MaskSettings(Settings):
    """What becomes of each kind of personal data; a kind that is not named becomes a tag."""

    stage: ClassVar[str] = "mask"

    choices: dict[str, MaskChoice] = Field(
        default_factory=dict, title="Choices", description="For each kind: tag, substitute or keep."
    )


class TrainSettings(Settings):
    """LoRA training. The defaults are those found for the starter model on a CPU (README, "Training")."""

    stage: ClassVar[str] = "train"

    model: str = Field(
        "starter", title="Base model", description="The model that is tuned. Its weights stay as they are."
    )
    epochs: float = Field(3, gt=0, le=100, title="Epochs", description="How often each row is seen.")
    learning_rate: float = Field(
        1e-3, gt=0, le=1, title="Learning rate", description="How far each step goes. Lower it if the loss jumps."
    )
    batch_size: int = Field(8, ge=1, le=256, title="Batch size", description="Rows in one step.")
    max_tokens: int = Field(
        512, ge=16, le=32768, title="Longest row (tokens)", description="Longer rows are cut at the end, and counted."
    )
    lora_r: int = Field(
        16, ge=1, le=256, title="LoRA rank", description="Size of the adapter. 8 to 16 suits most sets."
    )
    lora_alpha: int = Field(
        32, ge=1, le=1024, title="LoRA alpha", description="Strength of the adapter; usually twice the rank."
    )
    lora_dropout: float = Field(
        0.0, ge=0, lt=1, title="LoRA dropout", description="Share of the adapter left out at random."
    )
    schedule: Literal["cosine", "linear", "constant"] = Field(
        "cosine", title="Schedule", description="How the learning rate falls during the run."
    )
    warmup: float = Field(0.1, ge=0, lt=1, title="Warm-up", description="Share of the steps in which the rate rises.")
    max_steps: int = Field(
        0, ge=0, le=1_000_000, title="Most steps", description="Ends the run early; 0 means all epochs."
    )
    evaluations: int = Field(
        4, ge=1, le=100, title="Evaluations", description="How often the held-out loss is measured during the run."
    )
    seed: int = Field(
        42, ge=0, le=2**31 - 1, title="Seed", description="The same seed, data and machine give the same run."
    )


class GenerateSettings(Settings):
    """How an answer is written."""

    stage: ClassVar[str] = "generate"

    system: str = Field(
        "", title="System prompt", description="Said to both models before the chat. Empty: the model's own."
    )
    temperature: float = Field(
        0.0, ge=0, le=2, title="Temperature", description="0 always takes the likeliest token; higher is more varied."
    )
    top_p: float = Field(
        1.0, gt=0, le=1, title="Top-p", description="Only the likeliest tokens that sum up to this share."
    )
    max_new_tokens: int = Field(
        200, ge=1, le=4096, title="Longest answer (tokens)", description="The answer ends here at the latest."
    )
    seed: int = Field(42, ge=0, le=2**31 - 1, title="Seed", description="Both sides draw with the same seed.")

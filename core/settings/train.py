"""What a user may set about a training run."""

from typing import ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from core.settings.base import Settings

Method = Literal["lora", "rslora", "dora", "qlora", "lora-8bit", "full"]
Template = Literal["own", "chatml", "zephyr", "alpaca", "plain"]
MOST_PROMPTS = 12
LONGEST_PROMPT = 4_000


class TrainSettings(Settings):
    """One training run. The defaults are those found for the starter model on a CPU."""

    stage: ClassVar[str] = "train"

    model: str = Field(
        "starter", title="Base model", description="The model that is tuned. Its weights stay as they are."
    )
    method: Method = Field(
        "lora",
        title="Method",
        description="LoRA trains a small adapter beside the model. rsLoRA is LoRA that stays stable at a high rank. "
        "DoRA learns size and direction of the weights apart: slower, at times better. QLoRA and 8-bit shrink the "
        "model in memory first. Full tuning changes every weight and takes the most memory.",
    )
    goal: Literal["instruction", "task", "text"] = Field(
        "instruction",
        title="What is learned",
        description="Instruction: every answer of a chat. Task: only the output behind its input, without chat marks. "
        "Text: everything, as text that goes on.",
    )
    template: Template = Field(
        "own",
        title="Chat template",
        description="How a chat is written for the model. Own: the one the model came with; a base model has none, "
        "and needs one of the others.",
    )
    epochs: float = Field(3, gt=0, le=100, title="Epochs", description="How often each row is seen.")
    learning_rate: float = Field(
        1e-3, gt=0, le=1, title="Learning rate", description="How far each step goes. Lower it if the loss jumps."
    )
    batch_size: int = Field(8, ge=1, le=256, title="Batch size", description="Rows in one step.")
    accumulation: int = Field(
        1,
        ge=1,
        le=256,
        title="Gradient accumulation",
        description="In how many parts a step is computed: more parts take less memory and learn the same.",
    )
    packing: bool = Field(
        True,
        title="Packing",
        description="Joins the rows of a step without padding; no row sees another. Quicker, and the same result.",
    )
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
    weight_decay: float = Field(
        0.0, ge=0, le=1, title="Weight decay", description="Pulls weights towards zero; 0.01 to 0.1 for full tuning."
    )
    max_grad_norm: float = Field(
        1.0, gt=0, le=1000, title="Gradient clipping", description="A step longer than this is shortened to it."
    )
    optimizer: Literal["adamw", "adamw-8bit"] = Field(
        "adamw",
        title="Optimizer",
        description="AdamW; in 8 bits its memory of past steps takes a quarter of the room.",
    )
    recompute: bool = Field(
        False,
        title="Gradient checkpointing",
        description="Computes each layer twice instead of keeping it: much less memory, about a third slower.",
    )
    precision: Literal["auto", "float32", "bfloat16"] = Field(
        "auto", title="Precision", description="Auto takes bfloat16 where this machine computes it quickly."
    )
    max_steps: int = Field(
        0, ge=0, le=1_000_000, title="Most steps", description="Ends the run early; 0 means all epochs."
    )
    evaluations: int = Field(
        4, ge=1, le=100, title="Evaluations", description="How often the held-out loss is measured during the run."
    )
    early_stop: int = Field(
        0,
        ge=0,
        le=100,
        title="Early stop",
        description="Ends the run after so many evaluations without a better held-out loss; 0 never does.",
    )
    keep_best: bool = Field(
        True,
        title="Keep the best",
        description="The result is the checkpoint with the lowest held-out loss, not the last one.",
    )
    prompts: list[str] = Field(
        [],
        title="Your own prompts",
        description="One a line: asked at every evaluation, so that you can watch the answers change.",
    )
    isolated: bool = Field(
        False,
        title="In a process of its own",
        description="A crash or a lack of memory then spares this page, and all memory is returned at the end.",
    )
    seed: int = Field(
        42, ge=0, le=2**31 - 1, title="Seed", description="The same seed, data and machine give the same run."
    )

    @field_validator("prompts", mode="before")
    @classmethod
    def _one_a_line(cls, value: object) -> object:
        return [line.strip() for line in value.splitlines() if line.strip()] if isinstance(value, str) else value

    @field_validator("prompts")
    @classmethod
    def _few_and_short(cls, prompts: list[str]) -> list[str]:
        if len(prompts) > MOST_PROMPTS:
            raise ValueError(f"there may be {MOST_PROMPTS} prompts at most")
        if any(len(prompt) > LONGEST_PROMPT for prompt in prompts):
            raise ValueError(f"a prompt may have {LONGEST_PROMPT:,} characters at most")
        return prompts

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.accumulation > self.batch_size:
            raise ValueError(
                f"Gradient accumulation is {self.accumulation} and Batch size {self.batch_size}: a step cannot be "
                "computed in more parts than it has rows. Lower the first or raise the second."
            )
        if self.early_stop >= self.evaluations and self.early_stop:
            raise ValueError(
                f"Early stop waits for {self.early_stop} evaluations without a better loss, and there are only "
                f"{self.evaluations}. Raise Evaluations above it, or lower it."
            )
        return self

    @property
    def has_adapter(self) -> bool:
        """Whether the run trains an adapter, and not every weight."""
        return self.method != "full"

    @property
    def quantization(self) -> Literal["none", "4bit", "8bit"]:
        """How the base model is kept in memory."""
        return {"qlora": "4bit", "lora-8bit": "8bit"}.get(self.method, "none")  # type: ignore[return-value]

"""The settings of each stage."""

from typing import ClassVar, Literal

from pydantic import Field, field_validator

from core.settings.base import Settings

MaskChoice = Literal["tag", "substitute", "hash", "partial", "remove", "keep"]
MOST_WORDINGS = 100
LONGEST_WORDING = 5_000


class SplitSettings(Settings):
    """How rows are divided into train and held-out."""

    stage: ClassVar[str] = "split"

    held_out: float = Field(
        0.15,
        ge=0,
        allow_inf_nan=False,
        title="Held-out rows",
        description="Kept away from training to measure it: a share below 1, or a count of rows.",
    )
    seed: int = Field(42, ge=0, le=2**31 - 1, title="Seed", description="The same seed gives the same split.")
    by: Literal["rows", "category", "label"] = Field(
        "rows",
        title="Hold out",
        description="Single rows, or whole categories or labels to measure kinds that training never saw.",
    )
    names: list[str] = Field(
        [],
        title="Which ones",
        description="Categories or labels to hold out whole, whatever the share; if none is named, drawn up to it.",
    )
    few_shot: int = Field(
        0,
        ge=0,
        title="Few-shot rows",
        description="Set aside as examples for prompts: neither trained on nor held out.",
    )

    @field_validator("held_out")
    @classmethod
    def _share_or_count(cls, value: float) -> float:
        if value >= 1 and value != int(value):
            raise ValueError("a count of rows is a whole number")
        return value


class SearchSettings(Settings):
    """How personal data is searched, and which kinds."""

    stage: ClassVar[str] = "search"

    mode: Literal["fast", "normal", "thorough"] = Field(
        "normal",
        title="Search",
        description="Fast: patterns and cues. Normal: also sentences that may hold a name. Thorough: every sentence.",
    )
    kinds: list[str] = Field(
        [],
        title="Kinds",
        description="The kinds of personal data to search for; none named: the usual ones. Your rules always count.",
    )


class MaskSettings(Settings):
    """What becomes of each kind of personal data; a kind that is not named becomes a tag."""

    stage: ClassVar[str] = "mask"

    choices: dict[str, MaskChoice] = Field(
        default_factory=dict,
        title="Choices",
        description="For each kind: tag, substitute, hash, partial (the last four), remove (the whole row) or keep.",
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


class InstructSettings(Settings):
    """How instructions are put to rows that are only input and output, or text and label."""

    stage: ClassVar[str] = "instruct"

    task: Literal["classify", "extract", "summarise", "translate", "rewrite", "answer", "free"] = Field(
        "classify", title="Task", description="What the answer does with the text; it offers the wordings."
    )
    wordings: list[str] = Field(
        [],
        title="Wordings",
        description="One a line, with {input} for the row's text, and {labels} or {target}; \\n is a line break.",
    )
    target: str = Field(
        "",
        max_length=500,
        title="Target",
        description="What {target} stands for: the language, the tone, or what to extract.",
    )
    held_out_wordings: int = Field(
        2,
        ge=0,
        le=100,
        title="Held-out wordings",
        description="Used by held-out rows only, so that wordings never seen in training are measured.",
    )
    place: Literal["user", "system"] = Field(
        "user", title="Place", description="Where the instruction stands: with the text, or in the system turn."
    )
    list_labels: bool = Field(False, title="List the labels", description="Names all labels in the instruction.")
    seed: int = Field(
        42, ge=0, le=2**31 - 1, title="Seed of the wordings", description="The same seed deals them out the same way."
    )

    @field_validator("wordings")
    @classmethod
    def _few_and_short(cls, wordings: list[str]) -> list[str]:
        if len(wordings) > MOST_WORDINGS:
            raise ValueError(f"there may be {MOST_WORDINGS} wordings at most")
        if any(len(wording) > LONGEST_WORDING for wording in wordings):
            raise ValueError(f"a wording may have {LONGEST_WORDING:,} characters at most")
        return wordings


class MixSettings(Settings):
    """How the rows of several dataset versions are joined."""

    stage: ClassVar[str] = "mix"

    parts: list[str] = Field([], title="Parts", description="The dataset versions that are joined.")
    weights: list[float] = Field(
        [0.9, 0.1], title="Weights", description="The share of each part in the rows to train on."
    )
    merge: bool = Field(
        False, title="Every row once", description="Joins the parts whole; weights and rows are not used."
    )
    rows: int = Field(
        0,
        ge=0,
        title="Rows to train on",
        description="How many the mix has; 0 takes each row of the first part once and the others in proportion.",
    )
    held_out: Literal["keep", "leave out"] = Field(
        "keep",
        title="Held-out rows of the parts",
        description="Kept as held-out in proportion, or left out of the mix. They are never trained on.",
    )
    seed: int = Field(42, ge=0, le=2**31 - 1, title="Seed of the mix", description="The same seed draws the same rows.")

    @field_validator("weights")
    @classmethod
    def _shares(cls, weights: list[float]) -> list[float]:
        if any(weight and not 1e-6 <= weight <= 1e6 for weight in weights):
            raise ValueError("a weight is 0, or a number from 0.000001 to 1,000,000")
        if not any(weights):
            raise ValueError("one at least must be above 0")
        return weights


class SelectSettings(Settings):
    """Which rows to train on are chosen; held-out rows are not touched."""

    stage: ClassVar[str] = "select"

    method: Literal["random", "stratified", "longest", "diverse", "ifd"] = Field(
        "random",
        title="Choose",
        description="By chance, in the shares of the labels, the longest answers, far from each other, or by IFD.",
    )
    rows: int = Field(1000, ge=1, title="Rows to choose", description="How many of the rows to train on are kept.")
    seed: int = Field(
        42, ge=0, le=2**31 - 1, title="Seed of the choice", description="The same seed chooses the same rows."
    )


class IfdSettings(Settings):
    """Which rows get an IFD score: how much harder an answer is without its prompt (Superfiltering, 2402.00530)."""

    stage: ClassVar[str] = "ifd"

    rows: int = Field(
        2000, ge=1, le=1_000_000, title="Rows to score", description="Drawn at random from the rows to train on."
    )
    seed: int = Field(
        42, ge=0, le=2**31 - 1, title="Seed of the scored rows", description="The same seed draws the same rows."
    )

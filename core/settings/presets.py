"""Presets for the Train tab: settings that fit a common wish, each saying what it sets and why."""

from dataclasses import dataclass, field
from typing import Any

from core.settings.limits import Limits
from core.settings.train import TrainSettings


@dataclass(frozen=True)
class Preset:
    """A named wish, the settings that fit it (the others keep their defaults), and why they do."""

    id: str
    title: str
    why: str
    values: dict[str, Any] = field(default_factory=dict)

    def settings(self, limits: Limits) -> dict[str, Any]:
        """Every setting but the model, within the bounds of this place."""
        values = TrainSettings(**self.values).model_dump(exclude={"model"})
        bounds = {"batch_size": limits.batch_size, "max_tokens": limits.max_tokens, "lora_r": limits.lora_r}
        bounds |= {"evaluations": limits.evaluations, "accumulation": limits.batch_size}
        return values | {name: min(values[name], bound) for name, bound in bounds.items()}


PRESETS = (
    Preset(
        "tone",
        "A few examples of our tone",
        "For 10 to 200 answers written as you would. Six rounds, because few rows are seen seldom; a small adapter and "
        "a lower rate, so that it takes on the manner without learning the rows by heart; the best checkpoint is kept.",
        {"epochs": 6, "learning_rate": 5e-4, "batch_size": 4, "lora_r": 8, "lora_alpha": 16, "lora_dropout": 0.05}
        | {"evaluations": 6, "early_stop": 2},
    ),
    Preset(
        "labels",
        "Label messages",
        "For rows whose answer is one of a few labels. Only the label is learned, so rows are short and many fit in a "
        "step; the rate is high, because there is little to learn from each row.",
        {"epochs": 3, "learning_rate": 1e-3, "batch_size": 16, "max_tokens": 256, "lora_r": 8, "lora_alpha": 16},
    ),
    Preset(
        "assistant",
        "General assistant",
        "For thousands of questions and answers of all kinds. Two rounds are enough, a larger step evens out how "
        "different the rows are, and long answers are kept whole up to 1,024 tokens.",
        {"epochs": 2, "learning_rate": 5e-4, "batch_size": 16, "accumulation": 2, "max_tokens": 1024, "evaluations": 6},
    ),
    Preset(
        "long",
        "Long documents",
        "For rows of up to 2,048 tokens. A step is computed in parts and its layers twice, which takes little memory "
        "and a third more time; the rate is low, because each step learns from many tokens.",
        {"epochs": 2, "learning_rate": 3e-4, "batch_size": 4, "accumulation": 4, "max_tokens": 2048, "recompute": True},
    ),
    Preset(
        "text",
        "Go on with a text",
        "For plain text instead of chats: everything is learned, not only answers. One round at a low rate, because "
        "the model should take on the subject and keep what it can.",
        {"goal": "text", "epochs": 1, "learning_rate": 2e-4, "batch_size": 8, "max_tokens": 1024},
    ),
)


def preset(name: str) -> Preset | None:
    """The preset of that id."""
    return next((each for each in PRESETS if each.id == name), None)

"""What each side reads: the chat in its own wording and template, with its own answers and its examples."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from core.compare.loaded import adapter_of
from core.compare.sides import Side
from core.few_shot import Shots, with_fitting
from core.format import prompt_ids, templated, with_template
from core.records import Example, Message
from core.settings import GenerateSettings
from core.workspace import Run

if TYPE_CHECKING:
    from core.generate import Side as Row

Chat = Sequence[Message]
OTHER_TEMPLATE = (
    "The sides read the chat in different templates: the base model in its own, a tuned one in that of its run."
)


@dataclass(frozen=True)
class Turn:
    """One exchange: the prompt and the answers to it, in the order of the sides."""

    prompt: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """What a side is asked: the chat, and the examples that stand in it."""

    chat: list[Message]
    shown: tuple[Example, ...]


def chat_of(turns: Sequence[Turn], prompt: str, side: int) -> list[Message]:
    """The chat so far as this side knows it, with its own answers, and the new prompt at the end."""
    said = [(Message("user", turn.prompt), Message("assistant", turn.answers[side])) for turn in turns]
    return [*(message for pair in said for message in pair), Message("user", prompt)]


@dataclass(frozen=True)
class Reader:
    """A side as it reads chats: in its template, with its model's context, and rows to choose examples from."""

    side: Side
    tokenizer: Any
    model: Any
    shots: Shots | None
    settings: GenerateSettings

    def read(self, chat: Chat) -> "tuple[Asked, Row]":
        """The chat in this side's wording, with as many of its examples as there is room for; and its row of a batch.

        Raises:
            LabError: prompt and answer do not fit into the context, or the template refuses the chat.
        """
        from core.generate import Side as Row
        from core.generate import check_context

        chosen = self.side.settings
        found = self.shots.for_chat(chat, chosen.few_shot) if self.shots else []
        examples = [replace(row, messages=tuple(self._worded(row.messages))) for row in found]
        own = [*self._opening(chat), *self._worded(_without_system(chat))]
        whole = with_fitting(examples, own, self._fits)
        shown = (len(whole) - len(own)) // 2  # each is one prompt and one answer
        row = Row(prompt_ids(self.tokenizer, whole), adapter_of(self.side.weights))
        check_context(self.model, [row], self.settings)
        return Asked(whole, tuple(found[len(found) - shown :])), row

    def _fits(self, chat: list[Message]) -> bool:
        context = getattr(self.model.config.get_text_config(), "max_position_embeddings", None)
        return not context or len(prompt_ids(self.tokenizer, chat)) + self.settings.max_new_tokens <= context

    def _opening(self, chat: Chat) -> list[Message]:
        """The system prompt: the side's own, else that of the chat, else that of the settings, else none."""
        in_chat = [message.content for message in chat[:1] if message.role == "system"]
        texts = (self.side.settings.system, *in_chat, self.settings.system)
        said = next((text for text in texts if text.strip()), "")
        return [Message("system", said)] if said else []

    def _worded(self, chat: Chat) -> list[Message]:
        worded = self.side.settings.worded
        return [Message(said.role, worded(said.content)) if said.role == "user" else said for said in chat]


def run_templates(run: Run, tokenizer: Any) -> tuple[Any, Any]:
    """The tokenizers of base and tuned: tuned in the template that the run was trained with, base in the model's own.

    A base model without one gets that of the run. The run's is read from its folder, so that it stays what it was.
    """
    kept = run.adapter / "chat_template.jinja"
    if kept.exists():
        tuned = templated(tokenizer, kept.read_text(encoding="utf-8"))
    else:
        tuned = with_template(tokenizer, run.recipe.settings)
    base = templated(tokenizer, tokenizer.get_chat_template()) if tokenizer.chat_template else tuned
    return base, tuned


def _without_system(chat: Chat) -> Chat:
    return chat[1:] if chat[:1] and chat[0].role == "system" else chat

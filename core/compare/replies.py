"""The answers of a comparison in the making."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.records import Example

if TYPE_CHECKING:
    from core.generate import Answers


@dataclass(frozen=True)
class Reply:
    """What one side has said so far.

    `adapter` is what the model reports, None for no adapter; `weights` says how many weights of a fully tuned model are
    not the base model's. A reply is `finished` when the model itself ended it, not when it was stopped or cut; `begun`
    is false while the side waits its turn. `seconds` counts from the start of its batch to its last token. `shown` are
    the examples in its prompt.
    """

    text: str = ""
    tokens: int = 0
    seconds: float = 0.0
    finished: bool = False
    begun: bool = False
    adapter: str | None = None
    weights: str = ""
    shown: tuple[Example, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """The replies to one prompt in the order of the sides.

    `seconds` is the time of all; `how` says whether they were answered in one batch, and if not why; `note` says so
    where they read the chat in different templates.
    """

    replies: tuple[Reply, ...]
    seconds: float = 0.0
    how: str = ""
    note: str = ""

    @property
    def tokens(self) -> int:
        """Of all replies together."""
        return sum(reply.tokens for reply in self.replies)

    @property
    def tokens_per_second(self) -> float:
        """Of all replies together."""
        return self.tokens / self.seconds if self.seconds else 0.0


def replies(state: "Answers", weights: Sequence[str], shown: Sequence[tuple[Example, ...]]) -> list[Reply]:
    """A reply for each row of a batch; its adapter is known once the first token has come."""
    rows = zip(state.texts, state.tokens, state.took, state.finished, state.active, weights, shown, strict=True)
    return [
        Reply(text, len(tokens), took, finished, bool(tokens) or finished, adapter, own, examples)
        for text, tokens, took, finished, adapter, own, examples in rows
    ]

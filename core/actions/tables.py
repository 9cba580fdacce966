"""Tables as the page shows them: a page of rows at a time, found by their text, cells shortened."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.errors import SettingProblem
from core.records import Message

PAGE_ROWS = 50


@dataclass(frozen=True)
class TablePage:
    """One page of a table: at most `PAGE_ROWS` rows of texts; `page` counts from 1, `total` counts rows."""

    rows: list[list[str]]
    page: int
    pages: int
    total: int


def page_of(page: Any, total: int, length: int = PAGE_ROWS) -> tuple[int, int, int]:
    """The nearest page there is, how many there are, and the position of its first row; pages have `length` rows.

    Raises:
        SettingProblem: `page`, as it was typed, is no number.
    """
    pages = max(1, -(-total // length))
    try:
        number = min(max(1, int(page or 1)), pages)
    except (TypeError, ValueError, OverflowError) as error:
        raise SettingProblem(f"The page is “{str(page)[:40]}”; it must be a whole number.") from error
    return number, pages, (number - 1) * length


def chat_text(messages: Iterable[Message]) -> str:
    """One turn as it is; several with their roles, each on a line of its own."""
    turns = list(messages)
    return turns[0].content if len(turns) == 1 else "\n".join(f"{turn.role}: {turn.content}" for turn in turns)


def shortened(text: str, length: int) -> str:
    """At most `length` characters, with an ellipsis where some are missing."""
    return text if len(text) <= length else text[:length] + "…"

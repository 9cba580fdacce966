"""The Compare tab: the sides (`controls`), a chat with all of them (`chat`), blind votes and prompt sets."""

from ui.compare.tab import build

__all__ = ["build"]

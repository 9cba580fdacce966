"""The Train tab, a file for each part of it; `tab` puts them together."""

from ui.train.tab import build

__all__ = ["build"]

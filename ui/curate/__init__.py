"""The Curate tab, a file for each part of it; `tab` puts them together."""

from ui.curate.tab import build

__all__ = ["build"]

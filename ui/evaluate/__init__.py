"""The Evaluate tab."""

from ui.evaluate.tab import build

__all__ = ["build"]

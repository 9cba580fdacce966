"""A user's own rules: patterns, word lists, what is never and what is always found, plugged-in recognisers."""

from core.privacy.own.edit import with_value
from core.privacy.own.parse import parse
from core.privacy.own.rules import OwnRules

__all__ = ["OwnRules", "parse", "with_value"]

"""A user's own rules: patterns, word lists, what is never and what is always found, plugged-in recognisers."""

from core.privacy.own.edit import with_value
from core.privacy.own.parse import parse
from core.privacy.own.rules import OwnRules, is_own

__all__ = ["OwnRules", "is_own", "parse", "with_value"]

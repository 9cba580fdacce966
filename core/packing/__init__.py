"""Rows of ids and labels through a model without padding: joined into one line in which each row only sees itself.

Attention runs for each row over that row alone, so nothing can leak between rows, no mask is built, and the cost is
that of the rows and not of the longest one. What several rows of a batch begin with, such as a system prompt, is
computed once. The vocabulary projection is computed only where there is a label.

Imports torch: import this module inside functions.
"""

from core.packing.batch import IGNORED, Batch, Row, packed, padded
from core.packing.losses import can_pack, logits, losses

__all__ = ["IGNORED", "Batch", "Row", "can_pack", "logits", "losses", "packed", "padded"]

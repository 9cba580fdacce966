"""Personal data of a whole dataset: `scan` finds it, `mask` replaces it by the user's choices and checks the result."""

from core.mask.apply import Masked, MaskReport, mask
from core.mask.findings import Findings, RowFindings
from core.mask.plan import MaskedRow, Plan, checked_choices
from core.mask.scan import scan

__all__ = ["Findings", "MaskReport", "Masked", "MaskedRow", "Plan", "RowFindings", "checked_choices", "mask", "scan"]

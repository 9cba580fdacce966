"""Personal data of a whole dataset: `scan` finds, a person reviews, `mask` replaces, `verify` reads the result."""

from core.mask.findings import ELSEWHERE, PLACES, Findings
from core.mask.placed import value_hash
from core.mask.scan import scan
from core.mask.texts import texts

__all__ = ["ELSEWHERE", "PLACES", "Findings", "scan", "texts", "value_hash"]

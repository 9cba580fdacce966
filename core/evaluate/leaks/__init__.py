"""Memorising and leaking: does the tuned model say what it was trained on, and what it must not say?

Four looks: training answers said word for word from their first half (`memorised`); canaries and masked values
(`values`) in its answers, and how likely they became (`asked`, `exposure`, judged in `planted`); training rows that
became likelier than held-out ones (`membership`). The worst light counts, and nothing is clean while a canary could not
be looked for (`measure`); no value is printed (`hiding`). Free of torch until measured.
"""

from core.evaluate.leaks.hiding import hidden
from core.evaluate.leaks.measure import Leaks, measure_leaks
from core.evaluate.leaks.values import CANARY, Values

__all__ = ["CANARY", "Leaks", "Values", "hidden", "measure_leaks"]

"""Invented values in the place of real ones. One person is one substitute, in a dataset and over those of a project.

Only values that can belong to nobody are made, as far as there are such: numbers, addresses and hosts set aside for
examples and films, and numbers whose checksum does not hold. Each file names its sources. There are no substitutes for
secrets, for user and password in a URL, and for ages, of which there are too few.
"""

from core.privacy.substitutes.ledger import Ledger
from core.privacy.substitutes.substitutes import SUBSTITUTED, Substitutes

__all__ = ["SUBSTITUTED", "Ledger", "Substitutes"]

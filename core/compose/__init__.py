"""Datasets made of others: instructions put to plain rows (`instruct`), several datasets joined (`mix`)."""

from core.compose.instruct import Instructed, Wording, instruct
from core.compose.mix import Mixed, Part, Taken, mix
from core.compose.wordings import WORDINGS

__all__ = ["WORDINGS", "Instructed", "Mixed", "Part", "Taken", "Wording", "instruct", "mix"]

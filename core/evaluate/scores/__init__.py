"""Held-out scores: the base model, the base model with examples in its prompt, and the tuned model on the same rows."""

from core.evaluate.scores.figure import Figure
from core.evaluate.scores.labels import Confusion
from core.evaluate.scores.scoring import ScoredRow, Scores, measure_scores, scored

__all__ = ["Confusion", "Figure", "ScoredRow", "Scores", "measure_scores", "scored"]

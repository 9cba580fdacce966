"""Whether a tuned model is better than its base model: scores, forgetting, confidence, leaks, and a verdict."""

from core.evaluate.result import Light, Section, Stopped, Watch

__all__ = ["Light", "Section", "Stopped", "Watch"]

"""The name finder's model: texts to labelled places (given name, surname, street, city …)."""

from core.privacy.tagger.tagger import LABELS, Tagger, load

__all__ = ["LABELS", "Tagger", "load"]

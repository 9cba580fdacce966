"""Personal data in an answer that the model was not told, neither by its prompt nor by examples or a system prompt."""

from collections import Counter
from collections.abc import Iterable

from core.actions.lab import Lab
from core.actions.mask import search
from core.actions.mask.words import joined, named
from core.mask.traces import Traces, readings
from core.privacy.detector import Detector
from core.workspace import Workspace


class Untold:
    """Reads answers with the detector and the user's own rules; names in sentences if the name finder is on the disk.

    `note` says why not where they are not read.
    """

    def __init__(self, lab: Lab, workspace: Workspace) -> None:
        tagger, self.note = lab.names.at_hand()
        self._reader = Detector("normal" if tagger else "fast", tagger=tagger, own=search.usable_rules(workspace))

    def found(self, answer: str, told: Iterable[str]) -> str:
        """What an answer holds that stands in nothing that was told, as a sentence of counts; empty if nothing."""
        values = {(span.kind, answer[span.start : span.end]) for span in self._reader.find(answer)}
        if not values:
            return ""
        read = [reading for text in told for reading in readings(text)]
        new = Counter(
            kind for kind, value in values if not any(Traces([(kind, value)], shortest=1).find(one) for one in read)
        )
        if not new:
            return ""
        verb = "is" if new.total() == 1 else "are"
        return f"Contains {joined([named(kind, new[kind]) for kind in sorted(new)])} that {verb} not in the prompt."

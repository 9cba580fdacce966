"""What masking will do: the choice for each kind, and the text that each row becomes. Preview and writing share it."""

import dataclasses
from dataclasses import dataclass, field

from core.errors import SettingProblem
from core.mask.findings import Findings, RowFindings
from core.mask.scan import texts
from core.privacy import KINDS, SUBSTITUTED, Replaced, Span, Substitutes, Tags, replace
from core.records import Dataset, Example
from core.settings import MaskSettings


@dataclass(frozen=True)
class MaskedRow:
    """A row after masking: its texts, and the spans and values (kind, original) that were replaced in each message."""

    texts: tuple[Replaced, ...] = field(repr=False)
    spans: dict[int, list[Span]]
    values: frozenset[tuple[str, str]] = field(repr=False)

    def example(self, original: Example) -> Example:
        """`original` with the new texts. A label that was the answer follows the answer."""
        masked = original.with_texts(replaced.text for replaced in self.texts)
        if original.label is not None and original.label == original.answer:
            masked = dataclasses.replace(masked, label=masked.answer)
        return masked


class Plan:
    """The choices of one masking, and substitutes for every value in the dataset."""

    def __init__(self, dataset: Dataset, findings: Findings, settings: MaskSettings, key: bytes) -> None:
        self.choices = checked_choices(settings)
        self._kept = frozenset(kind for kind, choice in self.choices.items() if choice == "keep")
        self._substitutes = Substitutes(key, self._values(dataset, findings))

    def row(self, found: RowFindings, example: Example) -> MaskedRow:
        """What becomes of a row."""
        contents = texts(example)
        spans = found.resolved(without=self._kept)
        tags, values = Tags(contents), set()

        def replacement(span: Span, value: str) -> str:
            values.add((span.kind, value))
            if self.choices[span.kind] == "substitute":
                return self._substitutes.substitute(span.kind, value)
            return tags.tag(span.kind, value)

        replaced = tuple(replace(text, spans.get(at, ()), replacement) for at, text in enumerate(contents))
        return MaskedRow(replaced, spans, frozenset(values))

    def _values(self, dataset: Dataset, findings: Findings) -> set[tuple[str, str]]:
        """Every value that is masked or kept: a substitute must be none of them."""
        values: set[tuple[str, str]] = set()
        for found, example in findings.examples(dataset):
            contents = texts(example)
            for spans in (found.resolved(), found.resolved(without=self._kept)):
                values |= {(s.kind, contents[at][s.start : s.end]) for at, some in spans.items() for s in some}
        return values


def checked_choices(settings: MaskSettings) -> dict[str, str]:
    """The choice for every kind; tag where none is made.

    Raises:
        SettingProblem: an unknown kind, or a substitute for a kind that has none.
    """
    for kind, choice in settings.choices.items():
        if kind not in KINDS:
            raise SettingProblem(f"There is no kind of personal data called “{kind[:40]}”. Kinds: {', '.join(KINDS)}.")
        if choice == "substitute" and kind not in SUBSTITUTED:
            raise SettingProblem(f"A substitute for {kind} cannot be invented. Choose tag or keep.")
    return {kind: settings.choices.get(kind, "tag") for kind in KINDS}

"""A look at rows that nobody has searched, by patterns alone: enough to say whether they should be."""

from collections import Counter
from dataclasses import dataclass

from core.actions.mask import search
from core.actions.mask.words import counts
from core.mask import texts
from core.privacy.detector import Detector
from core.records import Dataset
from core.words import counted
from core.workspace import Workspace

MOST_ROWS_READ = 20_000  # some 10 seconds
CHUNK = 256


@dataclass(frozen=True)
class QuickLook:
    """What a fast search found in rows that nobody had searched: places by kind, and rows."""

    rows: int
    rows_read: int
    rows_found: int
    kinds: dict[str, int]

    @property
    def sentence(self) -> str:
        """The result in words."""
        part = (
            f", the first {self.rows_read:,}"
            if self.rows_read < self.rows
            else ", all of them"
            if self.rows > 1
            else ""
        )
        which = f"{counted(self.rows, 'row')}{part}"
        if not self.kinds:
            return f"A fast search now ({which}) found nothing; it does not find most names."
        return (
            f"A fast search now ({which}) found personal data in {counted(self.rows_found, 'row')} "
            f"({counts(self.kinds)}); it does not find most names."
        )


def quick_look(workspace: Workspace, dataset: Dataset, most_rows: int = MOST_ROWS_READ) -> QuickLook:
    """Search the first `most_rows` rows by patterns and cues alone; nothing is kept."""
    reader = Detector("fast", own=search.usable_rules(workspace))
    kinds: Counter[str] = Counter()
    found = read = 0
    for first in range(0, min(len(dataset), most_rows), CHUNK):
        rows = dataset.slice(first, min(CHUNK, most_rows - first))
        for spans in reader.find_rows([texts(row) for row in rows]):
            some = Counter(span.kind for text in spans for span in text)
            kinds += some
            found += bool(some)
        read += len(rows)
    return QuickLook(len(dataset), read, found, dict(sorted(kinds.items())))

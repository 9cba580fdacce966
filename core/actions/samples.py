"""The sample files that come with the program."""

import re
from dataclasses import dataclass
from pathlib import Path

from core.errors import NotFound

SAMPLES = Path(__file__).parents[2] / "sample_data"
SAMPLE_LINE = re.compile(r"\| `(?P<name>[^`/]+)` \| (?P<rows>[\d,]+) \| (?P<shape>[^|]*) \| (?P<text>[^|]*) \|")


@dataclass(frozen=True)
class Sample:
    """A file that comes with the program, and a sentence on what it shows."""

    name: str
    description: str


def samples() -> list[Sample]:
    """The sample files that are there, with the first sentence of their line in the samples' README."""
    lines = SAMPLE_LINE.finditer((SAMPLES / "README.md").read_text(encoding="utf-8"))
    found = [
        Sample(line["name"], f"{line['rows']} rows · {line['text'].split('. ')[0].rstrip('.')}.")
        for line in lines
        if (SAMPLES / line["name"]).is_file()
    ]
    return sorted(found, key=lambda sample: sample.name)


def sample_path(name: str) -> Path:
    """Where a sample lies. Raises `NotFound` for any name that is not one of `samples()`."""
    known = [sample.name for sample in samples()]
    if name not in known:
        raise NotFound(f"There is no sample “{str(name)[:60]}”. Samples: {', '.join(known)}.")
    return SAMPLES / name

"""How well and how fast personal data is found, also by Presidio: F1 where a file has labels, flagged rows where not.

    python tests/benchmarks/privacy.py [FILE …] [--chats] [--mode fast normal] [--against presidio] [--json] [--save]

FILE is .json (a list), .jsonl or .csv. Labelled rows are `{"text", "spans": [[start, end, KIND]]}` or those of
presidio-research, `{"full_text", "spans": [{"entity_type", "start_position", "end_position"}]}`; all others are
measured by the share of rows in which anything is found. `--chats` is the own chat set (private_chats.py); it is
measured too if there is no FILE.

A marked place is found if one of the same kind shares a character with it. In a labelled file the detector is asked for
the kinds that the file labels. Of presidio-research's types nine count (person, e-mail, phone, card, SSN, IBAN, IP, URL
or domain, street address); the others, as any kind that is not in core/privacy/kinds.py, are left out on both sides: a
found place that overlaps only such a label is neither right nor wrong. `documents_clean` is the share of rows with
labels of which no letter or digit is outside what was found, of whatever kind; `documents_all_found` asks for an
overlap with the right kind only; `nine_kinds` scores those nine alone, which Presidio finds too.

Speed is of CPU seconds on one core. `peak_mb` is the most memory of the process so far, with what was loaded before.
Presidio reads every text as English. Its LOCATION counts as an address where one is marked, and is left out elsewhere.
`--show` prints the places that were missed, wrong or flagged, so use it only on public data.
"""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import presidio_runner
import private_chats
import report
from privacy_files import KIND_OF, Row, as_row, load
from privacy_scores import judged, scores

from core.models import rampart
from core.privacy.detector import MODES, Detector
from core.privacy.kinds import KINDS, SEARCHED
from core.privacy.spans import Span, resolve
from core.privacy.tagger import load as load_tagger
from core.workspace import default_home

CHUNK = 256  # rows that the app reads together
PRESIDIO_KINDS = {
    **KIND_OF,
    "LOCATION": "ADDRESS",
    "US_PASSPORT": "PASSPORT",
    "UK_PASSPORT": "PASSPORT",
    "US_DRIVER_LICENSE": "LICENSE",
    "US_BANK_NUMBER": "BANK",
    "US_ITIN": "NATIONAL_ID",
    "UK_NHS": "NATIONAL_ID",
    "UK_NINO": "NATIONAL_ID",
}
Rows = Sequence[Row]
Found = list[list[list[Span]]]  # of each row and text
Finder = Callable[[Rows, frozenset[str]], tuple[Found, dict[str, Any]]]


def measure(name: str, rows: Rows, finder: Finder, show: int = 0) -> dict[str, Any]:
    """The figures of one file by one finder."""
    labelled = bool(rows) and all(row.labels is not None for row in rows)
    kinds = frozenset(label.kind for row in rows for label in row.labels or ()) & frozenset(KINDS)
    found, took = finder(rows, kinds if labelled else SEARCHED)
    seconds = max(took["cpu_seconds"], 1e-9)
    figures = {
        "file": name,
        "rows": len(rows),
        "rows_flagged": round(sum(map(any, found)) / max(len(rows), 1), 4),
        "places": dict(Counter(span.kind for texts in found for spans in texts for span in spans).most_common()),
        "rows_per_cpu_second": round(len(rows) / seconds, 1),
        "characters_per_cpu_second": round(sum(len(text) for row in rows for text in row.texts) / seconds),
        "peak_mb": took["peak_mb"],
    }
    for line in list(_shown(rows, found, labelled))[:show]:
        print(line, file=sys.stderr)
    if not labelled:
        return figures
    return figures | scores(rows, [judged(row, texts[0]) for row, texts in zip(rows, found, strict=True)])


def _shown(rows: Rows, found: Found, labelled: bool) -> Iterator[str]:
    for one_row, texts in zip(rows, found, strict=True):
        if labelled:
            one = judged(one_row, texts[0])
            yield from (_line("missed", label.kind, label.slot, one_row.texts[0], label) for label in one.missed)
            yield from (_line("wrong", span.kind, span.reason, one_row.texts[0], span) for span in one.wrong)
        else:
            for text, spans in zip(one_row.texts, texts, strict=True):
                yield from (_line("found", span.kind, span.reason, text, span) for span in spans)


def _line(what: str, kind: str, reason: str, text: str, place: Any) -> str:
    around = f"{text[max(0, place.start - 40) : place.start]}⟦{text[place.start : place.end]}⟧{text[place.end :][:20]}"
    return f"{what} {kind} ({reason}): {around!r}"


def detector_finder(mode: Any) -> Finder:
    """The app's detector in that mode, with the tagger unless the mode is fast, on one thread."""
    tagger = None
    if mode != "fast":
        models = Path(os.environ.get("TUNEBENCH_MODELS") or default_home() / "models")
        tagger = load_tagger(rampart.fetch(models, lambda progress: None), threads=1)

    def find(rows: Rows, kinds: frozenset[str]) -> tuple[Found, dict[str, Any]]:
        detector = Detector(mode=mode, kinds=kinds, tagger=tagger)
        detector.find("Warm up: Anna Example, 1 Example Road.")
        started = time.process_time()
        found = [
            [resolve(spans) for spans in texts]
            for first in range(0, len(rows), CHUNK)
            for texts in detector.find_rows([row.texts for row in rows[first : first + CHUNK]])
        ]
        return found, {"cpu_seconds": time.process_time() - started, "peak_mb": report.peak_mb()}

    return find


def presidio_finder(python: Path, model: str) -> Finder:
    """Presidio with that spaCy model; of its places, those of kinds that are asked for."""

    def find(rows: Rows, kinds: frozenset[str]) -> tuple[Found, dict[str, Any]]:
        places, took = presidio_runner.run([text for row in rows for text in row.texts], python, model)
        read = iter(places)
        return [[_spans(row, next(read), kinds) for _ in row.texts] for row in rows], took

    return find


def _spans(row: Row, places: Sequence[Any], kinds: frozenset[str]) -> list[Span]:
    spans = []
    for start, end, name, score in presidio_runner.best_first(places):
        span = Span(start, end, PRESIDIO_KINDS.get(name, name), score, name)
        marked = any(label.kind == "ADDRESS" and label.start < end and start < label.end for label in row.labels or ())
        if span.kind in kinds and (name != "LOCATION" or marked):
            spans.append(span)
    return spans


def finders(options: argparse.Namespace) -> dict[str, Finder]:
    """Whom to measure, by name."""
    made = {mode: detector_finder(mode) for mode in options.mode}
    if options.against:
        python = options.presidio_python or presidio_runner.environment()
        made |= {f"presidio {model}": presidio_finder(python, model) for model in options.spacy}
    return made


def main() -> None:
    """Measure the files named on the command line."""
    parser = report.parser(__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--chats", action="store_true", help="also measure the own chat set")
    parser.add_argument("--mode", nargs="+", choices=MODES, default=["normal"])
    parser.add_argument("--against", choices=["presidio"])
    parser.add_argument(
        "--spacy", nargs="+", choices=sorted(presidio_runner.MODELS), default=["md"], help="for Presidio"
    )
    parser.add_argument("--presidio-python", type=Path, help="the Python of an environment that has Presidio already")
    parser.add_argument("--most", type=int, metavar="N", help="only the first N rows of each file")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print this many misses and wrong places")
    options = parser.parse_args()
    files = {path.name: load(path, options.most) for path in options.files}
    if options.chats or not files:
        files["private_chats"] = [as_row(record) for record in private_chats.rows()][: options.most]
    figures = {
        finder: [measure(name, rows, find, options.show) for name, rows in files.items()]
        for finder, find in finders(options).items()
    }
    report.publish("privacy", figures, options)


if __name__ == "__main__":
    main()

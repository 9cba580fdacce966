"""How well personal data is found: recall and precision where a file has marked spans, flagged rows where it has none.

    python tests/benchmarks/privacy.py [FILE …] [--show N] [--json] [--save]

A `.json` file of records with `full_text` and `spans` (presidio-research) is measured span by span: a marked span of a
kind we know is found if a span of the same kind overlaps it. Any other list of records is measured by the share of
records in which anything is found. `--show` prints the places, so use it only on public data.
"""

import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import report

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core.privacy import find

KIND_OF = {
    "EMAIL_ADDRESS": "EMAIL",
    "PHONE_NUMBER": "PHONE",
    "CREDIT_CARD": "CARD",
    "IBAN_CODE": "IBAN",
    "IP_ADDRESS": "IP",
}


def measure(path: Path, show: int = 0) -> dict[str, Any]:
    """The figures of one file."""
    records = _records(path)
    marked = bool(records) and "full_text" in records[0]
    texts = [_text(record) for record in records]
    started = time.process_time()
    found = [find(text) for text in texts]
    seconds = time.process_time() - started
    figures: dict[str, Any] = {
        "file": path.name,
        "rows": len(records),
        "characters_per_cpu_second": round(sum(map(len, texts)) / max(seconds, 1e-9)),
        "rows_per_cpu_second": round(len(records) / max(seconds, 1e-9)),
        "rows_flagged": round(sum(map(bool, found)) / max(len(records), 1), 4),
        "spans": dict(Counter(span.kind for spans in found for span in spans)),
    }
    if marked:
        figures |= _scores(records, found, show)
    else:
        _show(texts, found, show)
    return figures


def _records(path: Path) -> list[dict[str, Any]]:
    text = path.read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line] if path.suffix == ".jsonl" else json.loads(text)


def _text(record: dict[str, Any]) -> str:
    return record.get("full_text") or "\n".join(str(value) for value in record.values() if value)


def _scores(records: list[dict[str, Any]], found: list[Any], show: int) -> dict[str, Any]:
    marked, hit, right, all_found = Counter(), Counter(), Counter(), Counter()
    for record, spans in zip(records, found, strict=True):
        expected = [
            (KIND_OF[span["entity_type"]], span["start_position"], span["end_position"])
            for span in record["spans"]
            if span["entity_type"] in KIND_OF
        ]
        for kind, start, end in expected:
            marked[kind] += 1
            ok = any(span.kind == kind and span.start < end and start < span.end for span in spans)
            hit[kind] += ok
            if not ok and show > 0:
                show -= 1
                print("missed", kind, repr(record["full_text"][max(0, start - 30) : end + 10]), file=sys.stderr)
        for span in spans:
            all_found[span.kind] += 1
            ok = any(kind == span.kind and span.start < end and start < span.end for kind, start, end in expected)
            right[span.kind] += ok
            if not ok and show > 0:
                show -= 1
                print("wrong", span, repr(record["full_text"][span.start : span.end]), file=sys.stderr)
    kinds = sorted(set(marked) | set(all_found))
    return {
        "recall": {kind: round(hit[kind] / marked[kind], 3) for kind in kinds if marked[kind]},
        "precision": {kind: round(right[kind] / all_found[kind], 3) for kind in kinds if all_found[kind]},
        "marked": dict(marked),
    }


def _show(texts: list[str], found: list[Any], show: int) -> None:
    pairs = [(text, span) for text, spans in zip(texts, found, strict=True) for span in spans]
    for text, span in pairs[:show]:
        print(span.kind, span.reason, repr(text[max(0, span.start - 30) : span.end + 10]), file=sys.stderr)


def main() -> None:
    """Measure the files named on the command line."""
    parser = report.parser(__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--show", type=int, default=0, help="print this many misses and wrong or flagged places")
    options = parser.parse_args()
    report.publish("privacy", [measure(path, options.show) for path in options.files], options)


if __name__ == "__main__":
    main()

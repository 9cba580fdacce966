"""How well files are understood: the shape and columns guessed, how sure, what was asked, and the rows read a second.

    python tests/benchmarks/shapes.py FILE … [--truth FILE] [--json] [--save]

The truth is a JSON object of file names, each with the right `shape` and `fields` (field name to column name, or a list
of columns of which any will do); without it, that of `tests/data/real_files.json`. A file that is not named there is
shown and not counted. A guess is right if its examples would be the right ones: shapes that only differ in what they
call a prompt and an answer count as the same, and it does not matter whether a category or group was found as well.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import report

sys.path.insert(0, str(report.ROOT))

import pyarrow as pa

from core.errors import LabError
from core.ingest import File, Mapping, ingest, preview

PROMPT = dict.fromkeys(("prompt", "instruction", "question"), "prompt")
GIVEN = dict.fromkeys(("input", "context"), "given")
ANSWER = dict.fromkeys(("completion", "output", "response", "answer"), "answer")
PAIRS = ("alpaca", "dolly", "prompt_completion", "question_answer")


def measure(path: Path, truth: dict[str, Any]) -> dict[str, Any]:
    """The figures of one file."""
    started = time.process_time()
    try:
        found = preview([File(path, path.name)])
    except LabError as error:
        return {"file": path.name, "refused": str(error), **({"right": False} if path.name in truth else {})}
    looked = time.process_time() - started
    best = found.candidates[0]
    figures = {
        "file": path.name,
        "shape": best.mapping.shape,
        "columns": best.mapping.columns,
        "confidence": round(best.confidence, 2),
        "questions": found.questions,
        "seconds_to_guess": round(looked, 3),
        **_read(path),
    }
    if path.name in truth:
        figures["right"] = is_right(best.mapping, truth[path.name])
    return figures


def is_right(mapping: Mapping, truth: dict[str, Any]) -> bool:
    """Whether a mapping makes the examples that the right one would make."""
    guessed, right = _essence(mapping.shape, mapping.columns), _essence(truth["shape"], truth["fields"])
    names = guessed.keys() | right.keys()
    beside = {"category", "group"} - right.keys()
    return all(guessed.get(name) in _allowed(right.get(name)) for name in names - beside)


def _essence(shape: str, fields: dict[str, Any]) -> dict[str, Any]:
    if shape not in PAIRS:
        return {"shape": shape, **fields}
    return {"shape": "pair", **{(PROMPT | GIVEN | ANSWER).get(name, name): column for name, column in fields.items()}}


def _allowed(right: Any) -> list[Any]:
    return right if isinstance(right, list) else [right]


def _read(path: Path) -> dict[str, Any]:
    """Rows and problems of the whole file, and CPU seconds from the file to tables in memory."""
    tables: list[pa.Table] = []
    started = time.process_time()
    try:
        found = ingest([File(path, path.name)], add=tables.append)
    except LabError as error:
        return {"refused": str(error)}
    seconds = max(time.process_time() - started, 1e-6)
    rows = found.rows + len(found.problems)
    return {"rows": found.rows, "problems": len(found.problems), "rows_per_cpu_second": round(rows / seconds)}


def main() -> None:
    """Measure the files named on the command line."""
    parser = report.parser(__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="files of any accepted shape")
    parser.add_argument("--truth", type=Path, default=report.ROOT / "tests/data/real_files.json", metavar="FILE")
    options = parser.parse_args()
    truth = json.loads(options.truth.read_text(encoding="utf-8"))
    files = [measure(path, truth) for path in options.files]
    known = [figures["right"] for figures in files if "right" in figures]
    summary = {"files": len(files), "known": len(known), "right": sum(known)}
    report.publish("shapes", {"summary": summary, "files": files}, options)


if __name__ == "__main__":
    main()

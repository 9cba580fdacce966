"""How fast a large file is read: first rows, the whole file into a saved version, memory, and how soon Stop stops.

    python tests/benchmarks/reading.py [--megabytes 1000] [--compare-megabytes 250] [--json] [--save]

The file is generated JSONL of Alpaca-like rows of invented words (`made_rows.py`). Each part runs in a process of its
own, so that its peak memory is its own: `preview` (the first rows), `load` (read, converted, hashed, written as
Parquet: all that the button does before the scan), `stop` (asked for after two seconds). Beside it, on a smaller file,
`load` and `datasets.load_dataset("json")`, which reads and writes Arrow, but converts nothing.
"""

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import report

sys.path.insert(0, str(report.ROOT))

MEGABYTE = 1_000_000
FULL, SMALLER = 1000, 250
STOP_AFTER = 2.0


def main() -> None:
    """Measure, or do one part of it in this process."""
    parser = report.parser(__doc__)
    parser.add_argument("--megabytes", type=int, default=FULL)
    parser.add_argument("--compare-megabytes", type=int, default=SMALLER)
    parser.add_argument("--part", choices=list(PARTS), help="do only this with --file, and print its figures")
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    if options.part:
        print(json.dumps(PARTS[options.part](options.file)))
        return
    report.publish("reading", measure(options.megabytes, options.compare_megabytes), options)


def measure(megabytes: int, smaller: int) -> dict[str, Any]:
    """The figures of both files."""
    with tempfile.TemporaryDirectory() as folder:
        large = Path(folder) / "large.jsonl"
        rows = generate(large, megabytes)
        figures: dict[str, Any] = {"megabytes": megabytes, "rows": rows}
        figures |= {part: alone(part, large) for part in ("preview", "load", "stop")}
        large.unlink()
        small = Path(folder) / "small.jsonl"
        compared = {"megabytes": smaller, "rows": generate(small, smaller)}
        compared |= {part: alone(part, small) for part in ("load", "datasets")}
        return {**figures, "compared": compared}


def generate(path: Path, megabytes: int) -> int:
    """Write a file of about so many megabytes; how many rows it has."""
    import made_rows
    import orjson

    rows = 0
    with path.open("wb") as file:
        for table in made_rows.tables(100 * made_rows.ROWS_AT_ONCE):
            for messages in table["messages"].to_pylist():
                prompt, answer = (message["content"] for message in messages)
                line = {"instruction": prompt, "input": "", "output": answer}
                file.write(orjson.dumps(line) + b"\n")
                rows += 1
            if file.tell() > megabytes * MEGABYTE:
                break
    return rows


def alone(part: str, path: Path) -> dict[str, Any]:
    """One part in a process of its own: its seconds of wall and CPU, and its peak memory in megabytes."""
    command = [sys.executable, __file__, "--part", part, "--file", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def timed(work: Callable[[], Any]) -> dict[str, Any]:
    """Seconds of `work`, and the peak memory of this process after it."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {
        "wall_s": round(time.perf_counter() - wall, 3),
        "cpu_s": round(time.process_time() - cpu, 3),
        "peak_mb": report.peak_mb(),
    }


def preview_part(path: Path) -> dict[str, Any]:
    """The first rows."""
    from core.ingest import File, preview

    return timed(lambda: preview([File(path, path.name)]))


def load_part(path: Path) -> dict[str, Any]:
    """The whole file into a saved version."""
    from core.actions.curate.source import load_files
    from core.settings import HOME
    from core.workspace import Workspace

    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        workspace = Workspace(Path(folder))
        return timed(lambda: load_files(workspace, HOME, str(path), path.parent))


def stop_part(path: Path) -> dict[str, Any]:
    """Seconds from asking for the end to the end."""
    from core.actions.background import Watch
    from core.actions.curate.source import load_files
    from core.ingest import Stopped
    from core.settings import HOME
    from core.workspace import Workspace

    stop = threading.Event()
    threading.Timer(STOP_AFTER, stop.set).start()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        workspace = Workspace(Path(folder))
        try:
            load_files(workspace, HOME, str(path), path.parent, watch=Watch(stopped=stop.is_set))
        except Stopped:
            ended = time.perf_counter() - began - STOP_AFTER
            return {"seconds_after_asking": round(ended, 3), "versions_left": len(workspace.versions.all())}
    return {"seconds_after_asking": None, "note": "the file was read before"}


def datasets_part(path: Path) -> dict[str, Any]:
    """The same file by `datasets`, with a cache of its own."""
    from datasets import load_dataset

    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        return timed(lambda: load_dataset("json", data_files=str(path), split="train", cache_dir=folder))


PARTS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "preview": preview_part,
    "load": load_part,
    "stop": stop_part,
    "datasets": datasets_part,
}

if __name__ == "__main__":
    main()

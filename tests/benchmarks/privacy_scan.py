"""How long the search of a large dataset takes, as the Mask tab does it: rows a second, wall and CPU time, memory.

    python tests/benchmarks/privacy_scan.py FILE [--rows 52000] [--mode normal] [--json] [--save]

The rows of the file are repeated up to `--rows`; no row is skipped because it was read before. Then a masked version is
written and verified. Needs the name finder's weights, which the first search fetches.
"""

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import report

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import pyarrow as pa

from core.actions import Lab
from core.actions.background import Watch
from core.actions.curate import source
from core.actions.mask import search, write
from core.records import Dataset
from core.settings import HOME, MaskSettings, SearchSettings


def measure(path: Path, rows: int, mode: str) -> dict[str, Any]:
    """The figures of one search and one masking."""
    with tempfile.TemporaryDirectory() as home:
        lab = Lab(Path(home), HOME)
        workspace = lab.workspace("")
        lab.names.load()  # the weights are not part of the time
        given = workspace.versions.load(source.load_files(workspace, HOME, str(path), path.parent).version_id)
        version = workspace.versions.save("many", repeated(given, rows), "ingest").id
        settings = SearchSettings(mode=mode)
        found, wall, cpu = timed(lambda: search.search(lab, workspace, version, settings, Watch()))
        saved, writing, _ = timed(lambda: write.save_masked(lab, workspace, version, MaskSettings()))
        return {
            "file": path.name,
            "rows": rows,
            "mode": mode,
            "found": found.sentence,
            "seconds": round(wall, 1),
            "cpu_seconds": round(cpu, 1),
            "rows_per_second": round(rows / wall),
            "mask_and_verify_seconds": round(writing, 1),
            "clean": saved.is_clean,
            "peak_mb": report.peak_mb(),
        }


def repeated(dataset: Dataset, rows: int) -> Dataset:
    """The rows over and over, each with an id of its own."""
    table = pa.concat_tables([dataset.table] * -(-rows // len(dataset))).slice(0, rows)
    ids = pa.array([f"r{number}" for number in range(rows)])
    return Dataset(table.set_column(table.schema.get_field_index("id"), "id", ids))


def timed(work: Any) -> tuple[Any, float, float]:
    """What the work gives, and its wall and CPU seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    return work(), time.perf_counter() - wall, time.process_time() - cpu


def main() -> None:
    """Measure the file named on the command line."""
    parser = report.parser(__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, default=52_000)
    parser.add_argument("--mode", default="normal")
    options = parser.parse_args()
    report.publish("privacy_scan", measure(options.file.resolve(), options.rows, options.mode), options)


if __name__ == "__main__":
    main()

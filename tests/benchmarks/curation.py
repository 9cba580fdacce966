"""How well and how fast a dataset is curated: shapes, problems, near duplicates, leaks; and side by side with others.

    python tests/benchmarks/curation.py [FILE …] [--rows N] [--benchmark FILE] [--pairs N] [--repeats N] [--scan-only]

Every FILE of an accepted shape is read and scanned: its shape and how sure that is, problems by check, the pairs of
near duplicates (row numbers and Jaccard, the most similar first, at most `--pairs`), and CPU seconds. Then, in the same
process and alternated `--repeats` times (medians and all values are given):

- near duplicates with datasketch (the same shingles, 128 permutations) and semhash (skipped if it wants a download),
  all held against an exact join of all pairs; of files of more than 20,000 rows the first 20,000;
- the reading by `datasets.load_dataset`;
- leaks: prompts of `--benchmark`, a file of any accepted shape, put into rows of FILE verbatim, in a template, in other
  case and with one word in twenty changed: recall of each and precision at the default threshold. Without the option
  the prompts are invented.

`--rows N` scans N / 10 and N generated rows (`made_rows.py`), each in a process of its own: seconds, peak memory, and
the growth from one to the other. `--scan-only` leaves out what stands side by side. Without arguments: the files of
`sample_data` and 20,000 rows, about a minute.

It all runs on one core: it starts again with threads set to 1, and where the system can, bound to one CPU.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import report

sys.path.insert(0, str(report.ROOT))

import injected
import made_rows
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import rivals

from core.curate import Rows, at, scan
from core.curate.alike import DEFAULT, alike, templated, texts_of
from core.curate.near_pairs import Pairs, near_pairs
from core.curate.shingles import words_of
from core.errors import LabError
from core.ingest import SHAPES, Ingested, read
from core.records import Dataset

PACKAGES = ("POLARS_MAX", "OMP_NUM", "RAYON_NUM", "OPENBLAS_NUM", "ARROW_NUM")
ONE_THREAD = {f"{package}_THREADS": "1" for package in PACKAGES}
COMPARED = 20_000  # rows, for what has to be held against the exact join
DEFAULT_ROWS = 20_000
MOST_EQUAL = 300  # texts with equal shingles of which all pairs are written out
SEMHASH = 0.9  # its own default, a cosine
SAMPLES = report.ROOT / "sample_data"
READERS = {".json": "json", ".jsonl": "json", ".csv": "csv", ".parquet": "parquet"}


def main() -> None:
    """Measure the files and the generated rows that the command line asks for."""
    options = _options()
    if ONE_THREAD.items() - os.environ.items():  # it is read when the packages are imported
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | ONE_THREAD)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    if options.scan_parquet:
        print(json.dumps(_scan_parquet(options.scan_parquet)))
        return
    figures: dict[str, Any] = {"files": [_measured(path, options) for path in options.files]}
    if options.rows:
        figures["generated"] = generated(options.rows)
        if not options.scan_only:
            made = made_rows.dataset(min(options.rows, COMPARED))
            figures["generated"]["side_by_side"] = near_side_by_side(made, options.repeats)
            figures["generated"]["leaks"] = injected.trial(made, made_rows.prompts(1000))
    report.publish("curation", figures, options)


def _options() -> argparse.Namespace:
    parser = report.parser(__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--rows", type=int, default=0, help="scan so many generated rows, and a tenth of them")
    parser.add_argument("--benchmark", type=Path, metavar="FILE", help="a file of prompts that are put into rows")
    parser.add_argument("--pairs", type=int, default=100_000, help="the most near-duplicate pairs to print of a file")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--scan-only", action="store_true", help="nothing side by side")
    parser.add_argument("--scan-parquet", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not (options.files or options.rows):
        options.files = sorted(path for path in SAMPLES.iterdir() if path.suffix in READERS)
        options.rows = DEFAULT_ROWS
    return options


def _measured(path: Path, options: argparse.Namespace) -> dict[str, Any]:
    """The figures of one file."""
    try:
        dataset, found = read(path, path.name)
    except LabError as error:
        return {"file": path.name, "refused": str(error)}
    figures = {"file": path.name, **_shape(found), **scanned(dataset), "near": near(dataset, options.pairs)}
    if options.scan_only:
        return figures
    prompts = _prompts(options.benchmark) if options.benchmark else made_rows.prompts(1000)
    return {
        **figures,
        "side_by_side": near_side_by_side(dataset, options.repeats),
        "reading": reading_side_by_side(path, options.repeats),
        "leaks": injected.trial(dataset, prompts),
    }


def _shape(found: Ingested) -> dict[str, Any]:
    best = found.candidates[0]
    return {
        "shape": SHAPES[best.mapping.shape].title,
        "columns": best.mapping.columns,
        "confidence": round(best.confidence, 2),
        "questions": found.questions,
        "notes": found.notes,
        "rows": found.rows,
        "rows_not_read": len(found.problems),
    }


def scanned(dataset: Dataset) -> dict[str, Any]:
    """The full scan: problems by check at the default thresholds, and CPU seconds."""
    began = time.process_time()
    found = scan(dataset)
    seconds = time.process_time() - began
    counts = at(found.problems, {}).group_by("check").agg(pl.col("row_id").n_unique().alias("rows"))
    return {
        "scan_seconds": round(seconds, 3),
        "scan_rows_per_second": round(len(dataset) / seconds),
        "rows_with_a_problem": dict(counts.sort("check").iter_rows()),
    }


def near(dataset: Dataset, most: int) -> dict[str, Any]:
    """All pairs of rows with a Jaccard of `LOWEST` or more, copies as well; CPU seconds from text to pairs."""
    rows = Rows(dataset)
    numbers = rows.frame["row"].to_list()
    began = time.process_time()
    pairs = near_pairs(texts_of(rows))
    seconds = time.process_time() - began
    every = _written_out(pairs)
    shown = sorted(every.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    return {
        "seconds": round(seconds, 3),
        "rows_per_second": round(len(rows) / seconds),
        "pairs": len(every),
        "pairs_from_0.8": sum(jaccard >= DEFAULT for jaccard in every.values()),
        "all_compared": pairs.complete,
        "templated": templated(alike(rows), len(rows)),
        "row_row_jaccard": [[numbers[a], numbers[b], round(jaccard, 4)] for (a, b), jaccard in shown],
    }


def _written_out(pairs: Pairs) -> rivals.Pairs:
    """The pairs with those of equal texts: of more than `MOST_EQUAL` only with the first one."""
    same = defaultdict(list)
    for text, first in enumerate(pairs.same.tolist()):
        same[first].append(text)
    listed = {first: texts if len(texts) <= MOST_EQUAL else texts[:1] for first, texts in same.items()}
    found = {(first, text): 1.0 for first, texts in same.items() for text in texts[1:]}
    found |= {pair: 1.0 for texts in listed.values() for pair in combinations(texts, 2)}
    for first, second, jaccard in zip(pairs.first.tolist(), pairs.second.tolist(), pairs.score.tolist(), strict=True):
        found |= {(min(a, b), max(a, b)): jaccard for a in listed[first] for b in listed[second]}
    return found


def near_side_by_side(dataset: Dataset, repeats: int) -> dict[str, Any]:
    """Near duplicates from a Jaccard of 0.8 on: CPU seconds, and recall and wrong pairs against the exact join."""
    frame = Rows(dataset).frame.head(COMPARED)
    texts = frame.select(pl.concat_str("prompt", "answer", separator="\n")).to_series().to_list()
    sets = rivals.shingle_sets(texts)
    calls = {
        "ours": lambda: _written_out(near_pairs(words_of(pa.chunked_array([texts], pa.string())), DEFAULT)),
        "datasketch": lambda: rivals.datasketch(texts, DEFAULT),
        "datasketch from shingles": lambda: rivals.datasketch_of(sets, DEFAULT),
        "semhash": lambda: rivals.semhash(texts, SEMHASH),
    }
    seconds, found = rivals.alternated(calls, repeats)
    truth = rivals.exact(texts, DEFAULT).keys()
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    return {
        "rows": len(texts),
        "exact_pairs": len(truth),
        "seconds": {name: report.spread(values) for name, values in seconds.items()},
        "rows_per_second": {name: round(len(texts) / value) for name, value in medians.items()},
        "times_datasketch": {
            name: round(value / medians["ours"], 1) for name, value in medians.items() if name.startswith("datasketch")
        },
        "recall": {name: round(len(truth & found[name].keys()) / len(truth), 4) for name in seconds if truth},
        "wrong_pairs": {name: len(found[name].keys() - truth) for name in seconds},
        "skipped": {name: given for name, given in found.items() if isinstance(given, str)},
    }


def reading_side_by_side(path: Path, repeats: int) -> dict[str, Any]:
    """CPU seconds to read a file as examples, and to load it with `datasets`."""
    import datasets

    datasets.disable_progress_bars()

    def load() -> int:
        with tempfile.TemporaryDirectory() as cache:
            files = {"data_files": str(path), "split": "train", "cache_dir": cache}
            return len(datasets.load_dataset(READERS[path.suffix], **files))

    calls: dict[str, Callable[[], Any]] = {"ours": lambda: len(read(path, path.name)[0]), "datasets": load}
    seconds, given = rivals.alternated(calls, repeats)
    return {"rows": given, "seconds": {name: report.spread(values) for name, values in seconds.items()}}


def generated(rows: int) -> dict[str, Any]:
    """Scans of a tenth of the rows and of all of them, each in a process of its own."""
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for count in (rows // 10, rows):
            path = Path(folder) / f"{count}.parquet"
            with pq.ParquetWriter(path, made_rows.SCHEMA, compression="zstd", compression_level=1) as writer:
                for table in made_rows.tables(count):
                    writer.write_table(table)
            command = [sys.executable, __file__, "--scan-parquet", str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            figures[f"{count} rows"] = json.loads(done.stdout)
    small, large = figures.values()
    figures["growth"] = round(large["scan_seconds"] / small["scan_seconds"] * (rows // 10) / rows, 2)  # 1 is linear
    return figures


def _scan_parquet(path: Path) -> dict[str, Any]:
    """The scan of a generated dataset; memory is the most that the process ever had."""
    dataset = Dataset(pq.read_table(path))
    began = time.perf_counter()
    figures = scanned(dataset)
    wall = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 1 if sys.platform == "darwin" else 1024
    return {
        "megabytes": round(dataset.table.nbytes / 1e6),
        **figures,
        "wall_seconds": round(wall, 3),
        "peak_memory_gb": round(peak * unit / 1e9, 2),
    }


def _prompts(path: Path) -> list[str]:
    """The prompts of a file of any accepted shape."""
    return Rows(read(path, path.name)[0]).frame["prompt"].to_list()


if __name__ == "__main__":
    main()

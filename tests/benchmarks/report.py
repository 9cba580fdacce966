"""What every benchmark says besides its figures: commit, machine, versions, command line and date; and how it is said.

No host name and no path goes in: a path on the command line is cut to its last part.
"""

import argparse
import json
import os
import platform
import re
import resource
import shlex
import statistics
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).resolve().parent / "results"
PACKAGES = ("torch", "transformers", "peft", "trl", "gradio")
FOLDERS = re.compile(r"(^|=)(?:~|\.{1,2})?/(?:[^/]*/)*")
LOAD_BEFORE = os.getloadavg()[0]  # of the last minute, before the benchmark adds its own


def parser(description: str | None) -> argparse.ArgumentParser:
    """A command line with the options that all benchmarks share; `description` is the script's docstring."""
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--json", action="store_true", help="print JSON")
    made.add_argument("--out", type=Path, metavar="FILE", help="also write the JSON to this file")
    made.add_argument("--save", action="store_true", help="also write the JSON to tests/benchmarks/results")
    return made


def publish(name: str, figures: Any, options: argparse.Namespace) -> None:
    """Print the figures of the benchmark `name` with where they come from, and write them where the options say."""
    report = {"benchmark": name, **origin(name), "figures": figures}
    text = json.dumps(report, indent=1, ensure_ascii=False)
    for path in filter(None, [options.out, RESULTS / f"{name}.json" if options.save else None]):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    print(text if options.json else "\n".join(_lines(report)))


def origin(name: str) -> dict[str, Any]:
    """Commit, command line, date, machine and versions of this run."""
    changes = _git("status", "--porcelain", "--", ".", ":(exclude)tests/benchmarks/results")
    arguments = [FOLDERS.sub(r"\1…/", argument) for argument in sys.argv[1:]]
    return {
        "commit": _git("rev-parse", "HEAD"),
        "dirty": None if changes is None else bool(changes),
        "command": shlex.join(["python", f"tests/benchmarks/{name}.py", *arguments]),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": {"python": platform.python_version(), **{package: version(package) for package in PACKAGES}},
    }


def machine() -> dict[str, Any]:
    """What it ran on; `load_before` is the load average of the minute before, near 0 on an idle machine."""
    import torch

    cuda = {"cuda": torch.cuda.get_device_name()} if torch.cuda.is_available() else {}
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "torch_threads": torch.get_num_threads(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "load_before": round(LOAD_BEFORE, 2),
        **cuda,
    }


def peak_mb() -> int:
    """The most memory that this process has had, in megabytes.

    From /proc where there is one: what getrusage tells begins with the memory of the process that started this one.
    """
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="utf-8")) if status.exists() else None
    return round((int(found[1]) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * 1.024 / 1000)


def spread(values: Sequence[float], digits: int = 3) -> dict[str, Any]:
    """The median of some measurements, and all of them."""
    return {"median": round(statistics.median(values), digits), "all": [round(value, digits) for value in values]}


def _git(*arguments: str) -> str | None:
    """What git says, or None outside a git checkout."""
    done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    text = info.read_text(encoding="utf-8") if info.exists() else ""
    named = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return named[1] if named else platform.processor() or platform.machine()


def _lines(value: Any, name: str = "") -> list[str]:
    """Nested values as lines of `name.part: value`."""
    if isinstance(value, dict):
        return [line for key, part in value.items() for line in _lines(part, f"{name}.{key}" if name else str(key))]
    if isinstance(value, list) and any(isinstance(part, dict) for part in value):
        return [line for number, part in enumerate(value) for line in _lines(part, f"{name}.{number}")]
    return [f"{name}: {value}"]

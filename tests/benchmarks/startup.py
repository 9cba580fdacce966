"""How long Tunebench takes to open, side by side with an empty Gradio page and a bare `import gradio`.

    python tests/benchmarks/startup.py [--rounds N] [--json] [--save]

`served` is the time from starting the process to the first answer 200 on /, asked every 10 ms. `cpu` is
what its process had used by then, in seconds of one core, which depends less on what else the machine does. Then
Chromium opens the page for the first time: `painted` is the browser's own first contentful paint, `visible` the time
until the tabs (of the empty page: the footer, all that it has) are visible, both counted from the start of the
navigation. The rounds take turns in which of the three goes first; the app and the empty page are each started once
before, uncounted, so that the bytecode of both lies on the disk. Without Chromium (/usr/bin/chromium, or the file that
CHROMIUM names) only the serving is measured.
"""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

import psutil
import report
import workbench

sys.path.append(str(report.ROOT / "tests"))

from conftest import CHROMIUM_ARGUMENTS

from core.models import is_present
from core.models.imports import WAITING
from ui import server

EMPTY_PAGE = """
import os, gradio as gr
with gr.Blocks() as blocks:
    pass
blocks.launch(server_name="127.0.0.1", server_port=int(os.environ["GRADIO_SERVER_PORT"]), quiet=True)
"""
COMMANDS = {"app": ["app.py"], "empty_page": ["-c", EMPTY_PAGE]}
BARE_IMPORT = ["-c", "import gradio"]
TABS = ("Curate", "Mask", "Train", "Compare")
MOST_SECONDS = 120
POLL_SECONDS = 0.01
Times = dict[str, float]


def measure(rounds: int) -> dict[str, Any]:
    """All rounds, their medians, and the ratios of the medians."""
    names = ["bare_import", "empty_page", "app"]
    found: dict[str, list[Times]] = {name: [] for name in names}
    with _browser() as browser:
        for name in COMMANDS:
            _page_once(name, None)
        for turn in range(rounds):
            for name in names if turn % 2 else reversed(names):
                found[name].append(_import_once() if name == "bare_import" else _page_once(name, browser))
    times = {name: _columns(rows) for name, rows in found.items()}
    present = is_present(workbench.models_folder())
    return {"rounds": rounds, "starter_model_present": present, "seconds": times, "ratios": _ratios(times)}


def _columns(rows: list[Times]) -> dict[str, Any]:
    return {key: report.spread([row[key] for row in rows]) for key in rows[0]}


def _ratios(times: dict[str, Any]) -> dict[str, float]:
    """Of the medians: the app to the empty page in everything that was measured, and to the bare import."""
    app, empty, bare = (times[name] for name in ("app", "empty_page", "bare_import"))
    ratios = {f"app_to_empty_page_{key}": app[key]["median"] / empty[key]["median"] for key in app}
    ratios["app_served_to_bare_import"] = app["served"]["median"] / bare["imported"]["median"]
    return {name: round(value, 3) for name, value in ratios.items()}


def _import_once() -> Times:
    started = time.perf_counter()
    with TemporaryDirectory(prefix="tunebench-") as home:
        subprocess.run([sys.executable, *BARE_IMPORT], cwd=report.ROOT, env=_environment(home, 0), check=True)
    return {"imported": time.perf_counter() - started}


def _page_once(name: str, browser: Any) -> Times:
    """Start a page's program, wait for its page, look at it in the browser, end it."""
    port = _free_port()
    with TemporaryDirectory(prefix="tunebench-", ignore_cleanup_errors=True) as home, TemporaryFile() as log:
        started = time.perf_counter()
        command = [sys.executable, *COMMANDS[name]]
        process = subprocess.Popen(
            command, cwd=report.ROOT, env=_environment(home, port), stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait_for_page(process, port, log)
            times = {"served": time.perf_counter() - started, "cpu": _cpu_seconds(process)}
            return times | (_look(browser, port, name, times["served"]) if browser else {})
        finally:
            _end(process)


def _cpu_seconds(process: subprocess.Popen[bytes]) -> float:
    used = psutil.Process(process.pid).cpu_times()
    return used.user + used.system


def _environment(home: str, port: int) -> dict[str, str]:
    """The same switches for all: those that the app sets for itself, and nothing of the caller's about Gradio."""
    dropped = ("GRADIO_", "SPACE_", "TUNEBENCH_", "PYTHONDONTWRITEBYTECODE")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
    return {
        **WAITING,
        **kept,
        **server.ENVIRONMENT,
        "TUNEBENCH_HOME": home,
        "TUNEBENCH_MODELS": str(workbench.models_folder()),
        "GRADIO_TEMP_DIR": home,
        "GRADIO_SERVER_PORT": str(port),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for_page(process: subprocess.Popen[bytes], port: int, log: IO[bytes]) -> None:
    deadline = time.monotonic() + MOST_SECONDS
    while not _is_served(port):
        if process.poll() is not None or time.monotonic() > deadline:
            log.seek(0)
            sys.exit(f"The page was not served:\n{log.read().decode(errors='replace')}")
        time.sleep(POLL_SECONDS)


def _is_served(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=MOST_SECONDS)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _look(browser: Any, port: int, name: str, served: float) -> Times:
    """Open the page in a browser without a cache; `started_to_painted` counts from the start of the process."""
    context = browser.new_context()
    try:
        page = context.new_page()
        started = time.perf_counter()
        page.goto(f"http://127.0.0.1:{port}/", wait_until="commit")
        for tab in TABS if name == "app" else ():
            page.get_by_role("tab", name=tab, exact=True).wait_for()
        if name != "app":
            page.locator("footer").wait_for()
        visible = time.perf_counter() - started
        painted = _first_contentful_paint(page)
    finally:
        context.close()
    return {"painted": painted, "visible": visible, "started_to_painted": served + painted}


def _first_contentful_paint(page: Any) -> float:
    """Seconds from the start of the navigation, as the browser's Paint Timing says."""
    entry = "performance.getEntriesByName('first-contentful-paint')[0]"
    page.wait_for_function(f"() => {entry} !== undefined")
    return float(page.evaluate(f"() => {entry}.startTime")) / 1000


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def _browser() -> Iterator[Any]:
    """Chromium, open before the clock runs; None where there is none."""
    executable = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if not Path(executable).exists():
        yield None
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


def main() -> None:
    """Measure as many rounds as the command line says."""
    parser = report.parser(__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    report.publish("startup", measure(options.rounds), options)


if __name__ == "__main__":
    main()

"""How long a click on another tab takes while the starter model trains, beside the same clicks on an idle page.

    python tests/benchmarks/clicks.py [--clicks N] [--json] [--save]

`tab` is the time from the click to the frame in which the other tab is open, as the browser counts it; `answer` the
time of a call that asks the server for something small. Both in milliseconds: median, 95th percentile, most. The run
trains `intents.csv` with the form's settings, first in the page's own process, then in a process of its own.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import report
import workbench
from gradio_client import Client
from playwright.sync_api import sync_playwright

sys.path.append(str(report.ROOT / "tests"))

from conftest import CHROMIUM_ARGUMENTS

TABS = ("Curate", "Mask", "Compare", "Train")
LONGEST_SECONDS = 600
BETWEEN_SECONDS = 0.3  # a person does not click without a pause
CLICK = """async (name) => {
    const tabs = [...document.querySelectorAll('button[role=tab]')];
    const tab = tabs.find(each => each.innerText.trim() === name && each.offsetParent);
    const start = performance.now();
    tab.click();
    while (tab.getAttribute('aria-selected') !== 'true') await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return performance.now() - start;
}"""


def measure(clicks: int) -> dict[str, Any]:
    """Idle, while a run trains in the page's process, and while one trains in a process of its own."""
    with workbench.served_app() as url, _page(url) as page:
        client = Client(url, verbose=False)
        while client.predict(api_name="/starter_status")["state"] != "ready":
            time.sleep(1)
        version = client.predict("intents.csv", api_name="/load_sample")[0]
        version = client.predict(version, api_name="/save_curated")[0]
        found = {"idle": _times(page, client, clicks)}
        for name, apart in (("training", False), ("training_apart", True)):
            run = client.predict(version, epochs="50", isolated=apart, api_name="/start_training")
            _wait_for(client, run, lambda status: status["step"] >= 2)
            found[name] = _times(page, client, clicks)
            client.predict(run, api_name="/stop_training")
            _wait_for(client, run, lambda status: status["state"] not in ("queued", "running"))
    return found


@contextmanager
def _page(url: str) -> Iterator[Any]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_ARGUMENTS)
        page = browser.new_page()
        page.goto(url)
        page.get_by_role("tab", name="Compare", exact=True).wait_for(timeout=LONGEST_SECONDS * 1000)
        yield page
        browser.close()


def _times(page: Any, client: Client, clicks: int) -> dict[str, Any]:
    tab, answer = [], []
    for number in range(clicks):
        tab.append(page.evaluate(CLICK, TABS[number % len(TABS)]))
        started = time.perf_counter()
        client.predict(api_name="/starter_status")
        answer.append((time.perf_counter() - started) * 1000)
        time.sleep(BETWEEN_SECONDS)
    return {"clicks": clicks, "tab_ms": _told(tab), "answer_ms": _told(answer)}


def _told(values: list[float]) -> dict[str, float]:
    found = {
        "median": statistics.median(values),
        "p95": statistics.quantiles(values, n=20)[-1],
        "most": max(values),
    }
    return {name: round(value, 1) for name, value in found.items()}


def _wait_for(client: Client, run: str, holds: Callable[[dict[str, Any]], bool]) -> None:
    deadline = time.monotonic() + LONGEST_SECONDS
    while not holds(client.predict(run, api_name="/run_status")):
        if time.monotonic() > deadline:
            sys.exit("The run did not come so far.")
        time.sleep(workbench.POLL_SECONDS)


def main() -> None:
    """Read the command line, measure, publish."""
    parser = report.parser(__doc__)
    parser.add_argument("--clicks", type=int, default=60)
    options = parser.parse_args()
    report.publish("clicks", measure(options.clicks), options)


if __name__ == "__main__":
    main()

"""How fast the board answers: a page of rows, sorted, filtered, searched, a threshold moved, a decision, undo.

    python tests/benchmarks/board.py [--rows 50000] [--repeats 7] [--json] [--save]

The dataset is generated (rows of made-up support mail, some of them near duplicates). Each figure is the median of the
repeats in milliseconds: `action` is the call that the button makes, `page` the same through the served page by HTTP.
The first scan is timed apart, in seconds.
"""

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import report
import workbench

TEXT = "parcel order street light garden invoice colour window river account payment friend holiday number"
ROWS, REPEATS = 50_000, 7


def main() -> None:
    """Measure a dataset of the wanted size."""
    parser = report.parser(__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--repeats", type=int, default=REPEATS)
    options = parser.parse_args()
    report.publish("board", measure(options.rows, options.repeats), options)


def measure(rows: int, repeats: int) -> dict[str, Any]:
    """Times of the actions and of the page over `rows` generated rows."""
    workbench.set_environment()
    from core.actions import Lab
    from core.actions.curate import scan
    from core.settings import HOME

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        lab = Lab(Path(folder), HOME)
        workspace = lab.workspace("")
        version = workspace.versions.save("generated", generated(rows), "ingest").id
        began = time.perf_counter()
        found = scan.scanned(workspace, version)
        scan_seconds = time.perf_counter() - began
        return {
            "rows": rows,
            "problems": len(found.problems),
            "first_scan_s": round(scan_seconds, 2),
            "action_ms": {name: timed(call, repeats) for name, call in actions(workspace, version).items()},
            "page_ms": {name: timed(call, repeats) for name, call in endpoints(lab, version).items()},
        }


def generated(rows: int) -> Any:
    """Rows of about 60 words; every tenth is an earlier one with a word of its answer changed."""
    from core.records import Dataset, Example, Message

    source = random.Random(0)
    made: list[Example] = []
    for number in range(1, rows + 1):
        asked, words = source.choices(TEXT.split(), k=15), source.choices(TEXT.split(), k=40)
        if number % 10 == 0:
            earlier = made[source.randrange(len(made))]
            asked, words = earlier.messages[0].content.split(), earlier.answer.split()
            words[source.randrange(len(words))] = "another"
        prompt = " ".join(asked)
        messages = (Message("user", prompt), Message("assistant", " ".join(words)))
        made.append(Example(f"r{number:06d}", number, messages, source.choice(["mail", "phone"])))
    return Dataset.of(made)


def actions(workspace: Any, version: str) -> dict[str, Callable[[], Any]]:
    """What the buttons call, by name."""
    from core.actions.curate import board, rows

    query = rows.Query
    return {
        "board": lambda: board.board(workspace, version),
        "page": lambda: rows.rows(workspace, version, 400),
        "sort": lambda: rows.rows(workspace, version, 1, query(sort="answer_words", descending=True)),
        "filter": lambda: rows.rows(workspace, version, 1, query(sort="answer_words", least=20, most=41)),
        "check": lambda: rows.rows(workspace, version, 1, query("near duplicate")),
        "search": lambda: rows.rows(workspace, version, 1, query(search="garden invoice")),
        "row": lambda: rows.row_view(workspace, version, "40"),
        "threshold": lambda: [board.set_threshold(workspace, version, "near duplicate", at) for at in (0.75,)],
        "decide": lambda: board.decide(workspace, version, "keep", "near duplicate"),
        "undo": lambda: board.undo(workspace, version),
    }


def endpoints(lab: Any, version: str) -> dict[str, Callable[[], Any]]:
    """The same through the page."""
    from gradio_client import Client

    from ui import server

    server.prepare(lab)
    from ui.page import build

    url = server.launch(build(lab), lab, prevent_thread_lock=True)
    client = Client(url, verbose=False)
    return {
        "page": lambda: client.predict(version, 400, api_name="/rows"),
        "sort": lambda: client.predict(version, 1, sort="answer_words", descending=True, api_name="/rows"),
        "filter": lambda: client.predict(version, 1, sort="answer_words", least=20, most=41, api_name="/rows"),
        "search": lambda: client.predict(version, 1, search="garden invoice", api_name="/rows"),
        "board": lambda: client.predict(version, api_name="/board"),
    }


def timed(call: Callable[[], Any], repeats: int) -> float:
    """The median of some calls in milliseconds, the first not counted."""
    call()
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(times), 1)


if __name__ == "__main__":
    main()

"""The app as its user starts it, with one short training by the README's own script, and pages of a real browser."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

ROOT = Path(__file__).parents[2]
LEAVING = re.compile(r"abort|Connection errored out", re.IGNORECASE)  # what Gradio says when a page is left or reloaded
README_URL = "http://127.0.0.1:7860"

expect.set_options(timeout=30_000)  # as long as `open_page` waits: a busy machine is slow, and that is no failure


@dataclass
class App:
    """A running `python app.py` with a home of its own."""

    home: Path
    models: Path
    process: subprocess.Popen[bytes] | None = None
    url: str = ""

    def start(self) -> None:
        """Start it on a free port and wait for its first page."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        about = {"TUNEBENCH_HOME": self.home, "TUNEBENCH_MODELS": self.models, "GRADIO_SERVER_PORT": port}
        with (self.home.parent / "app.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "app.py"],
                cwd=ROOT,
                env={**os.environ, **{name: str(value) for name, value in about.items()}},
                stdout=log,
                stderr=log,
            )
        self._wait()

    def kill(self) -> None:
        """kill -9, as the kernel does when memory runs out."""
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def _wait(self) -> None:
        end = time.monotonic() + 120
        while time.monotonic() < end:
            assert self.process is not None
            assert self.process.poll() is None, (self.home.parent / "app.log").read_text()
            try:
                urllib.request.urlopen(self.url, timeout=5).read()
                return
            except OSError:
                time.sleep(0.2)
        pytest.fail("The app served no page within two minutes.")


@pytest.fixture(scope="session")
def app(starter: Any, models_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app with the starter model, for the whole session."""
    running = App(tmp_path_factory.mktemp("app") / "home", models_folder)
    running.start()
    yield running
    running.kill()


@pytest.fixture(scope="session")
def readme_output(app: App) -> str:
    """What the README's script prints; it leaves a trained run behind for all other tests."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    script = re.search(r"```python\n(.*?)```", readme, re.DOTALL)
    assert script
    assert README_URL in script[1]
    code = script[1].replace(README_URL, app.url)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def open_page(browser: Any, app: App) -> Iterator[Callable[..., Any]]:
    """Opens a page of the app; whatever goes wrong in the browser, or leaves this machine, fails the test."""
    with _watched(browser, app) as open_one:
        yield open_one


@pytest.fixture(scope="module")
def page(browser: Any, app: App) -> Iterator[Any]:
    """One page for those tests of a file that do not need it fresh: to open one takes seconds."""
    with _watched(browser, app) as open_one:
        yield open_one()


@contextmanager
def _watched(browser: Any, app: App) -> Iterator[Callable[..., Any]]:
    wrong: list[str] = []
    contexts = []

    def open_one(width: int = 1280, dark: bool = False) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("request", lambda asked: None if _is_local(asked.url) else wrong.append(asked.url))
        page.goto(app.url + ("/?__theme=dark" if dark else ""))
        page.get_by_role("tab", name="Curate").first.wait_for()
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert [one for one in wrong if not LEAVING.search(one)] == []


def _is_local(url: str) -> bool:
    return url.startswith(("http://127.0.0.1", "data:", "blob:"))

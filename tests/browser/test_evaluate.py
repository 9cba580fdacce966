"""The report on a run in a real browser, on the tiny model: made, stopped, read after a reload, taken along."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.workspace import Run

pytestmark = [pytest.mark.slow, pytest.mark.browser]
SLOW = 120_000
ROWS = ["Has my box come?", "I paid two times!", "<img src=x onerror=alert(1)> where is it?"]
PARTS = ("Forgetting", "Following instructions", "Truth, bias, toxicity", "Memorising and leaks")


@pytest.fixture(scope="module")
def url(serve: Any, taught_run: Run) -> Iterator[str]:
    """A page at home whose workspace holds one finished run without a report."""
    with serve() as served:
        shutil.copytree(taught_run.folder.parents[1], served.lab.home, dirs_exist_ok=True)
        (served.lab.home / "runs" / taught_run.id / "report.json").unlink(missing_ok=True)
        yield served.url


@pytest.fixture
def page(browser: Any, url: str) -> Iterator[Page]:
    """The Evaluate tab; an error in the browser fails the test."""
    wrong: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.goto(url)
    evaluate_tab(opened)
    yield opened
    context.close()
    assert wrong == []


def evaluate_tab(page: Page) -> None:
    page.get_by_role("tab", name="Evaluate", exact=True).click()
    expect(page.locator("#evaluate-run input")).not_to_have_value("")


def upload(page: Page, path: Path) -> None:
    """Other held-out rows; the page shows the size when they have arrived."""
    page.locator("#evaluate-file input[type=file]").set_input_files(str(path))
    expect(page.locator("#evaluate-file")).to_contain_text(re.compile(rf"{path.stem}\s*{path.suffix}.*\sB"))


def test_a_report_is_made_on_uploaded_rows_read_after_a_reload_and_taken_along(page: Page, tmp_path: Path) -> None:
    expect(page.locator("#evaluate-told")).to_contain_text("no report on this run yet")
    for part in PARTS:
        page.get_by_label(part, exact=True).uncheck()
    path = tmp_path / "new.csv"
    path.write_text("prompt,answer\n" + "".join(f'"{row}",track\n' for row in ROWS))
    upload(page, path)
    page.get_by_role("button", name="Make the report").click()
    expect(page.locator("#evaluate-told")).to_contain_text("The report is done", timeout=SLOW)
    report = page.locator("#report")
    expect(report.locator(".verdict li")).to_have_count(5)
    expect(report.get_by_role("alert").first).to_contain_text("Only 3 held-out rows")
    expect(report.locator("img")).to_have_count(0)
    page.reload()
    evaluate_tab(page)
    expect(report.locator(".verdict li")).to_have_count(5)
    report.get_by_text("Every row, those that gained most first").click()
    expect(report).to_contain_text("<img src=x onerror=alert(1)>")
    with page.expect_download() as download:
        page.get_by_text("Download report.json").click()
    assert json.loads(Path(download.value.path()).read_bytes())["about"]["held_out"] == "new.csv"


def test_a_report_that_is_stopped_keeps_what_is_done_and_says_so(page: Page) -> None:
    page.get_by_role("button", name="Make the report").click()
    expect(page.locator("#evaluate-told")).to_contain_text(re.compile(r"\(\d of \d\)"), timeout=SLOW)
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.locator("#evaluate-told")).to_contain_text("kept", timeout=SLOW)
    expect(page.get_by_role("button", name="Make the report")).to_be_enabled()


def test_what_cannot_be_examined_is_a_sentence(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text("prompt,answer\nWhere is it?,\n")
    upload(page, path)
    page.get_by_role("button", name="Make the report").click()
    expect(page.get_by_test_id("toast-body").first).to_contain_text("answer", timeout=SLOW)
    expect(page.get_by_role("button", name="Make the report")).to_be_enabled()

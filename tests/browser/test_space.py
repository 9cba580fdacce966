"""The page of a public Space in a real browser: workspaces of their own, sentences, and nothing but text from data."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.slow, pytest.mark.browser]
Visit = Callable[[], Page]
HTML = "<img src=x onerror='window.hit=1'><script>window.hit=1</script>"
NO_HTML = "() => window.hit === undefined && !document.querySelector('img[src=\"x\"]')"


@pytest.fixture(scope="module")
def space(serve: Any) -> Iterator[Any]:
    with serve(space=True) as served:
        yield served


@pytest.fixture
def visit(browser: Any, space: Any) -> Iterator[Visit]:
    """Opens the page in a browser of its own; an error in the browser or a request to another host fails the test."""
    wrong: list[str] = []
    contexts: list[Any] = []
    own = (space.url, "data:", "blob:")

    def open_one() -> Page:
        contexts.append(browser.new_context())
        page = contexts[-1].new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith(own) else wrong.append(asked.url))
        page.goto(space.url)
        expect(page.get_by_label("Summary")).to_have_value("Choose a sample or drop a file to begin.")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert wrong == []


def go_to(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def test_every_visitor_has_a_workspace_of_his_own_and_finds_it_again(visit: Visit):
    one, other = visit(), visit()
    one.get_by_role("button", name="intents.csv").click()
    expect(one.get_by_label("Summary")).to_have_value("352 rows were read from intents.csv.")
    one.reload()
    expect(one.get_by_label("Dataset version").first).to_have_value("intents · v1 · imported · 352 rows")
    other.get_by_role("button", name="marketing_emails.jsonl").click()
    version = other.get_by_label("Dataset version").first
    expect(version).to_have_value("marketing_emails · v1 · imported · 17 rows")
    version.click()
    expect(other.get_by_role("option")).to_have_text(re.compile("marketing_emails · v1"))


def test_nothing_of_the_work_stays_in_the_browser(visit: Visit):
    page = visit()
    page.get_by_role("button", name="marketing_emails.jsonl").click()
    expect(page.get_by_label("Summary")).to_have_value("17 rows were read from marketing_emails.jsonl.")
    assert page.evaluate("Object.keys(localStorage)") == ["tunebench-visitor"]
    assert page.evaluate("Object.keys(sessionStorage)") == []


def test_a_wrong_step_gets_a_sentence_headed_please_check(visit: Visit):
    page = visit()
    page.get_by_role("button", name="Save and split").click()
    said = page.get_by_test_id("toast-body")
    expect(said).to_contain_text("No dataset is loaded yet. Choose a sample or drop a file first.")
    head = said.locator(".toast-title").evaluate("title => getComputedStyle(title, '::before').content")
    assert head == '"Please check"'
    badges = page.locator("[data-testid=status-tracker] .error")
    page.wait_for_timeout(500)  # Gradio mostly, but not always, puts a badge over every output
    expect(badges.locator("visible=true")).to_have_count(0)


def test_html_in_data_is_shown_as_text_on_every_tab(visit: Visit, tmp_path: Path):
    page = visit()
    rows = "".join(f'"{HTML} jane{n}@example.org","{HTML} {n}"\n' for n in range(9))
    (tmp_path / "<img src=x>.csv").write_text("prompt,answer\n" + rows)
    (tmp_path / "<img src=x>.xlsx").write_text("no table")

    page.locator("input[type=file]").first.set_input_files(tmp_path / "<img src=x>.csv")
    expect(page.get_by_label("Summary")).to_have_value(re.compile("^9 rows were read"))
    expect(page.get_by_role("gridcell", name="<img src=x onerror").first).to_be_visible()
    assert page.evaluate(NO_HTML)
    page.get_by_role("button", name="Save and split").click()
    expect(page.get_by_label("Summary")).to_have_value(re.compile("^9 rows kept"))

    go_to(page, "Mask")
    page.get_by_label("Fast", exact=True).check()
    page.get_by_role("button", name="Find personal data").click()
    expect(page.get_by_label("Result of the search")).to_have_value(re.compile("Found 9 places"), timeout=30_000)
    go_to(page, "Write")
    preview = page.get_by_role("paragraph").filter(has_text="<img src=x onerror='window.hit=1'>")
    expect(preview.first).to_be_visible()
    assert page.evaluate(NO_HTML)

    go_to(page, "Train")
    expect(page.locator("#train-version input")).to_have_value(re.compile("v2"))
    page.get_by_label("Train on it all the same").check()
    page.get_by_role("button", name="Start training").click()
    expect(page.locator("#run-figures")).to_contain_text("done", timeout=60_000)
    page.get_by_text("What the model sees").click()
    expect(page.locator("#seen-row")).to_contain_text("<img src=x onerror='window.hit=1'>")
    expect(page.locator("#run-samples summary").filter(has_text="<img src=x onerror").first).to_be_visible()
    assert page.evaluate(NO_HTML)

    go_to(page, "Compare")
    expect(page.get_by_label("Run", exact=True).last).not_to_have_value("")
    page.get_by_label("Prompt", exact=True).fill(HTML)
    page.get_by_label("Prompt", exact=True).press("Enter")
    expect(page.locator("#tuned-note")).to_contain_text("Active adapter")
    expect(page.locator("#tuned-chat .user").first).to_have_text(HTML)
    assert page.evaluate(NO_HTML)

    go_to(page, "Curate")
    page.locator("input[type=file]").first.set_input_files(tmp_path / "<img src=x>.xlsx")
    expect(page.get_by_test_id("toast-body")).to_contain_text("is an Excel file")
    assert page.evaluate(NO_HTML)

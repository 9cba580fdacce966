"""Sides of a comparison in a real browser, on the tiny model: three columns, one off, another on, a new chat."""

import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.workspace import Run

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture(scope="module")
def address(serve: Any, taught_run: Run) -> Iterator[str]:
    """A page at home whose workspace holds one finished run with a checkpoint."""
    with serve() as served:
        shutil.copytree(taught_run.folder.parents[1], served.lab.home, dirs_exist_ok=True)
        (run,) = served.lab.workspace("").runs()
        shutil.copytree(run.adapter, run.checkpoints / "step-000002", dirs_exist_ok=True)
        yield served.url


@pytest.fixture(params=[1280, 390])
def page(browser: Any, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The Compare tab with the run chosen, in a wide and in a narrow window; an error in the browser fails the test."""
    wrong: list[str] = []
    context = browser.new_context(viewport={"width": request.param, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.goto(address)
    if request.param < 500:
        opened.locator(".overflow-menu button").first.click()
        opened.locator(".overflow-dropdown button", has_text="Compare").click()
    else:
        opened.get_by_role("tab", name="Compare", exact=True).click()
    expect(opened.locator("#compare-run input")).not_to_have_value("")
    yield opened
    context.close()
    assert wrong == []


def send(page: Page, prompt: str) -> None:
    page.get_by_label("Prompt", exact=True).fill(prompt)
    page.get_by_role("button", name="Send").click()


def give(page: Page, side: int, weights: str) -> None:
    page.locator(f"#side-{side} input").click()
    page.get_by_role("option", name=weights).first.click()


def answers(page: Page, name: str) -> Any:
    return page.locator(f"#{name}-chat [data-testid=bot]")


def test_three_sides_answer_one_is_switched_off_and_a_checkpoint_takes_another(page: Page) -> None:
    send(page, "Where is my parcel?")
    expect(page.locator("#speed")).to_contain_text("all three in one batch")
    expect(page.locator("#base-note")).to_contain_text("No adapter was active")
    expect(page.locator("#tuned-note")).to_contain_text("Active adapter")
    expect(page.locator("#tuned-note")).to_contain_text(re.compile(r"\d+ tokens? · [\d.]+ s · \d+ words?, \d+ char"))
    page.get_by_text("Examples in its prompt").click()
    expect(page.locator("#examples-examples b").first).to_contain_text("Row")
    page.get_by_text("Two answers word by word").click()
    expect(page.locator("#difference")).to_contain_text(re.compile("Tuned|the same"))

    page.get_by_text("Sides: who answers").click()
    give(page, 2, "off")
    expect(page.locator("#examples-chat")).to_be_hidden()
    give(page, 4, "step 2")
    expect(page.locator("#fourth-chat")).to_be_visible()
    send(page, "And now?")
    expect(page.locator("#fourth-note")).to_contain_text("@2")
    expect(answers(page, "base")).to_have_count(1)  # another chat, since the sides are others
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_new_chat_right_after_an_answer_is_empty_and_stays_so(page: Page) -> None:
    send(page, "Where is my parcel?")
    expect(page.locator("#speed")).to_contain_text("tokens a second")
    page.get_by_role("button", name="New chat").click()
    expect(answers(page, "base")).to_have_count(0)
    send(page, "Who are you?")
    expect(page.locator("#tuned-note")).to_contain_text("Active adapter")
    for name in ("base", "examples", "tuned"):
        expect(answers(page, name)).to_have_count(1)

"""The Mask tab in a real browser: find, reject a value, choose a substitute, write, read the report; own rules."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from gradio_client import Client
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.slow, pytest.mark.browser]
Open = Callable[..., Page]


def go_to(page: Page, name: str) -> None:
    """Choose a tab; on a narrow page some stand behind a menu."""
    tab = page.get_by_role("tab", name=name, exact=True).first
    if tab.is_visible():
        tab.click()
    else:
        page.locator(".overflow-menu button").first.click()
        page.locator(".overflow-dropdown button", has_text=name).click()


@pytest.fixture
def mask_page(app: Any, open_page: Open) -> Callable[..., Page]:
    """Opens the Mask tab on a new version of the sample."""

    def opened(width: int = 1280, dark: bool = False) -> Page:
        made = Client(app.url, verbose=False).predict("support_tickets.csv", api_name="/load_sample")[0]
        page = open_page(width, dark)
        go_to(page, "Mask")
        expect(page.get_by_label("Dataset version").last).to_have_value(re.compile(re.escape(made)), timeout=20_000)
        page.get_by_label("Fast", exact=True).check()
        return page

    return opened


def find(page: Page) -> None:
    page.get_by_role("button", name="Find personal data").click()
    expect(page.get_by_label("Result of the search")).to_have_value(re.compile(r"Found \d+ places"), timeout=60_000)


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_a_person_finds_rejects_chooses_and_writes(mask_page: Callable[..., Page], width: int, dark: bool) -> None:
    page = mask_page(width, dark)
    find(page)
    expect(page.get_by_text("look at the findings under “Review”")).to_be_visible()
    expect(page.locator("#search-notes")).to_contain_text("names in sentences are not found")

    go_to(page, "Review")
    page.get_by_label("Search values").fill("@")
    page.keyboard.press("Enter")
    cell = page.locator("#review-values [data-testid='cell-0-1']:visible").last
    expect(cell).to_contain_text("@")
    kept = cell.inner_text().strip()
    cell.click()
    expect(page.locator("#review-places")).to_contain_text(kept)
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator("#review-said")).to_contain_text("Kept")

    go_to(page, "Write")
    before = page.locator("#mask-preview .before")
    expect(before.filter(has_text="@").first).to_be_visible()
    page.get_by_role("listbox", name="E-mail address").or_(page.get_by_label("E-mail address")).first.click()
    page.get_by_role("option", name="Invented substitute").click()
    expect(page.locator("#mask-preview .after mark", has_text="@").first).to_be_visible()
    page.get_by_role("button", name="Write masked version").click()
    expect(page.get_by_label("Masked version", exact=True)).to_have_value(re.compile(r"/v\d+$"), timeout=60_000)
    expect(page.locator("#mask-verdict")).to_contain_text("Checked: clean.")
    expect(page.get_by_label("Leak check")).to_have_value(re.compile("none of .* masked values stands there"))
    expect(page.get_by_text("Left over").last).to_be_visible()


def test_rules_of_ones_own_are_tried_refused_and_used(mask_page: Callable[..., Page]) -> None:
    page = mask_page()
    page.get_by_text("Your own rules", exact=True).click()
    editor = page.locator("#own-rules .cm-content")
    editor.fill("words: [{kind: GREETING, words: [friendly]")
    page.get_by_role("button", name="Save rules").click()
    expect(page.get_by_test_id("toast-body").first).to_contain_text("Rules, line 1: this is not YAML")
    editor.fill("words: [{kind: GREETING, words: [friendly]}]")
    page.get_by_label("Text to try them on").fill("a friendly person")
    page.get_by_role("button", name="Try", exact=True).click()
    expect(page.get_by_label("Result for the rules")).to_have_value("Found 1 place.")
    page.get_by_role("button", name="Save rules").click()
    expect(page.get_by_label("Result for the rules")).to_have_value(re.compile("Saved.*GREETING"))
    find(page)
    expect(page.locator("[data-testid^='cell-']:visible", has_text="GREETING").first).to_be_visible()
    editor.fill("")
    page.get_by_role("button", name="Save rules").click()
    expect(page.get_by_label("Result for the rules")).to_have_value("Saved: no rules of your own.")

"""The Curate tab in a real browser: a board of problems, a pair with its difference, decisions and their undo."""

import re
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client, handle_file
from playwright.sync_api import Locator, Page, expect

pytestmark = [pytest.mark.slow, pytest.mark.browser]
SAMPLE = Path(__file__).parents[2] / "sample_data/support_tickets.csv"


def sentence(page: Page) -> Locator:
    return page.get_by_label("If you save now")


def cell(page: Page, text: str) -> Locator:
    """The first cell with this text that is shown; Gradio keeps a hidden copy of each table to measure it."""
    return page.locator("[data-testid^='cell-']:visible", has_text=re.compile(rf"^\s*{re.escape(text)}\s*$")).first


@pytest.fixture(scope="module")
def loaded(app: Any) -> str:
    """A new version of the sample's file; test_whole_way clicks the sample itself."""
    return str(Client(app.url, verbose=False).predict(handle_file(str(SAMPLE)), api_name="/load_file")[0])


@pytest.fixture(scope="module")
def tickets(loaded: str, page: Page) -> Page:
    """A page that was opened when that version was the newest. All tests go on with it; the last one saves another."""
    label = re.compile("^" + re.escape(loaded.replace("/", " · ")) + " · imported · 173 rows$")
    expect(page.get_by_label("Dataset version")).to_have_value(label)
    expect(sentence(page)).to_have_value(re.compile(r"rows? will be kept"))
    expect(page.get_by_text("Page 1 of 4 · 173 rows")).to_be_visible()
    return page


def test_the_board_counts_what_was_planted(tickets: Page) -> None:
    row = tickets.locator("tr:visible, .row:visible", has=cell(tickets, "exact duplicate")).first
    expect(row).to_contain_text("6")
    expect(row).to_contain_text("leave out")
    expect(sentence(tickets)).to_have_value(re.compile(r"of 173 rows will be kept, \d+ left out, \d+ repaired"))


def test_what_is_refused_is_said(tickets: Page) -> None:
    tickets.get_by_label("Row", exact=True).fill("999")
    tickets.keyboard.press("Enter")
    expect(tickets.get_by_test_id("toast-body").first).to_contain_text("There is no row 999 in this version")
    assert tickets.get_by_text("There is no row 999 in this version").count() == 1, "once is enough"


def test_rows_are_searched_on_the_server(tickets: Page) -> None:
    tickets.get_by_label("Search rows").fill("no such words anywhere")
    tickets.keyboard.press("Enter")
    expect(tickets.get_by_text("Page 1 of 1 · 0 rows")).to_be_visible()
    tickets.get_by_label("Search rows").fill("")
    tickets.keyboard.press("Enter")
    expect(tickets.get_by_text("Page 1 of 4 · 173 rows")).to_be_visible()


def test_a_near_duplicate_stands_next_to_its_pair_and_goes_and_comes_back(tickets: Page) -> None:
    before = sentence(tickets).input_value()
    cell(tickets, "near duplicate").click()
    expect(tickets.get_by_label(re.compile("runs of five words")).first).to_be_visible()
    expect(tickets.get_by_text("Page 1 of 1 · 2 rows")).to_be_visible()
    tickets.locator("[data-testid='cell-0-1']:visible").nth(1).click()
    expect(tickets.locator("#row-view ins").first).to_be_visible()
    expect(tickets.locator("#row-view del").first).to_be_visible()
    tickets.get_by_role("button", name="Leave out all").click()
    expect(tickets.locator("#board-said")).to_contain_text("leave out all with “near duplicate”")
    expect(sentence(tickets)).not_to_have_value(before)
    tickets.get_by_role("button", name="Undo", exact=True).click()
    expect(sentence(tickets)).to_have_value(before)


def test_an_edited_row_is_saved_with_its_new_text(tickets: Page) -> None:
    tickets.get_by_label("Row", exact=True).fill("1")
    tickets.keyboard.press("Enter")
    expect(tickets.locator("#row-view")).to_contain_text("Row 1")
    tickets.get_by_text("Edit, tag or add rows").click()
    tickets.get_by_label("Text of the turn").fill("A better answer.")
    tickets.get_by_role("button", name="Save text").click()
    expect(tickets.locator("#row-view")).to_contain_text("A better answer.")
    expect(sentence(tickets)).to_have_value(re.compile("1 edited"))
    tickets.get_by_role("button", name="Save and split").click()
    expect(tickets.get_by_label("Summary")).to_have_value(re.compile(r"1 edited.*to train on"), timeout=20_000)

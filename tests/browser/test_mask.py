"""The Mask tab in a real browser: find, review by keys, mark by hand, choose, write, read the report; own rules."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client, handle_file
from playwright.sync_api import Locator, Page, expect

pytestmark = [pytest.mark.slow, pytest.mark.browser]
Open = Callable[..., Page]
KEPT = "anna.keller@example.com"
LONG = ". ".join(f"Copy number {n} went to reader{n}@example.com as always" for n in range(120))
ROWS = [
    ("Who ordered the lamp?", f"A friendly person, {KEPT}, ordered it for Zaphrina."),
    ("Who else?", "Ask ben.ostrow@example.net, who knows Zaphrina too."),
    ("Who reads this?", LONG),
]


@pytest.fixture
def mask_page(app: Any, open_page: Open, tmp_path: Path) -> Callable[..., Page]:
    """Opens the Mask tab on a new dataset."""

    def opened(name: str, width: int = 1280, dark: bool = False, rows: Sequence[tuple[str, str]] = tuple(ROWS)) -> Page:
        lines = "".join(f'"{prompt}","{answer}"\n' for prompt, answer in rows)
        (tmp_path / f"{name}.csv").write_text("prompt,answer\n" + lines)
        Client(app.url, verbose=False).predict(handle_file(str(tmp_path / f"{name}.csv")), api_name="/load_file")
        page = open_page(width, dark)
        page.get_by_role("tab", name="Mask", exact=True).click()
        expect(page.get_by_label("Dataset version").last).to_have_value(re.compile(name), timeout=30_000)
        page.get_by_label("Fast", exact=True).check()
        return page

    return opened


def part(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def find(page: Page) -> None:
    page.get_by_role("button", name="Find personal data").click()
    expect(page.get_by_label("Result of the search")).to_have_value(re.compile(r"Found \d+ place"), timeout=60_000)


def said(page: Page, sentence: str) -> None:
    expect(page.locator("#review-said")).to_contain_text(sentence, timeout=30_000)


def fits(within: Locator) -> bool:
    """Whether nothing in it has to be scrolled to sideways."""
    return bool(within.evaluate("element => element.scrollWidth <= element.clientWidth"))


def test_a_person_finds_reviews_marks_chooses_and_writes_on_a_narrow_page(mask_page: Callable[..., Page]) -> None:
    page = mask_page("narrow", 390, dark=True)
    part(page, "Review")
    expect(page.locator("#review-sentence")).to_contain_text("Search first")
    expect(page.get_by_role("button", name="Keep", exact=True)).to_have_count(0)
    part(page, "Find")
    find(page)
    expect(page.get_by_text("look at the findings under “Review”")).to_be_visible()
    expect(page.locator("#search-notes")).to_contain_text("names in sentences are not found")

    part(page, "Review")
    values = page.locator("[data-list]")
    values.locator("tr", has_text="reader7@").click()
    expect(page.locator("#review-row")).to_contain_text("reader7@example.com")
    assert page.locator("#review-row mark").count() < 100, "of 120 places in a long text only those around it are shown"
    page.get_by_role("button", name="Later text").click()
    expect(page.locator("#review-row")).to_contain_text("reader100@example.com", timeout=30_000)
    assert [fits(values), fits(page.locator("#review-row")), fits(page.locator("html"))] == [True] * 3

    page.get_by_label("Search values").fill("anna")
    page.keyboard.press("Enter")
    expect(values.locator("tbody tr")).to_have_count(1, timeout=30_000)
    values.locator("tr", has_text=KEPT).click()
    expect(page.locator("#review-places")).to_contain_text(KEPT, timeout=30_000)
    for key, sentence in (("r", f"Kept: “{KEPT}”"), ("u", "Undone: Kept"), ("r", f"Kept: “{KEPT}”")):
        page.keyboard.press(key)
        said(page, sentence)
        expect(values.locator("tr.chosen")).to_contain_text("keep" if key == "r" else "open", timeout=30_000)
    page.locator("#review-row .marked", has_text="Zaphrina").evaluate(
        """text => {
          const at = text.lastChild.textContent.indexOf('Zaphrina'), range = document.createRange();
          range.setStart(text.lastChild, at);
          range.setEnd(text.lastChild, at + 8);
          window.getSelection().removeAllRanges();
          window.getSelection().addRange(range);
        }"""
    )
    page.get_by_role("button", name="Mask selected text everywhere").click()
    said(page, "Marked “Zaphrina” as Person: 2 places in 2 rows.")

    part(page, "Write")
    before = page.locator("#mask-preview .before")
    expect(before.filter(has_text="@").first).to_be_visible(timeout=30_000)
    page.get_by_role("listbox", name="E-mail address").or_(page.get_by_label("E-mail address")).first.click()
    page.get_by_role("option", name="Invented substitute").click()
    expect(page.locator("#mask-preview .after mark", has_text="@").first).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Write masked version").click()
    expect(page.get_by_label("Masked version", exact=True)).to_have_value(re.compile(r"/v\d+$"), timeout=60_000)
    expect(page.locator("#mask-verdict")).to_contain_text("Checked: clean.")
    expect(page.get_by_label("Leak check")).to_have_value(re.compile("none of .* masked values stands there"))
    expect(page.get_by_text("Left over").last).to_be_visible()
    assert fits(page.locator("html"))


def test_what_is_left_over_is_read_in_its_place_and_called_not_personal(mask_page: Callable[..., Page]) -> None:
    rows = [("Who came?", "My name is Ada Bergström. <b>bergstroem</b> is my account."), ("And then?", "Nobody.")]
    page = mask_page("left", rows=rows)
    find(page)
    part(page, "Write")
    expect(page.get_by_text("Left over.", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Write masked version").click()
    verdict, check = page.locator("#mask-verdict"), page.get_by_label("Leak check")
    expect(verdict).to_contain_text("Look at this before you train on it.", timeout=60_000)
    expect(page.locator("#left-over mark")).to_contain_text("bergstroem")
    expect(page.locator("#left-over")).to_contain_text("<b>")
    page.get_by_role("button", name="Not personal: bergstroem").click()
    expect(verdict).to_contain_text("Checked: clean.")
    expect(check).to_have_value(re.compile("1 leftover was looked at and called not personal"))
    page.reload()
    page.get_by_role("tab", name="Mask", exact=True).click()
    part(page, "Write")
    expect(page.get_by_label("Masked version", exact=True)).to_have_value("left/v2")
    page.get_by_role("button", name="Personal after all: bergstroem").click()
    expect(verdict).to_contain_text("Look at this before you train on it.")


def test_stop_holds_from_the_first_moment_and_is_there_after_a_reload(mask_page: Callable[..., Page]) -> None:
    # No two sentences are alike: the name finder reads each only once.
    said = "My name is Jane Dow{0} and my mail is jane{0}-{1}@example.com. "
    rows = [(f"Who is {n}?", "".join(said.format(n, time) for time in range(6))) for n in range(4_000)]
    page = mask_page("stopped", rows=rows)
    result, stop = page.get_by_label("Result of the search"), page.get_by_role("button", name="Stop", exact=True)
    button = page.get_by_role("button", name="Find personal data")
    button.click()
    stop.click()
    expect(result).to_have_value(re.compile("stopped before any row|Stopped after"), timeout=60_000)
    expect(button).to_be_enabled()
    button.click()
    expect(result).to_have_value(re.compile("Searching: "), timeout=60_000)
    page.reload()
    page.get_by_role("tab", name="Mask", exact=True).click()
    stop.click()
    expect(result).to_have_value(re.compile("Stopped after [0-9,]+ of 4,000 rows; the next"), timeout=60_000)
    expect(stop).to_have_count(0)
    part(page, "Review")
    expect(page.locator("#review-sentence")).to_contain_text("Search first")
    part(page, "Find")
    page.get_by_label("Fast", exact=True).check()
    button.click()
    expect(result).to_have_value(re.compile("Found 48,000 places"), timeout=120_000)


def test_rules_of_ones_own_are_tried_refused_and_used(mask_page: Callable[..., Page]) -> None:
    page = mask_page("rules")
    page.get_by_text("Your own rules", exact=True).click()
    editor = page.locator("#own-rules .cm-content")
    editor.fill("words: [{kind: GREETING, words: [friendly]")
    page.get_by_role("button", name="Save rules").click()
    expect(page.get_by_test_id("toast-body").first).to_contain_text("Rules, line 1: this is not YAML")
    why = re.compile("line 1: this is not YAML.*Nothing was saved")
    expect(page.get_by_label("Result for the rules")).to_have_value(why)
    editor.fill("words: [{kind: GREETING, words: [friendly]}]")
    page.get_by_label("Text to try them on").fill("a friendly person")
    page.get_by_role("button", name="Try", exact=True).click()
    expect(page.get_by_label("Result for the rules")).to_have_value("Found 1 place.", timeout=30_000)
    page.get_by_role("button", name="Save rules").click()
    expect(page.get_by_label("Result for the rules")).to_have_value(re.compile("Saved.*GREETING"), timeout=30_000)
    find(page)
    expect(page.locator("[data-testid^='cell-']:visible", has_text="GREETING").first).to_be_visible(timeout=30_000)
    editor.fill("")
    page.get_by_role("button", name="Save rules").click()
    expect(page.get_by_label("Result for the rules")).to_have_value("Saved: no rules of your own.", timeout=30_000)

"""Blind votes in a real browser, on the tiny model: a set is asked at once, and judged with no name in sight."""

import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.preferences import PromptSets, Votes
from core.workspace import Run, Workspace

pytestmark = [pytest.mark.slow, pytest.mark.browser]
PROMPTS = ["Where is my parcel?", "My card was charged twice.", "Who are you?", "What now? <b>x</b>"]
NAMES = re.compile(r"\b(base|tuned|examples|adapter)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def home(serve: Any, taught_run: Run) -> Iterator[tuple[str, Workspace]]:
    """A page at home whose workspace holds one finished run: its address and the workspace."""
    with serve() as served:
        ignored = shutil.ignore_patterns("comparisons", "votes")
        shutil.copytree(taught_run.folder.parents[1], served.lab.home, ignore=ignored, dirs_exist_ok=True)
        yield served.url, served.lab.workspace("")


@pytest.fixture
def page(browser: Any, home: tuple[str, Workspace]) -> Iterator[Page]:
    """The Compare tab with the run chosen; an error in the browser fails the test."""
    wrong: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.goto(home[0])
    opened.get_by_role("tab", name="Compare", exact=True).click()
    expect(opened.locator("#compare-run input")).not_to_have_value("")
    yield opened
    context.close()
    assert wrong == []


def part(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def ticket(page: Page) -> str:
    shown = page.locator("#blind-question [data-ticket]")
    expect(shown).to_have_count(1)
    return str(shown.get_attribute("data-ticket"))


def press(page: Page, key: str) -> str:
    """Press a key of a vote, wait for the next question or the end; the ticket of what was voted on."""
    before = ticket(page)
    page.keyboard.press(key)
    expect(page.locator(f"#blind-question [data-ticket='{before}']")).to_have_count(0)
    return before


def side_of(workspace: Workspace, text: str) -> str:
    """Which side has given this answer, from what is stored."""
    (asked,) = PromptSets(workspace).all()
    given = [
        (side.label, one.text)
        for prompt in asked.answered
        for side, one in zip(asked.about.sides, prompt.given, strict=True)
    ]
    return next(label for label, answer in given if answer == text)


def test_a_set_is_asked_at_once_and_judged_blind_by_keys(page: Page, home: tuple[str, Workspace]) -> None:
    workspace = home[1]
    part(page, "Prompt set")
    page.get_by_label("Typed here").check()
    page.locator("#typed-prompts textarea").fill("\n".join(PROMPTS))
    page.get_by_role("button", name="Ask all sides").click()
    progress = page.locator("#set-progress textarea")
    expect(progress).to_have_value("4 prompts were answered by all sides.", timeout=60_000)

    part(page, "Blind votes")
    page.get_by_label("Judge", exact=True).click()
    page.get_by_role("option", name="Sides 1 and 3").click()
    expect(page.locator("#blind-question .far")).to_have_text("Question 1 of 4")
    panel = page.locator("[role=tabpanel]", has=page.locator("#blind-question")).last
    found = panel.evaluate("panel => panel.outerHTML")
    assert PROMPTS[0] in found
    assert not NAMES.search(found.split("</style>", 1)[-1])
    assert page.locator("#blind-standing").inner_text().strip() == ""

    said, standing = page.locator("#blind-said"), page.locator("#blind-standing")
    page.get_by_label("Tell after each vote who was who").check()
    a, b = page.locator("#blind-question .answer").all_inner_texts()
    press(page, "1")
    expect(said).to_contain_text(f"You chose A: A was “{side_of(workspace, a)}”")
    expect(said).to_contain_text(f"B was “{side_of(workspace, b)}”")
    rate = "100%" if side_of(workspace, a) == "Tuned" else "0%"
    expect(standing).to_contain_text(f"“Tuned” wins {rate} against “Base” (95% interval")

    comment = page.locator("#blind-comment textarea")
    comment.fill("")
    comment.press("2")
    expect(comment).to_have_value("2")
    comment.press("Escape")
    second = press(page, "0")
    expect(said).to_contain_text("You called it a tie")
    expect(comment).to_have_value("")
    page.keyboard.press("u")
    expect(said).to_contain_text("Taken back: the vote on prompt 2")
    assert ticket(page) == second
    expect(page.locator("#blind-question .far")).to_contain_text("You have voted on this one before")
    press(page, "9")

    page.locator("#blind-edited textarea").fill("So it should be.")
    page.get_by_role("button", name="B is better").click()
    expect(page.locator("#blind-question .far")).to_have_text("Question 4 of 4")
    expect(page.locator("#blind-question")).to_contain_text("What now? <b>x</b>")
    press(page, "2")
    expect(page.locator("#blind-question")).to_contain_text("Every question of this set has a vote: 4 of 4.")
    (asked,) = PromptSets(workspace).all()
    votes = Votes(workspace, asked.id).in_force()
    assert [vote.verdict for vote in votes] == ["A", "both bad", "B", "B"]
    assert [vote.edited for vote in votes] == ["", "", "So it should be.", ""]
    assert [vote.again for vote in votes] == [False, True, False, False]

    page.get_by_role("button", name="Make a data set of these votes").click()
    expect(page.get_by_label("Data set of votes")).to_have_value(re.compile(r"Saved as votes-.*/v1: 3 rows"))


def test_the_answers_are_listed_side_by_side_only_when_asked_for(page: Page) -> None:
    part(page, "Prompt set")
    listed = page.locator("#set-answers")
    expect(page.get_by_text("judge them blind first")).to_be_visible()
    expect(listed).to_have_count(0)
    page.get_by_role("button", name="Show answers").click()
    expect(listed).to_contain_text("What now? <b>x</b>")
    expect(listed.locator("section").nth(2)).to_contain_text(re.compile(r"Tuned.*\d+ tokens.*\d s", re.DOTALL))
    expect(listed.locator("ins").first).to_be_visible()

"""Personal data on its way into a model and out of it, in a real browser: a clear yes to train on it, and a badge."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client, handle_file
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.slow, pytest.mark.starter, pytest.mark.browser]
MAIL = "jane.sample@example.com"
QUESTIONS = ["Whom do I write to about a refund?", f"Is {MAIL} the address for a refund?"]
SLOW = 60_000


@pytest.fixture
def searched(app: Any, tmp_path: Path) -> str:
    """The name of a dataset whose answers hold an address, which a search found and nobody has decided about."""
    turns = [text for question in QUESTIONS for text in (question, f"Please write to {MAIL}.")]
    roles = ["user", "assistant"] * 2
    chat = [{"role": role, "content": text} for role, text in zip(roles, turns, strict=True)]
    rows = "".join(json.dumps({"messages": messages}) + "\n" for messages in (chat, chat[:2]))
    (tmp_path / "refunds.jsonl").write_text(rows)
    client = Client(app.url, verbose=False)
    version, _ = client.predict(handle_file(str(tmp_path / "refunds.jsonl")), api_name="/load_file")
    found, _ = client.predict(version, "fast", api_name="/scan_personal_data")
    assert found == "Found 4 places in 2 of 2 rows."
    return version


def train_tab(page: Page, version: str) -> None:
    """Opens the Train tab, which says what is open in the version."""
    page.get_by_role("tab", name="Train", exact=True).click()
    alarm = page.locator("#train-personal-data").get_by_role("alert")
    expect(alarm).to_contain_text(f"{version}: 4 findings of personal data in 2 rows are neither masked", timeout=SLOW)


def test_open_findings_need_a_yes_to_be_learned_and_a_badge_says_that_they_come_out_again(
    searched: str, tiny_model_folder: Path, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    train_tab(page, searched)
    page.get_by_role("button", name="Start training").click()
    expect(page.get_by_test_id("toast-body").first).to_contain_text("tick “Train on it all the same”", timeout=SLOW)
    page.get_by_label("Train on it all the same").check()
    model = page.get_by_label("Base model")
    model.fill(str(tiny_model_folder))
    model.press("Enter")
    page.get_by_label("Method").click()
    page.get_by_role("option", name="Full tuning").click()
    page.get_by_label("Epochs").fill("80")
    page.locator("input").and_(page.get_by_label("Learning rate")).fill("0.003")
    page.get_by_role("button", name="Start training").click()
    expect(page.locator("#run-figures")).to_contain_text(re.compile("done.*80 of 80", re.DOTALL), timeout=2 * SLOW)
    expect(page.locator("#run-figures")).to_contain_text("Trained all the same, by choice: refunds")

    page.get_by_role("tab", name="Compare", exact=True).click()
    expect(page.locator("#compare-run input")).to_have_value(re.compile("refunds"), timeout=SLOW)
    page.get_by_text(re.compile("Settings of (both|all) answers")).click()
    page.get_by_label("number input for Longest answer").or_(page.get_by_label("Longest answer")).first.fill("40")
    badge = page.locator("#tuned-note .found")
    for number, prompt in enumerate(QUESTIONS, 1):
        page.get_by_label("Prompt", exact=True).fill(prompt)
        page.get_by_role("button", name="Send").click()
        expect(page.locator("#tuned-chat [data-testid=bot]")).to_have_count(number, timeout=SLOW)
        if number == 1:
            expect(badge).to_have_text("⚠ Contains an e-mail address that is not in the prompt.", timeout=SLOW)
    expect(page.locator("#tuned-chat [data-testid=bot]").last).to_contain_text(MAIL, timeout=SLOW)
    expect(badge).to_have_text("⚠ Answer 1: Contains an e-mail address that is not in the prompt.", timeout=SLOW)
    expect(page.locator("#base-note .found")).to_have_count(0)

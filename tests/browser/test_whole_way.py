"""The whole way in a real browser, on the starter model: from a click on a sample to two answers side by side."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.slow, pytest.mark.starter, pytest.mark.browser]
Open = Callable[..., Page]
TABS = ["Curate", "Mask", "Train", "Compare"]


def go_to(page: Page, name: str) -> None:
    """Choose a tab; on a narrow page some stand behind a menu."""
    tab = page.get_by_role("tab", name=name, exact=True)
    if not tab.first.is_visible():
        page.locator(".overflow-menu button").first.click()
        page.locator(".overflow-dropdown button", has_text=name).click()
    else:
        tab.first.click()
    if name == "Compare":
        expect(page.locator("#compare-run input")).not_to_have_value("")


def longest_answer(page: Page, tokens: int) -> None:
    """On the Compare tab: an untrained answer may go on for minutes, on a slow machine."""
    field = page.get_by_label("number input for Longest answer").or_(page.get_by_label("Longest answer")).first
    if not field.is_visible():
        page.get_by_text(re.compile("Settings of (both|all) answers")).click()
    field.fill(str(tokens))


def test_the_readme_script_walks_the_whole_way(readme_output: str) -> None:
    assert re.search(r"^done held-out loss \d+\.\d+$", readme_output, re.MULTILINE)
    base, tuned = (re.search(rf"^{side}: *(.+)$", readme_output, re.MULTILINE) for side in ("Base", "Tuned"))
    assert base
    assert tuned
    assert base[1] != tuned[1]
    assert len(tuned[1].split()) <= 3, "after 20 steps the answer is an intent, not a chat"
    assert readme_output.strip().endswith(".zip")


def test_a_click_on_a_sample_shows_its_rows_and_problems_and_another_splits_it(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("button", name="support_tickets").click()
    expect(page.get_by_label("If you save now")).to_have_value(re.compile("rows will be kept"), timeout=30_000)
    page.get_by_role("button", name="Save and split").click()
    expect(page.get_by_label("Summary")).to_have_value(re.compile(r"train.*held.out", re.IGNORECASE | re.DOTALL))


def test_a_finished_run_is_shown_again_after_a_reload(readme_output: str, open_page: Open) -> None:
    page = open_page()
    go_to(page, "Train")
    expect(page.locator("#run-figures")).to_contain_text("20 of 20")
    page.reload()
    page.get_by_role("tab", name="Train").click()
    expect(page.locator("#run-figures")).to_contain_text("20 of 20", timeout=10_000)
    expect(page.locator("svg.marks, canvas.marks").first).to_be_visible()


def test_the_plan_is_there_before_start(readme_output: str, page: Page) -> None:
    go_to(page, "Train")
    expect(page.locator("#plan")).to_contain_text(re.compile(r"rows to train on.*steps", re.DOTALL))
    expect(page.locator("#estimate")).to_contain_text("About", timeout=60_000)
    page.get_by_text("What the model sees").click()
    expect(page.locator("#seen-row mark").first).to_be_visible()
    expect(page.locator("#seen-figures")).to_contain_text("tokens")


def test_two_answers_and_who_gave_them(readme_output: str, page: Page) -> None:
    go_to(page, "Compare")
    longest_answer(page, 20)
    page.get_by_label("Prompt", exact=True).fill("Where is my parcel?")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#base-note")).to_contain_text("No adapter was active", timeout=60_000)
    expect(page.locator("#tuned-note")).to_contain_text("intents")
    expect(page.locator("#speed")).to_contain_text("tokens a second")
    expect(page.locator("#tuned-chat [data-testid=bot]").first).to_contain_text("_")


def test_stop_keeps_what_was_said_and_the_next_prompt_works(readme_output: str, open_page: Open) -> None:
    page = open_page()
    go_to(page, "Compare")
    page.get_by_label("Prompt", exact=True).fill("Write a very long story about a lighthouse.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#speed")).to_contain_text("tokens", timeout=60_000)
    page.get_by_role("button", name="Stop", exact=True).last.click()
    time.sleep(1.5)
    said = page.locator("#base-chat [data-testid=bot]").first.inner_text()
    time.sleep(1.5)
    assert page.locator("#base-chat [data-testid=bot]").first.inner_text() == said
    longest_answer(page, 10)
    page.get_by_label("Prompt", exact=True).fill("And where is my parcel?")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#tuned-chat [data-testid=bot]").nth(1)).to_contain_text(re.compile(r"\w"), timeout=60_000)


def test_the_adapter_can_be_downloaded(readme_output: str, page: Page) -> None:
    go_to(page, "Compare")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download adapter").click()
    assert download.value.suggested_filename.endswith("intents-" + download.value.suggested_filename[-8:])


def what_is_asked(page: Page) -> list[str]:
    """A list that grows by the name of each action that the page asks for."""
    names = dict(page.evaluate("() => gradio_config.dependencies.map(one => [one.id, one.api_name])"))
    asked: list[str] = []

    def note(request: Any) -> None:
        if request.method == "POST" and "fn_index" in (body := request.post_data or ""):
            asked.append(re.sub(r"_\d+$", "", names[json.loads(body)["fn_index"]]))

    page.on("request", note)
    return asked


def test_the_train_tab_asks_for_nothing_before_it_is_opened(readme_output: str, page: Page) -> None:
    asked = what_is_asked(page)
    page.reload()
    page.get_by_role("tab", name="Curate").first.wait_for()
    page.wait_for_timeout(2500)
    assert "token" in asked
    assert not {"versions", "runs", "show_run", "choices", "apply", "show_plan", "show_row"} & set(asked)


def test_a_recipe_is_saved_as_a_file_and_another_put_into_the_form(readme_output: str, page: Page) -> None:
    go_to(page, "Train")
    page.get_by_role("button", name="Recipe").click()
    page.get_by_role("button", name="From the run").click()
    expect(page.locator("#train-recipe")).to_contain_text("max_steps: 20")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as file").click()
    assert download.value.suggested_filename == "training-recipe.yaml"
    page.locator("#train-recipe .cm-content").fill("epochs: 7")
    page.get_by_role("button", name="Put into the form").click()
    expect(page.get_by_label("Epochs")).to_have_value("7")


def start_a_run(page: Page, model: Path) -> None:
    """Starts a run of thousands of steps of some milliseconds."""
    go_to(page, "Train")
    expect(page.locator("#plan")).to_contain_text("rows to train on")
    page.get_by_label("Base model").fill(str(model))
    page.get_by_label("Base model").press("Enter")
    page.get_by_label("Epochs").fill("100")
    page.get_by_role("button", name="Start training").click()
    expect(page.locator("#run-figures")).to_contain_text(re.compile(r"running"), timeout=60_000)


def test_a_second_tab_sees_the_run_pauses_it_resumes_it_and_stop_keeps_its_adapter(
    readme_output: str, open_page: Open, tiny_model_folder: Path
) -> None:
    page = open_page()
    start_a_run(page, tiny_model_folder)
    other = open_page()
    go_to(other, "Train")
    expect(other.locator("#run-figures")).to_contain_text(re.compile(r"[1-9]\d* of \d+"), timeout=90_000)
    page.close()
    asked = what_is_asked(other)
    go_to(other, "Mask")
    other.wait_for_timeout(2000)
    asked.clear()
    other.wait_for_timeout(2500)
    assert not {"show_run", "follow_run"} & set(asked), "a tab that is hidden asks for nothing, though its run goes on"
    go_to(other, "Train")
    other.get_by_role("button", name="Pause", exact=True).click()
    expect(other.locator("#run-figures")).to_contain_text("Resume goes on from here", timeout=60_000)
    other.get_by_role("button", name="Resume", exact=True).click()
    expect(other.locator("#run-figures")).to_contain_text("running", timeout=60_000)
    other.locator("#train-stop").click()
    expect(other.locator("#run-figures")).to_contain_text("stopped", timeout=60_000)
    expect(other.locator("#run-figures")).to_contain_text("What was learned so far is kept")


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_no_tab_is_wider_than_the_page(readme_output: str, open_page: Open, width: int, dark: bool) -> None:
    page = open_page(width, dark)
    for name in TABS:
        go_to(page, name)
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_an_idle_page_does_not_lay_itself_out_again(readme_output: str, page: Page) -> None:
    go_to(page, "Train")
    expect(page.locator("#run-figures")).to_contain_text(" of ")
    page.wait_for_timeout(3000)
    session: Any = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def layouts() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return float(next(metric["value"] for metric in metrics if metric["name"] == "LayoutCount"))

    before = layouts()
    page.wait_for_timeout(2000)
    assert layouts() - before < 5


def test_after_kill_9_the_next_start_shows_the_run_as_interrupted(
    readme_output: str, app: Any, page: Page, open_page: Open, tiny_model_folder: Path
) -> None:
    start_a_run(page, tiny_model_folder)
    page.close()
    app.kill()
    app.start()
    after = open_page()
    go_to(after, "Train")
    expect(after.locator("#run-figures")).to_contain_text("interrupted")

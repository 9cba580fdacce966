"""The buttons that mend a run which does not fit: what a click changes, and that the estimate follows it."""

from collections.abc import Iterator
from typing import Any

import gradio as gr
import pytest

from core.actions import Lab
from core.actions.train.estimate import Estimate, Mend, RunEstimate
from core.settings import HOME
from ui.common import Page
from ui.train import estimate, tab

GIGABYTE = 10**9


@pytest.fixture(scope="module")
def train_tab(tmp_path_factory: pytest.TempPathFactory) -> gr.Blocks:
    lab = Lab(tmp_path_factory.mktemp("home"), HOME)
    with gr.Blocks() as blocks, gr.Tabs(), gr.Tab("Train", id="train") as opened:
        tab.build(Page(lab, gr.State(""), None), opened)
    return blocks


def after(blocks: gr.Blocks, component: Any, event: str) -> Iterator[Any]:
    """The functions that run when something happens to a component, one after the other."""
    found = next(each for each in blocks.fns.values() if (component._id, event) in each.targets)
    while found:
        yield found
        found = next((each for each in blocks.fns.values() if each.trigger_after == found._id), None)


def buttons(blocks: gr.Blocks) -> list[Any]:
    return [each for each in blocks.blocks.values() if str(getattr(each, "elem_id", "")).startswith("mend-")]


def test_after_a_click_on_a_mend_the_plan_and_the_estimate_are_made_again(train_tab: gr.Blocks) -> None:
    assert len(buttons(train_tab)) == estimate.MOST_MENDS
    for button in buttons(train_tab):
        take, *others = after(train_tab, button, "click")
        assert [each.name for each in others] == ["show_plan", "show_estimate", "show_buttons"]
        fields = [each._id for each in take.outputs]
        for other in others[:2]:
            assert set(fields) <= {each._id for each in other.inputs}


def test_a_click_changes_the_fields_of_its_own_mend_alone(train_tab: gr.Blocks) -> None:
    changes = [("Compute a step in 4 parts", {"accumulation": 4}), ("QLoRA", {"method": "qlora", "recompute": True})]
    taken = [next(after(train_tab, button, "click")).fn(changes) for button in buttons(train_tab)]
    skipped = gr.skip()
    assert [[value for value in values if value != skipped] for values in taken[:2]] == [["4"], ["qlora", True]]
    assert all(value == skipped for values in taken[2:] for value in values)


def test_what_does_not_fit_is_said_with_what_would() -> None:
    def told(peak: float) -> Estimate:
        return Estimate({"program": GIGABYTE, "step": round((peak - 1) * GIGABYTE)}, 8 * GIGABYTE, 0, 5, None)

    mend = Mend("Compute a step in 4 parts", "Learns the same; a little slower.", {"accumulation": 4}, told(6))
    said = estimate._told(RunEstimate(told(12), [mend]))
    assert "needs <b>12 GB</b> of memory and <b>8.0 GB</b> are free" in said
    assert "Compute a step in 4 parts: peak 6.0 GB, fits. Learns the same" in said
    assert "None of these" not in said
    assert estimate._changes(RunEstimate(told(12), [mend])) == [("Compute a step in 4 parts", {"accumulation": 4})]

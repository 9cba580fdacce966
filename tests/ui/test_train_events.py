"""What is shown anew on the Train tab after something has filled the form in."""

from typing import Any

import gradio as gr
import pytest

from core.actions import Lab
from core.settings import HOME
from ui.common import Page
from ui.train import tab


@pytest.fixture(scope="module")
def blocks(tmp_path_factory: pytest.TempPathFactory) -> gr.Blocks:
    lab = Lab(tmp_path_factory.mktemp("home"), HOME)
    with gr.Blocks() as built, gr.Tabs(), gr.Tab("Train", id="train") as opened:
        tab.build(Page(lab, gr.State(""), built.load(None)), opened)
    return built


def following(blocks: gr.Blocks, first: Any) -> set[str]:
    """The handlers that one event sets going, at once and one after the other."""
    found = [each for each in blocks.fns.values() if each.trigger_after == first._id]
    return {each.name for each in found}.union(*(following(blocks, each) for each in found))


@pytest.mark.parametrize("filling", ["fill", "load_recipe", "take"])
def test_what_fills_the_form_in_shows_the_rows_the_plan_and_what_is_possible_anew(
    blocks: gr.Blocks, filling: str
) -> None:
    fills = [each for each in blocks.fns.values() if each.name == filling and len(each.outputs) > 5]
    assert fills
    for each in fills:
        assert following(blocks, each) >= {"show_plan", "show_row", "show_lengths", "mark_choices"}

"""Every field that a person can set says in a line what it does, so that a beginner need not guess."""

from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from core.actions import Lab
from core.settings import HOME
from ui import compare, evaluate, train
from ui.common import Page

FIELDS = (gr.Textbox, gr.Dropdown, gr.Number, gr.Slider, gr.Checkbox, gr.CheckboxGroup, gr.Radio)


@pytest.mark.parametrize("part", [train, compare, evaluate], ids=["Train", "Compare", "Evaluate"])
def test_every_field_that_can_be_set_is_explained(part: Any, tmp_path: Path) -> None:
    with gr.Blocks() as blocks, gr.Tabs(), gr.Tab("Tab") as tab:
        part.build(Page(Lab(tmp_path, HOME), gr.State(""), blocks.load(None)), tab)
    fields: list[Any] = [each for each in blocks.blocks.values() if isinstance(each, FIELDS)]
    shown = [each for each in fields if each.visible and each.interactive is not False]
    assert len(shown) > 3
    assert [each.label for each in shown if not (each.info or getattr(each, "placeholder", ""))] == []

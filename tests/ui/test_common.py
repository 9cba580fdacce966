"""What the tabs share: who is told of another value in a dropdown, and when."""

import inspect
from typing import Any

import gradio as gr
import pytest

from ui.common import Page, may_lack


@pytest.fixture
def followed() -> Any:
    """The functions behind a dropdown that two tabs follow, in the order of their events; and the tabs' ids."""
    with gr.Blocks() as blocks:
        page = Page(None, gr.State(""), None)
        dropdown = gr.Dropdown(["a", "b"])
        with gr.Tabs():
            tabs = [gr.Tab("First"), gr.Tab("Second")]
        page.follow(dropdown, tabs)
        assert page.changed(dropdown).__self__ is not page.changed(dropdown, tabs[1]).__self__
    return [event.fn for event in blocks.fns.values()], [tab._id for tab in tabs]


def test_only_the_tab_that_is_shown_is_told_at_once(followed: Any):
    (tell, *_), (first, second) = followed
    assert tell("b", first) == ["b", "b", gr.skip()]
    assert tell("b", second) == ["b", gr.skip(), "b"]


def test_another_tab_is_told_when_it_is_opened(followed: Any):
    (_, _, open_second), (_, second) = followed
    assert open_second("b") == (second, "b")


def test_several_of_the_last_parameters_may_be_left_out():
    def handler(run: str, rows: Any, probes: Any) -> None: ...

    parameters = inspect.signature(may_lack(may_lack(handler, "probes"), "rows")).parameters
    assert [name for name, one in parameters.items() if one.default is None] == ["rows", "probes"]

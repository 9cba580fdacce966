"""A Stop button that holds from the first moment on, and stands there after a reload as long as the work goes on."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from core.actions import background

POLL_SECONDS = 1.0
QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}


@dataclass
class Stopping:
    """The buttons that start and stop the work, and what they go by.

    `asked` is the moment at which a person has asked for the work, which may begin later. The timer runs where the work
    goes on and this page did not start it: after a reload, or in another window.
    """

    start: gr.Button
    button: gr.Button
    asked: gr.State
    timer: gr.Timer

    @property
    def outputs(self) -> list[Any]:
        """What the beginning and the end of the work set."""
        return [self.asked, self.start, self.button, self.timer]

    def begun(self) -> Any:
        """On a press of `start` show Stop first of all; the event to go on from."""

        def ask() -> list[Any]:
            return [background.moment(), gr.Button(interactive=False), gr.Button(visible=True), gr.Timer(active=False)]

        return self.start.click(ask, None, self.outputs, **QUIET)


def build(start: str) -> Stopping:
    """Lay out the two buttons beside each other."""
    with gr.Row():
        first = gr.Button(start, variant="primary", min_width=180, scale=4)
        stop = gr.Button("Stop", variant="stop", min_width=90, scale=1, visible=False)
    return Stopping(first, stop, gr.State(None), gr.Timer(POLL_SECONDS, active=False))


def shown(is_going: bool) -> list[Any]:
    """Values of `Stopping.outputs` for work that goes on, or that does not."""
    return [None, gr.Button(interactive=not is_going), gr.Button(visible=is_going), gr.Timer(active=is_going)]

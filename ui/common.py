"""What all tabs share: the page they are built on, handlers with a workspace, and pickers of dataset versions."""

import inspect
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from core.actions import Lab
from core.errors import LabError

logger = logging.getLogger("tunebench")


class Visitor(gr.BrowserState):
    """The visitor's token in the browser's storage; not a parameter of the API, where the session stands in for it."""

    is_template = True

    @property
    def skip_api(self) -> bool:
        """Keeps the token out of the list of API parameters."""
        return True


@dataclass
class Page:
    """The page that a tab is built on."""

    lab: Lab
    blocks: gr.Blocks
    visitor: Visitor

    def handler(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """`function(workspace, *inputs)` as an event handler: finds the workspace, shows a `LabError` as a sentence.

        Listeners take `[page.visitor, *inputs]` as their inputs; generators and event data work as usual.
        """
        run = _generate(self, function) if inspect.isgeneratorfunction(function) else _call(self, function)
        own = list(inspect.signature(function).parameters.values())[1:]
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        first = [inspect.Parameter("request", kind, annotation=gr.Request), inspect.Parameter("visitor", kind)]
        run.__signature__ = inspect.Signature([*first, *own])  # type: ignore[attr-defined]
        run.__annotations__ = {
            "request": gr.Request,
            **{p.name: p.annotation for p in own if p.annotation is not p.empty},
        }
        run.__name__, run.__doc__ = function.__name__, function.__doc__
        return run

    def workspace(self, request: gr.Request, visitor: str) -> Any:
        """The visitor's workspace; a caller of the API without a token is known by its session."""
        return self.lab.workspace(visitor or str(request.session_hash or ""))


def _call(page: Page, function: Callable[..., Any]) -> Callable[..., Any]:
    def run(request: gr.Request, visitor: str, *values: Any) -> Any:
        try:
            return function(page.workspace(request, visitor), *values)
        except LabError as error:
            raise gr.Error(str(error), title="Please check", print_exception=False) from error

    return run


def _generate(page: Page, function: Callable[..., Any]) -> Callable[..., Any]:
    def run(request: gr.Request, visitor: str, *values: Any) -> Iterator[Any]:
        try:
            yield from function(page.workspace(request, visitor), *values)
        except LabError as error:
            raise gr.Error(str(error), title="Please check", print_exception=False) from error

    return run

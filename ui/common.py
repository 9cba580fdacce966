"""What all tabs share: the page they are built on, handlers with a workspace, and pickers of dataset versions."""

import html
import inspect
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import gradio as gr

from core.actions import Lab
from core.errors import LabError

logger = logging.getLogger("tunebench")

BUG = "Tunebench made a mistake here ({}). What was saved is kept; what it prints where it was started tells more."


@dataclass
class Page:
    """The page that a tab is built on.

    `visitor` holds the visitor's token and is no parameter of the API; `ready` is the event after which it is known.
    """

    lab: Lab
    visitor: gr.State
    ready: gr.events.Dependency
    _values: dict[tuple[int, int], gr.State] = field(default_factory=dict)

    def on_load(self, function: Callable[..., Any], inputs: list[Any], outputs: Any) -> None:
        """Run a handler whenever the page is opened or reloaded, without showing progress."""
        self.ready.then(function, inputs, outputs, show_progress="hidden", api_visibility="private", queue=False)

    def follow(self, dropdown: gr.Dropdown, tabs: Sequence[gr.Tab] = ()) -> None:
        """Make the events of `changed` for the dropdown, and for the tabs of one `gr.Tabs`, of which the first is open.

        A tab that is not shown is told when it is opened: until then its parts would ask for what nobody sees. Call it
        before `changed`.
        """
        opened = gr.State(tabs[0]._id if tabs else 0)
        ids = [0, *(tab._id for tab in tabs)]  # 0 is the page itself
        told = [gr.State(None) for _ in ids]
        self._values |= {(dropdown._id, place): state for place, state in zip(ids, told, strict=True)}

        def tell(chosen: Any, opened: int) -> list[Any]:
            return [chosen, *(chosen if tab._id == opened else gr.skip() for tab in tabs)]

        # Through the queue: the page hears of a changed state only there.
        queued: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        dropdown.change(tell, [dropdown, opened], told, **queued)
        for tab, state in zip(tabs, told[1:], strict=True):
            tab.select(_opening(tab), dropdown, [opened, state], **queued)

    def changed(self, dropdown: gr.Dropdown, tab: gr.Tab | None = None) -> Callable[..., Any]:
        """The event of another value in the dropdown; for a tab named to `follow`, once that tab is shown.

        Gradio's own `change` also comes, again and again, when only the choices were renewed or an update was late.
        """
        if (dropdown._id, 0) not in self._values:
            self.follow(dropdown)
        event: Callable[..., Any] = self._values[dropdown._id, tab._id if tab else 0].change
        return event

    def handler(self, function: Callable[..., Any], values: Sequence[str] = ()) -> Callable[..., Any]:
        """`function(workspace, *inputs)` as an event handler: finds the workspace, shows a `LabError` as a sentence.

        Listeners take `[page.visitor, *inputs]` as their inputs; generators and event data work as usual. With
        `values`, the last inputs are settings of these names, and the function takes them as one dict at its end.
        """
        run = (_generate if inspect.isgeneratorfunction(function) else _call)(self, packed(function, values))
        own = list(inspect.signature(function).parameters.values())[1:]
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        if values:
            own = [*own[:-1], *(inspect.Parameter(name, kind) for name in values)]
        first = [inspect.Parameter("request", kind, annotation=gr.Request), inspect.Parameter("visitor", kind)]
        run.__signature__ = inspect.Signature([*first, *own])  # type: ignore[attr-defined]
        run.__annotations__ = {
            "request": gr.Request,
            **{p.name: p.annotation for p in own if p.annotation is not p.empty},
        }
        run.__name__, run.__doc__ = function.__name__, function.__doc__
        return run

    def refreshed(self, choices: list[tuple[str, str]], chosen: str | None) -> gr.Dropdown:
        """A dropdown with these choices, newest first: what was chosen stays if it is still there, else the newest."""
        ids = [value for _, value in choices]
        return gr.Dropdown(choices=choices, value=chosen if chosen in ids else next(iter(ids), None))

    def workspace(self, request: gr.Request, visitor: str) -> Any:
        """The visitor's workspace; a caller of the API without a token is known by its session."""
        return self.lab.workspace(visitor or str(request.session_hash or ""))


def _opening(tab: gr.Tab) -> Callable[..., Any]:
    def open_tab(chosen: Any) -> tuple[int, Any]:
        return tab._id, chosen

    return open_tab


def unchecked(component: Any) -> Any:
    """The component, made to pass on what a caller sends, so that core can say in a sentence what is wrong with it."""
    component.preprocess = lambda value: value
    return component


def may_lack(handler: Callable[..., Any], last: str) -> Callable[..., Any]:
    """The handler with a last parameter that a caller of the API may leave out: Gradio looks at the signature."""
    signature = inspect.signature(handler)
    parameters = [one.replace(default=None) if one.name == last else one for one in signature.parameters.values()]
    handler.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return handler


def duration(seconds: float | None) -> str:
    """Seconds as a person says them: `45 s`, `3 min 20 s`, `1 h 05 min`."""
    if seconds is None:
        return "–"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


@contextmanager
def _sentences(function: Callable[..., Any]) -> Iterator[None]:
    """A `LabError` as its sentence, and anything else as a bug whose details only stand in the log."""
    try:
        yield
    except LabError as error:
        raise _toast(str(error)) from error
    except Exception as error:
        logger.exception("The action %s broke", function.__name__)
        raise _toast(BUG.format(type(error).__name__)) from error


def _toast(sentence: str) -> gr.Error:
    """A message of the page, which takes it as HTML: names from a file must not become tags."""
    return gr.Error(html.escape(sentence, quote=False), print_exception=False)


def packed(function: Callable[..., Any], names: Sequence[str]) -> Callable[..., Any]:
    """The function, with its last inputs given to it as one dict of these names; as it is where there are none."""

    def with_settings(*inputs: Any) -> Any:
        split = len(inputs) - len(names)
        settings = [dict(zip(names, inputs[split:], strict=True))] if names else []
        return function(*inputs[:split], *settings)

    with_settings.__name__ = function.__name__
    return with_settings


def _call(page: Page, function: Callable[..., Any]) -> Callable[..., Any]:
    def run(request: gr.Request, visitor: str, *values: Any) -> Any:
        with _sentences(function):
            return function(page.workspace(request, visitor), *values)

    return run


def _generate(page: Page, function: Callable[..., Any]) -> Callable[..., Any]:
    def run(request: gr.Request, visitor: str, *values: Any) -> Iterator[Any]:
        with _sentences(function):
            yield from function(page.workspace(request, visitor), *values)

    return run

"""The report as a page: a piece for the Evaluate tab, and a page of its own that needs nothing else. Free of torch.

What comes from rows and models is escaped by the template.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from core.evaluate.calibration import Bin
from core.evaluate.report import Report
from core.settings import PARTS

TITLES = {
    "scores": "Held-out scores",
    "confidence": "Confidence",
    "forgetting": "Forgetting",
    "following": "Following instructions",
    "probes": "Truth, bias, toxicity",
    "leaks": "Memorising and leaks",
}
LIGHTS = {"green": "good", "amber": "unsure", "red": "bad", "grey": "not known"}
PLOT = 220.0  # width and height of a plot, in the units of its drawing


def fragment(report: Report) -> str:
    """The report as HTML for another page, with its style."""
    return _templates().get_template("report.html").render(**_about(report))


def page(report: Report) -> str:
    """The report as an HTML page of its own."""
    return _templates().get_template("page.html").render(**_about(report))


def _about(report: Report) -> dict[str, Any]:
    parts = [(name, TITLES[name], getattr(report, name)) for name in PARTS]
    return {"report": report, "parts": parts, "lights": LIGHTS, "size": PLOT}


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("core.evaluate", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": _percent, "signed": _signed, "number": _number, "curve": _curve}
    return environment


def _percent(value: float | None, digits: int = 0) -> str:
    return "–" if value is None else f"{value:.{digits}%}"


def _number(value: float | None, digits: int = 2) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"


def _signed(value: float | None, digits: int = 2) -> str:
    return "–" if value is None else f"{value:+,.{digits}f}".replace("-", "−")


def _curve(bins: Sequence[Bin]) -> str:
    """How often right (up) by how sure (to the right), as the points of a line."""
    return " ".join(f"{each.confidence * PLOT:.1f},{(1 - each.accuracy) * PLOT:.1f}" for each in bins)

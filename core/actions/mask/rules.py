"""The user's own rules: read, checked, saved and tried out. The review adds to them (review.py, `always`)."""

from dataclasses import dataclass
from pathlib import Path

from core.actions.tables import shortened
from core.errors import Busy, SettingProblem
from core.privacy import Span
from core.privacy.kinds import label
from core.privacy.own import OwnRules, parse
from core.settings import Limits
from core.words import counted
from core.workspace import Workspace

EXAMPLE = Path(__file__).parents[3] / "sample_data" / "mask_rules.yaml"
LONGEST_TRIED = 200_000
HEADERS = ("Found", "Kind", "Why", "Doubt")
LONGEST_SHOWN = 80
NO_RULES = "There are no rules of your own yet. Write some, or begin with the example."


@dataclass(frozen=True)
class Checked:
    """What rules hold: a sentence, and sentences about what of them cannot be used here."""

    sentence: str
    notes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """All of it as one text."""
        return " ".join([self.sentence, *self.notes])


def text(workspace: Workspace) -> str:
    """The rules as they are saved; empty if there are none."""
    return workspace.rules_text()


def read(limits: Limits, rules: str) -> OwnRules:
    """The rules that a text holds; a public place loads no recognisers of other modules.

    Raises:
        FileProblem: with the line and the reason.
    """
    return parse(rules, plug_ins=not limits.public)


def check(limits: Limits, rules: str) -> Checked:
    """Read rules, try their examples and load their recognisers. Raises `FileProblem` with the line and the reason."""
    own = read(limits, rules)
    if not own:
        return Checked(NO_RULES)
    kinds = ", ".join(sorted(own.kinds))
    finds = f"They find {counted(len(own.kinds), 'kind')}: {kinds}." if kinds else "They find nothing, and allow."
    return Checked(f"These rules can be read. {finds}", own.notes)


def save(workspace: Workspace, limits: Limits, rules: str, seen: str | None = None) -> str:
    """Check rules and keep them for every search in this workspace; what was kept before stays if they are wrong.

    `seen` are the saved rules that these were made from, where that is known.

    Raises:
        FileProblem: with the line and the reason.
        Busy: the saved rules are no longer those that were seen.
    """
    checked = check(limits, rules)
    if seen is not None and workspace.rules_text() != seen:
        raise Busy(
            "The saved rules were changed meanwhile, from the review or another page. Copy what you wrote, reload the "
            "page, and put it in again."
        )
    workspace.keep_rules(rules)
    return f"Saved. {checked.words} Search again to use them." if rules.strip() else "Saved: no rules of your own."


def try_rules(limits: Limits, rules: str, text: str) -> tuple[list[list[str]], str]:
    """What rules find in a text: a table row for each place (`HEADERS`) and a sentence. Nothing of it is kept.

    Raises:
        FileProblem: the rules have a mistake.
        SettingProblem: the text is too long.
    """
    if len(text) > LONGEST_TRIED:
        raise SettingProblem(f"The text has {len(text):,} characters; rules are tried on at most {LONGEST_TRIED:,}.")
    own = read(limits, rules)
    spans = sorted(own.find(text, "this text"))
    found = [span for span in spans if not own.allows(span.kind, text[span.start : span.end])]
    allowed = len(spans) - len(found)
    parts = [f"Found {counted(len(found), 'place')}{f'; {allowed:,} more allowed' if allowed else ''}.", *own.notes]
    return [_line(text, span) for span in found], " ".join(parts)


def example() -> str:
    """An example of rules, with every part that there can be."""
    return EXAMPLE.read_text(encoding="utf-8")


def _line(text: str, span: Span) -> list[str]:
    shown = " ".join(shortened(text[span.start : span.end], LONGEST_SHOWN).split())
    return [shown, label(span.kind), span.reason, f"{1 - span.score:.0%}"]

"""YAML of bounded size in which every part knows its line."""

import re
from collections.abc import Sequence

import yaml

from core.errors import FileProblem

LONGEST_TEXT = 1_000_000
DEEPEST = 12  # levels; far deeper ones end a parser, libyaml's with the whole process
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NAME = re.compile(r"\w{1,30}")


def read(text: str) -> yaml.Node | None:
    """The top node of a YAML text, or None if there is nothing in it. Raises `FileProblem` with the line."""
    if len(text) > LONGEST_TEXT:
        raise FileProblem(f"The rules may have {LONGEST_TEXT:,} characters at most, and these have {len(text):,}.")
    try:
        _check_harmless(text)
        return yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark, last = error.problem_mark or error.context_mark, max(1, len(text.splitlines()))
        line = min(mark.line + 1, last) if mark else 1  # the parser takes the end of the text for one line more
        raise _problem(line, f"this is not YAML: {error.problem or error.context}.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise FileProblem("The rules are not YAML: there is a character in them that no text may hold.") from error


def line_of(node: yaml.Node) -> int:
    """The line of a node, counted from 1."""
    return int(node.start_mark.line) + 1


def problem(node: yaml.Node, reason: str) -> FileProblem:
    """The error of a node: its line, and why. `reason` quotes no value, since rules may name real people."""
    return _problem(line_of(node), reason)


def fields(node: yaml.Node, known: Sequence[str]) -> dict[str, yaml.Node]:
    """The values of a mapping by their names. Raises `FileProblem` if it is none, or has a name that is not known."""
    if not isinstance(node, yaml.MappingNode):
        raise problem(node, f"here must stand names with values ({', '.join(f'{name}:' for name in known)}).")
    found: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else ""
        if name not in known:
            shown = f"“{name}” is not known here" if _NAME.fullmatch(name) else "this name is not known here"
            raise problem(key, f"{shown}; known: {', '.join(known)}.")
        if name in found:
            raise problem(key, f"“{name}” stands here twice.")
        found[name] = value
    return found


def items(node: yaml.Node | None) -> list[yaml.Node]:
    """The items of a list; one value alone counts as a list of it, and nothing as an empty one."""
    if node is None or (isinstance(node, yaml.ScalarNode) and not node.style and not node.value):
        return []
    return list(node.value) if isinstance(node, yaml.SequenceNode) else [node]


def text_of(node: yaml.Node, longest: int) -> str:
    """A single value as text, without space around it. Raises `FileProblem` if it is none, empty, or too long."""
    if not isinstance(node, yaml.ScalarNode):
        raise problem(node, "here must stand a single text.")
    found = str(node.value).strip()
    if not found:
        raise problem(node, "here must stand a text, and there is none.")
    if len(found) > longest:
        raise problem(node, f"this text has {len(found):,} characters; at most {longest:,} are taken.")
    return found


def _problem(line: int, reason: str) -> FileProblem:
    return FileProblem(f"Rules, line {line:,}: {reason}")


def _check_harmless(text: str) -> None:
    """Raises `FileProblem` where the text would take the parser more depth, or unfold to more, than rules need."""
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise _problem(line, "references (*name) are not taken. A text with a * needs quotes.")
        if depth > DEEPEST:
            raise _problem(line, f"more than {DEEPEST} levels stand in each other.")

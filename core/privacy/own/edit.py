"""A value put on the allow or deny list of a text of rules; whatever else stands in the text stays as it is."""

from typing import Literal

import yaml

from core.errors import FileProblem, SettingProblem
from core.privacy.own.reading import read

Which = Literal["allow", "deny"]


def with_value(text: str, which: Which, value: str, kind: str = "") -> str:
    """The rules with one more value, first on its list; on the allow list `kind` may be empty, for any kind.

    Raises:
        FileProblem: the text is no YAML, or its lists are not written as lists.
        SettingProblem: there is no value, or no kind for the deny list.
    """
    if not value.strip():
        raise SettingProblem("There is no value to put on the list. Select some text first.")
    if which == "deny" and not kind:
        raise SettingProblem("Say what kind of personal data this is, so that it can be put on the deny list.")
    quoted = _quoted(value.strip())
    item = f"{{kind: {kind}, value: {quoted}}}" if kind else quoted
    return _inserted(text, read(text), which, item)


def _inserted(text: str, top: yaml.Node | None, which: Which, item: str) -> str:
    if top is not None and not isinstance(top, yaml.MappingNode):
        raise FileProblem("The rules are no names with values. Mend them first.")
    node = {key.value: value for key, value in top.value}.get(which) if top else None
    if node is None and not (top and top.flow_style):
        return f"{text.rstrip()}\n\n{which}:\n  - {item}\n".lstrip("\n")
    if node is None:
        raise FileProblem("The rules are written in curly brackets; write them as lines to add to them from here.")
    at = node.start_mark.index
    if isinstance(node, yaml.ScalarNode) and not node.value:
        return f"{text[:at]}\n  - {item}{text[at:]}"
    if not isinstance(node, yaml.SequenceNode):
        raise FileProblem(f"What stands at “{which}” of the rules is no list; write each value on a line with a dash.")
    if node.flow_style:
        return f"{text[: at + 1]}{item}, {text[at + 1 :]}"
    return f"{text[:at]}- {item}\n{' ' * node.start_mark.column}{text[at:]}"


def _quoted(value: str) -> str:
    return str(yaml.dump(value, default_style='"', allow_unicode=True, width=10**9)).strip()

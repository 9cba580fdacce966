"""Calls of tools as text, in the form of the Hermes models, which many others have learned since.

<tools>…</tools>                        in the system message: a function in JSON on each line
<tool_call>\n{"name": …}\n</tool_call>   what the assistant says
"""

import re
from typing import Any

from core.ingest.cells import as_json, is_blank, nested

OFFER = (
    "You may call these functions. For each call, answer with a JSON object of its name and arguments within "
    "<tool_call></tool_call> tags."
)
GLAIVE_CALL = re.compile(r"<functioncall>\s*(.*?)\s*(?:<\|endoftext\|>|$)", re.DOTALL)
GLAIVE_QUOTES = re.compile(r"'(\{.*\})'", re.DOTALL)


def offered(tools: Any) -> str:
    """The part of a system message that names the tools, or nothing where there are none."""
    found = nested(tools)
    if is_blank(found):
        return ""
    lines = [as_json(tool) for tool in found] if isinstance(found, list) else [_text(found)]
    return "\n".join([OFFER, "<tools>", *lines, "</tools>"])


def with_tools(chat: list[tuple[str, str]], tools: Any) -> list[tuple[str, str]]:
    """The chat with the tools in its system message; unchanged where it names them already."""
    offer = offered(tools)
    if not offer:
        return chat
    if chat and chat[0][0] == "system":
        said = chat[0][1]
        return chat if "<tools>" in said else [("system", f"{said}\n\n{offer}" if said.strip() else offer), *chat[1:]]
    return [("system", offer), *chat]


def called(calls: Any) -> str:
    """Calls as the assistant says them: OpenAI's `tool_calls`, a list of name and arguments, or one of these.

    Raises:
        ValueError: a call has no name.
    """
    found = nested(calls)
    return "\n".join(_call(call) for call in (found if isinstance(found, list) else [found]))


def glaive_calls(text: str) -> str:
    """A turn with `<functioncall>`, whose arguments stand in quotes of their own, in the form of Hermes."""
    return GLAIVE_CALL.sub(lambda match: _tagged(GLAIVE_QUOTES.sub(r"\1", match[1])), text)


def glaive_tools(system: str) -> str:
    """A system text that offers functions after a sentence, with the functions in tags."""
    start = system.find("{")
    if start < 0 or "functions" not in system[:start] or "<tools>" in system:
        return system
    return f"{system[:start].rstrip(' -' + chr(10))}\n<tools>\n{system[start:].strip()}\n</tools>"


def _call(call: Any) -> str:
    call = nested(call)
    function = call.get("function", call) if isinstance(call, dict) else call
    if isinstance(function, str) and isinstance(call, dict):
        function = {"name": function, "arguments": call.get("arguments", {})}
    if not isinstance(function, dict) or not isinstance(function.get("name"), str) or not function["name"]:
        raise ValueError("calls a tool without a name")
    arguments = function.get("arguments", function.get("parameters", {}))
    return _tagged(as_json({"name": function["name"], "arguments": nested(arguments)}))


def _tagged(json: str) -> str:
    return f"<tool_call>\n{json}\n</tool_call>"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else as_json(value)


def is_call(value: Any) -> bool:
    """Whether a cell holds calls: a list of objects with a name and arguments, or JSON of one."""
    found = nested(value)
    first = found[0] if isinstance(found, list) and found else found
    return isinstance(first, dict) and "name" in first and bool({"arguments", "parameters"} & first.keys())

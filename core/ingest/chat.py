"""Chats as they stand in files: lists of turns, with the role names of OpenAI, ShareGPT and others."""

from typing import Any

from core.ingest.cells import Cleaner, Unreadable, as_json, is_blank, nested
from core.ingest.source import whole
from core.ingest.tools import called

Chat = list[tuple[str, str]]  # role, one of `ROLES`, and content of each turn

ROLE_KEYS, CONTENT_KEYS = ("role", "from", "speaker"), ("content", "value", "text")
SIMPLE_ROLES = {"system": "system", "user": "user", "human": "user", "assistant": "assistant", "gpt": "assistant"}
CALL_KEYS = ("tool_calls", "function_call")
CALLS = ("function_call", "tool_call")  # a turn of ShareGPT in which the assistant calls a tool
ROLE_NAMES = {
    **SIMPLE_ROLES,
    **dict.fromkeys(("developer",), "system"),
    **dict.fromkeys(("prompter", "customer", "client", "patient"), "user"),
    **dict.fromkeys(
        ("chatgpt", "bot", "model", "ai", "chatbot", "agent", "doctor", "bing", "bard", "claude"), "assistant"
    ),
    **dict.fromkeys(CALLS, "assistant"),
    **dict.fromkeys(("tool", "function", "observation", "tool_response", "function_response", "ipython"), "tool"),
}
ASKED, ANSWERED = ("user", "human", "input", "prompt", "question", "instruction"), (
    *("assistant", "gpt", "bot", "output", "response", "completion", "answer"),
)  # fmt: skip


def is_chat(value: Any, role_key: str = "") -> bool:
    """Whether the value is a list of turns, or a text that holds one; `role_key` narrows it to `role` or `from`."""
    turns = turns_of(value)
    keys = (role_key,) if role_key else ROLE_KEYS
    return bool(turns) and all(isinstance(turn, dict) and any(key in turn for key in keys) for turn in turns)


def is_exchange(value: Any) -> bool:
    """Whether the value is a list of pairs, of what was asked and what was answered, or of at least two texts."""
    turns = turns_of(value)
    if turns and all(isinstance(turn, str) for turn in turns):
        return len(turns) > 1
    return bool(turns) and all(_pair(turn) is not None for turn in turns)


def turns_of(value: Any) -> list[Any]:
    """The turns of a chat that is a list, a JSON list in a text, or a list as Python prints it; else no turns."""
    found = nested(value)
    return found if isinstance(found, list) else []


def read_chat(value: Any, cleaner: Cleaner) -> Chat:
    """The turns of a cell. Raises `Unreadable`."""
    turns = turns_of(value)
    if not turns:
        if is_blank(value):
            raise Unreadable("empty row", "the chat is empty")
        raise Unreadable("unreadable chat", "there is no list of turns in this row")
    chat = []
    for number, part in enumerate(turns, 1):
        try:
            chat += _turns(part, number)
            cleaner.changed["calls"] += _calls_a_tool(part)
        except ValueError as error:
            raise Unreadable("unreadable chat", f"turn {number} {error}") from error
    return [(role, cleaner.text(content)) for role, content in chat]


def simple_chat(value: Any) -> Chat | None:
    """The turns of a cell that holds nothing but roles and contents; None where `read_chat` must look closer."""
    try:
        if "role" in value[0]:
            chat = [
                (SIMPLE_ROLES[turn["role"]], said)
                for turn in value
                if (len(turn) == 2 or not any(map(turn.get, CALL_KEYS))) and type(said := turn["content"]) is str
            ]
        else:
            chat = [
                (SIMPLE_ROLES[turn["from"]], said)
                for turn in value
                if (len(turn) == 2 or not any(map(turn.get, CALL_KEYS))) and type(said := turn["value"]) is str
            ]
    except (KeyError, TypeError, IndexError, AttributeError):
        return None
    return chat if len(chat) == len(value) else None


def first_turns(value: Any) -> Any:
    """The first turns of a list of lists of turns, `[[{role, content}], …]`; any other value as it is."""
    found = nested(value)
    is_list_of_chats = isinstance(found, list) and bool(found) and all(map(is_chat, found))
    return found[0] if is_list_of_chats else found


def history(value: Any, cleaner: Cleaner) -> Chat:
    """The turns of a `history` column, `[[question, answer], …]`; none where it is empty. Raises `Unreadable`."""
    return [] if is_blank(nested(value)) else read_chat(value, cleaner)


def _turns(part: Any, number: int) -> list[tuple[str, Any]]:
    """Role and content of a turn, or of both turns where one entry holds what was asked and answered."""
    if isinstance(part, str):
        return [("user" if number % 2 else "assistant", part)]
    if isinstance(part, dict) and any(key in part for key in ROLE_KEYS):
        return [_turn(part)]
    pair = _pair(part)
    if pair is None:
        raise ValueError("is not an object with a role and a content")
    return [("user", pair[0]), ("assistant", pair[1])]


def _turn(part: dict[str, Any]) -> tuple[str, Any]:
    name = next(part[key] for key in ROLE_KEYS if key in part)
    if not isinstance(name, str) or name.strip().lower() not in ROLE_NAMES:
        shown = f"“{whole(name[:20])}”" if isinstance(name, str) else "no role"
        raise ValueError(f"has the role {shown}; known roles are system, user and assistant (or human and gpt)")
    content = next((part[key] for key in CONTENT_KEYS if key in part), None)
    role = ROLE_NAMES[name.strip().lower()]
    if name.strip().lower() in CALLS:
        return role, called(content)
    content = _joined(content) if isinstance(content, list) and role != "tool" else content
    calls = next((part[key] for key in CALL_KEYS if not is_blank(part.get(key))), None)
    if calls is not None:
        content = "\n".join([*([content] if content else []), called(calls)])
    return role, as_json(content) if isinstance(content, dict | list) else content


def _calls_a_tool(part: Any) -> bool:
    if not isinstance(part, dict):
        return False
    parts: list[Any] = next((part[key] for key in CONTENT_KEYS if isinstance(part.get(key), list)), [])
    if any(isinstance(one, dict) and one.get("type") in CALLS for one in parts):
        return True
    return part.get("from") in CALLS or any(not is_blank(part.get(key)) for key in CALL_KEYS)


def _pair(part: Any) -> tuple[Any, Any] | None:
    """What was asked and answered, of a list of two texts or an object with two such keys."""
    if isinstance(part, list | tuple):
        return (part[0], part[1]) if len(part) == 2 and all(isinstance(side, str | None) for side in part) else None
    if not isinstance(part, dict):
        return None
    asked, answered = (next((key for key in keys if key in part), None) for keys in (ASKED, ANSWERED))
    return (part[asked], part[answered]) if asked and answered else None


def _part(part: dict[str, Any]) -> Any:
    """The text of a part; calls of tools and reasoning, as LLaMA-Factory writes them, in tags."""
    text = part.get("text", part.get("value"))
    if part.get("type") == "reasoning":
        return f"<think>\n{text}\n</think>\n\n"
    return called(text) if part.get("type") in CALLS else text


def _joined(parts: list[Any]) -> str:
    """The text of a content that comes in parts."""
    texts = [part if isinstance(part, str) else _part(part) for part in parts if isinstance(part, str | dict)]
    if len(texts) < len(parts) or not all(isinstance(text, str) for text in texts):
        raise ValueError("holds a part that is not text")
    return "".join(str(text) for text in texts)

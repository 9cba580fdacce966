"""Chats as they stand in files: lists of turns, with the role names of OpenAI, ShareGPT and others."""

import ast
from typing import Any

import orjson

from core.ingest.source import whole

ROLE_KEYS, CONTENT_KEYS = ("role", "from"), ("content", "value")
ROLE_NAMES = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "human": "user",
    "prompter": "user",
    "assistant": "assistant",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "bot": "assistant",
    "model": "assistant",
}
LITERAL_CHARACTERS = 1_000_000


def is_chat(value: Any, role_key: str = "") -> bool:
    """Whether the value is a list of turns, or a text that holds one; `role_key` narrows it to `role` or `from`."""
    turns = turns_of(value)
    keys = (role_key,) if role_key else ROLE_KEYS
    return bool(turns) and all(isinstance(turn, dict) and any(key in turn for key in keys) for turn in turns)


def turns_of(value: Any) -> list[Any]:
    """The turns of a chat that is a list, a JSON list in a text, or a list as Python prints it; else no turns."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        value = _parsed(value)
    return value if isinstance(value, list) else []


def _parsed(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        if len(text) > LITERAL_CHARACTERS:
            return None
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None


def turn(value: Any) -> tuple[str, Any]:
    """Role (one of `ROLES`) and content of a turn.

    Raises:
        ValueError: with what is wrong in words, to be put after "turn 3".
    """
    if not isinstance(value, dict):
        raise ValueError("is not an object with a role and a content")
    role = next((value[key] for key in ROLE_KEYS if key in value), None)
    if not isinstance(role, str) or role.lower() not in ROLE_NAMES:
        shown = f"“{whole(role[:20])}”" if isinstance(role, str) else "no role"
        raise ValueError(f"has the role {shown}; known roles are system, user and assistant (or human and gpt)")
    content = next((value[key] for key in CONTENT_KEYS if key in value), None)
    if value.get("tool_calls") and not content:
        raise ValueError("calls a tool, which this version cannot train")
    return ROLE_NAMES[role.lower()], _joined(content) if isinstance(content, list) else content


def _joined(parts: list[Any]) -> str:
    """The text of a content that comes in parts."""
    texts = [part if isinstance(part, str) else part.get("text") for part in parts if isinstance(part, str | dict)]
    if len(texts) < len(parts) or not all(isinstance(text, str) for text in texts):
        raise ValueError("holds a part that is not text")
    return "".join(str(text) for text in texts)

"""How the examples of a row are made, by shape, where rows are read one by one."""

from collections.abc import Callable
from typing import Any

from core.ingest.cells import Cleaner, Unreadable, is_blank, nested
from core.ingest.chat import Chat, first_turns, read_chat, simple_chat
from core.ingest.made import Made
from core.ingest.preference import asked, compared, judged
from core.ingest.tools import called, glaive_tools, with_tools
from core.ingest.transcripts import read_transcript
from core.ingest.trees import chats, nested_tree
from core.records import TEXT

Row = dict[str, Any]
Columns = dict[str, str]
Maker = Callable[[Row, Columns, Cleaner], list[Made]]


def messages(row: Row, columns: Columns, cleaner: Cleaner) -> list[Made]:
    """A chat in a list of turns, with the tools that it may call. Raises `Unreadable`, as all of these do."""
    cell = row.get(columns["messages"] if "messages" in columns else columns["conversations"])
    chat = simple_chat(cell) or read_chat(cell, cleaner)
    return [Made(_with_tools(chat, row, columns, cleaner) if "tools" in columns else chat)]


def transcript(row: Row, columns: Columns, cleaner: Cleaner) -> list[Made]:
    """A chat in one text."""
    chat = read_transcript(row.get(columns["transcript"]), cleaner)
    cleaner.changed["calls"] += sum("<tool_call>" in said for role, said in chat if role == "assistant")
    return [Made(chat)]


def tool_calls(row: Row, columns: Columns, cleaner: Cleaner) -> list[Made]:
    """What a user asks, the tools there are, and the calls that are the right answer."""
    cells = {name: row.get(column) for name, column in columns.items()}
    if is_blank(cells["query"]):
        raise Unreadable("empty row", f"“{columns['query']}” is empty")
    try:
        answer = "" if is_blank(nested(cells["calls"])) else called(cells["calls"])
    except ValueError as error:
        raise Unreadable("unreadable call", f"“{columns['calls']}” {error}") from error
    cleaner.changed["calls"] += bool(answer)
    chat = [("user", cleaner.text(cells["query"])), ("assistant", answer)]
    return [Made(_with_tools(chat, row, columns, cleaner))]


def preference(row: Row, columns: Columns, cleaner: Cleaner) -> list[Made]:
    """A better and a worse answer."""
    chat, rejected = compared(row, columns, cleaner)
    return [Made(chat, rejected=rejected)]


def kto(row: Row, columns: Columns, cleaner: Cleaner) -> list[Made]:
    """An answer and whether it is good."""
    chat, good = judged(row, columns, cleaner)
    return [Made(chat, good=good)]


def tree(row: Row, columns: Columns, cleaner: Cleaner) -> list[Made]:
    """A chat for each way down a tree of messages."""
    found = [Made(chat) for chat, _ in chats(nested_tree(row.get(columns["tree"]), cleaner))]
    if not found:
        raise Unreadable("no answer", "no message of this tree is answered")
    return found


def seed_tasks(row: Row, columns: Columns, cleaner: Cleaner) -> list[Made]:
    """An instruction with a list of inputs and outputs: an example for each."""
    instances = nested(row.get(columns["instances"]))
    if not isinstance(instances, list) or not instances or not all(isinstance(one, dict) for one in instances):
        raise Unreadable("no answer", f"“{columns['instances']}” is no list of inputs and outputs")
    instruction = cleaner.text(row.get(columns["instruction"]))
    prompts = [_joined(instruction, cleaner.text(one.get("input", ""))) for one in instances]
    answers = [cleaner.answer(one.get("output")) for one in instances]
    pairs = zip(prompts, answers, strict=True)
    return [Made([("user", prompt), ("assistant", answer)]) for prompt, answer in pairs]


def prompt_only(row: Row, columns: Columns, cleaner: Cleaner) -> list[Made]:
    """A prompt to be answered; of several turns of a user, the first."""
    cell = nested(row.get(columns["prompt"]))
    first = cell[0] if _are_texts(cell) else first_turns(cell)
    if first is not cell:
        cleaner.changed["turns"] += len(cell) > 1
        row = {**row, columns["prompt"]: first}
    chat = asked(row, columns, cleaner)
    if not any(said.strip() for _, said in chat):
        raise Unreadable("empty row", f"there is no text in “{columns['prompt']}”")
    return [Made(chat)]


def text(row: Row, columns: Columns, cleaner: Cleaner) -> list[Made]:
    """Plain text, which is learned as a whole."""
    cell = cleaner.text(row.get(columns["text"]))
    if not cell.strip():
        raise Unreadable("empty row", f"there is no text in “{columns['text']}”")
    return [Made([(TEXT, cell)])]


MAKERS: dict[str, Maker] = {
    "messages": messages,
    "conversations": messages,
    "transcript": transcript,
    "tool_calls": tool_calls,
    "preference": preference,
    "kto": kto,
    "tree": tree,
    "seed_tasks": seed_tasks,
    "prompt_only": prompt_only,
    "text": text,
}


def with_system(chat: Chat, said: str) -> Chat:
    """The chat with a system message, unless it has one or there is nothing to say."""
    if not said.strip() or (chat and chat[0][0] == "system"):
        return chat
    system = glaive_tools(said.strip().removeprefix("SYSTEM:").strip()) if "{" in said else said
    return [("system", system), *chat]


def _with_tools(chat: Chat, row: Row, columns: Columns, cleaner: Cleaner) -> Chat:
    """The chat with its tools, behind what the system column says."""
    system = row.get(columns.get("system", ""))
    tools = row.get(columns.get("tools", ""))
    found = with_tools(with_system(chat, "" if is_blank(system) else cleaner.text(system)), tools)
    cleaner.changed["tools"] += found != chat
    return found


def _are_texts(cell: Any) -> bool:
    return isinstance(cell, list) and bool(cell) and all(isinstance(turn, str) for turn in cell)


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part.strip())

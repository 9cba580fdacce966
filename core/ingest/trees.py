"""Message trees, as OpenAssistant publishes them: nested, or a row for each message. Each way down is a chat."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from core.ingest.cells import Cleaner, Unreadable, is_blank, is_missing, nested
from core.ingest.chat import ROLE_NAMES, Chat

UNRANKED = 1_000_000  # after all that have a rank; the best has 0


@dataclass
class Node:
    """A message with the answers to it; `number` is its row in the file."""

    role: str
    text: str
    rank: float = UNRANKED
    number: int = 0
    replies: list["Node"] = field(default_factory=list)


def nested_tree(value: Any, cleaner: Cleaner) -> Node:
    """The tree of a cell whose messages hold their `replies`. Raises `Unreadable`."""
    value = nested(value)
    if not isinstance(value, dict):
        raise Unreadable("empty row" if is_blank(value) else "broken tree", "there is no message tree in this row")
    root = _node(value, cleaner)
    waiting = [(root, value)]
    while waiting:
        node, record = waiting.pop()
        for reply in record.get("replies") or []:
            node.replies.append(_node(reply, cleaner))
            waiting.append((node.replies[-1], reply))
    return root


def chats(root: Node) -> Iterator[tuple[Chat, Node]]:
    """Every way from the root to a last answer of the assistant, with its last message; those of best rank first.

    What a user says that nobody has answered is left off.
    """
    answered = _answered(root)
    waiting: list[tuple[Node, Chat]] = [(root, [])]
    while waiting:
        node, before = waiting.pop()
        chat = [*before, (node.role, node.text)]
        below = [reply for reply in node.replies if id(reply) in answered]
        if not below and node.role == "assistant":
            yield chat, node
        waiting += [(reply, chat) for reply in sorted(below, key=lambda reply: reply.rank, reverse=True)]


def _answered(root: Node) -> set[int]:
    """The messages, by identity, at or below which the assistant says something."""
    order = [root]
    for node in order:
        order += node.replies
    found: set[int] = set()
    for node in reversed(order):
        if node.role == "assistant" or any(id(reply) in found for reply in node.replies):
            found.add(id(node))
    return found


@dataclass(frozen=True)
class Grown:
    """Chats with their last message and their tree's name, rows of no tree with the reason, and messages in no chat."""

    chats: list[tuple[Chat, Node, str]]
    lost: list[tuple[int, str]]
    unanswered: int


class FlatTrees:
    """Messages that come a row each, collected until the whole file is known."""

    def __init__(self, columns: dict[str, str], cleaner: Cleaner) -> None:
        self.columns = columns
        self.cleaner = cleaner
        self._nodes: dict[str, Node] = {}
        self._parents: dict[str, str] = {}
        self._groups: dict[str, str] = {}

    def add(self, number: int, values: dict[str, Any]) -> None:
        """Take a message. Raises `Unreadable`."""
        cells = {name: values.get(column) for name, column in self.columns.items()}
        key = self.cleaner.text(cells["id"]).strip()
        if not key or key in self._nodes:
            raise Unreadable("broken tree", f"the message has {'an id that an earlier row has' if key else 'no id'}")
        record = {"text": cells["text"], "role": cells["role"], "rank": cells.get("rank")}
        self._nodes[key] = _node(record, self.cleaner, number)
        parent = cells["parent"]
        self._parents[key] = "" if is_blank(parent) else str(parent).strip()
        self._groups[key] = "" if is_blank(cells.get("group")) else str(cells["group"])

    def grown(self) -> "Grown":
        """All chats, once every message is known."""
        roots, lost = self._linked()
        made = []
        for key in roots:
            made += [(chat, last, self._groups[key] or key) for chat, last in chats(self._nodes[key])]
        answered = sum(len(_answered(self._nodes[key])) for key in roots)
        return Grown(made, lost, len(self._nodes) - answered - len(lost))

    def _linked(self) -> tuple[list[str], list[tuple[int, str]]]:
        """The first messages, after each message was put below its parent, and rows that hang on nothing."""
        roots: list[str] = []
        lost: list[tuple[int, str]] = []
        for key, parent in self._parents.items():
            if not parent:
                roots.append(key)
            elif parent in self._nodes:
                self._nodes[parent].replies.append(self._nodes[key])
            else:
                lost.append((self._nodes[key].number, "the message that this one answers is not in the file"))
        return roots, lost


def _node(record: Any, cleaner: Cleaner, number: int = 0) -> Node:
    if not isinstance(record, dict):
        raise Unreadable("broken tree", "a message of the tree is not an object with a text and a role")
    role = str(record.get("role", "")).strip().lower()
    if role not in ROLE_NAMES:
        raise Unreadable("broken tree", "a message of the tree has no role such as prompter or assistant")
    rank = record.get("rank")
    try:
        place = UNRANKED if rank is None or is_missing(rank) or rank == "" else float(rank)
    except (TypeError, ValueError):
        place = UNRANKED
    return Node(ROLE_NAMES[role], cleaner.text(record.get("text")), place, number)

"""Chats written as one text, with marks such as “Human:” before each turn."""

import re
from typing import Any

from core.ingest.cells import Cleaner, Unreadable, is_blank
from core.ingest.chat import Chat
from core.ingest.tools import glaive_calls

# Ways of marking turns, each with what a text must hold to use it; the name in the mark says who speaks. The one that
# occurs first in a text decides for it, so that “User:” within an answer of a text marked otherwise stays there.
MARKS = tuple(
    (held, re.compile(mark))
    for held, mark in (
        ("<|im_start|>", r"<\|im_start\|>[ ]?(system|user|assistant|tool)\n?"),
        ("<|start_header_id|>", r"<\|start_header_id\|>(system|user|assistant|ipython)<\|end_header_id\|>\s*"),
        ("<|", r"<\|(system|user|assistant|prompter|observation)\|>\n?"),
        ("[INST]", r"(\[INST\]|\[/INST\])\s?"),
        ("[|", r"\[\|(Human|AI)\|\]:?[ ]?"),
        (">:", r"<(human|bot)>:[ ]?"),
        ("###", r"### ?(Human|User|Assistant|System|Instruction|Input|Response|Output|Question|Answer):[ ]?"),
        ("##", r"(?:\A|\n)#{2,3} ?(Human|User|Assistant|Instruction|Input|Response|Question|Answer)[ ]*(?=\n)"),
        ("USER:", r"(?:\A|\n)(USER|ASSISTANT|SYSTEM|FUNCTION RESPONSE|FUNCTION CALL):[ ]?"),
        ("\n\nAssistant:", r"(?:\A\s*|\n\n)(Human|Assistant|System):[ ]?"),
        ("\n\nA:", r"(?:\A\s*|\n\n)(H|A):[ ]?"),
        (":", r"(?:\A|\n)(Human|User|Assistant|Bot|AI|System|Customer|Agent|Patient|Doctor|Student|Tutor|Q|A):[ ]?"),
    )
)
BEGIN = re.compile(  # how a text begins that is a transcript from its first word
    r"\s*(?:<s>\s*)?(?:Human:|User:|USER:|H:|### ?Human|<\|(?:im_start|user|prompter|start_header_id|begin_of_text)\|>|"
    r"\[INST\]|\[\|Human\|\]|<human>:)"
)
SPEAKERS = {
    **dict.fromkeys(("system",), "system"),
    **dict.fromkeys(("user", "human", "prompter", "[inst]", "instruction", "input", "question"), "user"),
    **dict.fromkeys(("customer", "patient", "student", "q", "h"), "user"),
    **dict.fromkeys(("assistant", "ai", "bot", "[/inst]", "response", "output", "answer"), "assistant"),
    **dict.fromkeys(("agent", "doctor", "tutor", "a", "function call"), "assistant"),
    **dict.fromkeys(("function response", "observation", "tool", "ipython"), "tool"),
}
ENDS = re.compile(r"\s{0,9}(?:<\|im_end\|>|<\|endoftext\|>|<\|end_of_text\|>|<\|eot_id\|>|<\|end\|>|</s>)\s*")
SYSTEM = re.compile(r"\s*<<SYS>>\s*(.*?)\s*<</SYS>>\s*", re.DOTALL)
BEGINNING = re.compile(r"\s{0,9}(?:<\|begin_of_text\|>|<s>)\s*")


def turns_in(text: str) -> Chat:
    """The turns of a marked text; none where it has no marks of a user."""
    found = [
        (match.start(), place)
        for place, (held, mark) in enumerate(MARKS)
        if held in text and (match := mark.search(text))
    ]
    if not found:
        return []
    pieces = MARKS[min(found)[1]][1].split(text)
    chat: Chat = [("system", _bare(pieces[0]))] if _bare(pieces[0]) else []
    for speaker, said in zip(pieces[1::2], pieces[2::2], strict=True):
        _add(chat, SPEAKERS[speaker.lower()], _bare(said))
    return _finished(chat) if any(role == "user" for role, _ in chat) else []


def begins_as_transcript(value: Any) -> bool:
    """Whether a cell is a text that begins with a mark of a user."""
    return isinstance(value, str) and BEGIN.match(value) is not None


def is_transcript(value: Any) -> bool:
    """Whether a cell is a text in which a user and an assistant speak."""
    if not isinstance(value, str):
        return False
    roles = [role for role, _ in turns_in(value)]
    return "user" in roles and "assistant" in roles


def read_transcript(value: Any, cleaner: Cleaner) -> Chat:
    """The turns of a cell. Raises `Unreadable`."""
    if is_blank(value):
        raise Unreadable("empty row", "the chat is empty")
    chat = turns_in(cleaner.text(value))
    if not chat:
        raise Unreadable("unreadable chat", "no turns are marked in this text, as with “Human:” and “Assistant:”")
    return chat


def _add(chat: Chat, role: str, said: str) -> None:
    """Append a turn; what the same speaker says next, such as the input of an instruction, joins it."""
    if chat and chat[-1][0] == role and role in ("user", "system"):
        said = "\n\n".join(part for part in (chat.pop()[1], said) if part)
    chat.append((role, glaive_calls(said) if role == "assistant" and "<functioncall>" in said else said))


def _finished(chat: Chat) -> Chat:
    """The chat with the system text of Llama 2 on its own, and without an answer that was left open."""
    first = next(index for index, (role, _) in enumerate(chat) if role == "user")
    if system := SYSTEM.match(chat[first][1]):
        chat[first : first + 1] = [("system", system[1]), ("user", chat[first][1][system.end() :])]
    return chat[:-1] if chat[-1] == ("assistant", "") and len(chat) > 1 else chat


def _bare(said: str) -> str:
    return (BEGINNING.sub("", ENDS.sub("", said)) if "<" in said else said).strip()

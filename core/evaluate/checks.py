"""Whether an answer does what an instruction asked for, as far as a program can tell: pure functions of a text.

The kinds are those of IFEval (Zhou et al. 2023, arXiv 2311.07911), with names and code of our own. They look at form
alone: an answer off the subject can pass. Sentences are counted by their full stops, so that an abbreviation with one
counts as an end.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from inspect import signature
from typing import Any

import polars as pl

from core.curate.language import languages

NO_END = 10**9
WORD = re.compile(r"\w+(?:['’-]\w+)*")
END_OF_SENTENCE = re.compile(r"(?<=[.!?…])[\"”’)*]*\s+")
FENCE = re.compile(r"^```\w*\n(.*?)\n?```$", re.DOTALL)


def words(text: str, *, least: int = 0, most: int = NO_END) -> bool:
    """Between `least` and `most` words."""
    return least <= len(WORD.findall(text)) <= most


def sentences(text: str, *, least: int = 0, most: int = NO_END) -> bool:
    """Between `least` and `most` sentences."""
    return least <= sum(bool(WORD.search(part)) for part in END_OF_SENTENCE.split(text)) <= most


def paragraphs(text: str, *, least: int = 0, most: int = NO_END) -> bool:
    """Between `least` and `most` paragraphs, with an empty line between them."""
    return least <= sum(bool(part.strip()) for part in re.split(r"\n\s*\n", text)) <= most


def lines(text: str, *, least: int = 0, most: int = NO_END) -> bool:
    """Between `least` and `most` lines that are not empty."""
    return least <= sum(bool(line.strip()) for line in text.splitlines()) <= most


def characters(text: str, *, least: int = 0, most: int = NO_END) -> bool:
    """Between `least` and `most` characters, spaces among them."""
    return least <= len(text) <= most


def bullets(text: str, *, least: int = 0, most: int = NO_END) -> bool:
    """Between `least` and `most` lines that begin with `*`, `-` or `•`."""
    return _count(r"(?m)^\s*[*•-]\s+\S", text, least, most)


def numbered(text: str, *, least: int = 0, most: int = NO_END) -> bool:
    """Between `least` and `most` lines that begin with a number and a full stop or bracket."""
    return _count(r"(?m)^\s*\d+[.)]\s+\S", text, least, most)


def title(text: str) -> bool:
    """A title in double angle brackets."""
    return _count(r"<<[^<>\n]+>>", text, 1)


def highlighted(text: str, *, least: int = 1) -> bool:
    """At least so many parts between single asterisks."""
    return _count(r"(?<![*\w])\*(?![*\s])[^*\n]*(?<!\s)\*(?!\*)", text, least)


def placeholders(text: str, *, least: int = 1) -> bool:
    """At least so many places left open in square brackets."""
    return _count(r"\[[^\[\]\n]+\]", text, least)


def capitals(text: str, *, least: int = 1) -> bool:
    """At least so many words of two letters or more in capitals."""
    return bool(sum(word.isupper() and len(word) > 1 for word in WORD.findall(text)) >= least)


def contains(text: str, *, words: Sequence[str]) -> bool:
    """Every one of the words or phrases, in any case."""
    return all(_times(word, text) for word in words)


def avoids(text: str, *, words: Sequence[str]) -> bool:
    """None of the words or phrases, in any case."""
    return not any(_times(word, text) for word in words)


def times(text: str, *, word: str, least: int = 0, most: int = NO_END) -> bool:
    """The word between `least` and `most` times, in any case."""
    return least <= _times(word, text) <= most


def without(text: str, *, characters: str) -> bool:
    """None of the characters."""
    return not set(characters) & set(text)


def letter(text: str, *, letter: str, least: int = 0, most: int = NO_END) -> bool:
    """The letter between `least` and `most` times, in any case."""
    return least <= text.casefold().count(letter.casefold()) <= most


def case(text: str, *, case: str) -> bool:
    """All letters small (`lower`), all capital (`upper`), or every word begun with a capital (`title`)."""
    if case == "title":
        found = [word for word in WORD.findall(text) if word[0].isalpha()]
        return bool(found) and all(word[0].isupper() for word in found)
    return text.islower() if case == "lower" else text.isupper()


def language(text: str, *, language: str) -> bool:
    """Written in the language of this ISO 639 code; of a text with fewer than 20 letters that cannot be told."""
    return str(languages(pl.Series([text]))["language"][0]) == language


def starts(text: str, *, text_: str) -> bool:
    """Begins with these words, in any case."""
    return text.lstrip('"“*').casefold().startswith(text_.casefold())


def ends(text: str, *, text_: str) -> bool:
    """Ends with these words, in any case."""
    return text.rstrip('"”*').casefold().endswith(text_.casefold())


def quoted(text: str) -> bool:
    """The whole of it in double quotation marks."""
    return len(text) > 2 and text[0] in '"“„' and text[-1] in '"”“'


def one_of(text: str, *, options: Sequence[str]) -> bool:
    """One of the options and nothing else, in any case, with or without a full stop."""
    return text.rstrip(".!").strip('"“”* ').casefold() in {option.casefold() for option in options}


def parts(text: str, *, separator: str, number: int) -> bool:
    """So many parts with the separator between them, none of them empty."""
    found = text.split(separator)
    return len(found) == number and all(part.strip() for part in found)


def is_json(text: str, *, keys: Sequence[str] = ()) -> bool:
    """A JSON object or list and nothing else, fenced or not; with `keys` an object that has them."""
    fenced = FENCE.match(text)
    try:
        value = json.loads(fenced[1] if fenced else text)
    except ValueError:
        return False
    return set(keys) <= set(value) if isinstance(value, dict) else isinstance(value, list) and not keys


CHECKS: dict[str, Callable[..., bool]] = {
    check.__name__: check
    for check in (
        *(words, sentences, paragraphs, lines, characters, bullets, numbered, title, highlighted, placeholders),
        *(capitals, contains, avoids, times, without, letter, case, language, starts, ends, quoted, one_of, parts),
    )
} | {"json": is_json}


def passes(text: str, check: Mapping[str, Any]) -> bool:
    """Whether a text passes a check, `{"kind": …, and its arguments}`; an empty one passes none.

    The text is looked at without the spaces around it.
    """
    text = text.strip()
    return bool(text) and CHECKS[check["kind"]](text, **_arguments(check))


def problem(check: Any) -> str:
    """What is wrong with a check as it stands in a file; an empty text if nothing is."""
    if not isinstance(check, dict) or check.get("kind") not in CHECKS:
        kind = check.get("kind") if isinstance(check, dict) else check
        return f"there is no check “{kind}”; there are {', '.join(sorted(CHECKS))}"
    takes = signature(CHECKS[check["kind"]])
    try:
        takes.bind("", **_arguments(check))
    except TypeError:
        names = ", ".join(name.rstrip("_") for name in list(takes.parameters)[1:])
        return f"the check “{check['kind']}” takes {names or 'no arguments'}, and not {_named(check)}"
    return ""


def in_words(check: Mapping[str, Any]) -> str:
    """A check for the screen: `words: least 8, most 20`."""
    arguments = _named(check)
    return f"{check['kind'].replace('_', ' ')}: {arguments}" if arguments else str(check["kind"])


def _named(check: Mapping[str, Any]) -> str:
    given = {name: value for name, value in check.items() if name != "kind"}
    texts = {name: ", ".join(map(str, value)) if isinstance(value, list) else value for name, value in given.items()}
    return ", ".join(f"{name} {value}" for name, value in texts.items())


def _arguments(check: Mapping[str, Any]) -> dict[str, Any]:
    """`text` is taken by the answer itself."""
    return {"text_" if name == "text" else name: value for name, value in check.items() if name != "kind"}


def _count(pattern: str, text: str, least: int, most: int = NO_END) -> bool:
    return least <= len(re.findall(pattern, text)) <= most


def _times(word: str, text: str) -> int:
    return len(re.findall(rf"(?<!\w){re.escape(word.casefold())}(?!\w)", text.casefold()))

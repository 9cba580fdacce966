"""Code within a text: of what stands in fences, only comments and strings can name a person; and words from code."""

import re
from collections.abc import Iterator

_FENCE = re.compile(r"^[ \t]{0,3}(```|~~~)[^\n]*$", re.MULTILINE)
_COMMENT_OR_STRING = re.compile(
    r"(?P<comment>(?<![:\w/])//[^\n]{1,400}|(?<![\w&])#[^\n]{1,400}|--[ ][^\n]{1,400}|"
    r"/\*(?:[^*]|\*(?!/)){1,2000}|<!--[^\n]{1,400})"
    r"|(?P<string>\"\"\"(?:[^\"]|\"(?!\"\")){1,2000}|\"[^\"\n]{2,400}\"|(?<!\w)'[^'\n]{2,400}'|`[^`\n]{2,400}`)"
)
# Configurations, tables and letters are put into fences as well; names stand anywhere in them.
_PROSE = re.compile(
    r"(?:```|~~~)[ \t]*(?:text|txt|plain|plaintext|markdown|md|csv|json|yaml|yml|toml|ini|conf|env|properties|"
    r"email|eml|log|http|diff|console|bash|shell|sh|xml|html)?[ \t]*$",
    re.IGNORECASE,
)
_INNER_CAPITAL = re.compile(r"[a-zà-ÿ][A-ZÀ-Þ]")
_INNER_CAPITAL_OF_NAMES = re.compile(
    r"(?:Mc|Mac|De|Di|La|Le|Du|Van|Von|Fitz|O['’]?)[A-ZÀ-Þ]|[\w'’]+-[A-ZÀ-Þ]|[dl]['’][A-Z]"
)


def is_compound(word: str) -> bool:
    """Whether a word has a capital within, as products and variables have, but not as in “McLeod” and “d'Aubigny”."""
    return bool(_INNER_CAPITAL.search(word)) and not _INNER_CAPITAL_OF_NAMES.match(word)


def readable(text: str) -> Iterator[tuple[int, int]]:
    """The parts of `text` that can name persons: what is outside of fences, and comments and strings within them."""
    if "```" not in text and "~~~" not in text:
        yield 0, len(text)
        return
    start = 0
    opened: re.Match[str] | None = None
    for fence in _FENCE.finditer(text):
        if opened is None:
            yield start, fence.start()
            opened = fence
        elif fence.group(1) == opened.group(1):
            yield from _within(text, opened, fence.start())
            start, opened = fence.end(), None
    if opened is None:
        yield start, len(text)
    else:
        yield from _within(text, opened, len(text))


def _within(text: str, fence: re.Match[str], end: int) -> Iterator[tuple[int, int]]:
    if _PROSE.match(fence.group().strip()):
        yield fence.end(), end
        return
    for match in _COMMENT_OR_STRING.finditer(text, fence.end(), end):
        yield match.span()

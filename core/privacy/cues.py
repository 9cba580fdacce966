"""Codes that only the words beside them tell: "passport number is X1234567", `"iban": "…"`, "X1234567 (passport)"."""

import re
from collections.abc import Iterator

from core.privacy.clues import Pieces, Words
from core.privacy.plain import caseless, for_caseless, lowered

# Words that may stand between a cue and its value, in several languages; a JSON key may be escaped more than once.
_FILLERS = (
    "number|numbers|num|no|nr|nos|nummer|nummern|numéro|numero|número|num|n|nº|n°|numer|id|code|value|field|details|"
    "is|was|be|are|as|on|to|of|for|in|at|and|my|your|his|her|our|their|the|its|it|s|reads|listed|registered|"
    "ist|lautet|war|am|den|der|die|das|mein|meine|est|le|la|les|l|mon|ma|es|el|un|mi|su|è|il|mio|mia|é|o|a|meu|minha|"
    "mijn|er|är|jest|to|on|je|этот|мой"
)
GAP = rf"[\W_]{{0,8}}+(?:(?:{_FILLERS}|(?-i:[A-Z][^\W\d_]{{2,20}}+))(?![^\W\d_])[\W_]{{0,8}}+){{0,5}}"
_LINK = (
    r"[\"'`*]{0,2}(?:\s?[(\[]\s?|,?\s(?:is|was|as|ist|est|es|è|é)\s"
    r"(?:(?:my|your|his|her|our|their|the|a|mein|meine|mon|ma|le|mi|su|il mio|la mia|o meu)\s)?)"
)
# Not in the middle of a word; but in camelCase (`homePassportNo`) a word begins at its capital.
_WORD_START = r"(?:(?<![^\W\d_])|(?-i:(?<=[a-z])(?=[A-Z])))"
# A digit is in every piece, so that the words behind a code are not taken with it; single capitals may stand between.
_PIECE = r"(?:(?-i:[A-Z]{1,2})(?=[ ./-]\d)|[A-Z]{0,5}\d[A-Z0-9]{0,19}+)"
CODE = rf"(?:(?-i:[A-Z]{{1,4}})[ -])?{_PIECE}(?:[ ./-]{_PIECE}){{0,6}}(?:-?(?-i:[A-Z]))?(?!\w)"


class Cued:
    """Values of the form `code` that stand right behind one of the cues, or right before it ("… is my passport").

    Both are regular expressions, read without regard to case.
    """

    def __init__(self, cue: str, code: str = CODE) -> None:
        # What is meant in capitals alone is found as well.
        self._cue = for_caseless(cue.replace("(?-i:", "(?i:").replace("A-Z", "a-z"))
        self._behind = re.compile(rf"{_WORD_START}(?:{cue}){GAP}(?<![A-Za-z0-9])(?P<code>{code})", re.IGNORECASE)
        self._before = re.compile(rf"(?<![\w.-])(?P<code>{code}){_LINK}(?:{cue})", re.IGNORECASE)

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """The places of the codes in `text`, those behind a cue first."""
        if not self._cue.search(caseless(text)):  # the quicker question first
            return
        for match in self._behind.finditer(text):
            yield match.span("code")
        for match in self._before.finditer(text):
            yield match.span("code")


def says(text: str, clues: Pieces | Words) -> bool:
    """Whether one of the words or pieces stands in `text`, in upper or lower case: the test before a slow pattern."""
    return clues.stand_in(lowered(text))


def letters_and_digits(code: str) -> str:
    """The code without its separators, in capitals."""
    return "".join(filter(str.isalnum, code)).upper()

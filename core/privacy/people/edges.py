"""What the tagger takes for a part of a name: "merci Geneviève", "Ich bin Friederike", the next cell of a table."""

import re
from collections.abc import Iterator
from dataclasses import replace

from core.privacy.spans import Span

_WORDS = frozenset(
    [
        "am",
        "i'm",
        "is",
        "this",
        "my",
        "name",
        "the",
        "and",
        "or",
        "with",
        "from",
        "to",
        "for",
        "hi",
        "hello",
        "hey",
        "dear",
        "thanks",
        "thank",
        "bye",
        "regards",
        "cheers",
        "sincerely",
        "ich",
        "bin",
        "heiße",
        "mein",
        "meine",
        "und",
        "oder",
        "mit",
        "von",
        "für",
        "hallo",
        "danke",
        "liebe",
        "lieber",
        "grüße",
        "gruß",
        "herr",
        "herrn",
        "frau",
        "konto",
        "je",
        "suis",
        "moi",
        "et",
        "ou",
        "avec",
        "pour",
        "bonjour",
        "salut",
        "merci",
        "cher",
        "chère",
        "monsieur",
        "madame",
        "mme",
        "compte",
        "yo",
        "soy",
        "me",
        "y",
        "o",
        "con",
        "para",
        "hola",
        "gracias",
        "estimado",
        "estimada",
        "querido",
        "querida",
        "señor",
        "señora",
        "sono",
        "io",
        "e",
        "con",
        "per",
        "ciao",
        "grazie",
        "buongiorno",
        "gentile",
        "caro",
        "cara",
        "signor",
        "signora",
        "eu",
        "sou",
        "com",
        "olá",
        "ola",
        "obrigado",
        "obrigada",
        "caro",
        "senhor",
        "senhora",
        "ik",
        "ben",
        "en",
        "met",
        "voor",
        "dag",
        "bedankt",
        "beste",
        "geachte",
        "meneer",
        "mevrouw",
        "jestem",
        "i",
        "z",
        "dla",
        "cześć",
        "witam",
        "dziękuję",
        "pan",
        "pana",
        "pani",
        "panią",
        "drogi",
        "droga",
        "jag",
        "är",
        "och",
        "med",
        "för",
        "hej",
        "tack",
        "herr",
        "fru",
        "merhaba",
        "ben",
        "benim",
        "adım",
        "ve",
        "ile",
        "teşekkürler",
        "sayın",
    ]
)
# Words that are names as well ("Ben", "Cara", "Pan") go only in front of two more words, and never at the end.
_ALSO_NAMES = frozenset({"ben", "cara", "caro", "pan", "beste", "fru", "per", "con", "e", "y", "i", "o", "z"})
_CELLS = re.compile(r"[,;|\t](?=\S)|\t")
_WORD = re.compile(r"[^\W\d_][\w'’]*")


def persons_of(text: str, span: Span) -> Iterator[Span]:
    """The person of a span, or the persons where the signs between cells ("Ann,Lee", a tab) divide it."""
    edges = [span.start, *(at for sign in _CELLS.finditer(text, span.start, span.end) for at in sign.span()), span.end]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        person = bared(text, replace(span, start=start, end=end))
        if person:
            yield person


def bared(text: str, span: Span) -> Span | None:
    """The span of a person without greetings, pronouns and titles at its ends; None if nothing else is in it."""
    words = list(_WORD.finditer(text, span.start, span.end))
    first, last = 0, len(words)
    while first < last and _goes(words[first].group(), last - first):
        first += 1
    while last > first and words[last - 1].group().lower() in _WORDS - _ALSO_NAMES:
        last -= 1
    if first == last:
        return None
    if (first, last) == (0, len(words)):
        return span
    end = span.end if last == len(words) else words[last - 1].end()
    return replace(span, start=words[first].start() if first else span.start, end=end)


def _goes(word: str, words: int) -> bool:
    """Whether the first of so many words is no part of a name."""
    small = word.lower()
    return small in _WORDS and (small not in _ALSO_NAMES or words > 2)

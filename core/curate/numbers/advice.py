"""Advice in plain words: what a number says, why it matters, and what to do. Never a verdict on the whole set."""

from collections.abc import Callable

from core.curate.numbers import advice_on_rows, advice_on_texts
from core.curate.numbers.known import ALARM, Advice, Known
from core.curate.numbers.lengths import Tokens
from core.curate.numbers.measure import Numbers

# Each is a function that gives its advice or None; its docstring says from where on, and where that comes from.
RULES: tuple[Callable[[Known], Advice | None], ...] = (
    advice_on_rows.few_rows,
    advice_on_rows.unanswered,
    advice_on_texts.templated,
    advice_on_texts.one_answer,
    advice_on_rows.majority,
    advice_on_texts.over_limit,
    advice_on_rows.duplicates,
    advice_on_rows.held_out,
    advice_on_rows.scarce,
    advice_on_texts.openings,
    advice_on_texts.short_answers,
    advice_on_texts.languages,
    advice_on_texts.foreign,
    advice_on_texts.system_prompts,
    advice_on_rows.length_bias,
)


def advice(numbers: Numbers, tokens: Tokens | None = None, duplicates: int = 0) -> list[Advice]:
    """What these numbers suggest, alarms first; none for an empty set."""
    known = Known(numbers, tokens, max(duplicates, numbers.repeated))
    given = [found for rule in RULES if numbers.rows and (found := rule(known))]
    return sorted(given, key=lambda found: found.level != ALARM)

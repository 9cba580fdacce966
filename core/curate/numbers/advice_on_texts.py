"""Advice on what the rows say: how varied, how long, in which language, with which answers and openings."""

from core.curate.language import name_of
from core.curate.numbers.diversity import light
from core.curate.numbers.known import ALARM, NOTE, Advice, Known, has, percent
from core.words import counted


def templated(known: Known) -> Advice | None:
    """A light that is not green, see `core.curate.numbers.diversity`."""
    measured, colour = known.numbers.diversity, light(known.numbers.diversity)
    if colour in ("green", "grey"):
        return None
    form = "The rows read like a filled-in form" if colour == "red" else "Many rows are alike"
    return Advice(
        "templated",
        ALARM if colour == "red" else NOTE,
        f"{form}: packed by zlib their text shrinks {measured.zlib_ratio} times, and half of the prompts have another "
        f"one with a cosine of {measured.nearest:.2f} or more (1: the same words).",
        "The model learns the form, and answers poorly what does not fit into it.",
        "Fine for one narrow task. For general use mix in other rows, or put several instruction wordings to these.",
    )


def openings(known: Known) -> Advice | None:
    """Ten rows and a tenth of the set that begin alike; in the varied sets measured it is 2 to 7 %."""
    opening = next(iter(known.numbers.openings.top), None)
    if opening is None or opening.rows < 10 or opening.rows * 10 < known.numbers.rows:
        return None
    return Advice(
        "openings",
        NOTE,
        f"{counted(opening.rows, 'row')} ({percent(opening.rows, known.numbers.rows)}) all start with "
        f"“{opening.name}”.",
        "Fine for tone and for one task, poor for general use: the model waits for these words.",
        "Say the same in other words in some rows.",
    )


def one_answer(known: Known) -> Advice | None:
    """A tenth of the rows, and five at least, have the same answer, though answers are no classes."""
    answer = next(iter(known.numbers.answers.top), None)
    if answer is None or known.classes or answer.rows < 5 or answer.rows * 10 < known.numbers.rows:
        return None
    return Advice(
        "one answer",
        ALARM,
        f"{counted(answer.rows, 'row')} ({percent(answer.rows, known.numbers.rows)}) have the answer “{answer.name}”.",
        "The model learns to say it whatever is asked.",
        "Leave most of these rows out, unless that is what it shall do.",
    )


def short_answers(known: Known) -> Advice | None:
    """Half of the answers have at most three words, though they are no classes."""
    measured = known.numbers.lengths["answer_words"]
    if known.classes or measured.median > 3 or known.numbers.unanswered * 2 > known.numbers.rows:
        return None
    return Advice(
        "short answers",
        NOTE,
        f"Half of the answers have {counted(measured.median, 'word')} or fewer.",
        "The tuned model will answer everything that shortly.",
        "Right for facts and labels; for a chat write answers in sentences.",
    )


def over_limit(known: Known) -> Advice | None:
    """Rows that training cuts at the end; above a twentieth of the set many answers have no end."""
    tokens = known.tokens
    if tokens is None or not tokens.over:
        return None
    counted_rows = tokens.lengths.rows
    return Advice(
        "over the token limit",
        ALARM if tokens.over * 20 >= counted_rows else NOTE,
        f"{counted(tokens.over, 'row')} of {counted_rows:,}{' counted' if tokens.sampled else ''} "
        f"({percent(tokens.over, counted_rows)}) {has(tokens.over)} more than {tokens.limit:,} tokens.",
        "Training cuts a row at its end, so the model never sees how such answers end.",
        f"Leave them out, or raise “Longest row (tokens)” in Train; the longest has {tokens.lengths.longest:,}.",
    )


def languages(known: Known) -> Advice | None:
    """A second language in a twentieth of the rows whose language is known, and in five rows at least."""
    found = known.numbers.languages
    second = found.top[1].rows if found.distinct > 1 else 0
    if second < 5 or second * 20 < found.rows:
        return None
    named = [f"{name_of(count.name)} {percent(count.rows, found.rows)}" for count in found.top[:3]]
    return Advice(
        "languages",
        NOTE,
        f"The rows are in several languages: {', '.join(named)}.",
        "A small model shares its weights among them, and the rarer one gets little.",
        "Keep one language, or see that each has rows enough, held-out ones too.",
    )


def foreign(known: Known) -> Advice | None:
    """Most rows are not in English; SmolLM2's model card: it "primarily understands and generates" English."""
    main = next(iter(known.numbers.languages.top), None)
    if main is None or main.name == "en" or main.rows * 2 < known.numbers.languages.rows:
        return None
    return Advice(
        "not English",
        NOTE,
        f"Most rows are in {name_of(main.name)}.",
        "The starter model has read little but English.",
        "Choose a base model in Train that knows the language, or expect mistakes.",
    )


def system_prompts(known: Known) -> Advice | None:
    """One system prompt in nearly all rows, or some in a part of them (5 to 95 %)."""
    systems, rows = known.numbers.systems, known.numbers.rows
    some = rows < systems.rows * 20 and systems.rows * 20 < rows * 19
    if not some and not (systems.distinct == 1 and systems.rows * 20 >= rows * 19):
        return None
    if some:
        return Advice(
            "system prompts",
            NOTE,
            f"{counted(systems.rows, 'row')} of {rows:,} {has(systems.rows)} a system prompt.",
            "The model learns to answer in one way with it and in another without.",
            "Give all rows one, or none, unless the difference is meant.",
        )
    return Advice(
        "system prompts",
        NOTE,
        "All rows have the same system prompt." if systems.rows >= rows else "Nearly all rows have the same one.",
        "The tuned model knows its task under these words, and less well without them.",
        "Give the same words wherever it is used, in Compare too; or write them in several ways.",
    )

"""Readings of columns that each hold one value a row: a prompt and an answer, a text and its label, text alone."""

from collections.abc import Iterator
from itertools import product

from core.ingest import names
from core.ingest.cells import nested
from core.ingest.fits import (
    SURELY,
    UNNAMED,
    Columns,
    Fit,
    Guess,
    about,
    answers,
    labels,
    prompts,
    texts,
    without_copies,
)
from core.ingest.names import fit, plain
from core.ingest.profile import LONG_WORDS, MOST
from core.ingest.shapes import SHAPES, Mapping
from core.words import counted

MOST_COLUMNS = 6  # of each kind, the best of which are tried together
TRANSLATIONS = 0.85
BESIDE_ANSWER, OF_PROMPT = 0.6, 0.8  # what is left of a label that is about a prompt and its answer, or a prompt alone
LABEL_BESIDE = 0.7  # how well an answer is named beside which a label is only about it
OF_ONE_TEXT = 0.7  # of a label where there are other texts, and no name says that it is about this one
WEAKEST = 0.25
SUREST = 0.96
DOUBT = 0.5  # of what is missing to a perfect fit, where the names of both columns are known


def flat_guesses(columns: Columns) -> Iterator[Guess]:
    """All readings as pairs, labels, prompts and text."""
    own = without_copies(columns)
    yield from pair_guesses(own)
    yield from label_guesses(own)
    yield from prompt_guesses(own)
    yield from text_guesses(own)


def pair_guesses(columns: Columns) -> Iterator[Guess]:
    """A prompt and an answer, each by name or by what it holds."""
    order = list(columns)
    asked = [one for one in prompts(columns) if not _has_turns(one)][:MOST_COLUMNS]
    for prompt, answer in product(asked, answers(columns)[:MOST_COLUMNS]):
        in_order = order.index(prompt.name) < order.index(answer.name)
        score = TRANSLATIONS if in_order and _are_translations(prompt, answer) else _together(prompt, answer)
        if prompt.name != answer.name and score >= WEAKEST and (prompt.named or answer.named or in_order):
            yield Guess(_pair(columns, prompt.name, answer.name), score, _reason(prompt, answer, "sentences"))


def label_guesses(columns: Columns) -> Iterator[Guess]:
    """A text, or two, and a class of few values."""
    said = [one for one in answers(columns) if one.named > LABEL_BESIDE and one.column.kind == "text"]
    answered = any(not one.column.is_label for one in said)
    prose = sum(one.is_prose and one.could_be_text and one.filled >= 0.5 for one in columns.values())
    for label, text in product(labels(columns)[:MOST_COLUMNS], texts(columns)[:MOST_COLUMNS]):
        score = _together(text, label) * (BESIDE_ANSWER if answered else OF_PROMPT if _is_of_prompt(text, label) else 1)
        score *= OF_ONE_TEXT if prose > 1 and not text.named else 1
        if text.name != label.name and score >= WEAKEST:
            mapping = {"text": text.name, **_second_text(columns, text.name), "label": label.name}
            mapping |= about(columns, mapping, ("category", "group"))
            values = counted(label.column.distinct, "value")
            yield Guess(Mapping("text_label", mapping), score, _reason(text, label, f"{values} that come again"))


def prompt_guesses(columns: Columns) -> Iterator[Guess]:
    """Prompts to be answered, where nothing answers them."""
    labelled = any(one.score > SURELY and not fit(one.name, names.CATEGORIES, whole=True) for one in labels(columns))
    for prompt in prompts(columns):
        column = prompt.column
        asks = max(prompt.named, 0.7 if column.questions > 0.5 else 0)
        if asks < names.LIKELY - 0.1:
            continue
        alone = not labelled and not any(one.score >= UNNAMED and one.name != prompt.name for one in answers(columns))
        context = _context(columns, prompt.name, "")
        mapping = {"prompt": prompt.name, **({"input": context} if context else {})}
        mapping |= about(columns, mapping, ("system", "category", "group"))
        reason = f"“{prompt.name}” holds prompts, and no column is known to hold answers"
        yield Guess(Mapping("prompt_only", mapping), asks * (0.9 if alone else 0.4), reason)


def text_guesses(columns: Columns) -> Iterator[Guess]:
    """Text to be continued."""
    labelled = any(label.score >= UNNAMED for label in labels(columns))
    answered = {one.name for one in answers(columns) if one.named > LABEL_BESIDE / 2 and one.column.is_prose}
    prose = [name for name, column in columns.items() if column.is_prose and column.could_be_text]
    for name in prose:
        named = fit(name, names.FREE_TEXTS, whole=True)
        if named or len(prose) == 1:
            known = named or names.POSSIBLE + 0.05
            free = not answered - {name} and (columns[name].words >= LONG_WORDS or not labelled)
            mapping = {"text": name}
            mapping |= about(columns, mapping, ("category", "group"))
            reason = f"“{name}” holds text, and no column is known to hold answers"
            yield Guess(Mapping("text", mapping), known * (0.9 if free else 0.5), reason)


def _are_translations(first: Fit, second: Fit) -> bool:
    """Whether two columns of sentences are called by two letters, as `en` and `de` or `translation.en`."""
    words = [plain(fit.name).split(" ")[-1] for fit in (first, second)]
    prose = first.column.is_prose and second.column.is_prose
    return prose and all(len(word) == 2 and word.isalpha() for word in words)


def _is_of_prompt(text: Fit, label: Fit) -> bool:
    """Whether a label is rather the category of a prompt, or the text hardly one that a label is about."""
    prompt = fit(text.name, names.PROMPTS, whole=True) > SURELY
    weak = bool(text.named) and text.named <= names.POSSIBLE and label.named < SURELY
    return weak or (prompt and fit(label.name, names.CATEGORIES, whole=True) > 0)


def _has_turns(prompt: Fit) -> bool:
    """Whether the cells are lists of what a user says, one turn after the other."""
    return prompt.column.kind == "texts" and prompt.column.share_of(lambda cell: len(nested(cell)) > 1) > MOST


def _together(first: Fit, second: Fit) -> float:
    mean = (first.score + second.score) / 2
    known = min(first.named, second.named, first.score, second.score) > UNNAMED
    return SUREST - (1 - mean) * DOUBT if known else mean


def _pair(columns: Columns, prompt: str, answer: str) -> Mapping:
    """The shape whose names are nearest, with all that belongs to the prompt."""
    context = _context(columns, prompt, answer)
    if fit(prompt, names.INSTRUCTIONS, whole=True) > names.POSSIBLE:
        dolly = plain(context) == "context" or (not context and plain(answer) == "response")
        shape, asked, given, said = ("dolly", "instruction", "context", "response") if dolly else (
            "alpaca", "instruction", "input", "output"
        )  # fmt: skip
    elif context or (fit(prompt, names.QUESTIONS, whole=True) > names.POSSIBLE and not about(columns, {}, ["history"])):
        shape, asked, given, said = "question_answer", "question", "context", "answer"
    else:
        shape, asked, given, said = "prompt_completion", "prompt", "", "completion"
    mapping = {asked: prompt, **({given: context} if context else {}), said: answer}
    fields = [field.name for field in SHAPES[shape].fields if field.name in ("system", "history", "category", "group")]
    return Mapping(shape, mapping | about(columns, mapping, fields))


def _context(columns: Columns, prompt: str, answer: str) -> str:
    """The column that goes with a question or an instruction, or nothing."""
    asks = max(fit(prompt, meaning, whole=True) for meaning in (names.INSTRUCTIONS, names.QUESTIONS))
    if not asks and plain(prompt) != "prompt":
        return ""
    scores = {
        name: fit(name, names.CONTEXTS, whole=True)
        for name, column in columns.items()
        if name not in (prompt, answer) and column.kind in ("text", "blank", "number") and not column.is_label
    }
    best = max(scores, key=lambda name: scores[name], default="")
    return best if best and scores[best] else ""


def _second_text(columns: Columns, first: str) -> dict[str, str]:
    seconds = [second for one, second in names.PAIRS if one == plain(first)]
    found = [name for name, column in columns.items() if plain(name) in seconds and column.kind == "text"]
    return {"text_pair": found[0]} if found else {}


def _reason(first: Fit, second: Fit, held: str) -> str:
    if first.named and second.named:
        return f"the columns are called “{first.name}” and “{second.name}”"
    if not first.named and not second.named:
        return f"“{first.name}” holds sentences and “{second.name}” {held}; their names say nothing"
    if first.named:
        return f"one column is called “{first.name}”, and “{second.name}” holds {held}"
    return f"one column is called “{second.name}”, and “{first.name}” holds sentences"

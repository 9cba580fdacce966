"""The mapping is guessed from names and content: on layouts as real data sets have them, most of them never tuned on.

`tests/data/layouts.json` names the columns of each layout with what they hold; the texts are made here. Those called
"unseen" were written before the guess was, those called "later" before their first run: at first sight 49 of 53 and 53
of 59 were right. What is still missed says so.
"""

import csv
import hashlib
import io
import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from core.ingest.guess import guess, questions
from core.ingest.shapes import Mapping
from core.ingest.source import flatten

ROOT = Path(__file__).parents[2]
LAYOUTS = json.loads((ROOT / "tests/data/layouts.json").read_text(encoding="utf-8"))
ROWS = 40

PLACES = ["Lisbon", "a harbour town", "the Alps", "Nairobi", "the moon", "an old library", "Kyoto", "the Black Sea"]
THINGS = ["lanterns", "bicycles", "sourdough", "tides", "magnets", "beehives", "steam engines", "tulips", "fog"]
ASKS = [
    "Write a short poem about {}",
    "List three facts about {}",
    "Explain {} to a child",
    "Summarise what is known of {}",
]
QUESTIONS = ["What is special about {}?", "Why do people like {}?", "How do {} work?", "When were {} first described?"]
PARTS = [
    "There is more to {} than most people think, and it begins with patience.",
    "In general {} need care, dry weather and a steady hand.",
    "Nobody knows who first wrote about {}, but the earliest notes are three hundred years old.",
    "It helps to compare {} with something that you know well.",
    "As a rule, {} are best studied in the early morning.",
]
NAMES = ["Mara Quill", "Tom Osgood", "Ines Vale", "Piet Marlow", "Ada Brook"]
TOPICS = ["history", "science", "cooking", "travel", "sports"]
INTENTS = ["track_order", "cancel_order", "change_address", "ask_refund", "complaint"]
UTTERANCES = ["where is my order of {}", "i want to send the {} back", "please cancel {} today", "My {} came broken!!"]
GERMAN = ["Wie pflegt man {} richtig?", "Die Pflege von {} ist einfacher, als man denkt.", "Bitte erklären Sie mir {}."]


def pick(pool: list[str], i: int, salt: str = "") -> str:
    return pool[int(hashlib.md5(f"{salt}{i}".encode()).hexdigest(), 16) % len(pool)]


def about(pool: list[str], i: int, salt: str) -> str:
    return pick(pool, i, salt).format(f"{THINGS[i % len(THINGS)]} in {pick(PLACES, i, salt)}")


def prose(i: int, salt: str, sentences: int) -> str:
    return " ".join(about(PARTS, i, f"{salt}{number}") for number in range(sentences))


def word(i: int, salt: str) -> str:
    return hashlib.md5(f"{salt}{i}".encode()).hexdigest()


def chat_text(i: int, salt: str, form: str) -> str:
    return form.format(
        q=about(QUESTIONS, i, salt), a=prose(i, salt, 1), q2=about(ASKS, i, salt + "2"), a2=prose(i, salt + "2", 2)
    )


MAKERS = {
    "ask": lambda i, s: about(ASKS, i, s),
    "question": lambda i, s: about(QUESTIONS, i, s),
    "answer": lambda i, s: prose(i, s, 1 + i % 3),
    "short": lambda i, s: f"{THINGS[i % len(THINGS)]} and {word(i, s)[:5]}",
    "sentence": lambda i, s: about(PARTS, i, s),
    "gap sentence": lambda i, s: about(PARTS, i, s).replace("need", "_"),
    "passage": lambda i, s: prose(i, s, 4),
    "maybe passage": lambda i, s: prose(i, s, 4) if i % 3 == 0 else "",
    "maybe sentence": lambda i, s: about(PARTS, i, s) if i % 3 == 0 else "",
    "article": lambda i, s: prose(i, s, 12),
    "summary": lambda i, s: prose(i, s, 2),
    "problem": lambda i, s: f"{pick(NAMES, i, s)} has {i + 3} {THINGS[i % 9]} and buys {i} more. How many are there?",
    "worked": lambda i, s: f"There are {i + 3} + {i} = {2 * i + 3} {THINGS[i % 9]} in all.\n#### {2 * i + 3}",
    "code": lambda i, s: f"def {THINGS[i % 9].replace(' ', '_')}_{i}(x):\n    return x + {i}\n",
    "german": lambda i, s: about(GERMAN[1:2], i, s),
    "german question": lambda i, s: about(GERMAN[:1], i, s),
    "french": lambda i, s: f"Je voudrais savoir où se trouve ma commande numéro {i}, merci.",
    "utterance": lambda i, s: about(UTTERANCES, i, s),
    "names dialogue": lambda i, s: (
        f"Amanda: {about(QUESTIONS, i, s)}\nJerry: Sure!\nAmanda: I'll bring some tomorrow :-)"
    ),
    "persona": lambda i, s: pick(["You are a helpful assistant.", "You are a teacher. Think step by step.", ""], i, s),
    "persona long": lambda i, s: (
        f"I want you to act as a guide to {pick(PLACES, i, s)} and to answer {about(ASKS, i, s)}."
    ),
    "name": lambda i, s: f"{THINGS[i % 9].title()} of {pick(PLACES, i, s)} {i}",
    "person": lambda i, s: f"{pick(NAMES, i, s)} {word(i, s)[:3]}",
    "option": lambda i, s: f"{pick(THINGS, i, s)} {word(i, s)[:3]}",
    "topic": lambda i, s: pick(TOPICS, i, s),
    "task": lambda i, s: pick(["open_qa", "closed_qa", "brainstorming", "classification"], i, s),
    "mathtype": lambda i, s: pick(["MATH_AnsAug", "GSM_Rephrased"], i, s),
    "intent": lambda i, s: pick(INTENTS, i, s),
    "spam": lambda i, s: pick(["ham", "ham", "spam"], i, s),
    "model": lambda i, s: pick(["gpt-4", "vicuna-13b", "claude-1"], i, s),
    "letter": lambda i, s: "ABC"[i % 3],
    "index": lambda i, s: i % 4,
    "index text": lambda i, s: str(i % 4),
    "01": lambda i, s: int(word(i, s), 16) % 2,
    "one or two": lambda i, s: str(1 + i % 2),
    "zero or four": lambda i, s: 4 * (i % 2),
    "stars": lambda i, s: 1 + i % 5,
    "small": lambda i, s: int(word(i, s), 16) % 5,
    "float": lambda i, s: round(i / 7, 3),
    "bool": lambda i, s: int(word(i, s), 16) % 2 == 0,
    "int": lambda i, s: 1000 + i,
    "key": lambda i, s: f"train_{i}",
    "slug": lambda i, s: f"find_{THINGS[i % 9]}_{i}".replace(" ", "_"),
    "hash": lambda i, s: word(i, s),
    "uuid": lambda i, s: "-".join(
        [word(i, s)[:8], word(i, s)[8:12], word(i, s)[12:16], word(i, s)[16:20], word(i, s)[20:]]
    ),
    "parent uuid": lambda i, s: MAKERS["uuid"](i - 1, "message_id") if i % 4 else None,
    "oasst role": lambda i, s: "assistant" if i % 2 else "prompter",
    "date": lambda i, s: f"2024-03-{1 + i % 28:02d}T10:{i % 60:02d}:00",
    "url": lambda i, s: f"https://example.com/{word(i, s)[:6]}",
    "blank": lambda i, s: "",
    "seldom": lambda i, s: about(PARTS, i, s) if i % 13 == 0 else "",
    "none": lambda i, s: None,
    "alpaca template": lambda i, s: (
        "Below is an instruction that describes a task.\n\n### Instruction:\n{instruction}\n\n### Response:\n{output}"
    ),
    "hh transcript": lambda i, s: (
        chat_text(i, "hh", "\n\nHuman: {q}\n\nAssistant: {a}\n\nHuman: {q2}\n\nAssistant: ") + prose(i, s, 1)
    ),
    "guanaco transcript": lambda i, s: chat_text(
        i, s, "### Human: {q}### Assistant: {a}### Human: {q2}### Assistant: {a2}"
    ),
    "chatml transcript": lambda i, s: chat_text(
        i, s, "<|im_start|>user\n{q}<|im_end|>\n<|im_start|>assistant\n{a}<|im_end|>\n"
    ),
    "glaive system": lambda i, s: (
        'SYSTEM: You are a helpful assistant with access to the following functions. Use them -\n{"name": "find"}'
    ),
    "glaive chat": lambda i, s: chat_text(
        i, s, "USER: {q}\n\n\nASSISTANT: {a} <|endoftext|>\n\n\nFUNCTION RESPONSE: {{}}\n\n\n"
    ),
    "cause": lambda i, s: pick(["cause", "effect"], i, s),
    "yesno": lambda i, s: pick(["yes", "no", "maybe"], i, s),
    "arena winner": lambda i, s: pick(["model_a", "model_b", "model_a", "tie"], i, s),
    "email": lambda i, s: f"mara.{word(i, s)[:4]}@example.com",
    "schema": lambda i, s: f"CREATE TABLE {THINGS[i % 9].split()[0]} (id INTEGER, name VARCHAR, price_{i} INTEGER)",
    "sql": lambda i, s: f"SELECT COUNT(*) FROM {THINGS[i % 9].split()[0]} WHERE price_{i} > {i}",
    "alpaca transcript": lambda i, s: chat_text(i, s, "### Instruction:\n{q}\n\n### Response:\n{a}"),
    "calls": lambda i, s: json.dumps([{"name": "find", "arguments": {"what": THINGS[i % 9]}}]),
    "tools": lambda i, s: json.dumps(
        [{"name": "find", "description": "Find things.", "parameters": {"what": {"type": "str"}}}]
    ),
    "chat json": lambda i, s: json.dumps(
        [{"role": "user", "content": about(ASKS, i, s)}, {"role": "assistant", "content": "Yes."}]
    ),
}


def made(spec: Any, i: int, salt: str) -> Any:
    """The value that a layout describes, in row `i`."""
    if isinstance(spec, dict):
        return {key: made(value, i, f"{salt}.{key}") for key, value in spec.items()}
    if isinstance(spec, list):
        return [made(value, i, f"{salt}[{number}]") for number, value in enumerate(spec)]
    return spec[1:] if spec.startswith("=") else MAKERS[spec](i, salt)


def rows_of(layout: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a layout; a template is filled with the other columns."""
    rows = [{column: made(spec, i, column) for column, spec in layout["columns"].items()} for i in range(ROWS)]
    for row, (column, spec) in itertools.product(rows, layout["columns"].items()):
        if spec == "alpaca template":
            row[column] = row[column].format(**row)
    return [flatten(row) for row in rows]


# Shapes whose rows become the same example, and the fields of theirs that mean the same.
SAME_SHAPE = dict.fromkeys(("alpaca", "dolly", "prompt_completion", "question_answer"), "pair")
SAME_FIELD = {
    **dict.fromkeys(("instruction", "question", "prompt"), "prompt"),
    **dict.fromkeys(("input", "context"), "context"),
    **dict.fromkeys(("output", "response", "completion", "answer"), "answer"),
}


def essence(shape: str, fields: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if shape not in SAME_SHAPE:
        return shape, fields
    return "pair", {SAME_FIELD.get(field, field): column for field, column in fields.items()}


def wrong(mapping: Mapping, layout: dict[str, Any]) -> str:
    """How a guess differs from what is right, or nothing; a category or group that is not named there may be found."""
    shape, fields = essence(mapping.shape, mapping.columns)
    right_shape, right = essence(layout["shape"], layout["fields"])
    if shape != right_shape:
        return f"{shape} {fields}, not {right_shape}"
    for field in (fields.keys() | right.keys()) - ({"category", "group"} - right.keys()):
        allowed = right.get(field)
        if fields.get(field) not in (allowed if isinstance(allowed, list) else [allowed]):
            return f"{field} is {fields.get(field)!r}, not {allowed!r}"
    return ""


def marked(layout: dict[str, Any]) -> Any:
    marks = [pytest.mark.xfail(reason=layout["missed"], strict=True)] if "missed" in layout else []
    return pytest.param(layout, id=f"{layout['half']}: {layout['name']}", marks=marks)


@pytest.mark.parametrize("layout", [marked(layout) for layout in LAYOUTS])
def test_a_layout_of_a_known_data_set_is_guessed_right(layout):
    found = guess(rows_of(layout))
    assert found, "nothing was guessed"
    found[0].mapping.check_fields()
    assert wrong(found[0].mapping, layout) == ""
    assert found[0].reason


SHARED = ROOT.parent / "shared" / "data"
REAL = json.loads((ROOT / "tests/data/real_files.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", REAL)
def test_a_real_file_is_guessed_right(name):
    if not (SHARED / name).exists():
        pytest.skip(f"{name} is not beside the repository")
    text = (SHARED / name).read_text(encoding="utf-8", errors="replace")
    if name.endswith(".csv"):
        rows = list(itertools.islice(csv.DictReader(io.StringIO(text)), ROWS * 5))
    else:
        rows = json.loads(text) if name.endswith(".json") else [json.loads(line) for line in text.splitlines()]
    found = guess([flatten(row) for row in rows[: ROWS * 5]])
    assert wrong(found[0].mapping, REAL[name]) == ""


ASKED = [
    ({"question": "question", "answer": "answer", "best answer": "answer"}, "Both “answer” and “best answer” could be"),
    (
        {"question": "question", "solution": "worked", "answer": "int"},
        "Both “answer” and “solution” could be the answer",
    ),
    ({"prompt": "ask", "question": "question", "answer": "answer"}, "Both “prompt” and “question” could be the prompt"),
    ({"foo": "question", "bar": "answer"}, "This is only a guess"),
    ({"v1": "spam", "v2": "utterance"}, "This is only a guess"),
    ({"title": "question", "text": "answer", "reply": "answer"}, "could be the prompt"),
]


@pytest.mark.parametrize(("columns", "part"), ASKED)
def test_what_is_not_clear_is_asked(columns, part):
    guesses = guess(rows_of({"columns": columns}))
    asked = questions(guesses)
    assert any(part in question for question in asked), (guesses[0], asked)
    assert len(asked) <= 3


SURE = ["databricks-dolly-15k", "OpenOrca", "hh-rlhf", "mmlu", "xlam-function-calling-60k", "c4", "kto-mix", "squad"]


@pytest.mark.parametrize("name", SURE)
def test_what_is_clear_is_not_asked(name):
    layout = next(layout for layout in LAYOUTS if layout["name"] == name)
    guesses = guess(rows_of(layout))
    assert guesses[0].confidence > 0.85
    assert questions(guesses) == []


def test_guesses_come_best_first_and_each_once():
    guesses = guess(rows_of(LAYOUTS[5]))
    confidences = [one.confidence for one in guesses]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= confidence <= 1 for confidence in confidences)
    keys = [(one.mapping.shape, tuple(sorted(one.mapping.columns.items()))) for one in guesses]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout["name"])
def test_every_guess_names_fields_of_its_shape_and_columns_of_the_file(layout):
    rows = rows_of(layout)
    for one in guess(rows):
        one.mapping.check_fields()
        one.mapping.check_columns(list(rows[0]))

"""The bundled samples hold what sample_data/README.md and the sidecars in tests/data say of them."""

import csv
import json
import re
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "sample_data"
SIGN_OFF = "Stay warm. Stay odd.\nFogg & the goat"


def read_csv(name: str) -> list[dict[str, str]]:
    with (SAMPLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def read_jsonl(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SAMPLES / name).read_text(encoding="utf-8").splitlines()]


def planted(name: str) -> dict[str, Any]:
    return json.loads((ROOT / "tests" / "data" / name).read_text(encoding="utf-8"))


def words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9']+", text.lower()))


def overlap(one: str, other: str) -> float:
    """Jaccard similarity of the word sets."""
    return len(words(one) & words(other)) / len(words(one) | words(other))


def luhn(number: str) -> bool:
    digits = [int(character) for character in number if character.isdigit()][::-1]
    return (sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10 == 0


def mod_97(iban: str) -> int:
    compact = iban.replace(" ", "")
    return int("".join(str(int(character, 36)) for character in compact[4:] + compact[:4])) % 97


@pytest.fixture(scope="module")
def tickets() -> list[dict[str, str]]:
    return read_csv("support_tickets.csv")


@pytest.fixture(scope="module")
def ticket_plan() -> dict[str, Any]:
    return planted("support_tickets_planted.json")


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.*")), ids=lambda path: path.name)
def test_every_file_is_utf8_with_unix_line_ends_and_no_byte_order_mark(path):
    data = path.read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data
    assert data.decode("utf-8").endswith("\n")


@pytest.mark.parametrize(
    ("name", "rows"),
    [("marketing_emails.jsonl", 17), ("support_tickets.csv", 173), ("intents.csv", 352), ("chats.jsonl", 28)],
)
def test_the_readme_states_the_true_number_of_rows(name, rows):
    read = read_csv if name.endswith(".csv") else read_jsonl
    assert len(read(name)) == rows
    assert f"| `{name}` | {rows} |" in (SAMPLES / "README.md").read_text(encoding="utf-8")


def test_every_email_keeps_the_voice_of_the_brand():
    emails = read_jsonl("marketing_emails.jsonl")
    assert len({email["prompt"] for email in emails}) == len(emails)
    for email in emails:
        assert set(email) == {"prompt", "completion"}
        assert email["completion"].startswith("Kettle's on, friend.\n\nFog report: ")
        assert "\n\nThe goat says: " in email["completion"]
        assert email["completion"].endswith(SIGN_OFF)
        assert 60 <= len(email["completion"].split()) <= 120


def test_intents_are_balanced_over_eight_labels():
    counts = Counter(row["label"] for row in read_csv("intents.csv"))
    assert len(counts) == 8
    assert set(counts.values()) == {44}
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)+", label) for label in counts)


def test_no_intent_text_is_a_copy_or_a_near_copy_of_another():
    texts = [row["text"] for row in read_csv("intents.csv")]
    assert all(text == text.strip() != "" for text in texts)
    assert max(overlap(one, other) for one, other in combinations(texts, 2)) < 0.5


def test_no_single_word_gives_an_intent_away():
    rows = read_csv("intents.csv")
    for label in {row["label"] for row in rows}:
        inside = Counter(word for row in rows if row["label"] == label for word in words(row["text"]))
        outside = Counter(word for row in rows if row["label"] != label for word in words(row["text"]))
        telling = {word: count for word, count in inside.items() if not outside[word]}
        assert max(telling.values()) <= 22, f"{label}: {telling}"


def test_intents_come_shuffled():
    labels = [row["label"] for row in read_csv("intents.csv")]
    assert set(labels[:60]) == set(labels)


def test_tickets_have_the_alpaca_columns(tickets):
    assert all(list(row) == ["instruction", "input", "output"] for row in tickets)
    assert all(row["instruction"] and row["input"] for row in tickets)


def test_only_the_planted_answers_are_empty(tickets, ticket_plan):
    empty = [number for number, row in enumerate(tickets, 1) if not row["output"]]
    assert empty == ticket_plan["empty_answers"]
    assert len(empty) == 4


def test_only_the_planted_tickets_are_mojibake_and_they_can_be_repaired(tickets, ticket_plan):
    for plant in ticket_plan["mojibake"]:
        text = tickets[plant["row"] - 1][plant["column"]]
        assert text.encode("cp1252").decode("utf-8") == plant["repaired"]
    broken = {number for number, row in enumerate(tickets, 1) if re.search("Ã|â€|Â", row["input"] + row["output"])}
    assert broken == {plant["row"] for plant in ticket_plan["mojibake"]}
    assert len(broken) == 4


def test_only_the_planted_tickets_are_exact_duplicates(tickets, ticket_plan):
    seen: dict[tuple[str, ...], int] = {}
    found = []
    for number, row in enumerate(tickets, 1):
        first = seen.setdefault(tuple(row.values()), number)
        if first != number:
            found.append({"row": number, "of": first})
    assert found == ticket_plan["exact_duplicates"]
    assert len(found) == 6


def test_only_the_planted_tickets_are_near_duplicates(tickets, ticket_plan):
    near = []
    for one, other in combinations(range(len(tickets)), 2):
        same = tickets[one] == tickets[other]
        if not same and overlap(tickets[one]["input"], tickets[other]["input"]) > 0.6:
            near.append({"row": other + 1, "of": one + 1})
    assert sorted(near, key=lambda pair: pair["row"]) == ticket_plan["near_duplicates"]
    assert len(near) == 6


def test_planted_personal_data_stands_in_its_row_and_column(tickets, ticket_plan):
    for plant in ticket_plan["personal_data"] + ticket_plan["lookalikes"]:
        assert plant["value"] in tickets[plant["row"] - 1][plant["column"]], plant
    counts = Counter(plant["kind"] for plant in ticket_plan["personal_data"])
    assert set(counts) == {"PERSON", "EMAIL", "PHONE", "CARD", "IBAN", "IP", "URL_CREDENTIALS", "SECRET"}
    assert len({plant["row"] for plant in ticket_plan["personal_data"]}) == 62


def test_no_email_address_in_the_tickets_is_missing_from_the_plan(tickets, ticket_plan):
    """The duplicates too: a copy of a ticket copies its personal data."""
    known = {
        (plant["row"], plant["column"])
        for plant in ticket_plan["personal_data"]
        if plant["kind"] in ("EMAIL", "URL_CREDENTIALS")
    }
    found = {
        (number, column)
        for number, row in enumerate(tickets, 1)
        for column, text in row.items()
        if re.search(r"\w@\w", text)
    }
    assert found == known


def test_planted_cards_and_ibans_pass_their_checksums(ticket_plan):
    values = {kind: [] for kind in ("CARD", "IBAN")}
    for plant in ticket_plan["personal_data"]:
        values.get(plant["kind"], []).append(plant["value"])
    assert len(values["CARD"]) >= 8
    assert all(luhn(card) for card in values["CARD"])
    assert len(values["IBAN"]) >= 6
    assert all(mod_97(iban) == 1 for iban in values["IBAN"])


def test_planted_secrets_are_plainly_fake(ticket_plan):
    secrets = [
        plant["value"] for plant in ticket_plan["personal_data"] if plant["kind"] in ("SECRET", "URL_CREDENTIALS")
    ]
    assert all("EXAMPLE" in secret for secret in secrets)


def role_order_is_right(roles: list[str]) -> bool:
    turns = roles[1:] if roles[0] == "system" else roles
    return len(turns) >= 2 and turns == ["user", "assistant"] * (len(turns) // 2)


def test_only_the_planted_chats_have_a_wrong_role_order():
    chats = [chat["messages"] for chat in read_jsonl("chats.jsonl")]
    wrong = [number for number, chat in enumerate(chats, 1) if not role_order_is_right([turn["role"] for turn in chat])]
    assert wrong == [plant["row"] for plant in planted("chats_planted.json")["wrong_role_order"]]


def test_chats_have_several_turns_and_one_persona():
    chats = [chat["messages"] for chat in read_jsonl("chats.jsonl")]
    assert sum(chat[0]["role"] == "system" for chat in chats) == 13
    for chat in chats:
        assert all(set(turn) == {"role", "content"} and turn["content"].strip() for turn in chat)
        assert 2 <= sum(turn["role"] == "user" for turn in chat) <= 4
        answers = [turn["content"] for turn in chat if turn["role"] == "assistant"]
        assert answers[0].startswith("Hello, Pip here!")

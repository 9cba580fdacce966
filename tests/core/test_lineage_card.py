"""The data card: everything that was done, in counts, and no text of a row."""

import pyarrow as pa
import pytest
import yaml

from core.errors import SettingProblem
from core.lineage import CardFields, card_fields, data_card, keep_card
from core.lineage.card import size_category
from core.records import HELD_OUT, TRAIN, Dataset, Example, Message
from core.workspace import Workspace


def rows(count, label=None):
    return Dataset.of(
        Example(
            f"r{number}",
            number,
            (Message("user", f"Zebra question {number}?"), Message("assistant", "Zebra answer.")),
            label=label,
            split=HELD_OUT if number % 4 == 0 else TRAIN,
        )
        for number in range(1, count + 1)
    )


@pytest.fixture
def workspace(tmp_path):
    """A file that was curated, its personal data masked, and scanned."""
    workspace = Workspace(tmp_path)
    save = workspace.versions.save
    source = {"source": "3f2a-facts.csv", "name": "/home/ann/facts.csv", "mapping": {"shape": "alpaca", "columns": {}}}
    save("facts", rows(12), "ingest", settings=source, result={"unreadable": 1})
    decided = pa.Table.from_pylist(
        [
            {"row_id": "r1", "row": 1, "check": "empty answer", "reason": "Zebra", "action": "leave out"},
            {"row_id": "r2", "row": 2, "check": "empty answer", "reason": "Zebra", "action": "leave out"},
            {"row_id": "r2", "row": 2, "check": "empty answer", "reason": "Zebra again", "action": "leave out"},
            {"row_id": "r3", "row": 3, "check": "mojibake", "reason": "Zebra", "action": "repair"},
        ]
    )
    curated = {
        "checks": {"empty answer": "leave out"},
        "thresholds": {},
        "rows": 3,
        "split": {"held_out": 0.2, "seed": 7},
    }
    result = {"train": 8, "held_out": 2, "left_out": 2, "checks": {"empty answer": 2}, "note": "As near as it goes."}
    save("facts", rows(10), "curate", parent="facts/v1", settings=curated, result=result, tables={"decided": decided})
    masked = {
        "found": {"EMAIL": 5, "URL": 2},
        "masked": {"EMAIL": 5},
    }
    choices = {"EMAIL": "substitute", "URL": "keep"}
    save("facts", rows(10), "mask", parent="facts/v2", settings={"choices": choices}, result=masked)
    workspace.versions.keep_extra("facts/v3", "verification", {"sentence": "10 written rows read back: all gone."})
    signals = {
        "language": ["en"] * 797 + ["de"] * 197 + ["fr"] * 6 + ["unknown"] * 10,
        "answer_characters": list(range(1, 1011)),
    }
    workspace.versions.keep_table("facts/v3", "signals", pa.table({"row_id": [str(n) for n in range(1010)], **signals}))
    return workspace


def front(card):
    return yaml.safe_load(card.split("---")[1])


def test_the_front_matter_is_what_the_hub_reads(workspace):
    keep_card(workspace, "facts/v3", CardFields("CC-BY-4.0", "Facts.", "", "Facts: cold\nthings"))
    card = data_card(workspace, "facts/v3")
    assert card.startswith("---\n")
    assert front(card) == {
        "pretty_name": "Facts: cold things",
        "license": "cc-by-4.0",
        "language": ["en", "de"],
        "size_categories": ["n<1K"],
        "task_categories": ["text-generation"],
        "tags": ["tunebench"],
    }
    assert "# Facts: cold things\n" in card
    assert "Licence: CC-BY-4.0." in card


def test_the_card_tells_what_was_read_left_out_masked_and_split_in_counts(workspace):
    card = data_card(workspace, "facts/v3")
    for said in (
        "- `facts.csv`: 12 rows (facts/v1)",
        "| facts/v1 | ingest | 12 | 9 | 3 | 1 |",
        "| facts/v2 | curate | 10 | 8 | 2 | 2 |",
        "| facts/v1 | cannot be read | leave out | 1 |",
        "| facts/v2 | empty answer | leave out | 2 |",
        "| facts/v2 | mojibake | repair | 1 |",
        "| facts/v3 | EMAIL | substitute | 5 | 5 |",
        "| facts/v3 | URL | keep | 2 | 0 |",
        "Check of facts/v3: 10 written rows read back: all gone.",
        "8 rows to train on, 2 rows held out",
        "Settings: held_out 0.2, seed 7.",
        "- Language en: 797 rows",
        "- Language fr: 6 rows",
        "- Answer characters: median 506, 5 % up to 51, 95 % up to 960",
        workspace.versions.get("facts/v3").content_hash,
        "3 decisions about single rows are not replayed.",
        "- stage: curate",
    ):
        assert said in card, card


def test_no_text_of_a_row_and_no_folder_stands_in_the_card(workspace):
    card = data_card(workspace, "facts/v3")
    for private in ("Zebra", "zebra", "/home/ann", "3f2a"):
        assert private not in card


def test_without_a_licence_it_says_unknown(workspace):
    card = data_card(workspace, "facts/v1")
    assert front(card)["license"] == "unknown"
    assert "Licence: unknown. Nobody has said" in card
    assert "No description was given." in card
    assert "Personal data was not masked, and nobody has searched for it." in card
    assert "Not measured for this version." in card
    assert "language" not in front(card)


def test_the_card_says_where_the_version_stands(workspace):
    assert "facts/v1 was searched." in data_card(workspace, "facts/v1", "facts/v1 was searched.")
    assert "1 row in it came after that." in data_card(workspace, "facts/v3", "1 row in it came after that.")


def test_a_masked_version_that_was_not_checked_to_the_end_says_so(workspace):
    workspace.versions.save("facts", rows(10), "mask", parent="facts/v1", result={"found": {}, "masked": {}})
    card = data_card(workspace, "facts/v4")
    assert "Personal data was searched, and none was found." in card
    assert "Check of facts/v4: the written rows were not checked to the end." in card


def test_a_licence_that_the_hub_does_not_know_is_other_with_its_name(workspace):
    keep_card(workspace, "facts/v1", CardFields("House licence: 2"))
    matter = front(data_card(workspace, "facts/v1"))
    assert (matter["license"], matter["license_name"]) == ("other", "house-licence-2")


def test_what_was_said_about_a_version_holds_for_those_made_from_it(workspace):
    keep_card(workspace, "facts/v1", CardFields("mit", "All facts.", "pt-BR, en"))
    assert card_fields(workspace, "facts/v3").description == "All facts."
    assert front(data_card(workspace, "facts/v3"))["language"] == ["pt-BR", "en"]
    keep_card(workspace, "facts/v2", CardFields("apache-2.0"))
    assert card_fields(workspace, "facts/v3").license == "apache-2.0"
    assert card_fields(workspace, "facts/v1").license == "mit"


WRONG = [
    (CardFields(language="english"), "“english” is no code"),
    (CardFields(language="en; <b>"), "“<b>” is no code"),
    (CardFields(license="x" * 101), "license has more than 100"),
    (CardFields(description="x" * 20_001), "description has more than 20,000"),
]


@pytest.mark.parametrize(("fields", "sentence"), WRONG)
def test_a_field_that_is_wrong_is_said_and_nothing_is_kept(workspace, fields, sentence):
    with pytest.raises(SettingProblem, match=sentence):
        keep_card(workspace, "facts/v1", fields)
    assert card_fields(workspace, "facts/v1") == CardFields()


def test_rows_that_all_have_a_label_are_for_classification(tmp_path):
    workspace = Workspace(tmp_path)
    workspace.versions.save("intents", rows(3, label="zebra"), "ingest", settings={"name": "intents.csv"})
    assert front(data_card(workspace, "intents/v1"))["task_categories"] == ["text-classification"]


def test_a_mix_names_every_file(tmp_path):
    workspace = Workspace(tmp_path)
    for name in ("one", "two"):
        workspace.versions.save(name, rows(3), "ingest", settings={"name": f"{name}.csv"})
    workspace.versions.save("both", rows(6), "mix", settings={"parts": [{"version": "one/v1"}, {"version": "two/v1"}]})
    card = data_card(workspace, "both/v1")
    assert "`one.csv`" in card
    assert "`two.csv`" in card


SIZES = [(0, "n<1K"), (999, "n<1K"), (1_000, "1K<n<10K"), (52_000, "10K<n<100K"), (10**8, "n>100M")]


@pytest.mark.parametrize(("rows", "word"), SIZES)
def test_a_size_has_the_word_of_the_hub(rows, word):
    assert size_category(rows) == word

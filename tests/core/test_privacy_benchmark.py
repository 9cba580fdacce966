"""The privacy benchmark counts as its docstring says: what is found, missed, right, wrong, and left out."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import presidio_runner
import privacy_files
import privacy_scores
from privacy_files import UNSCORED, Label, Row

from core.privacy.spans import Span

TEXT = "Ask Ida Holm at ida@example.org, 12 Elm Road, Leeds"
ROW = Row((TEXT,), (Label(4, 12, "PERSON", "person"), Label(16, 31, "EMAIL"), Label(46, 51, UNSCORED)))


def span(start, end, kind):
    return Span(start, end, kind, 0.9, "because")


def scored(*spans, row=ROW):
    return privacy_scores.scores([row], [privacy_scores.judged(row, spans)])


def test_all_found_is_a_score_of_one_and_a_clean_document():
    figures = scored(span(4, 12, "PERSON"), span(16, 31, "EMAIL"))
    assert (figures["f1"], figures["recall"], figures["precision"]) == (1.0, 1.0, 1.0)
    assert (figures["documents_clean"], figures["documents_all_found"]) == (1.0, 1.0)
    assert figures["recall_by_slot"] == {"person": "1.0 of 1"}


def test_nothing_found_is_a_recall_of_nought():
    figures = scored()
    assert (figures["recall"], figures["precision"], figures["f1"]) == (0.0, None, None)
    assert figures["documents_clean"] == 0.0


def test_a_part_counts_as_found_but_leaves_the_document_unclean():
    figures = scored(span(4, 7, "PERSON"), span(16, 31, "EMAIL"))
    assert figures["recall"] == 1.0
    assert (figures["documents_clean"], figures["documents_all_found"]) == (0.0, 1.0)


def test_another_kind_is_wrong_and_missed_but_covers_the_place():
    figures = scored(span(4, 12, "ADDRESS"), span(16, 31, "EMAIL"))
    assert figures["kinds"]["PERSON"]["recall"] == 0.0
    assert figures["kinds"]["ADDRESS"]["wrong"] == 1
    assert (figures["documents_clean"], figures["documents_all_found"]) == (1.0, 0.0)


def test_a_place_over_an_unscored_label_is_neither_right_nor_wrong():
    over = scored(span(4, 12, "PERSON"), span(16, 31, "EMAIL"), span(46, 51, "ADDRESS"))
    beside = scored(span(4, 12, "PERSON"), span(16, 31, "EMAIL"), span(33, 44, "ADDRESS"))
    assert (over["precision"], over["wrong"]) == (1.0, 0)
    assert (beside["precision"], beside["wrong"]) == (0.6667, 1)


def test_a_flagged_row_without_labels_is_a_false_alarm():
    assert scored(span(0, 3, "PERSON"), row=Row((TEXT,), ()))["rows_without_labels_flagged"] == 1.0
    assert scored(row=Row((TEXT,), ()))["rows_without_labels_flagged"] == 0.0


@pytest.mark.parametrize(
    ("record", "texts", "labels"),
    [
        ({"text": "Ida", "spans": [[0, 3, "PERSON"]]}, ("Ida",), (Label(0, 3, "PERSON"),)),
        ({"text": "Ida", "spans": [[0, 3, "MOOD"]]}, ("Ida",), (Label(0, 3, UNSCORED),)),
        ({"text": "Ida", "spans": [[0, 3, "PERSON"]], "slots": ["given"]}, ("Ida",), (Label(0, 3, "PERSON", "given"),)),
        ({"text": "Ida", "spans": []}, ("Ida",), ()),
        (
            {
                "full_text": "a@example.org",
                "spans": [{"entity_type": "EMAIL_ADDRESS", "start_position": 0, "end_position": 13}],
            },
            ("a@example.org",),
            (Label(0, 13, "EMAIL"),),
        ),
        (
            {"full_text": "41", "spans": [{"entity_type": "AGE", "start_position": 0, "end_position": 2}]},
            ("41",),
            (Label(0, 2, UNSCORED),),
        ),
        ({"messages": [{"role": "user", "content": "Hi"}]}, ("user", "Hi"), None),
        ({"text": "no spans", "label": 3}, ("no spans",), None),
        ({}, (), None),
    ],
)
def test_a_record_is_read_as_labelled_or_not(record, texts, labels):
    assert privacy_files.as_row(record) == Row(texts, labels)


def test_the_three_kinds_of_files_are_read(tmp_path):
    records = [{"text": "one\u2028line"}, {"text": "two"}]
    (tmp_path / "a.json").write_text(json.dumps(records), encoding="utf-8")
    lines = "\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    (tmp_path / "a.jsonl").write_text(lines + "\n", encoding="utf-8")
    (tmp_path / "a.csv").write_text("text\none\ntwo\n", encoding="utf-8")
    assert privacy_files.load(tmp_path / "a.json") == privacy_files.load(tmp_path / "a.jsonl")
    assert privacy_files.load(tmp_path / "a.csv", most=1) == [Row(("one",))]


def test_of_overlapping_places_of_presidio_the_better_one_stays():
    places = [(0, 5, "PERSON", 0.85), (0, 9, "US_SSN", 1.0), (20, 24, "URL", 0.5)]
    assert presidio_runner.best_first(places) == [(0, 9, "US_SSN", 1.0), (20, 24, "URL", 0.5)]

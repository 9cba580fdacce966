"""Scanning and masking a dataset."""

import orjson
import pytest

from core.errors import LabError, SettingProblem
from core.mask import Findings, mask, scan
from core.records import HELD_OUT, Dataset, Example, Message
from core.settings import MaskSettings

KEY = b"k" * 32
ORIGINALS = ("ann@firma.de", "415-555-2671", "4155552671", "hunter2", "4111 1111", "bob:s3cr3t")


def example(number, *contents, label=None):
    roles = ("user", "assistant") * len(contents)
    messages = tuple(Message(role, text) for role, text in zip(roles, contents, strict=False))
    return Example(f"id{number}", number, messages, label, HELD_OUT)


DATASET = Dataset.of(
    [
        example(1, "I am ann@firma.de, call 415-555-2671", "Hello ANN@firma.de!\r\n\n 😀 "),
        example(2, "nothing here", "at all"),
        example(3, "password is hunter2", "Your hunter2 is weak; ticket 4155552671."),
        example(4, "card 4111 1111 1111 1111", "see postgres://bob:s3cr3t@db.example.org"),
        example(5, "to whom?", "ann@firma.de", label="ann@firma.de"),
    ]
)


def contents(dataset):
    return [message.content for row in dataset for message in row.messages]


def masked(choices=None, dataset=DATASET, key=KEY):
    return mask(dataset, scan(dataset), MaskSettings(choices=choices or {}), key)


def test_findings_name_places_and_no_values():
    findings = scan(DATASET)
    assert findings.counts()["EMAIL"] == (3, 2)
    text = repr(findings) + orjson.dumps(findings.as_json()).decode()
    assert not any(value.lower() in text.lower() for value in ORIGINALS)


def test_findings_survive_the_disk_and_are_not_taken_for_other_content():
    findings = scan(DATASET)
    kept = orjson.loads(orjson.dumps(findings.as_json()))
    assert Findings.from_json(kept, DATASET.content_hash()) == findings
    assert Findings.from_json(kept, "other") is None
    assert Findings.from_json(None, DATASET.content_hash()) is None


def test_a_value_known_from_one_row_is_found_where_it_stands_alone():
    (row,) = [row for row in scan(DATASET).rows if row.row_id == "id3"]
    reasons = {span.kind: span.reason for message, span in row.places if message == 1}
    assert reasons == {
        "PHONE": "the same digits were found elsewhere",
        "SECRET": "the same value was found elsewhere",
    }


def test_everything_is_a_tag_where_nothing_is_chosen():
    assert contents(masked().dataset) == [
        "I am [EMAIL_1], call [PHONE_1]",
        "Hello [EMAIL_1]!\r\n\n 😀 ",
        "nothing here",
        "at all",
        "password is [SECRET_1]",
        "Your [SECRET_1] is weak; ticket [PHONE_1].",
        "card [CARD_1]",
        "see postgres://[URL_CREDENTIALS_1]@db.example.org",
        "to whom?",
        "[EMAIL_1]",
    ]


def test_ids_rows_roles_and_split_stay():
    def frame(dataset):
        return [(row.id, row.row, row.split, [m.role for m in row.messages]) for row in dataset]

    assert frame(masked().dataset) == frame(DATASET)


def test_a_label_that_was_the_answer_follows_it():
    assert [row.label for row in masked().dataset] == [None, None, None, None, "[EMAIL_1]"]


def test_the_same_value_has_the_same_substitute_in_all_rows():
    texts = contents(masked({"EMAIL": "substitute"}).dataset)
    assert texts[-1].endswith("@example.com")
    assert texts[-1] in texts[0]
    assert texts[-1] in texts[1]


def test_the_order_of_the_rows_changes_nothing():
    choices = dict.fromkeys(("EMAIL", "PHONE", "CARD"), "substitute")
    backwards = Dataset.of(reversed(list(DATASET)))
    there = {row.id: row for row in masked(choices).dataset}
    assert {row.id: row for row in masked(choices, backwards).dataset} == there
    assert {row.id: row for row in masked(choices, key=b"x" * 32).dataset} != there


def test_what_is_kept_stays_byte_for_byte():
    kept = masked(dict.fromkeys(scan(DATASET).counts(), "keep"))
    assert kept.dataset.content_hash() == DATASET.content_hash()
    assert kept.report.rows_changed == 0


def test_keeping_one_kind_does_not_keep_another_within_it():
    dataset = Dataset.of([example(1, "4155552671@s.example.net, call 415-555-2671")])
    assert contents(masked({"EMAIL": "keep"}, dataset).dataset) == ["[PHONE_1]@s.example.net, call [PHONE_1]"]


def test_the_report_counts_and_names_no_value():
    report = masked({"EMAIL": "keep"}).report
    assert report.masked == {"PHONE": 2, "SECRET": 2, "CARD": 1, "URL_CREDENTIALS": 1}
    assert report.found["EMAIL"] == 3
    assert report.choices["EMAIL"] == "keep"
    assert report.is_clean
    assert not any(value.lower() in repr(report).lower() for value in ORIGINALS)


def test_the_leak_check_finds_what_the_findings_missed():
    whole = scan(DATASET)
    torn = Findings(whole.content_hash, whole.total_rows, whole.rows[:1])
    report = mask(DATASET, torn, MaskSettings(), KEY).report
    assert report.known_left == {"EMAIL": 1, "PHONE": 1}
    assert report.found_left == {"SECRET": 1, "CARD": 1, "URL_CREDENTIALS": 1, "EMAIL": 1}
    assert report.rows_left == [3, 4, 5]


def test_the_leak_check_looks_at_labels_that_are_not_the_answer():
    dataset = Dataset.of([example(1, "mail ann@firma.de", "ok", label="ann@firma.de")])
    assert masked(dataset=dataset).report.known_left == {"EMAIL": 1}


def test_a_masked_dataset_can_be_masked_again():
    once = masked().dataset
    assert scan(once).rows == ()
    more = Dataset.of([example(1, "[EMAIL_1] and bob@firma.de")])
    assert contents(masked(dataset=more).dataset) == ["[EMAIL_1] and [EMAIL_2]"]


@pytest.mark.parametrize(
    ("choices", "words"),
    [({"NAME": "tag"}, "no kind of personal data called “NAME”"), ({"SECRET": "substitute"}, "SECRET")],
)
def test_a_choice_that_there_is_not_is_a_sentence(choices, words):
    with pytest.raises(SettingProblem, match=words):
        masked(choices)


def test_findings_of_another_dataset_are_refused():
    with pytest.raises(LabError, match="another dataset version"):
        mask(Dataset.of([example(1, "x")]), scan(DATASET), MaskSettings(), KEY)


def test_a_scan_reports_progress_and_can_be_stopped():
    shares = []
    scan(DATASET, progress=shares.append)
    assert shares == sorted(shares)
    with pytest.raises(LabError, match="stopped"):
        scan(DATASET, stop=lambda: True)


@pytest.mark.parametrize(
    "dataset", [Dataset.of([]), Dataset.of([example(1, "", "")]), Dataset.of([Example("a", 1, ())])]
)
def test_empty_rows_and_datasets_pass_through(dataset):
    assert masked(dataset=dataset).dataset.content_hash() == dataset.content_hash()

"""What masking makes of a dataset: tags, substitutes, hashes, parts, rows taken out, and all the rest as it was."""

import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import LabError, SettingProblem
from core.mask.apply import mask
from core.mask.choices import choice_of, choices_of, usual_choice
from core.mask.findings import PLACES
from core.mask.plan import Plan
from core.mask.texts import texts
from core.privacy.substitutes import Ledger
from core.privacy.substitutes.tokens import name_key
from core.records import HELD_OUT, Dataset, Example, Message
from core.settings import MaskSettings, SearchSettings

KEY = b"k" * 32
MARKED = re.compile(r"«(\w+):(.*?)»", re.DOTALL)


def example(number, *contents, **facts):
    roles = ("user", "assistant") * len(contents)
    messages = tuple(Message(role, text) for role, text in zip(roles, contents, strict=False))
    return Example(f"id{number}", number, messages, split=HELD_OUT, **facts)


def found(*marked):
    """A dataset and its places, from rows in which values are written as «KIND:value»."""
    rows, lines = [], []
    for position, row in enumerate(marked):
        plain = []
        for message, text in enumerate(texts(row)):
            parts, done = "", 0
            for match in MARKED.finditer(text):
                parts += text[done : match.start()]
                place = (len(parts), len(parts) + len(match.group(2)))
                lines.append((row.id, position, message, *place, match.group(1), 0.9, "told", "0" * 16, False))
                parts, done = parts + match.group(2), match.end()
            plain.append(parts + text[done:])
        rows.append(row.with_said(plain))
    return Dataset.of(rows), pl.DataFrame(lines, schema=PLACES, orient="row")


ROWS = (
    example(1, "I am «EMAIL:ann@firma.de», call «PHONE:415-555-2671»", "Hello «EMAIL:ANN@firma.de»!\r\n\n 😀 "),
    example(2, "nothing here", "at all"),
    example(3, "password is «SECRET:hunter2»", "Your «SECRET:hunter2» is weak; «PERSON:Ann Lopez» said."),
    example(4, "card «CARD:4111 1111 1111 1111»", "see postgres://«URL_CREDENTIALS:bob:s3cr3t»@db.example.org"),
    example(5, "to whom?", "«EMAIL:ann@firma.de»", label="ann@firma.de"),
)
DATASET, FOUND = found(*ROWS)
ORIGINALS = ("ann@firma.de", "415-555-2671", "hunter2", "4111 1111", "bob:s3cr3t", "lopez")


def only_text(result):
    (row,) = result.dataset
    return row.messages[0].content


def masked(choices=None, dataset=DATASET, places=FOUND, key=KEY, ledger=None):
    return mask(dataset, places, MaskSettings(choices=choices or {}), key, ledger)


def contents(dataset):
    return [text for row in dataset for _, text in row.texts]


def only(choices, *rows):
    """The texts of a small dataset after masking."""
    return contents(masked(choices, *found(*rows)).dataset)


def test_everything_is_a_tag_where_nothing_is_chosen():
    assert contents(masked().dataset) == [
        "I am [EMAIL_1], call [PHONE_1]",
        "Hello [EMAIL_1]!\r\n\n 😀 ",
        "nothing here",
        "at all",
        "password is [SECRET_1]",
        "Your [SECRET_1] is weak; [PERSON_1] said.",
        "card [CARD_1]",
        "see postgres://[URL_CREDENTIALS_1]@db.example.org",
        "to whom?",
        "[EMAIL_1]",
    ]


def test_ids_rows_roles_and_split_stay():
    def frame(dataset):
        return [(row.id, row.row, row.split, [message.role for message in row.messages]) for row in dataset]

    assert frame(masked().dataset) == frame(DATASET)


def test_a_label_that_was_the_answer_follows_it():
    assert [row.label for row in masked().dataset] == [None, None, None, None, "[EMAIL_1]"]


def test_one_person_is_one_substitute_in_all_rows():
    said = only(
        dict.fromkeys(("PERSON", "EMAIL"), "substitute"),
        example(1, "I am «PERSON:Eugenie Schottin»", "Hi «PERSON:Eugenie»"),
        example(2, "To «EMAIL:eugenie.schottin@firma.de»", "Dear «PERSON:Ms Schottin»"),
    )
    first, last = said[0].removeprefix("I am ").split()
    assert said[1] == f"Hi {first}"
    assert said[3] == f"Dear Ms {last}"
    assert re.fullmatch(rf"To {name_key(first)}\.{name_key(last)}@example\.\w+", said[2])


def test_no_substitute_is_a_word_of_the_data():
    rows = [example(1, "I am «PERSON:Anna Lopez»")]
    first, last = only({"PERSON": "substitute"}, *rows)[0].removeprefix("I am ").split()
    rows.append(example(2, f"ask {first} or {last.upper()}, who are real"))
    again = only({"PERSON": "substitute"}, *rows)[0].removeprefix("I am ").split()
    assert not {first, last} & set(again)


def test_the_order_of_the_rows_changes_nothing():
    choices = dict.fromkeys(("EMAIL", "PHONE", "CARD", "PERSON"), "substitute")
    backwards = masked(choices, *found(*reversed(ROWS)))
    there = {row.id: row for row in masked(choices).dataset}
    assert {row.id: row for row in backwards.dataset} == there
    assert {row.id: row for row in masked(choices, key=b"x" * 32).dataset} != there


def test_a_later_dataset_of_the_project_has_the_same_substitutes(tmp_path):
    choices, path = {"PERSON": "substitute"}, tmp_path / "ledger.json"
    first = masked(choices, *found(example(1, "«PERSON:Anna Lopez»")), ledger=Ledger(path))
    later = masked(choices, *found(example(1, "«PERSON:Bo Ek» and «PERSON:Anna Lopez»")), ledger=Ledger(path))
    assert contents(later.dataset)[0].split(" and ")[1] == contents(first.dataset)[0]
    assert "Lopez" not in path.read_text(encoding="utf-8")


def test_masking_that_is_stopped_keeps_no_substitute(tmp_path):
    path = tmp_path / "ledger.json"
    with pytest.raises(LabError, match="stopped"):
        mask(DATASET, FOUND, MaskSettings(choices={"PERSON": "substitute"}), KEY, Ledger(path), stop=lambda: True)
    assert not path.exists()


@pytest.mark.parametrize(
    ("choice", "pattern"),
    [
        ("tag", r"\[PHONE_1\]"),
        ("substitute", r"\d{3}-555-01\d\d"),
        ("hash", r"\[PHONE_[0-9a-f]{10}\]"),
        ("partial", "•••-•••-2671"),
        ("keep", "415-555-2671"),
    ],
)
def test_each_choice_is_what_it_says(choice, pattern):
    (text,) = only({"PHONE": choice}, example(1, "call «PHONE:415-555-2671» now"))
    assert re.fullmatch(f"call {pattern} now", text)


def test_a_row_with_a_kind_to_remove_is_taken_out():
    result = masked({"SECRET": "remove"})
    assert [row.id for row in result.dataset] == ["id1", "id2", "id4", "id5"]
    assert result.changes["id3"].removed
    assert result.report.rows_removed == 1
    assert "SECRET" not in result.report.masked
    assert result.report.found["SECRET"] == 2


def test_all_rows_may_go():
    assert len(masked({"PHONE": "remove"}, *found(example(1, "«PHONE:415-555-2671»"))).dataset) == 0


def test_what_is_kept_stays_byte_for_byte():
    result = masked(dict.fromkeys(FOUND["kind"].unique(), "keep"))
    assert result.dataset.content_hash() == DATASET.content_hash()
    assert result.changes == {}


def test_keeping_one_kind_does_not_keep_another_within_it():
    dataset, places = found(example(1, "«EMAIL:4155552671@s.example.net» here"))
    within = places.with_columns(kind=pl.lit("PHONE"), end=pl.lit(10, pl.UInt32), covered=pl.lit(True))
    assert contents(masked({"EMAIL": "keep"}, dataset, pl.concat([places, within])).dataset) == [
        "[PHONE_1]@s.example.net here"
    ]


def test_places_that_overlap_leave_no_character_over():
    dataset, places = found(example(1, "«PERSON:Anna Lopez» here"))
    longer = places.with_columns(kind=pl.lit("OWN"), start=pl.lit(5, pl.UInt32), end=pl.lit(15, pl.UInt32))
    assert contents(masked(None, dataset, pl.concat([longer, places])).dataset) == ["[OWN_1]"]


def test_a_kind_of_a_users_own_rule_is_masked_too():
    row = example(1, "no. «CUSTOMER_NO:KD-00123456» and [CUSTOMER_NO_4]")
    assert only(None, row) == ["no. [CUSTOMER_NO_5] and [CUSTOMER_NO_4]"]
    assert only({"CUSTOMER_NO": "partial"}, row) == ["no. ••-••••3456 and [CUSTOMER_NO_4]"]


@pytest.mark.parametrize(
    ("facts", "after"),
    [
        ({"group": "«EMAIL:anna@firma.de»"}, r"\[EMAIL_[0-9a-f]{10}\]"),
        ({"category": "«EMAIL:ANNA@FIRMA.DE»"}, r"\[EMAIL_[0-9a-f]{10}\]"),
        ({"source": "mail of «EMAIL:anna@firma.de»!"}, r"mail of \[EMAIL_[0-9a-f]{10}\]!"),
        ({"label": "«EMAIL:anna@firma.de»"}, r"\[EMAIL_[0-9a-f]{10}\]"),
        ({"tags": ("new", "«EMAIL:anna@firma.de»", "")}, r"\('new', '\[EMAIL_[0-9a-f]{10}\]', ''\)"),
        ({"group": "annika@firma.de"}, "annika@firma.de"),
    ],
)
def test_what_is_found_beside_the_texts_becomes_the_same_in_all_rows(facts, after):
    result = masked(None, *found(example(1, "from «EMAIL:anna@firma.de»", "ok"), example(2, "hello", "ok", **facts)))
    (name,) = facts
    assert [row.messages[0].content for row in result.dataset] == ["from [EMAIL_1]", "hello"]
    assert re.fullmatch(after, str(getattr(list(result.dataset)[1], name)))


def test_a_fact_gets_the_substitute_of_the_person():
    facts = {"group": "«PERSON:Anna Lopez»", "tags": ("«PERSON:anna lopez»",)}
    (row,) = masked({"PERSON": "substitute"}, *found(example(1, "I am «PERSON:Anna Lopez»", "ok", **facts))).dataset
    assert row.messages[0].content == f"I am {row.group}"
    assert row.tags == (row.group.lower(),)


def test_a_label_that_is_the_answer_follows_it():
    result = masked(None, *found(example(1, "who?", "«EMAIL:anna@firma.de»", label="anna@firma.de")))
    (row,) = result.dataset
    assert row.label == row.answer == "[EMAIL_1]"
    assert result.report.masked == {"EMAIL": 1}


def test_what_stays_is_nobodys_substitute():
    dataset, places = found(example(1, "«IP:10.1.2.3» and 10.1.2.4", "ok"))
    settings = MaskSettings(choices={"IP": "substitute"})
    invented = only_text(mask(dataset, places, settings, KEY)).split()[0]
    rows = found(example(1, "«IP:10.1.2.3» and 10.1.2.4", f"«IP:{invented}»"))
    here, kept = rows[1].filter(pl.col("message") == 0), rows[1].filter(pl.col("message") == 1)
    again = mask(rows[0], here, settings, KEY, left=kept)
    assert only_text(again).split()[0] not in (invented, "10.1.2.3")


def test_the_report_counts_and_nothing_that_is_shown_has_a_value():
    result = masked({"EMAIL": "keep", "PERSON": "hash"})
    assert result.report.masked == {"SECRET": 2, "CARD": 1, "PERSON": 1, "PHONE": 1, "URL_CREDENTIALS": 1}
    assert result.report.found["EMAIL"] == 3
    assert result.report.choices["EMAIL"] == "keep"
    assert result.report.as_dict()["rows_changed"] == 3
    shown = repr(result) + repr(result.report) + repr(result.changes)
    assert not [value for value in ORIGINALS if value in shown.lower()]


def test_a_masked_dataset_can_be_masked_again():
    assert only(None, example(1, "[EMAIL_1] and «EMAIL:bob@firma.de»")) == ["[EMAIL_1] and [EMAIL_2]"]


def test_the_plan_says_of_a_row_what_writing_makes_of_it():
    settings = MaskSettings(choices={"EMAIL": "substitute", "SECRET": "remove"})
    plan, result = Plan(DATASET, FOUND, settings, KEY), mask(DATASET, FOUND, settings, KEY)
    for position, row in enumerate(DATASET):
        assert plan.row(position, row) == result.changes.get(row.id)


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"name": "tag"}, "no kind of personal data called “name”"),
        ({"SECRET": "substitute"}, "SECRET cannot be invented. Choose tag, hash"),
        ({"CUSTOMER_NO": "substitute"}, "CUSTOMER_NO"),
    ],
)
def test_a_choice_that_there_is_not_is_a_sentence(choices, words):
    with pytest.raises(SettingProblem, match=words):
        masked(choices)


def test_choices_are_offered_by_kind():
    assert choices_of("PERSON") == ["tag", "substitute", "hash", "partial", "remove", "keep"]
    assert "substitute" not in choices_of("SECRET")
    assert "substitute" not in choices_of("OWN")
    assert usual_choice("PERSON") == choice_of(MaskSettings(), "PERSON") == "tag"
    with pytest.raises(SettingProblem, match="Choices"):
        MaskSettings.parse({"choices": {"PERSON": "burn"}})


def test_the_search_has_settings_of_its_own():
    assert SearchSettings() == SearchSettings.parse({"mode": "normal", "kinds": []})
    with pytest.raises(SettingProblem, match="fast, normal, thorough"):
        SearchSettings.parse({"mode": "slow"})


@pytest.mark.parametrize(
    "dataset",
    [
        Dataset.of([]),
        Dataset.of([example(1, "x")]),
        Dataset.of(list(DATASET)[::-1]),
        Dataset.of([example(1, "a", "b")] * 5),
    ],
)
def test_places_of_another_dataset_are_refused(dataset):
    with pytest.raises(LabError, match="another dataset version"):
        masked(None, dataset)


def test_progress_rises_and_masking_can_be_stopped():
    shares = []
    mask(DATASET, FOUND, MaskSettings(), KEY, progress=shares.append)
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1
    with pytest.raises(LabError, match="stopped"):
        mask(DATASET, FOUND, MaskSettings(), KEY, stop=lambda: True)


@pytest.mark.parametrize(
    "dataset", [Dataset.of([]), Dataset.of([example(1, "", "")]), Dataset.of([Example("a", 1, ())])]
)
def test_empty_rows_and_datasets_pass_through(dataset):
    nothing = pl.DataFrame(schema=PLACES)
    assert masked(None, dataset, nothing).dataset.content_hash() == dataset.content_hash()


def test_many_rows_are_the_same_in_chunks_as_one_by_one():
    rows = [example(n, f"row {n} «PHONE:415-555-{n:04d}»" if n % 3 else f"row {n}", "ok") for n in range(1, 1300)]
    choices = {"PHONE": "substitute"}
    said = contents(masked(choices, *found(*rows)).dataset)
    assert len(said) == 2 * len(rows)
    assert len({text.split(" ", 2)[2] for text in said if text.count(" ") == 2}) == sum(
        n % 3 > 0 for n in range(1, 1300)
    )
    assert all(text.startswith(f"row {n}") for n, text in enumerate(said[::2], 1))


@settings(max_examples=50, deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="«»:"), max_size=20),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="«»:"), min_size=1, max_size=20),
    st.sampled_from(["tag", "substitute", "hash", "partial"]),
    st.sampled_from(["PERSON", "EMAIL", "PHONE", "ADDRESS", "BIRTH_DATE"]),
)
def test_the_text_around_a_place_stays_whatever_it_is(around, value, choice, kind):
    (text,) = only({kind: choice}, example(1, f"{around}«{kind}:{value}»{around}"))
    assert text.startswith(around)
    assert text.endswith(around)

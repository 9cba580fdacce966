"""The numbers of a set are right, the same for every order of its rows, and of parts that add up."""

import random
import subprocess
import sys
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.curate.numbers import Numbers, Tokens, light, numbers, tokens
from core.curate.numbers.before_after import OTHERS, Side, bars, figures, shares
from core.curate.numbers.counts import MOST_NAMED, NAME_CHARACTERS, counts
from core.curate.numbers.diversity import Diversity, diversity
from core.curate.numbers.lengths import lengths
from core.curate.numbers.texts import asked, drawn
from core.curate.rows import Rows
from core.curate.signals import signals
from core.records import HELD_OUT, TEXT, TRAIN, Dataset, Example, Message

ROOT = Path(__file__).parents[2]
WORDS = (
    "otter comet violin harbour glacier lantern beetle orchard turbine sonnet pepper canyon magnet falcon",
    "describe draw compare weigh sketch explain count rename translate polish measure defend paint fold",
    "Lisbon Oslo Nairobi Quito Hanoi Perth Lagos Turin Osaka Cairo Bergen Lima Dakar Tunis",
)
NOUNS, VERBS, PLACES = (line.split() for line in WORDS)


def row(number, *chat, **columns):
    return Example(f"r{number:06d}", number, tuple(Message(role, text) for role, text in chat), **columns)


def pair(number, prompt, answer, **columns):
    return row(number, ("user", prompt), ("assistant", answer), **columns)


def varied(rows=120, seed=1):
    """Rows as different as their few words allow."""
    draw = random.Random(seed)

    def words(count):
        return " ".join(draw.choice(draw.choice((NOUNS, VERBS, PLACES))) + draw.choice("aeiou") for _ in range(count))

    return [pair(number, f"{words(9)}?", f"{words(12)}.") for number in range(1, rows + 1)]


def numbers_of(examples):
    rows = Rows(Dataset.of(examples))
    return numbers(rows, signals(rows.frame))


def named(found):
    return [(count.name, count.rows) for count in found.top]


@given(st.lists(st.integers(0, 300_000)))
@settings(deadline=None, max_examples=60)
def test_every_length_lies_in_one_bar(values):
    found = lengths(pl.Series(values, dtype=pl.Int64))
    assert sum(bar.rows for bar in found.bars) == found.rows == len(values)
    for bar in found.bars:
        assert bar.rows == sum(bar.low <= value and (bar.high is None or value < bar.high) for value in values)
    if values:
        assert found.longest == max(values)
        assert {found.median, found.p95} <= set(values)


def test_lengths_say_what_most_rows_are_like_and_how_far_they_reach():
    found = lengths(pl.Series([*range(1, 100), 5000]))
    assert (found.median, found.p95, found.longest) == (51, 95, 5000)
    assert [bar.name for bar in found.bars][:3] == ["1", "2–4", "5–9"]
    assert [bar.rows for bar in found.bars][-3:] == [0, 0, 1]
    assert lengths(pl.Series([100_000, 7])).bars[-1].name == "100,000 or more"


@pytest.mark.parametrize("values", [[], [None, None]])
def test_no_lengths_have_no_bars(values):
    found = lengths(pl.Series(values, dtype=pl.UInt32))
    assert (found.rows, found.longest, found.bars) == (0, 0, [])


def test_values_are_counted_most_frequent_first_and_ties_by_name():
    found = counts(pl.Series(["b", "a", None, "b", "", "c", "a", "z" * 200]))
    assert named(found)[:2] == [("a", 2), ("b", 2)]
    assert (found.rows, found.distinct, found.smallest, found.scarce) == (6, 4, 1, 4)
    assert found.largest_share == pytest.approx(1 / 3)
    assert len(found.top[-1].name) == NAME_CHARACTERS + 1
    assert counts(pl.Series([None, ""], dtype=pl.String)).largest_share == 0


def test_the_numbers_of_a_small_set_are_those_a_person_counts():
    found = numbers_of(
        [
            pair(1, "Where is Oslo?", "In Norway.", split=TRAIN, label="place", tags=("x", "y"), category="geo"),
            pair(2, "Where is Oslo?", "In Norway.", split=TRAIN, label="place", tags=("x",)),
            pair(3, "Where is Lima?", " \n", split=HELD_OUT, label="empty", good=False),
            row(4, ("system", "Be short."), ("user", "Hi"), ("assistant", "Hello!"), ("user", "Bye"), split=TRAIN),
            pair(5, "Which one?", "The longer answer.", split=TRAIN, rejected="short", good=True),
            row(6, (TEXT, "Once upon a time there was a set."), split=TRAIN),
        ]
    )
    assert (found.rows, found.train, found.held_out) == (6, 5, 1)
    assert found.unanswered == 2  # row 3 says nothing, row 4 ends with the user
    assert found.repeated == 1
    assert found.learnable == 4
    assert named(found.labels) == [("place", 2), ("empty", 1)]
    assert named(found.tags) == [("x", 2), ("y", 1)]
    assert named(found.turns) == [("2", 4), ("1", 1), ("4", 1)]
    assert named(found.good) == [("good", 1), ("bad", 1)] or named(found.good) == [("bad", 1), ("good", 1)]
    assert named(found.systems) == [("Be short.", 1)]
    assert named(found.openings)[0] == ("Where is Oslo", 2)
    assert named(found.answers)[0] == ("In Norway.", 2)
    assert (found.pairs, found.chosen_longer) == (1, 1)
    assert found.lengths["answer_characters"].longest == len("Once upon a time there was a set.")
    assert light(found.diversity) == "grey"


def test_openings_are_told_apart_without_case_and_shown_as_written():
    found = numbers_of([pair(n, text, "ok") for n, text in enumerate(["Write an email, now", "WRITE AN EMAIL to"], 1)])
    assert named(found.openings) == [("Write an email", 2)]
    assert named(numbers_of([pair(1, "写一封邮件", "好")]).openings) == [("写 一 封", 1)]
    assert numbers_of([pair(1, "Hi there", "ok")]).openings.distinct == 0


def test_an_empty_set_has_numbers_too():
    found = numbers_of([])
    assert (found.rows, found.unanswered, found.repeated, found.learnable) == (0, 0, 0, 0)
    assert Numbers.model_validate_json(found.model_dump_json()) == found


def test_ugly_texts_are_counted_like_others():
    ugly = ["", " ", "\ud83d".encode("utf-8", "replace").decode(), "a" * 100_000, "\x00\x01", "🙂" * 500, "{}[]()"]
    examples = [pair(number, text, text) for number, text in enumerate(ugly * 4, 1)]
    found = numbers_of(examples)
    assert found.rows == 28
    assert found.repeated == 21
    assert found.lengths["prompt_characters"].longest == 100_000
    assert light(found.diversity) == "red"


def test_a_set_without_a_single_word_is_measured():
    found = diversity(Rows(Dataset.of([pair(number, "!?", "…") for number in range(1, 41)])))
    assert found.nearest == 0
    assert found.distinct_2 is None


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_order_of_the_rows_does_not_matter(seed):
    examples = [*varied(200), *(pair(300 + number, f"Tell me about {number}", "no") for number in range(60))]
    shuffled = random.Random(seed).sample(examples, len(examples))
    assert numbers_of(shuffled) == numbers_of(examples)


def test_how_the_table_is_chunked_does_not_matter():
    dataset = Dataset.of(varied(60))
    chunked = Dataset(pa.concat_tables([dataset.table.slice(start, 7) for start in range(0, 60, 7)]))
    assert numbers(Rows(chunked), signals(Rows(chunked).frame)) == numbers_of(list(dataset))


def test_a_row_drawn_from_a_set_is_drawn_from_its_part_too():
    whole = Rows(Dataset.of(varied(300)))
    part = Rows(whole.dataset.filter(lambda example: example.row % 3 != 0))
    ids = {name: set(rows.frame["id"][drawn(rows, 50)]) for name, rows in (("whole", whole), ("part", part))}
    assert {name for name in ids["whole"] if int(name[1:]) % 3} <= ids["part"]
    assert len(ids["part"]) == 50
    assert drawn(whole, 50, seed=1).tolist() != drawn(whole, 50, seed=2).tolist()


def test_what_is_compared_is_what_the_user_asks():
    rows = Rows(
        Dataset.of(
            [
                row(1, ("system", "You are kind."), ("user", "One?"), ("assistant", "1"), ("user", "Two?")),
                row(2, (TEXT, "A plain text.")),
                row(3, ("assistant", "Only an answer.")),
            ]
        )
    )
    assert asked(rows).to_list() == ["One?\nTwo?", "A plain text.", "Only an answer."]


TEMPLATE = "Dear {}, please send invoice number {} to our office in {} before the end of this month. Thank you."


def test_varied_rows_are_green_and_a_filled_in_form_is_red():
    form = [
        pair(n, TEMPLATE.format(NOUNS[n % 14], n, PLACES[n % 13]), f"Invoice {n} is on its way to {PLACES[n % 13]}.")
        for n in range(1, 121)
    ]
    assert light(diversity(Rows(Dataset.of(varied())))) == "green"
    assert diversity(Rows(Dataset.of(form))).zlib_ratio > 5
    assert light(diversity(Rows(Dataset.of(form)))) == "red"


def test_prompts_of_the_same_words_are_near_in_whatever_order_they_stand():
    draw = random.Random(3)
    turned = []
    for example in varied(60):
        words = example.messages[0].content.rstrip("?").split()
        asked_twice = (" ".join(words), " ".join(draw.sample(words, len(words))))
        turned += [pair(2 * example.row + twin, text, f"{text} yes") for twin, text in enumerate(asked_twice)]
    assert diversity(Rows(Dataset.of(turned))).nearest == 1


def test_a_shared_system_prompt_does_not_make_prompts_alike():
    said = "You are the assistant of a large shop and answer politely, briefly and in the language of the customer."
    with_system = [
        Example(example.id, example.row, (Message("system", said), *example.messages)) for example in varied()
    ]
    plain, same = diversity(Rows(Dataset.of(varied()))), diversity(Rows(Dataset.of(with_system)))
    assert same.nearest == plain.nearest


def test_names_of_classes_are_no_lack_of_variety():
    examples = varied(200)
    classed = [pair(one.row, one.messages[0].content, "complaint about delivery", label="c") for one in examples]
    assert light(diversity(Rows(Dataset.of(classed)))) == "green"


@pytest.mark.parametrize(
    ("ratio", "nearest", "colour"),
    [
        (None, None, "grey"),
        (2.6, 0.7, "green"),
        (4.0, 0.84, "green"),
        (4.1, 0.7, "amber"),
        (2.0, 0.85, "amber"),
        (5.0, 0.89, "amber"),
        (5.01, 0.1, "red"),
        (1.0, 0.9, "red"),
    ],
)
def test_the_light_changes_at_its_thresholds(ratio, nearest, colour):
    assert light(Diversity(rows=100, zlib_ratio=ratio, nearest=nearest)) == colour


def test_tokens_say_how_many_rows_are_too_long_and_whether_all_were_counted():
    found = tokens([10, 512, 513, 2000], "toy", of=5, limit=512, refused=1)
    assert (found.over, found.sampled) == (2, False)
    assert tokens([1], "toy", of=5, limit=512).sampled
    assert Tokens.model_validate_json(found.model_dump_json()) == found


def test_each_number_stands_beside_the_earlier_one():
    examples = varied(100)
    before = Side(numbers_of(examples))
    after = Side(numbers_of(examples[:60]), tokens([5] * 60, "toy", 60, 512))
    rows = figures(after, before)[0]
    assert (rows.title, rows.now, rows.before) == ("Rows", "60", "100")
    assert all(figure.before == "" for figure in figures(after, None))
    found = bars(after, before)
    for title, key in (("Prompt, words", "prompt_words"), ("Answer, characters", "answer_characters")):
        assert sum(part.now for part in found[title]) == 60
        assert sum(part.before for part in found[title]) == 100 == before.numbers.lengths[key].rows
    assert {part.before for part in found["Whole row, tokens"]} == {None}


def test_a_share_that_the_earlier_version_may_have_had_is_not_called_none():
    common = [pair(n, "Q?", "A", category=f"kind {n % 40}") for n in range(1, 401)]
    rare = [pair(1000, "Q?", "A", category="rare")]
    before = Side(numbers_of([*common, *rare]))
    assert before.numbers.categories.distinct > MOST_NAMED
    after = Side(numbers_of([*rare, pair(1001, "Q?", "A", category="new")]))
    found = {part.name: part.before for part in shares(after, before)["Categories"]}
    assert found == {"rare": None, "new": None}
    small = Side(numbers_of(common[:5]))
    assert {part.before for part in shares(after, small)["Categories"]} == {0}


@given(st.lists(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), max_size=80))
@settings(deadline=None, max_examples=30)
def test_the_parts_of_a_share_add_up_to_its_rows(labels):
    base = numbers_of([])
    side = Side(base.model_copy(update={"labels": counts(pl.Series(labels, dtype=pl.String))}))
    found = shares(side, side).get("Labels", [])
    assert sum(part.now for part in found) == len(labels) == sum(part.before or 0 for part in found)
    assert [part.name for part in found].count(OTHERS) <= 1


def test_nothing_heavy_is_imported_before_something_is_measured():
    code = "import sys, core.curate.numbers; print(sorted({'sklearn', 'scipy', 'torch'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "[]", done.stderr

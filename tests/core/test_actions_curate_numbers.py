"""What the Numbers part shows: a version beside an earlier one, counted once; its tokens; the map of its prompts."""

import random
import shutil

import pytest

from core.actions import Lab
from core.actions.curate import numbers as actions
from core.actions.curate import prompt_map as maps
from core.errors import NotFound, SettingProblem
from core.format import render
from core.models import load_tokenizer, resolve
from core.models.starter import folder as starter_folder
from core.records import HELD_OUT, TEXT, TRAIN, Dataset, Example, Message
from core.settings import HOME

LETTERS = "bcdfghjklmnprstvz"


def made_up(draw):
    return "".join(draw.choice(LETTERS) + draw.choice("aeiou") for _ in range(4))


def examples(split=True):
    """60 orders in train, 20 poems held out, 20 other prompts on both sides; one is a copy, one has no answer."""
    draw = random.Random(4)
    prompts = [
        *(f"When will the refund for my cancelled order {made_up(draw)} arrive" for _ in range(60)),
        *(f"Compose a short poem about the autumn moon over {made_up(draw)}" for _ in range(20)),
        *(" ".join(made_up(draw) for _ in range(8)) for _ in range(20)),
    ]
    prompts[1] = prompts[0]
    sides = [TRAIN] * 60 + [HELD_OUT] * 20 + [TRAIN, HELD_OUT] * 10
    return [
        Example(
            f"r{number:06d}",
            number,
            (Message("user", prompt), Message("assistant", "" if number == 100 else "It is on its way to you.")),
            label="order" if number <= 60 else "<b>other</b>",
            split=side if split else None,
        )
        for number, (prompt, side) in enumerate(zip(prompts, sides, strict=True), 1)
    ]


@pytest.fixture
def versions(workspace):
    """A file as it was read, a version of it that was split, and one that was cut to 80 rows."""
    first = workspace.versions.save("toy", Dataset.of(examples(split=False)), "ingest")
    second = workspace.versions.save("toy", Dataset.of(examples()), "curate", parent=first.id)
    third = workspace.versions.save("toy", Dataset.of(examples()[20:]), "select", parent=second.id)
    return first.id, second.id, third.id


@pytest.fixture
def lab(tmp_path, tiny_model_folder, monkeypatch):
    """A lab whose starter is the tiny random model."""
    starter = shutil.copytree(tiny_model_folder, starter_folder(tmp_path / "models"))
    (starter / "source.json").write_text("{}")
    monkeypatch.setenv("TUNEBENCH_MODELS", str(tmp_path / "models"))
    return Lab(tmp_path / "home", HOME)


def figure(found, title):
    return next((figure.now, figure.before) for figure in found.figures if figure.title == title)


@pytest.mark.parametrize(
    ("version", "against", "before", "rows"),
    [
        (0, "before", None, ("100", "")),
        (0, "first", None, ("100", "")),
        (1, "before", 0, ("100", "100")),
        (2, "before", 1, ("80", "100")),
        (2, "first", 0, ("80", "100")),
        (2, "nothing", None, ("80", "")),
    ],
)
def test_a_version_stands_beside_the_one_that_is_asked_for(workspace, versions, version, against, before, rows):
    found = actions.set_numbers(workspace, versions[version], against)
    assert found.before == ("" if before is None else versions[before])
    assert figure(found, "Rows") == rows
    assert found.rows == int(rows[0])


def test_the_numbers_come_with_bars_shares_a_light_and_advice(workspace, versions):
    found = actions.set_numbers(workspace, versions[2])
    assert figure(found, "Train") == ("50", "70")
    assert sum(part.now for part in found.bars["Prompt, characters"]) == 80
    assert [(part.name, part.now, part.before) for part in found.shares["Labels"]] == [
        ("<b>other</b>", 40, 40),
        ("order", 40, 60),
    ]
    assert (found.light, found.verdict, found.compared) == ("green", "varied", 80)
    assert found.tokens == actions.NO_TOKENS
    assert {one.name for one in found.advice} >= {"openings", "no answer"}


def test_copies_that_the_board_finds_are_in_the_advice(workspace, versions):
    findings = [one.finding for one in actions.set_numbers(workspace, versions[0]).advice if one.name == "duplicates"]
    assert len(findings) == 1


def test_numbers_are_counted_once(workspace, versions, monkeypatch):
    assert not actions.numbers_are_known(workspace, versions[1])
    first = actions.set_numbers(workspace, versions[1])
    monkeypatch.setattr("core.actions.curate.numbers.numbers", None)
    assert actions.numbers_are_known(workspace, versions[1])
    assert actions.set_numbers(workspace, versions[1]) == first
    assert not actions.numbers_are_known(workspace, versions[2])


@pytest.mark.parametrize(
    ("version", "against", "error", "said"),
    [
        ("", "before", SettingProblem, "No dataset version is chosen"),
        (None, "before", SettingProblem, "No dataset version is chosen"),
        ("toy/v9", "before", NotFound, "toy/v9"),
        ("../../etc", "before", NotFound, "no dataset version"),
        ("toy/v1", "yesterday", SettingProblem, "“yesterday”"),
        ("toy/v1", None, SettingProblem, "before, first or nothing"),
    ],
)
def test_what_cannot_be_shown_is_said(workspace, versions, version, against, error, said):
    with pytest.raises(error, match=said):
        actions.set_numbers(workspace, version, against)


def test_a_version_whose_parent_is_gone_stands_alone(workspace):
    lone = workspace.versions.save("toy", Dataset.of(examples()), "mask", parent="toy/v7")
    assert actions.set_numbers(workspace, lone.id).before == ""


def test_tokens_are_those_that_training_reads(workspace, versions, lab):
    said = list(actions.counting_tokens(lab, workspace, versions[2]))
    assert said[0] == "Loading the tokenizer …"
    found = actions.set_numbers(workspace, versions[2])
    tokenizer = load_tokenizer(resolve("starter", lab.models_folder, HOME))
    counts = sorted(render(tokenizer, example, 512).full_length for example in examples()[20:])
    longest = found.lengths["Whole row, tokens"][2]
    assert longest.now == str(counts[-1])
    assert longest.before == str(max(render(tokenizer, example, 512).full_length for example in examples()))
    assert found.tokens.startswith("Tokens of 80 rows, with the chat template, as ")
    assert list(actions.counting_tokens(lab, workspace, versions[2])) == []


def test_of_a_large_set_a_part_is_counted_and_said_so(workspace, versions, lab, monkeypatch):
    monkeypatch.setattr(actions, "MOST_TOKENIZED", 30)
    list(actions.counting_tokens(lab, workspace, versions[1], "nothing"))
    found = actions.set_numbers(workspace, versions[1], "nothing")
    assert found.tokens.startswith("Tokens of 30 rows drawn from 100, ")
    assert sum(part.now for part in found.bars["Whole row, tokens"]) == 30


def test_plain_text_and_odd_roles_are_counted_too(workspace, lab):
    odd = [
        Example("r1", 1, (Message(TEXT, "Once upon a time."),)),
        Example("r2", 2, (Message("assistant", "I begin."), Message("user", "Hm."))),
        Example("r3", 3, ()),
    ]
    version = workspace.versions.save("odd", Dataset.of(odd), "ingest")
    list(actions.counting_tokens(lab, workspace, version.id))
    assert actions.set_numbers(workspace, version.id).tokens.startswith("Tokens of 3 rows, ")


def test_without_the_starter_a_sentence_says_so_and_the_numbers_are_there(workspace, versions, tmp_path):
    bare = Lab(tmp_path / "bare", HOME)
    bare.models_folder = tmp_path / "none"
    with pytest.raises(NotFound, match="starter model is not on this machine yet"):
        list(actions.counting_tokens(bare, workspace, versions[0]))
    assert actions.set_numbers(workspace, versions[0]).rows == 100


def test_the_map_shows_clumps_and_what_nothing_measures(workspace, versions):
    found = maps.prompt_map(workspace, versions[1])
    assert len(found.x) == len(found.y) == len(found.rows) == len(found.prompts) == len(found.colours) == 100
    assert found.sentence.startswith("100 prompts. Near ones use the same words")
    order = next(name for name in found.names if "order" in name)
    poem = next(name for name in found.names if "autumn" in name)
    assert f"No prompt on the map of “{order}” is held out" in found.sentence
    assert f"No prompt on the map of “{poem}” is in train" in found.sentence
    assert {line[0] for line in found.clumps} == {order, poem}
    assert found.colours[0] == "in no clump"


def test_the_map_of_a_version_that_was_not_split_speaks_of_no_sides(workspace, versions):
    assert "held out" not in maps.prompt_map(workspace, versions[0]).sentence


@pytest.mark.parametrize(
    ("colour", "names"),
    [
        ("label", {"order", "<b>other</b>"}),
        ("split", {TRAIN, HELD_OUT}),
        ("category", {"no category"}),
        ("source", {"no source"}),
    ],
)
def test_points_are_coloured_by_what_is_asked_for(workspace, versions, colour, names):
    found = maps.prompt_map(workspace, versions[1], colour)
    assert set(found.colours) == names == set(found.names)
    by_row = dict(zip(found.rows, found.colours, strict=True))
    if colour == "label":
        assert (by_row[1], by_row[61]) == ("order", "<b>other</b>")


def test_points_are_coloured_by_the_first_problem_of_their_row(workspace, versions):
    found = maps.prompt_map(workspace, versions[1], "problem")
    by_row = dict(zip(found.rows, found.colours, strict=True))
    assert by_row[100] == "empty answer"


def test_many_values_share_a_colour(workspace):
    rows = [Example(one.id, one.row, one.messages, label=f"kind {one.row % 20}") for one in examples()]
    version = workspace.versions.save("many", Dataset.of(rows), "ingest")
    found = maps.prompt_map(workspace, version.id, "label")
    assert len(found.names) == maps.MOST_COLOURS + 1
    assert found.colours.count(maps.OTHERS) == 60


def test_the_map_is_drawn_once(workspace, versions, monkeypatch):
    assert not maps.map_is_known(workspace, versions[1])
    assert [step.split()[0] for step in maps.drawing_map(workspace, versions[1])] == ["Comparing", "Looking", "Placing"]
    first = maps.prompt_map(workspace, versions[1])
    monkeypatch.setattr("core.actions.curate.prompt_map.drawing", None)
    assert maps.map_is_known(workspace, versions[1])
    assert maps.prompt_map(workspace, versions[1]) == first


def test_too_few_rows_make_no_map(workspace):
    version = workspace.versions.save("few", Dataset.of(examples()[:3]), "ingest")
    found = maps.prompt_map(workspace, version.id)
    assert (found.sentence, found.x, found.clumps) == ("3 rows: too few for a map.", [], [])


@pytest.mark.parametrize(
    ("version", "colour", "error"),
    [("toy/v1", "mood", SettingProblem), ("", "clump", SettingProblem), ("toy/v9", "clump", NotFound)],
)
def test_a_map_that_cannot_be_drawn_is_said(workspace, versions, version, colour, error):
    with pytest.raises(error):
        maps.prompt_map(workspace, version, colour)

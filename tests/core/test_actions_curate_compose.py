"""Instructions and mixes as new versions, with manifests from which they can be made again."""

import pytest

from core.actions.curate import compose
from core.errors import LabError, NotFound, SettingProblem
from core.records import HELD_OUT, TRAIN, Dataset, Example, Message
from core.settings import HOME, InstructSettings, MixSettings


def row(number, text, answer, **more):
    return Example(f"r{number}", number, (Message("user", text), Message("assistant", answer)), **more)


@pytest.fixture
def mine(workspace):
    """The id of a version of 30 texts with labels, 6 of them held out."""
    rows = (
        row(n, f"text {n}", ("spam", "ham")[n % 2], label=("spam", "ham")[n % 2], split=HELD_OUT if n > 24 else TRAIN)
        for n in range(1, 31)
    )
    return workspace.versions.save("mail", Dataset.of(rows), "curate").id


@pytest.fixture
def general(workspace):
    """The id of a version of 100 general rows, never split."""
    return workspace.versions.save(
        "general", Dataset.of(row(n, f"Question {n}?", f"Answer {n}") for n in range(1, 101)), "ingest"
    ).id


def test_instructions_become_a_version_that_knows_its_wordings(workspace, mine):
    made = compose.instruct(workspace, mine, {"wordings": compose.offered("classify"), "list_labels": True})
    version, rows = workspace.versions.get(made.version_id), list(workspace.versions.load(made.version_id))
    assert (version.stage, version.parent, version.rows) == ("instruct", mine, 30)
    assert version.result["sentence"] == made.sentence
    assert made.sentence.startswith("30 rows got an instruction, in 8 wordings.")
    assert all("Labels: ham, spam" in example.messages[0].content for example in rows)
    table = workspace.versions.table(made.version_id, "wordings").to_pylist()
    wordings = version.result["wordings"]
    apart = {wordings[line["wording"]]["text"] for line in table if int(line["id"][1:]) > 24}
    assert apart == {wording["text"] for wording in wordings if wording["held_out"]}


def test_the_manifest_makes_the_same_version_again(workspace, mine, general):
    first = compose.instruct(workspace, mine, {"task": "free", "seed": 3})
    again = compose.instruct(workspace, mine, workspace.versions.get(first.version_id).settings)
    mixed = compose.mix(workspace, HOME, mine, {"parts": [mine, general], "weights": [2, 1]})
    remixed = compose.mix(workspace, HOME, mine, workspace.versions.get(mixed.version_id).settings)
    for one, other in ((first, again), (mixed, remixed)):
        hashes = [workspace.versions.get(made.version_id).content_hash for made in (one, other)]
        assert hashes[0] == hashes[1]
    InstructSettings.parse(workspace.versions.get(first.version_id).settings)
    MixSettings.parse(workspace.versions.get(mixed.version_id).settings)


def test_a_wording_a_line_with_line_breaks_written_out(workspace, mine):
    text = "Sort this.\\n\\n{input}\n\n  \nWhich? {input}\n"
    made = compose.instruct(workspace, mine, {"wordings": text, "held_out_wordings": 0})
    settings = workspace.versions.get(made.version_id).settings
    assert settings["wordings"] == ["Sort this.\n\n{input}", "Which? {input}"]
    first = next(iter(workspace.versions.load(made.version_id))).messages[0].content
    assert first in ("Sort this.\n\ntext 1", "Which? text 1")


def test_the_preview_shows_a_held_out_row_too_and_saves_nothing(workspace, mine):
    shown = compose.preview(workspace, mine, {"wordings": "Sort: {input}", "held_out_wordings": 0})
    assert shown.startswith("Row 1 (train)\nuser: Sort: text 1\nassistant: ham\n\nRow 2 (train)")
    assert "Row 25 (held-out)\nuser: Sort: text 25" in shown
    assert len(workspace.versions.all()) == 1


def test_every_task_can_be_offered_and_read_back(workspace, mine):
    for _, task in compose.tasks():
        wordings = compose.offered(task).splitlines()
        assert len(wordings) >= 8
        made = compose.instruct(workspace, mine, {"wordings": "\n".join(wordings), "target": "French"})
        assert workspace.versions.get(made.version_id).settings["wordings"] == [
            wording.replace("\\n", "\n") for wording in wordings
        ]


def test_a_mix_names_its_parts_and_keeps_held_out_rows_apart(workspace, mine, general):
    form = {"weight": 0.8, "other": general, "other_weight": 0.2, "third": None, "third_weight": 0.1}
    made = compose.mix(workspace, HOME, mine, compose.mix_values(form))
    version = workspace.versions.get(made.version_id)
    assert (version.stage, version.parent, version.rows) == ("mix", mine, 36)
    assert version.settings["parts"] == [mine, general]
    assert version.result["sentence"] == made.sentence
    assert "mail: 24 of 24 rows to train on, 6 set aside. general: 6 of 100 rows to train on." in made.sentence
    sides = workspace.versions.load(made.version_id).table["split"].to_pylist()
    assert (sides.count(TRAIN), sides.count(HELD_OUT)) == (30, 6)


def test_two_versions_of_one_dataset_are_told_apart(workspace, mine):
    other = compose.instruct(workspace, mine, {})
    made = compose.mix(workspace, HOME, mine, {"parts": ["", other.version_id], "weights": [1, 1]})
    assert {example.source for example in workspace.versions.load(made.version_id)} == {"mail-v1", "mail-v2"}


def test_a_mix_on_another_version_takes_it_as_its_first_part(workspace, mine, general):
    first = compose.mix(workspace, HOME, mine, {"parts": [mine, general], "weights": [1, 1]})
    settings = workspace.versions.get(first.version_id).settings
    again = compose.mix(workspace, HOME, first.version_id, settings)
    assert workspace.versions.get(again.version_id).settings["parts"] == [first.version_id, general]


def test_others_are_all_versions_but_this_one(workspace, mine, general):
    assert [value for _, value in compose.others(workspace, mine)] == [general]
    assert [value for _, value in compose.others(workspace, None)] == [general, mine]


def test_where_there_is_nothing_to_mix_with_it_is_said(workspace, mine):
    with pytest.raises(SettingProblem, match="There is no other dataset here yet"):
        compose.mix(workspace, HOME, mine, {"parts": [mine], "weights": [1]})


@pytest.mark.parametrize(
    ("values", "error", "part"),
    [
        ({"parts": [], "weights": [1]}, SettingProblem, "No other dataset version is chosen"),
        ({"parts": ["", "nothing/v7"], "weights": [1, 1]}, NotFound, "no dataset version “nothing/v7”"),
        ({"parts": ["", "../etc"], "weights": [1, 1]}, NotFound, "no dataset version"),
        ({"parts": ["", "general/v1"], "weights": [1]}, SettingProblem, "2 parts and 1 weight were given"),
        ({"parts": ["", "general/v1"], "weights": [1, None]}, SettingProblem, "Weights is None"),
        ({"parts": ["", "mail/v1"], "weights": [1, 1]}, SettingProblem, "in the mix twice"),
        ({"parts": ["", "general/v1"], "weights": [0, 0]}, SettingProblem, "one at least must be above 0"),
        ({"colour": "red"}, SettingProblem, "no setting called “colour”"),
    ],
)
def test_a_wrong_mix_gets_a_sentence_and_makes_nothing(workspace, mine, general, values, error, part):
    with pytest.raises(error, match=part):
        compose.mix(workspace, HOME, mine, values)
    assert len(workspace.versions.all()) == 2


@pytest.mark.parametrize("act", [compose.instruct, compose.preview, lambda w, v: compose.mix(w, HOME, v)])
@pytest.mark.parametrize("version", ["", None, "gone/v1"])
def test_without_a_version_there_is_a_sentence(workspace, act, version):
    with pytest.raises(LabError, match=r"No dataset version is chosen|There is no dataset version"):
        act(workspace, version)


def test_an_unknown_task_offers_nothing():
    with pytest.raises(SettingProblem, match="Task is “juggle”"):
        compose.offered("juggle")

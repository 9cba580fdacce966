"""A prompt set at once, on the tiny model: where prompts come from, all sides answer, Stop keeps what is done."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.actions import Lab, answers, blind, compare, prompt_set
from core.actions.prompt_sources import prompts_for
from core.errors import Busy, FileProblem, LabError, NotFound, SettingProblem
from core.preferences import PromptSets
from core.settings import HOME, SPACE
from core.settings.prompt_set import PromptSetSettings
from core.workspace import Run, Workspace
from tests.conftest import taught_rows

SIDES = [{"weights": "base"}, {"weights": "tuned"}]
SHORT = {"max_new_tokens": 6}
TYPED = {"source": "typed", "text": "Where is my parcel?\n\n  My card was charged twice.  \nWho are you?\n"}


@pytest.fixture(scope="module")
def home(taught_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace of this file's own, with the finished run in it."""
    return Workspace(shutil.copytree(taught_run.folder.parents[1], tmp_path_factory.mktemp("home") / "home"))


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    made = Lab(tmp_path_factory.mktemp("lab"), HOME)
    yield made
    made.playground.close()


def prompts(workspace: Workspace, run: Run, file: Path | None = None, **values: Any) -> Any:
    return prompts_for(workspace, run, PromptSetSettings.parse(values), 42, file)


def test_all_sides_answer_what_was_typed_and_it_is_kept(lab: Lab, home: Workspace, taught_run: Run):
    going = prompt_set.begin(lab, home, taught_run.id, SIDES, SHORT, TYPED)
    assert going.result() == "3 prompts were answered by all sides."
    found = PromptSets(home).get(going.subject)
    assert [one.chat[-1]["content"] for one in found.answered] == [
        "Where is my parcel?",
        "My card was charged twice.",
        "Who are you?",
    ]
    base, tuned = zip(*(one.given for one in found.answered), strict=True)
    assert {one.adapter for one in base} == {None}
    assert {one.adapter for one in tuned} == {taught_run.id}
    assert tuned[0].text.startswith("track")
    assert all(0 < one.tokens <= 6 for one in [*base, *tuned])
    about = [side.about for side in found.about.sides]
    assert [side["weights"] for side in about] == ["base", taught_run.id]
    assert (about[0]["adapter_hash"], len(about[1]["adapter_hash"])) == ("", 64)
    assert (found.state, found.about.settings["max_new_tokens"], found.about.settings["seed"]) == ("done", 6, 42)
    assert answers.sets(home)[0][1] == going.subject


def test_personal_data_that_was_not_told_is_said_of_an_answer_and_to_the_blind_voter(
    lab: Lab, home: Workspace, taught_run: Run
):
    home.keep_rules("patterns: [{kind: CARRIER, pattern: 'track\\w*'}]")
    try:
        going = prompt_set.begin(lab, home, taught_run.id, SIDES, SHORT, {**TYPED, "text": "Where is my parcel?"})
        going.result()
    finally:
        home.keep_rules("")
    (line,) = answers.listing(home, going.subject).lines
    assert [said.personal_data for said in line.said] == ["", "Contains a carrier that is not in the prompt."]
    asked = blind.ask(home, going.subject)
    assert not isinstance(asked, str)
    told = dict(zip((asked.a, asked.b), asked.found, strict=True))
    assert {text.startswith("track"): said for text, said in told.items()} == {
        True: line.said[1].personal_data,
        False: "",
    }


def test_an_answer_of_the_set_is_that_of_the_chat(lab: Lab, home: Workspace, taught_run: Run):
    going = prompt_set.begin(lab, home, taught_run.id, SIDES, SHORT, TYPED)
    going.result()
    kept = PromptSets(home).get(going.subject).answered[2].given
    alone = list(compare.chat(lab, home, taught_run.id, [], "Who are you?", SHORT, SIDES))[-1]
    assert [one.text for one in kept] == [reply.text for reply in alone.replies]


def test_held_out_rows_bring_the_answer_that_they_expect(lab: Lab, home: Workspace, taught_run: Run):
    going = prompt_set.begin(lab, home, taught_run.id, SIDES, SHORT, {"source": "held-out"})
    going.result()
    found = answers.listing(home, going.subject)
    assert {line.expected for line in found.lines} == {"track", "refund"}
    base, tuned = found.figures
    assert (base.exact, tuned.label) == (0.0, "Tuned")
    assert tuned.f1 is not None
    assert 0 < tuned.tokens <= 6
    assert [kind for kind, _ in found.lines[0].said[1].pieces] != ["same"]
    assert PromptSets(home).get(going.subject).about.held_out_of == taught_run.recipe.dataset


def test_a_side_that_learned_other_rows_is_said_to_have_perhaps_seen_the_held_out_ones(
    lab: Lab, home: Workspace, taught_run: Run
):
    recipe = taught_run.recipe
    split_anew = home.versions.save("anew", taught_rows(18, held_out=4), "curate")
    other = home.new_run(
        "other", recipe.model_copy(update={"dataset": "anew/v1", "dataset_hash": split_anew.content_hash})
    )
    shutil.copytree(taught_run.adapter, other.adapter, dirs_exist_ok=True)
    again = home.new_run("again", recipe)
    shutil.copytree(taught_run.adapter, again.adapter, dirs_exist_ok=True)
    sides = [*SIDES, {"weights": other.id}, {"weights": again.id}]

    def notes(wanted: dict[str, Any]) -> list[str]:
        going = prompt_set.begin(lab, home, taught_run.id, sides, SHORT, wanted)
        going.result()
        return [note for note in PromptSets(home).get(going.subject).about.notes if "may have seen" in note]

    assert notes({"source": "held-out"}) == [
        f"{other.id}: it was trained on other rows (anew/v1) and may have seen these."
    ]
    assert notes(TYPED) == []


def test_sides_are_other_ones_where_their_answers_are_drawn_or_cut_otherwise(
    lab: Lab, home: Workspace, taught_run: Run
):
    def keys(**settings: Any) -> list[str]:
        going = prompt_set.begin(lab, home, taught_run.id, SIDES, {**SHORT, **settings}, {**TYPED, "most": 1})
        going.result()
        return [side.key for side in PromptSets(home).get(going.subject).about.sides]

    greedy, drawn = keys(), keys(temperature=1.0)
    others = [drawn, keys(temperature=0.5), keys(temperature=1.0, top_p=0.5), keys(max_new_tokens=5)]
    assert len({key for found in (greedy, *others) for key in found}) == 10
    assert keys(seed=7, top_p=0.5) == greedy
    assert keys(temperature=1.0, seed=7) == drawn


def test_a_stop_in_the_middle_keeps_what_is_done(
    lab: Lab, home: Workspace, taught_run: Run, monkeypatch: pytest.MonkeyPatch
):
    real = lab.playground.answer_all

    def one_then_stop(*asked: Any) -> Iterator[Any]:
        states = real(*asked)
        yield next(states)
        assert prompt_set.stop(home).startswith("It is being stopped")
        yield from states

    monkeypatch.setattr(lab.playground, "answer_all", one_then_stop)
    many = {"source": "typed", "text": "\n".join(f"Question {n}?" for n in range(60)), "most": 60}
    going = prompt_set.begin(lab, home, taught_run.id, SIDES, SHORT, many)
    assert going.result().startswith("Stopped after ")
    found = PromptSets(home).get(going.subject)
    assert found.state == "stopped"
    assert 1 <= len(found.answered) < 60
    assert prompt_set.stop(home) == "No prompt set is being asked."


def test_a_prompt_that_is_too_long_costs_no_other_one(lab: Lab, home: Workspace, taught_run: Run):
    long = "again " * 3_000
    mixed = {"source": "typed", "text": f"{long}\nWho are you?\nWhere is my parcel?\n{long}\nWhat now?"}
    going = prompt_set.begin(lab, home, taught_run.id, SIDES, SHORT, mixed)
    assert going.result().startswith(
        "3 of 5 prompts answered; 2 prompts could not be asked (number 1, 4): The chat has "
    )
    found = PromptSets(home).get(going.subject)
    assert (found.state, [one.number for one in found.answered]) == ("done", [2, 3, 5])


def test_a_set_of_which_nothing_can_be_asked_has_failed(lab: Lab, home: Workspace, taught_run: Run):
    long = {"source": "typed", "text": "again " * 3_000}
    with pytest.raises(LabError, match="at most"):
        prompt_set.begin(lab, home, taught_run.id, SIDES, SHORT, long).result()
    assert PromptSets(home).all()[0].state == "failed"


@pytest.mark.parametrize(
    ("name", "data", "asked"),
    [
        ("list.txt", b"\xef\xbb\xbfFirst?\r\n\r\n Second? \n", ["First?", "Second?"]),
        ("latin.txt", "Grüße?\nAuf Wiedersehen?\n".encode("latin-1"), ["Grüße?", "Auf Wiedersehen?"]),
        ("records.txt", b'{"prompt": "First?"}\n{"prompt": "Second?"}\n', ["First?", "Second?"]),
        ("marked.txt", b'\xef\xbb\xbf{"prompt": "First?"}\n{"prompt": "Second?"}\n', ["First?", "Second?"]),
        ("urgent.txt", b"[Urgent] Where is it?\n{name}, hello?\n", ["[Urgent] Where is it?", "{name}, hello?"]),
        ("list.csv", b"prompt\nFirst?\nSecond?\n", ["First?", "Second?"]),
        ("pairs.csv", b"question,answer\nFirst?,one\nSecond?,two\n", ["First?", "Second?"]),
        ("list.jsonl", b'{"prompt": "First?", "note": 1}\n{"prompt": "Second?", "note": 2}\n', ["First?", "Second?"]),
    ],
)
def test_a_file_of_any_shape_gives_its_prompts(
    workspace: Workspace, taught_run: Run, tmp_path: Path, name: str, data: bytes, asked: list[str]
):
    (tmp_path / name).write_bytes(data)
    found = prompts(workspace, taught_run, tmp_path / name, source="file")
    assert [one.chat[-1].content for one in found.asked] == asked
    assert found.source == name


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("empty.txt", b"", "“empty.txt” is empty"),
        ("blank.txt", b" \n\n", "“blank.txt” is empty"),
        ("empty.csv", b"", "“empty.csv” is empty"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(200), "“picture.txt” is a picture"),
        ("book.docx", b"PK\x05\x06" + bytes(18), "book.docx"),
        ("chats.jsonl", b'{"messages": [{"role": "assistant", "content": "a"}]}\n', "asks something"),
    ],
)
def test_a_file_without_prompts_gets_a_sentence(
    workspace: Workspace, taught_run: Run, tmp_path: Path, name: str, data: bytes, sentence: str
):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(FileProblem, match=sentence):
        prompts(workspace, taught_run, tmp_path / name, source="file")


def test_of_ten_thousand_prompts_so_many_are_drawn_as_are_wanted(workspace: Workspace, taught_run: Run, tmp_path: Path):
    (tmp_path / "many.txt").write_text("\n".join(f"Question {n:05d}?" for n in range(10_000)))
    found = prompts(workspace, taught_run, tmp_path / "many.txt", source="file", most=100)
    asked = [one.chat[-1].content for one in found.asked]
    assert (len(asked), len(set(asked)), asked) == (100, 100, sorted(asked))
    assert asked[-1] > "Question 09000?"
    assert found.notes == ["100 of 10,000 prompts are asked, drawn by the seed."]
    with pytest.raises(SettingProblem, match=r"How many is 10000; it must be .* at most 1000"):
        prompts(workspace, taught_run, tmp_path / "many.txt", source="file", most=10_000)


CHATS = (
    '{"messages": [{"role": "user", "content": "One?"}, {"role": "assistant", "content": "Yes."}]}\n'
    '{"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "a"}, '
    '{"role": "assistant", "content": "b"}, {"role": "user", "content": "Two?"}, '
    '{"role": "assistant", "content": "No."}]}\n'
    '{"messages": [{"role": "assistant", "content": "Hello"}]}\n'
)


def test_a_chat_is_asked_as_a_whole_and_what_asks_nothing_is_left_out_with_a_word(
    lab: Lab, home: Workspace, taught_run: Run, tmp_path: Path
):
    (tmp_path / "chats.jsonl").write_text(CHATS)
    found = prompts(home, taught_run, tmp_path / "chats.jsonl", source="file")
    assert [(len(one.chat), one.chat[-1].content, one.expected) for one in found.asked] == [
        (1, "One?", "Yes."),
        (4, "Two?", "No."),
    ]
    assert found.notes[0].startswith("1 row is not asked")
    settings = {**SHORT, "system": "Answer in French."}
    going = prompt_set.begin(lab, home, taught_run.id, SIDES, settings, {"source": "file"}, tmp_path / "chats.jsonl")
    assert going.result() == "2 prompts were answered by all sides."
    kept = [[turn["content"] for turn in one.chat] for one in PromptSets(home).get(going.subject).answered]
    assert kept == [["Answer in French.", "One?"], ["Be brief.", "a", "b", "Two?"]]


USER_FIRST = "{% if messages[0]['role'] == 'assistant' %}{{ raise_exception('the user speaks first') }}{% endif %}"
GREETED = '{"messages": [{"role": "assistant", "content": "Hi"}, {"role": "user", "content": "?"}]}\n'


def test_a_chat_that_a_template_refuses_costs_no_other_one(lab: Lab, taught_run: Run, tmp_path: Path):
    home = Workspace(shutil.copytree(taught_run.folder.parents[1], tmp_path / "home"))
    template = home.run(taught_run.id).adapter / "chat_template.jinja"
    template.write_text(USER_FIRST + template.read_text())
    (tmp_path / "chats.jsonl").write_text(GREETED + CHATS)
    going = prompt_set.begin(lab, home, taught_run.id, SIDES, SHORT, {"source": "file"}, tmp_path / "chats.jsonl")
    assert going.result().startswith(
        "2 of 3 prompts answered; 1 prompt could not be asked (number 1): The chat template refuses this chat: "
    )


def test_a_set_waits_for_a_chat_that_has_the_model_until_it_is_stopped(
    lab: Lab, home: Workspace, taught_run: Run, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("core.compare.playground.WAIT_SECONDS", 0)
    with lab.playground._lock:
        waiting = prompt_set.begin(lab, home, taught_run.id, SIDES, SHORT, TYPED)
        with pytest.raises(Busy, match="Another chat is using the model"):
            list(compare.chat(lab, home, taught_run.id, [], "Who are you?", SHORT, SIDES))
    assert waiting.result() == "3 prompts were answered by all sides."
    with lab.playground._lock:
        stopped = prompt_set.begin(lab, home, taught_run.id, SIDES, SHORT, TYPED)
        prompt_set.stop(home)
        assert stopped.result() == "Stopped after 0 of 3 prompts; what was answered is kept."


def test_a_benchmark_is_asked_by_its_name(workspace: Workspace, taught_run: Run):
    workspace.keep_benchmark("exam", ["First?", "Second?"])
    assert [
        one.chat[-1].content for one in prompts(workspace, taught_run, source="benchmark", benchmark="exam").asked
    ] == [
        "First?",
        "Second?",
    ]
    with pytest.raises(NotFound, match=r"There is no benchmark “other”\. Benchmarks: exam"):
        prompts(workspace, taught_run, source="benchmark", benchmark="other")


WRONG = [
    ({"source": "typed", "text": " \n"}, "No prompt was typed"),
    ({"source": "nothing"}, "“nothing”; it must be one of held-out, typed, file, benchmark"),
    ({"source": "file"}, "No file was chosen"),
    ({**TYPED, "most": 0}, "How many is 0"),
]


@pytest.mark.parametrize(("wanted", "sentence"), WRONG)
def test_a_wrong_set_gets_a_sentence_and_leaves_nothing_behind(
    lab: Lab, home: Workspace, taught_run: Run, wanted: dict[str, Any], sentence: str
):
    before = len(PromptSets(home).all())
    with pytest.raises(LabError, match=sentence):
        prompt_set.begin(lab, home, taught_run.id, SIDES, SHORT, wanted)
    assert len(PromptSets(home).all()) == before


def test_a_public_page_asks_a_few(home: Workspace, taught_run: Run, tmp_path: Path):
    space = Lab(tmp_path, SPACE)
    with pytest.raises(SettingProblem, match="This public page asks 20 prompts at most"):
        prompt_set.begin(space, home, taught_run.id, SIDES, SHORT, {**TYPED, "most": 21})


def test_a_page_or_side_that_is_not_there(lab: Lab, home: Workspace, taught_run: Run):
    going = prompt_set.begin(lab, home, taught_run.id, SIDES, SHORT, TYPED)
    going.result()
    assert answers.listing(home, going.subject, 99).page == 1
    for values, sentence in (
        ({"page": "x"}, "The page is “x”"),
        ({"against": 2}, "no side 2"),
        ({"against": "x"}, "“x”"),
    ):
        with pytest.raises(SettingProblem, match=sentence):
            answers.listing(home, going.subject, **values)

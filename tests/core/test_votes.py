"""Votes: stored whole, taken back, told apart by side, shown in an order nobody can guess, and made into rows."""

from pathlib import Path

import pytest

from core.actions import blind
from core.errors import LabError, NotFound, SettingProblem
from core.preferences import (
    About,
    AnsweredPrompt,
    Contender,
    Given,
    PromptSets,
    Votes,
    pairs_of,
    questions,
    shown,
    standings,
    to_preferences,
)
from core.workspace import Workspace

BASE = Contender(label="Base", about={"weights": "base"})
TUNED = Contender(label="Tuned", about={"weights": "run-1", "adapter_hash": "ab12"})
SHOTS = Contender(label="Base, 4 examples", about={"weights": "base", "few_shot": 4})


def answered(number: int, *texts: str) -> AnsweredPrompt:
    given = [Given(text=text, tokens=3, seconds=0.5, finished=True, adapter=None) for text in texts]
    return AnsweredPrompt(number=number, chat=[{"role": "user", "content": f"Question {number}?"}], given=given)


def a_set(workspace: Workspace, prompts: int = 6, sides: tuple[Contender, ...] = (BASE, TUNED), **about: str) -> str:
    kept = PromptSets(workspace)
    settings = {"seed": 42, "temperature": 0.0}
    of = About(name="set", created="2026-01-01", sides=list(sides), settings=settings, source="typed", prompts=prompts)
    set_id = kept.begin(of.model_copy(update=about))
    for number in range(1, prompts + 1):
        kept.add(set_id, answered(number, *(f"{side.label} says {number}" for side in sides)))
    kept.end(set_id, "done", "")
    return set_id


def ask(workspace: Workspace, set_id: str, pair: str = blind.EVERY) -> blind.Asked:
    asked = blind.ask(workspace, set_id, pair)
    assert isinstance(asked, blind.Asked)
    return asked


def choose(workspace: Workspace, set_id: str, side: str) -> str:
    """Vote for the side whose answer begins with its name."""
    asked = ask(workspace, set_id)
    return blind.vote(workspace, set_id, asked.ticket, "A" if asked.a.startswith(side) else "B")


def test_a_vote_keeps_everything_that_it_was_given_on(workspace: Workspace):
    set_id = a_set(workspace)
    asked = ask(workspace, set_id)
    blind.vote(workspace, set_id, asked.ticket, "A", " clear ", " Better so. ")
    (vote,) = Votes(workspace, set_id).in_force()
    assert vote.chat == [{"role": "user", "content": "Question 1?"}]
    assert [one.given.text for one in vote.shown] == [asked.a, asked.b]
    assert {one.side.label: one.side.about for one in vote.shown} == {"Base": BASE.about, "Tuned": TUNED.about}
    assert (vote.verdict, vote.comment, vote.edited, vote.again) == ("A", "clear", "Better so.", False)
    assert (vote.seed, vote.settings["temperature"], vote.comparison) == (42, 0.0, set_id)
    assert vote.at


def test_after_a_vote_it_is_told_who_was_who(workspace: Workspace):
    set_id = a_set(workspace)
    asked = ask(workspace, set_id)
    a, b = (text.split()[0] for text in (asked.a, asked.b))
    assert blind.vote(workspace, set_id, asked.ticket, "tie") == f"You called it a tie: A was “{a}”, B was “{b}”."


def test_nothing_that_is_asked_names_a_side(workspace: Workspace):
    set_id = a_set(workspace, sides=(BASE, SHOTS, TUNED))
    asked = blind.ask_as_dict(workspace, set_id)
    said = str({key: value for key, value in asked.items() if key not in ("a", "b")}) + str(
        blind.pairs(workspace, set_id)
    )
    assert not [side.label for side in (BASE, SHOTS, TUNED) if side.label in said]


def test_the_order_is_drawn_and_stays_the_same_for_one_key_only(workspace: Workspace):
    prompt_set = PromptSets(workspace).get(a_set(workspace, 200))
    asked = questions(prompt_set, pairs_of(prompt_set))

    def order(key: bytes) -> list[str]:
        return [shown(prompt_set, question, key)[0].side.label for question in asked]

    first = order(b"one")
    assert 70 < first.count("Base") < 130
    assert first == order(b"one") != order(b"another")


def test_undo_takes_back_the_last_vote_and_deletes_nothing(workspace: Workspace):
    set_id = a_set(workspace)
    for _ in range(2):
        choose(workspace, set_id, "Tuned")
    assert blind.undo(workspace, set_id).startswith("Taken back: the vote on prompt 2.")
    assert [vote.ticket for vote in Votes(workspace, set_id).in_force()] == ["1-1-2"]
    lines = (workspace.root / "votes" / f"{set_id}.jsonl").read_text().splitlines()
    assert len(lines) == 3
    asked = ask(workspace, set_id)
    assert (asked.ticket, asked.again) == ("2-1-2", True)
    blind.vote(workspace, set_id, "2-1-2", "both bad")
    assert "1 vote was given again after an undo" in " ".join(blind.standing(workspace, set_id).notes)
    for _ in range(2):
        blind.undo(workspace, set_id)
    assert blind.undo(workspace, set_id) == "There is no vote to take back."


def test_undo_gives_back_what_was_written_with_the_vote(workspace: Workspace):
    set_id = a_set(workspace)
    blind.vote(workspace, set_id, ask(workspace, set_id).ticket, "A", "clear", "Better so.")
    taken = blind.take_back(workspace, set_id)
    assert (taken.comment, taken.edited) == ("clear", "Better so.")
    assert blind.take_back(workspace, set_id).comment == ""


@pytest.mark.parametrize(("told", "said"), [(True, True), (False, False)])
def test_sides_are_called_known_only_where_they_were_told(workspace: Workspace, told: bool, said: bool):
    set_id = a_set(workspace)
    ticket = ask(workspace, set_id).ticket
    blind.vote(workspace, set_id, ticket, "A", told=told)
    blind.undo(workspace, set_id)
    blind.vote(workspace, set_id, ticket, "B", told=False)
    (vote,) = Votes(workspace, set_id).in_force()
    assert (vote.again, vote.known) == (True, told)
    assert ("with the sides known" in " ".join(blind.standing(workspace, set_id).notes)) is said


@pytest.mark.parametrize("torn", [b'{"what":"vote","id":"x"', b'{"what":"undo"', b"\xff\xfe"])
def test_a_line_that_was_torn_when_the_program_ended_costs_no_other_vote(workspace: Workspace, torn: bytes):
    set_id = a_set(workspace)
    choose(workspace, set_id, "Tuned")
    path = workspace.root / "votes" / f"{set_id}.jsonl"
    with path.open("ab") as file:
        file.write(torn)
    assert len(Votes(workspace, set_id).in_force()) == 1
    choose(workspace, set_id, "Base")
    assert [vote.ticket for vote in Votes(workspace, set_id).in_force()] == ["1-1-2", "2-1-2"]


def test_a_question_takes_one_vote(workspace: Workspace):
    set_id = a_set(workspace)
    ticket = ask(workspace, set_id).ticket
    blind.vote(workspace, set_id, ticket, "tie")
    with pytest.raises(LabError, match="has a vote already"):
        blind.vote(workspace, set_id, ticket, "A")


@pytest.mark.parametrize(
    ("ticket", "verdict", "comment", "sentence"),
    [
        ("1-1-2", "C", "", "The vote is “C”; it must be one of A, B, tie, both bad"),
        ("99-1-2", "A", "", "There is no question “99-1-2”"),
        ("../../x", "A", "", "There is no question “../../x”"),
        ("1-1-2", "A", "x" * 5_001, "The comment text has more than 5,000 characters"),
    ],
)
def test_a_wrong_vote_gets_a_sentence(workspace: Workspace, ticket: str, verdict: str, comment: str, sentence: str):
    with pytest.raises(SettingProblem, match=sentence):
        blind.vote(workspace, a_set(workspace), ticket, verdict, comment)


def test_a_set_that_is_not_there_gets_a_sentence(workspace: Workspace):
    for set_id in ("nothing", "../../x"):
        with pytest.raises(NotFound, match="There is no prompt set"):
            blind.ask(workspace, set_id)
    with pytest.raises(SettingProblem, match="No prompt set is chosen"):
        blind.ask(workspace, "")


def test_equal_answers_are_not_asked_and_equal_sides_have_nothing_to_choose(workspace: Workspace):
    kept = PromptSets(workspace)
    set_id = a_set(workspace, 1)
    kept.add(set_id, answered(2, "The same", "The same "))
    assert ask(workspace, set_id).far == "1 of 1 (1 more is not asked: both answers are the same)"
    choose(workspace, set_id, "Tuned")
    assert "Every question of this set has a vote: 1 of 1 (1 more is not asked" in str(blind.ask(workspace, set_id))
    said = "“Base” and “Tuned” gave the same answer to 1 of 2 prompts. Those are not asked, and no rate counts them."
    assert blind.standing(workspace, set_id).notes[0] == said
    with pytest.raises(LabError, match="Both answers to this question are the same"):
        blind.vote(workspace, set_id, "2-1-2", "A")
    same_sides = a_set(workspace, sides=(BASE, BASE))
    with pytest.raises(SettingProblem, match="nothing to choose between"):
        blind.ask(workspace, same_sides)
    with pytest.raises(LabError, match="Both answers to this question are the same"):
        blind.vote(workspace, same_sides, "1-1-1", "A")


def test_of_three_sides_each_prompt_comes_once_before_any_comes_again(workspace: Workspace):
    set_id = a_set(workspace, 3, (BASE, SHOTS, TUNED))
    seen = []
    while isinstance(asked := blind.ask(workspace, set_id), blind.Asked):
        seen.append(asked.ticket)
        blind.vote(workspace, set_id, asked.ticket, "tie")
    assert [ticket[0] for ticket in seen] == ["1", "2", "3"] * 3
    assert len(set(seen)) == 9
    assert {one.rate.ties for one in standings(Votes(workspace, set_id).in_force(), (BASE, SHOTS, TUNED))} == {3}


def test_the_rate_counts_the_side_wherever_it_stood_and_over_all_sets(workspace: Workspace):
    first, second = a_set(workspace), a_set(workspace)
    for _ in range(4):
        choose(workspace, first, "Tuned")
    choose(workspace, first, "Base")
    assert blind.standing(workspace, first).of_set[0].startswith("“Tuned” wins 80% against “Base”")
    assert blind.standing(workspace, first).of_all == []
    for _ in range(5):
        choose(workspace, second, "Base")
    assert blind.standing(workspace, second).of_set[0].startswith("“Tuned” wins 0% against “Base”")
    assert blind.standing(workspace, second).of_all[0].startswith("“Tuned” wins 40% against “Base”")
    method, position = blind.standing(workspace, second).notes
    assert "Wilson" in method
    assert position.startswith("A was chosen in")


def test_votes_become_rows_with_a_better_and_a_worse_answer(workspace: Workspace):
    set_id = a_set(workspace)
    choose(workspace, set_id, "Tuned")
    blind.vote(workspace, set_id, "2-1-2", "tie")
    blind.vote(workspace, set_id, "3-1-2", "both bad", "", "So it should be.")
    asked = ask(workspace, set_id)
    blind.vote(workspace, set_id, asked.ticket, "A", "", "Edited.")
    found = to_preferences(Votes(workspace, set_id).in_force())
    assert [(row.answer, row.rejected) for row in found.examples] == [
        ("Tuned says 1", "Base says 1"),
        *(("So it should be.", shown.given.text) for shown in Votes(workspace, set_id).in_force()[2].shown),
        ("Edited.", asked.b),
    ]
    assert found.without == 1
    assert len({row.group for row in found.examples}) == 3


def test_rows_made_of_votes_are_a_dataset_version_like_any_other(workspace: Workspace):
    set_id = a_set(workspace, held_out_of="tickets/v3")
    with pytest.raises(SettingProblem, match="No vote prefers one answer"):
        blind.save(workspace, set_id)
    choose(workspace, set_id, "Tuned")
    version, sentence = blind.save(workspace, set_id)
    assert sentence.startswith("1 row with a better and a worse answer, from 1 vote; 0 votes without a preference.")
    assert "held-out rows of tickets/v3" in sentence
    (row,) = workspace.versions.load(version)
    assert (row.prompt[0].content, row.answer, row.rejected) == ("Question 1?", "Tuned says 1", "Base says 1")


def test_a_set_whose_program_ended_keeps_what_was_answered(workspace: Workspace, tmp_path: Path):
    set_id = a_set(workspace, 3)
    path = workspace.root / "comparisons" / f"{set_id}.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:3]) + lines[3][:20])
    found = PromptSets(workspace).get(set_id)
    assert (found.state, [prompt.number for prompt in found.answered]) == ("running", [1, 2])
    path.write_bytes(lines[0][:10])
    assert PromptSets(workspace).all() == []

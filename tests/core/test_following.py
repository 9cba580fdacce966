"""Instructions that a program can check: what each check lets pass, and how two sides are held against each other."""

from pathlib import Path

import pytest

from core.errors import FileProblem
from core.evaluate.checks import CHECKS, in_words, passes, problem
from core.evaluate.following import Followed, Instruction, instructions, judged, measure_following
from core.evaluate.subject import Subject
from core.workspace import Run

CASES = [
    ({"kind": "words", "least": 2, "most": 3}, ["Two words.", "don't stop now"], ["One.", "this is one too"]),
    ({"kind": "sentences", "least": 2, "most": 2}, ["One. Two!", "“Stop.” He went on."], ["Only one.", "1. 2. 3."]),
    ({"kind": "paragraphs", "least": 2, "most": 2}, ["a\n\nb", "a\n  \n\n\nb"], ["a\nb", "a\n\nb\n\nc"]),
    ({"kind": "lines", "most": 1}, ["a b"], ["a\nb"]),
    ({"kind": "characters", "most": 5}, ["hello", " hello "], ["hello!"]),
    ({"kind": "bullets", "least": 2, "most": 2}, ["* a\n* b", "- a\n  • b"], ["* a", "*a*\n*b*", "- a\n- b\n- c"]),
    ({"kind": "numbered", "least": 2}, ["1. a\n2) b"], ["1 a\n2 b", "1.a\n2.b"]),
    ({"kind": "title"}, ["<<The lamp>>\nIt shone."], ["<The lamp>", "<<>>"]),
    ({"kind": "highlighted", "least": 1}, ["a *b c* d"], ["a **b** c", "2 * 3 * 4", "* a\n* b"]),
    ({"kind": "placeholders", "least": 2}, ["Dear [name], on [date]"], ["Dear [name]", "[]"]),
    ({"kind": "capitals", "least": 1}, ["so LOUD"], ["I am A bee"]),
    ({"kind": "contains", "words": ["moss", "old tree"]}, ["Moss on an OLD TREE."], ["Mossy old tree.", "moss"]),
    ({"kind": "avoids", "words": ["red"]}, ["a reddish one"], ["It is Red."]),
    ({"kind": "times", "word": "cold", "least": 2}, ["Cold, cold snow"], ["colder and cold"]),
    ({"kind": "without", "characters": ",;"}, ["no comma"], ["one, comma"]),
    ({"kind": "letter", "letter": "b", "least": 3}, ["Bob's bee"], ["bob"]),
    ({"kind": "case", "case": "lower"}, ["all small, 3 words"], ["Not small", "123"]),
    ({"kind": "case", "case": "upper"}, ["FIRE!"], ["Fire!", "123"]),
    ({"kind": "case", "case": "title"}, ["The Last Goal of 2020".replace("of", "Of")], ["The last Goal", "1 2"]),
    (
        {"kind": "language", "language": "de"},
        ["Im Frühling ist das Wetter oft mild und sonnig."],
        ["The weather is mild in spring, and it often rains.", "Ja."],
    ),
    ({"kind": "starts", "text": "Dear reader,"}, ["dear reader, come in", "“Dear reader, …”"], ["My dear reader,"]),
    ({"kind": "ends", "text": "Done."}, ["It is done.", "*Done.*"], ["Done. Really?", "Done"]),
    ({"kind": "quoted"}, ['"Hello there"', "“Hello”"], ['"Hello', 'He said "hi".', '""']),
    ({"kind": "one_of", "options": ["yes", "no"]}, ["Yes.", "“no”"], ["yes, it is", "maybe"]),
    ({"kind": "parts", "separator": ";", "number": 3}, ["go; run; sit"], ["go; run", "go;;sit"]),
    ({"kind": "json"}, ['{"a": 1}', "[1]", '```json\n{"a": 1}\n```'], ["{a: 1}", '{"a": 1} is it', "7"]),
    ({"kind": "json", "keys": ["name"]}, ['{"name": "Ada", "age": 3}'], ['{"Name": 1}', "[]", '["name"]']),
]


@pytest.mark.parametrize(("check", "good", "bad"), CASES, ids=[in_words(check) for check, _, _ in CASES])
def test_a_check_lets_pass_what_does_as_it_was_told_and_nothing_else(check: dict, good: list[str], bad: list[str]):
    assert [text for text in good if not passes(text, check)] == []
    assert [text for text in bad if passes(text, check)] == []
    assert not passes(" \n", check), "an empty answer follows nothing"


def test_every_check_is_tried_above():
    assert {check["kind"] for check, _, _ in CASES} == set(CHECKS)


def test_a_word_is_never_a_pattern():
    assert passes("What is a C++ (old)?", {"kind": "contains", "words": ["c++", "(old)"]})
    assert not passes("abc", {"kind": "contains", "words": ["a.c"]})


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ({"kind": "poem"}, "there is no check “poem”"),
        ("words", "there is no check “words”"),
        ({"kind": "words", "exactly": 3}, "“words” takes least, most, and not exactly 3"),
        ({"kind": "ends"}, "“ends” takes text, and not "),
        ({"kind": "title", "least": 1}, "“title” takes no arguments"),
    ],
)
def test_a_check_that_does_not_exist_is_named_with_what_there_is(check, said: str):
    assert said in problem(check)
    assert problem({"kind": "ends", "text": "Done."}) == ""


def test_the_instructions_of_the_lab_are_many_of_every_kind_and_no_prompt_comes_twice():
    shipped = instructions()
    assert len(shipped) == 48
    assert len({each.prompt for each in shipped}) == 48
    assert {check["kind"] for each in shipped for check in each.checks} == set(CHECKS)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nonsense", "Line 2 of “own.jsonl” cannot be used: it is not valid JSON"),
        ('["a"]', "not an object"),
        ('{"prompt": " ", "checks": [{"kind": "title"}]}', "it has no “prompt”"),
        ('{"prompt": "Hi", "checks": []}', "it has no list of “checks”"),
        ('{"prompt": "Hi", "checks": [{"kind": "rhyme"}]}', "there is no check “rhyme”"),
    ],
)
def test_a_file_of_instructions_with_a_wrong_line_names_it(tmp_path: Path, line: str, said: str):
    file = tmp_path / "own.jsonl"
    file.write_text('{"prompt": "Say hi.", "checks": [{"kind": "title"}]}\n' + line, encoding="utf-8")
    with pytest.raises(FileProblem, match=said):
        instructions(file)


def test_a_file_without_instructions_is_refused(tmp_path: Path):
    (tmp_path / "none.jsonl").write_text("\n\n")
    with pytest.raises(FileProblem, match="no instructions"):
        instructions(tmp_path / "none.jsonl")


def followed(base: list[bool], tuned: list[bool]) -> Followed:
    checks = ["title"] * len(base)
    return Followed(prompt="p", checks=checks, base="", tuned="", base_passed=base, tuned_passed=tuned)


def rows(both: int, lost: int, gained: int, neither: int) -> list[Followed]:
    kinds = [(both, True, True), (lost, True, False), (gained, False, True), (neither, False, False)]
    return [followed([base], [tuned]) for count, base, tuned in kinds for _ in range(count)]


@pytest.mark.parametrize(
    ("counts", "light", "word"),
    [
        ((10, 0, 0, 10), "green", "no difference shown"),
        ((10, 5, 3, 10), "green", "no difference shown"),
        ((10, 0, 9, 10), "green", "better"),
        ((12, 9, 0, 10), "amber", "worse"),
        ((2, 18, 0, 10), "red", "worse"),
    ],
)
def test_only_a_loss_that_is_shown_lights_amber_or_red(counts: tuple[int, ...], light: str, word: str):
    section = judged(rows(*counts))
    assert section.light == light
    assert section.change
    assert section.change.word == word
    assert word in section.said
    changed = [row.base_follows != row.tuned_follows for row in section.rows]
    assert changed == sorted(changed, reverse=True)
    assert [row.tuned_follows for row in section.rows[: sum(changed)]] == [False] * counts[1] + [True] * counts[2]


def test_a_prompt_is_followed_only_if_all_its_checks_are_passed():
    section = judged([followed([True, True], [True, False])] * 2)
    assert (section.base, section.tuned) == (1, 0)
    assert (section.base_checks, section.tuned_checks) == (1, 0.5)


@pytest.mark.parametrize("few", [0, 1])
def test_of_fewer_than_two_instructions_nothing_is_said(few: int):
    assert judged(rows(few, 0, 0, 0)).light == "grey"


def test_both_sides_of_a_run_are_asked_and_checked(taught_run: Run):
    asked = [
        Instruction("Where is my parcel?", ({"kind": "starts", "text": "track"},)),
        Instruction("My card was charged twice.", ({"kind": "starts", "text": "refund"},)),
    ]
    section = measure_following(Subject.open(taught_run), asked)
    assert (section.base, section.tuned) == (0, 1)
    assert section.rows[0].tuned.startswith(("track", "refund"))
    assert section.model_validate_json(section.model_dump_json()) == section

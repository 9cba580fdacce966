"""A user's own rules: read from YAML, searched, and what happens to those that are wrong, slow or broken."""

import re
import sys
import time
import types
from pathlib import Path

import pytest

from core.errors import FileProblem, LabError, SettingProblem
from core.privacy import own
from core.privacy.own import presidio
from core.privacy.own.patterns import expression

SAMPLE = Path(__file__).parents[2] / "sample_data" / "mask_rules.yaml"
TICKET = "patterns: [{kind: TICKET, pattern: 'TCK-\\d{6}'}]"


def found(rules, text):
    """Kind and text of what was found; the order of the parts of the rules does not matter."""
    return sorted((span.kind, text[span.start : span.end]) for span in own.parse(rules).find(text))


def test_the_sample_is_read_and_finds_what_it_says():
    rules = own.parse(SAMPLE.read_text(encoding="utf-8"))
    text = "KD-204417 asked the old ferryman about blue\nheron, staff card 4471."
    assert sorted(text[span.start : span.end] for span in rules.find(text)) == [
        "4471", "KD-204417", "blue\nheron", "the old ferryman",
    ]  # fmt: skip
    assert rules.kinds == {"CUSTOMER_NUMBER", "BADGE", "PROJECT", "PERSON"}
    assert rules.allows("EMAIL", "No-Reply@example.org") is False, "patterns mind the case unless they say (?i)"
    assert rules.allows("EMAIL", "no-reply@example.org")
    assert not rules.allows("PERSON", "no-reply@example.org")
    assert rules.allows("EMAIL", "HELP@example.com")
    assert rules.notes == ()


@pytest.mark.parametrize("text", ["", "   \n", "# only a comment", "patterns:\nwords: []\nallow:\n"])
def test_no_rules_are_none(text):
    rules = own.parse(text)
    assert (rules.stamp, bool(rules), rules.kinds, list(rules.find("KD-204417"))) == ("", False, frozenset(), [])


@pytest.mark.parametrize(
    ("rules", "text", "expected"),
    [
        (TICKET, "see TCK-123456, TCK-12", [("TICKET", "TCK-123456")]),
        ("patterns: [{kind: T, pattern: x}]", "x", None),
        ("patterns: [{kind: TT, pattern: ['ab', 'cd']}]", "ab cd", [("TT", "ab"), ("TT", "cd")]),
        ("patterns: [{kind: TT, pattern: 'id=(?P<value>\\d+)'}]", "id=77", [("TT", "77")]),
        ("patterns: [{kind: TT, pattern: '\\d+', context: [badge]}]", "Badge no. 12", [("TT", "12")]),
        ("patterns: [{kind: TT, pattern: '\\d+', context: [badge]}]", "12 is my badge", [("TT", "12")]),
        ("patterns: [{kind: TT, pattern: '\\d+', context: [badge]}]", "badges 12", []),
        ("patterns: [{kind: TT, pattern: '\\d+', context: [badge]}]", "badge" + " " * 120 + "12", []),
        ("words: [{kind: WW, words: [ann]}]", "ann anna Ann joann _ann", [("WW", "ann")]),
        ("words: [{kind: WW, words: [ann], any_case: yes}]", "ANN", [("WW", "ANN")]),
        ("words: [{kind: WW, words: [C++, '@ann']}]", "C++ @ann C", [("WW", "@ann"), ("WW", "C++")]),
        ("words: [{kind: WW, words: [东京, สมชาย]}]", "我在东京住 คุณสมชายครับ", [("WW", "สมชาย"), ("WW", "东京")]),
        ("words: [{kind: WW, words: [René]}]", "Rene\u0301 Rene", [("WW", "Rene\u0301")]),
        ("words: [{kind: WW, words: [Rene]}]", "Rene\u0301", []),
        ("words: [{kind: WW, words: ['★★']}]", "a ★★ b", [("WW", "★★")]),
        ("words: [{kind: WW, words: [Blue, Blue Heron]}]", "Blue Heron", [("WW", "Blue"), ("WW", "Blue Heron")]),
        ("words: [{kind: WW, words: [12345, null]}]", "null 12345", [("WW", "12345"), ("WW", "null")]),
        ("deny: [{kind: PERSON, value: Old Owl}]", "OLD  OWL", [("PERSON", "OLD  OWL")]),
        ("deny: {kind: PERSON, value: [Old Owl, Magpie]}", "magpie", [("PERSON", "magpie")]),
    ],
)  # fmt: skip
def test_what_the_rules_find(rules, text, expected):
    if expected is None:
        with pytest.raises(FileProblem, match="2 to 40 capital letters"):
            own.parse(rules)
    else:
        assert found(rules, text) == expected


@pytest.mark.parametrize(
    ("rules", "line", "words"),
    [
        ("patterns:\n  - kind: TT\n   pattern: x", 3, "not YAML"),
        ("patterns:\n  - kind: TT\n    pattern: 'a(b'", 3, "character 4: missing"),
        ("patterns:\n  - kind: TT\n    pattern: '[[:foo:]'", 3, "cannot be read"),
        ("patterns:\n  - kind: TT\n    pattern: 'a*'", 3, "empty text"),
        ("patterns:\n  - kind: TT\n    pattern: '(a{1000}){1000}'", 3, "repeats"),
        ("patterns:\n  - kind: TT\n    pattern: '" + "(" * 900 + "a" + ")" * 900 + "'", 3, "brackets"),
        ("patterns:\n  - kind: TT\n    pattern: '" + "x" * 2001 + "'", 3, "2,001 characters"),
        ("patterns:\n  - kind: TT\n", 2, "needs a pattern"),
        ("patterns:\n  - pattern: x\n", 2, "no kind"),
        ("patterns:\n  - kind: ticket\n    pattern: x", 2, "capital letters"),
        ("patterns:\n  - kind: TT\n    patern: x", 3, "“patern” is not known here; known: kind, pattern"),
        ("patterns:\n  - kind: TT\n    kind: TT\n    pattern: x", 3, "twice"),
        ("patterns:\n  - kind: TT\n    pattern: x\n    score: 2", 4, "above 0 and at most 1"),
        ("patterns:\n  - kind: TT\n    pattern: x\n    score: nan", 4, "above 0 and at most 1"),
        (
            "patterns:\n  - kind: TT\n    pattern: q\n    examples: [q, 'y@secret.example']",
            4,
            "does not find example 2",
        ),
        ("patterns:\n  - kind: TT\n    pattern: x\n    not:\n    - 'x@secret.example'", 5, "text 1 of “not”"),
        ("patterns:\n  - kind: TT\n    pattern: x\n    context: [y]\n    examples: [x]", 5, "word of its context"),
        ("patterns:\n  - kind: TT\n    pattern: '(?:a|aa)+?b'\n    examples: [" + "a" * 60 + "]", 4, "too long"),
        ("words:\n  - kind: TT\n    words: [a, '']", 3, "there is none"),
        ("words:\n  - kind: TT\n    words: [a]\n    any_case: perhaps", 4, "true or false"),
        ("words:\n  - kind: TT\n    words: [[a]]", 3, "single text"),
        ("words:\n  - ann", 2, "names with values"),
        ("- a\n- b", 1, "names with values"),
        ("ann@secret.example: x", 1, "this name is not known here; known: patterns, words"),
        ("allow:\n  - {kind: EMAIL}", 2, "value or a pattern"),
        ("allow:\n  - x\ndeny: [{kind: TT, value: X}]", 2, "a value stands on the allow list and on the deny list"),
        ("deny:\n  - value: x", 2, "no kind"),
        ("allow:\n  - &a x\n  - *a", 3, "references"),
        ("allow:\n  - *.example.com", 2, "references|not YAML"),
        ("presidio:\n  - os.system", 2, "module:ClassName"),
        ("[" * 100_000, 1, "levels"),
        ("a: " * 50 + "b", 1, "not YAML"),
        ("allow: [a", 1, "not YAML"),
        ("words: [{kind: TT, words: [" + "a," * 60_000 + "]}]", 1, "60,000 words"),
    ],
)
def test_an_error_has_its_line_and_no_value(rules, line, words):
    with pytest.raises(LabError, match=words) as caught:
        own.parse(rules)
    assert f"line {line}:" in str(caught.value)
    assert "secret.example" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: \ud800", "no text may hold"),
        ("x" * 1_000_001, "1,000,000"),
        ("\0", "line 1: this is not YAML|no text may hold"),
    ],
)
def test_what_is_no_text_is_refused(text, words):
    with pytest.raises(FileProblem, match=words):
        own.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "7" * 200_000, "a\ud800TCK-123456\udfff", "שלום TCK-123456",
        "👩‍👩‍👧 TCK-123456\r\n", '{"a": "{\\"b\\": \\"TCK-123456\\"}"}'],
)  # fmt: skip
def test_ugly_texts_are_searched(text):
    rules = own.parse(TICKET + "\nwords: [{kind: WW, words: [ann]}]")
    assert [text[span.start : span.end] for span in rules.find(text)] == ["TCK-123456"] * text.count("TCK-123456")


def test_ten_thousand_words_stay_quick():
    words = [f"word{number} of{number % 100}" for number in range(10_000)]
    rules = own.parse("words:\n- kind: WW\n  any_case: true\n  words:\n" + "".join(f"  - {word}\n" for word in words))
    text = "nothing to see here, and word77 OF77 too. " * 5_000
    list(rules.find(text))
    begin = time.thread_time()
    assert len(list(rules.find(text))) == 5_000
    assert time.thread_time() - begin < 1.0, "210,000 characters"


def test_a_pattern_that_would_run_for_ever_is_left_out_and_named():
    rules = own.parse("patterns:\n- kind: SLOW\n  pattern: '(?:a|aa)+?b'\n- {kind: TT, pattern: 'x'}")
    begin = time.thread_time()
    assert [span.kind for span in rules.find("a" * 5_000 + "x", "row 17")] == ["TT"]
    assert [span.kind for span in rules.find("ab x")] == ["TT"], "it is not tried again"
    assert time.thread_time() - begin < 0.5
    assert rules.notes == (
        "The pattern of SLOW (rules, line 3) is too slow on row 17 and is left out from there on.",
    )  # fmt: skip


def test_a_pattern_may_not_be_a_little_slow_on_every_row(monkeypatch):
    monkeypatch.setattr("core.privacy.own.patterns.time.thread_time", iter(range(1000)).__next__)
    rules = own.parse("patterns: [{kind: TT, pattern: x}]")
    assert [len(list(rules.find("x"))) for _ in range(4)] == [1, 1, 1, 0]
    assert "a text of 1 characters" in rules.notes[0]


def test_a_slow_pattern_of_the_allow_list_allows_nothing():
    rules = own.parse("allow: [{pattern: '(?:a|aa)+?b'}]")
    assert not rules.allows("PERSON", "a" * 5_000)
    assert "allow list" in rules.notes[0]
    assert rules.allows("PERSON", "aab")


def test_the_allow_list_folds_as_the_kind_does():
    rules = own.parse("allow: [Ann Lee, {kind: PHONE, value: +1 (415) 555-0100}]")
    assert rules.allows("PERSON", "ANN LEE")
    assert not rules.allows("PERSON", "Ann")
    assert rules.allows("PHONE", "415 555 0100")
    assert not rules.allows("NATIONAL_ID", "4155550100")


def test_the_stamp_follows_the_rules_and_not_the_comments():
    plain, commented = own.parse(TICKET), own.parse("# mine\n" + TICKET + " # so\n")
    assert plain.stamp == commented.stamp != own.parse(TICKET.replace("6", "7")).stamp
    assert own.parse("words: [{kind: TT, words: [a]}]").stamp != own.parse("words: [{kind: TT, words: [b]}]").stamp


def test_no_value_of_the_rules_is_in_a_repr():
    rules = own.parse(TICKET + "\nallow: [ann@secret.example]\ndeny: [{kind: PERSON, value: Ann Secret}]")
    assert "ecret" not in repr(vars(rules))


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("", 'allow:\n  - "x@y.example"\n'),
        ("# mine\n" + TICKET, f'# mine\n{TICKET}\n\nallow:\n  - "x@y.example"\n'),
        ("allow: # these\n  - a # b\n  - c\n", 'allow: # these\n  - "x@y.example"\n  - a # b\n  - c\n'),
        ("allow:\n- a\nwords: []", 'allow:\n- "x@y.example"\n- a\nwords: []'),
        ("allow: [a, b]", 'allow: ["x@y.example", a, b]'),
        ("allow: []\nwords:", 'allow: ["x@y.example", ]\nwords:'),
        ("# 👋 é\nallow:\n  - a\n", '# 👋 é\nallow:\n  - "x@y.example"\n  - a\n'),
        ("allow:\nwords:", 'allow:\n  - "x@y.example"\nwords:'),
    ],
)
def test_a_value_is_put_on_a_list_and_the_rest_stays(text, after):
    assert own.with_value(text, "allow", "x@y.example") == after
    assert own.parse(after).allows("EMAIL", "x@y.example")


@pytest.mark.parametrize(
    "value", ['O"Hara', "a: b # c", "- x", "Zoë 👋", "back\\slash", "tab\there", "two\nlines", "*x", "\u2028a"]
)
def test_any_value_survives_being_put_on_a_list(value):
    assert own.parse(own.with_value("", "allow", value)).allows("PERSON", value)
    assert own.parse(own.with_value("", "deny", value, "PERSON")).kinds == {"PERSON"}


def test_what_cannot_be_put_on_a_list_is_a_sentence():
    with pytest.raises(SettingProblem, match="no value"):
        own.with_value("", "allow", "  ")
    with pytest.raises(SettingProblem, match="what kind"):
        own.with_value("", "deny", "x")
    for text in ("{words: []}", "- a", "allow: x"):
        with pytest.raises(FileProblem):
            own.with_value(text, "allow", "x")


class Recogniser:
    """Has what Presidio's recognisers have."""

    supported_entities = ("EMAIL_ADDRESS", "SHOE_SIZE")
    context = ("shoe",)

    def analyze(self, text, entities, nlp_artifacts=None):
        assert list(entities) == ["EMAIL_ADDRESS", "SHOE_SIZE"]
        if "boom" in text:
            raise ValueError(text)
        at = text.find("42")
        result = types.SimpleNamespace(entity_type="SHOE_SIZE", start=at, end=at + 2, score=0.1)
        return [result] if at >= 0 else []


class SpacyRecognizer(Recogniser):
    """By this name Presidio's own reads what spaCy prepared."""


@pytest.fixture
def plugged(monkeypatch):
    module = types.ModuleType("shoes")
    module.Recogniser, module.Spacy, module.both = Recogniser, SpacyRecognizer, lambda: [Recogniser(), Recogniser()]
    module.number, module.broken = 7, lambda: 1 / 0
    monkeypatch.setitem(sys.modules, "shoes", module)
    presidio._made.cache_clear()
    yield
    presidio._made.cache_clear()


def test_a_presidio_recogniser_is_plugged_in(plugged):
    rules = own.parse("presidio: [shoes:Recogniser]")
    assert rules.kinds == {"EMAIL", "SHOE_SIZE"}
    (span,) = rules.find("my shoe is 42")
    assert (span.start, span.end, span.kind, round(span.score, 2)) == (11, 13, "SHOE_SIZE", 0.45)
    assert list(rules.find("the answer is 42")) == [], "a guess of 0.1 without its context is none"
    assert len(list(own.parse("presidio: [shoes:both]").find("shoe 42"))) == 2


def test_a_recogniser_that_breaks_is_left_out_without_its_words(plugged):
    rules = own.parse("presidio: [shoes:Recogniser]\nwords: [{kind: WW, words: [boom]}]")
    assert [span.kind for span in rules.find("boom ann@secret.example", "row 3")] == ["WW"]
    assert rules.notes == ("The recogniser Recogniser broke (ValueError) on row 3 and is left out from there on.",)


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("no_such_module_here:X", "Python does not find no_such_module_here"),
        ("presidio_analyzer.nowhere:X", "Presidio is not installed|does not find"),
        ("shoes:Nothing", "no “Nothing” in it"),
        ("shoes:number", "no analyze"),
        ("shoes:broken", "broke when it was made .ZeroDivisionError."),
        ("shoes:Spacy", "language engine"),
    ],
)
def test_a_recogniser_that_cannot_be_used_is_said_and_the_rest_goes_on(plugged, spec, words):
    rules = own.parse(f"presidio: ['{spec}', shoes:Recogniser]")
    assert [span.kind for span in rules.find("shoe 42")] == ["SHOE_SIZE"]
    (note,) = rules.notes
    assert f"The recogniser {spec} is left out" in note
    assert re.search(words, note)


def test_nothing_is_imported_where_strangers_share_the_machine(plugged):
    with pytest.raises(FileProblem, match=r"line 2: .*public page"):
        own.parse("presidio:\n  - shoes:Recogniser", plug_ins=False)


def test_nothing_is_imported_before_something_is_searched():
    rules = own.parse("presidio: [antigravity:X]")
    assert "antigravity" not in sys.modules
    assert rules.stamp


def test_a_pattern_is_read_by_the_regex_package():
    assert expression(r"\p{Lu}+(?<=a.*)").search("aB").group() == "B"

"""Checks of what a text looks like find what is wrong and nothing else; repairs mend it and touch nothing else."""

import pytest
from ftfy.badness import is_bad
from hypothesis import given, settings
from hypothesis import strategies as st

from core.curate import CHECKS, Rows
from core.curate.checks.mojibake import BADNESS
from core.records import Dataset, Example, Message

BY_NAME = {check.name: check for check in CHECKS}


def chat(row, *texts, **columns):
    roles = ("user", "assistant") * len(texts)
    messages = tuple(Message(role, text) for role, text in zip(roles, texts, strict=False))
    return Example(f"r{row}", row, messages, **columns)


def reasons(name, *rows):
    """The reasons at the default threshold, by row number."""
    check = BY_NAME[name]
    answer = check.find(Rows(Dataset.of(rows))).sort("position")
    if check.threshold:
        answer = answer.filter(answer["score"] >= check.threshold.default)
    return dict(zip((answer["position"] + 1).to_list(), answer["reason"].to_list(), strict=True))


def reason(name, answer, prompt="Tell me."):
    return reasons(name, chat(1, prompt, answer)).get(1)


GARBLED = ["FranÃ§ois", "dâ€™accord", "39 â‚¬", "SchlieÃŸen", "naÃ¯ve cafÃ©"]
RIGHT = [
    "François dîne à l’hôtel, ça coûte 39 €.",
    "„Schließen“ – Größe, Übung, «Lumière»",
    "Łódź, Kraków, Žižkov, Ångström, İstanbul, ñandú",
    "こんにちは、世界。東京都",
    "안녕하세요 세계",
    "Привет, мир",
    "مرحبا بالعالم",
    "नमस्ते",
    "🙂👩🏽‍💻🇩🇪 ✓ → ½ µm 20 °C ©™",
    "x² ≤ ∑ √2 ± ∞",
    "It’s “quoted” — ﬁne",
    "plain text",
]


@pytest.mark.parametrize("text", GARBLED)
def test_garbled_text_is_found_and_mended(text):
    assert reason("mojibake", text)
    assert not is_bad(BY_NAME["mojibake"].repair(text))


@pytest.mark.parametrize("text", RIGHT)
def test_right_text_of_any_script_is_left_alone(text):
    assert reason("mojibake", text, text) is None
    for check in CHECKS:
        assert not check.repair or check.repair(text) == text, check.name


def test_the_repair_is_shown():
    assert reason("mojibake", "FranÃ§ois") == "garbled characters: “Ã§” was probably “ç”"
    assert BY_NAME["mojibake"].repair("FranÃ§ois") == "François"


@settings(deadline=None, max_examples=60)
@given(st.text(st.sampled_from("aé Ãâ€™ß–“œ°Â¡ВГ×²\n#[x€"), max_size=12))
def test_the_quick_look_for_garbled_text_misses_none_that_ftfy_finds(text):
    import polars as pl

    quick = pl.Series([text]).str.contains(BADNESS).item()
    assert quick == is_bad(text)


def test_lost_characters_are_counted():
    wanted = "characters were lost when the file was saved: 2 × “\ufffd”"
    assert reason("lost characters", "lost \ufffd\ufffd here") == wanted
    assert reason("mojibake", "lost \ufffd here") is None
    assert reason("lost characters", "???") is None


CONTROLS = [
    ("one\x00two", "the answer has a control character, U+0000", "onetwo"),
    ("\x1b[31mred\x1b[0m", "the answer has 2 control characters, the first is U+001B", "red"),
    ("page\x0cbreak", "the answer has a control character, U+000C", "page\nbreak"),
    ("it\x92s 5\x80", "the answer has 2 control characters, the first is U+0092", "it’s 5€"),
    ("\ufeffstart", "the answer has a control character, U+FEFF", "start"),
    ("tab\tline\r\nend", None, "tab\tline\r\nend"),
    ("emoji 👩\u200d💻 and می\u200cبخشد", None, "emoji 👩\u200d💻 and می\u200cبخشد"),
    ("lost \ufffd", None, "lost \ufffd"),
]


@pytest.mark.parametrize(("text", "wanted", "mended"), CONTROLS)
def test_control_characters_are_named_and_removed(text, wanted, mended):
    assert reason("control characters", text) == wanted
    assert BY_NAME["control characters"].repair(text) == mended


HTML = [
    ("Tom &amp; Jerry", "the answer has leftover HTML: “&amp;”", "Tom & Jerry"),
    ("5 &lt; 6", "the answer has leftover HTML: “&lt;”", "5 < 6"),
    ("caf&eacute; &#8217; &#x27;", "the answer has leftover HTML: “&eacute;”", "café ’ '"),
    ("One<br>two<br/>three", "the answer has leftover HTML: “<br>”", "One\ntwo\nthree"),
    ("<p>First.</p><p>Second.</p>", "the answer has leftover HTML: “<p>”", "First.\nSecond.\n"),
    (
        'See <a href="https://example.com">this</a>.',
        'the answer has leftover HTML: “<a href="https://example.com">”',
        "See this.",
    ),
    ("a < b and c > d", None, "a < b and c > d"),
    ("R&D; AT&T", None, "R&D; AT&T"),
    ("https://example.com/?a=1&copy=2", None, "https://example.com/?a=1&copy=2"),
    ("<A visual logo design>", None, "<A visual logo design>"),
    ("I <3 you", None, "I <3 you"),
]


@pytest.mark.parametrize(("text", "wanted", "mended"), HTML)
def test_leftover_html_is_found_and_mended(text, wanted, mended):
    assert reason("leftover HTML", text) == wanted
    assert BY_NAME["leftover HTML"].repair(text) == mended


ABOUT_CODE = [
    ("Write a page in HTML.", "<p>Hello</p>"),
    ("Make it bold.", "```\n<b>Hello</b>\n```"),
    ("What does the tag <br> do?", "It breaks the line."),
    ("Show a greeting.", "<!DOCTYPE html><html><body><p>Hello</p></body></html>"),
    ("How do I escape it in JSX?", "Write &amp; in its place."),
]


@pytest.mark.parametrize(("prompt", "answer"), ABOUT_CODE)
def test_html_that_a_row_is_about_is_left_alone(prompt, answer):
    assert reason("leftover HTML", answer, prompt) is None


MARKS = [
    ("Paris.</s>", "the answer has the mark “</s>” of a chat template", "Paris."),
    ("Paris.<|im_end|>\n", "the answer has the mark “<|im_end|>” of a chat template", "Paris."),
    ("[INST] Hello [/INST]", "the answer has the mark “[INST]” of a chat template", "Hello"),
    ("a <s or b> and [INSTALL]", None, "a <s or b> and [INSTALL]"),
]


@pytest.mark.parametrize(("text", "wanted", "mended"), MARKS)
def test_marks_of_chat_templates_are_found_and_removed(text, wanted, mended):
    assert reason("template marks", text) == wanted
    assert BY_NAME["template marks"].repair(text) == mended


REFUSALS = [
    "I'm sorry, but I can't help with that.",
    "I cannot assist with this request.",
    "Sorry, I am unable to open links.",
    "Unfortunately, I do not have access to your files.",
    "I apologize, but I cannot provide that.",
    "Sorry, the task requires a visual output.",
    "I won’t generate that.",
    "I'm afraid I can't do that.",
]
MACHINES = [
    "As an AI language model, I have no feelings.",
    "That is a good question. As a large language model, I know only text.",
    "Well, I'm just an AI, so take it with salt.",
    "I am Vicuna, a language model.",
    "My training data ends in 2021.",
    "Als KI-Sprachmodell habe ich keine Meinung.",
]
NEITHER = [
    "I'm sorry to hear that. Let me direct you to our returns page.",
    "I apologize for being late to the meeting. I overslept.",
    "I cannot stress enough how important sleep is.",
    "I can't believe it is over.",
    "My apologies for the inconvenience. We will send a new one.",
    "GPT-3 is a language model by OpenAI.",
    "She works as an AI engineer in Berlin.",
    "“As an AI, I dream of sheep,” said the robot.",
    "I am an AI researcher.",
    "Unfortunately, the shop is closed on Sundays.",
    "You cannot divide by zero.",
]


@pytest.mark.parametrize("text", REFUSALS)
def test_an_answer_that_refuses_is_found(text):
    assert (reason("refusal", text) or "").startswith("the answer refuses: “")


@pytest.mark.parametrize("text", MACHINES)
def test_an_answer_in_which_a_machine_speaks_is_found(text):
    assert (reason("refusal", text) or "").startswith("the answer speaks of itself as a machine: “")


@pytest.mark.parametrize("text", NEITHER)
def test_apologies_quotations_and_talk_about_machines_are_no_refusals(text):
    assert reason("refusal", text) is None


def test_a_user_may_say_what_an_answer_may_not_and_a_turn_is_named():
    row = chat(1, "I can't help you, as an AI", "I cannot help either.", "Why?", "It rains.")
    assert reasons("refusal", row) == {1: "turn 2 refuses: “I cannot help”"}


SENTENCE = "The museum opens at nine in the morning and closes at six in the evening on most days of the week. "
CUT = [
    (
        SENTENCE + "Visitors who come with a group should call the office before they",
        "the answer stops in a sentence: ",
    ),
    (SENTENCE + "Visitors who come with a group should call the office before noo", "the answer ends without a full"),
    ("Do this:\n```python\nprint(1)", "the answer ends inside a block of code"),
    (SENTENCE + "\n1. Bring a map.\n2. Bring water.\n3.", "the answer ends with an empty list item: “3.”"),
    (
        SENTENCE + "\n- Bring a map of the town.\n- Bring enough water for the who",
        "the answer ends without a full stop",
    ),
    (
        SENTENCE + "The shop sells books, cards, posters, and small presents from all over the world,",
        "the answer stops",
    ),
]
WHOLE = [
    SENTENCE,
    "Paris",
    "a short answer without a full stop",
    "Do this:\n```python\nprint(1)\n```",
    SENTENCE + "\n1. Bring a map\n2. Bring water\n3. Bring a friend who knows the way to the museum",
    SENTENCE + "Do not miss it when you are in town! #museum #art #weekend",
    SENTENCE + "More about it can be read at https://example.com/museum/opening/times",
    "The Long Way Home: How a Small Museum in the North Became the Pride of a Whole Nation and Its People",
    "def opening(day):\n    hours = {'monday': 9, 'sunday': 10}\n    first = hours[day]\n    return first",
    "Roses are red and violets are blue\nSugar is sweet and the sky is wide\nI walk by the river and think of you\n"
    "And the boats go home with the turning tide",
    "“Nothing in life is to be feared, it is only to be understood. Now is the time to fear less.” - Marie Curie",
    SENTENCE + "With kind regards,\nthe museum,",
    "博物馆每天上午九点开门，下午六点关门，但是星期一不开门。" * 5,
]


@pytest.mark.parametrize(("text", "wanted"), CUT)
def test_an_answer_that_was_cut_off_is_found(text, wanted):
    rows = [chat(n, "Tell me.", SENTENCE) for n in range(1, 20)]
    assert reasons("cut off", *rows, chat(20, "Tell me.", text)).get(20, "").startswith(wanted)


@pytest.mark.parametrize("text", WHOLE)
def test_an_answer_that_ends_is_left_alone(text):
    rows = [chat(n, "Tell me.", SENTENCE) for n in range(1, 20)]
    assert reasons("cut off", *rows, chat(20, "Tell me.", text)) == {}


def test_where_many_answers_end_without_a_full_stop_none_is_found():
    rows = [chat(n, "Tell me.", SENTENCE + f"It has {n} rooms and a garden with old trees") for n in range(1, 30)]
    assert reasons("cut off", *rows) == {}


def test_text_that_says_the_same_again_is_found_with_its_share():
    loop = "I like to walk in the park. " * 10
    song = "Row, row, row your boat gently down the stream. Merrily, merrily, merrily, merrily, life is but a dream."
    rows = reasons("repetition", chat(1, "q", loop), chat(2, "q", song), chat(3, "q", SENTENCE))
    assert rows == {1: "90 % of the answer repeats what it has said before"}
    assert reasons("repetition", chat(1, loop, "spam")) == {1: "90 % of the prompt repeats what it has said before"}


def test_a_length_far_from_the_usual_one_is_found_and_compared():
    rows = [
        chat(n, f"Question {'x' * (n % 7)}?", f"An answer {'of some length ' * (n % 9 + 1)}.") for n in range(1, 60)
    ]
    odd = [
        chat(60, "Question?", "word " * 4000),
        chat(61, "y", "An answer of some length."),
        chat(62, "z" * 900, "Fine."),
    ]
    wanted = {
        60: "the answer is 233 times as long as usual: 20000 characters against 86",
        61: "the prompt is 13 times as short as usual: 1 character against 13",
        62: "the prompt is 69 times as long as usual: 900 characters against 13",
    }
    assert reasons("odd length", *rows, *odd) == wanted
    assert reasons("odd length", *odd) == {}


ENGLISH = "The cat sat on the mat and looked at the rain that fell on the street."
FRENCH = "Le chat est assis sur le tapis et regarde la pluie qui tombe dans la rue."


def test_a_row_in_another_language_is_found_where_the_set_has_a_main_one():
    rows = [chat(n, "Tell me about the cat.", ENGLISH) for n in range(1, 25)]
    wanted = "the answer is in French, but most rows are in English"
    assert reasons("other language", *rows, chat(25, "Tell me about the cat.", FRENCH)) == {25: wanted}
    assert reasons("other language", *rows, chat(25, "Say it in French.", FRENCH)) == {}
    assert reasons("other language", *rows, chat(25, "Tell me about the cat.", "x = [1, 2, 3]; y = 4 * 5 + 6")) == {}


def test_a_set_of_two_languages_has_no_other_language():
    rows = [chat(n, "Tell me about the cat.", (ENGLISH, FRENCH)[n % 2]) for n in range(1, 31)]
    assert reasons("other language", *rows) == {}

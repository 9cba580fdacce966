"""What nobody may read stands in no report: not as a canary of its settings, not in what rows and answers say."""

from typing import Literal

import numpy as np
import pytest

from core.actions.evaluate.material import material_of
from core.evaluate.answers import Given
from core.evaluate.examine import Material, examine
from core.evaluate.leaks import Values, hidden
from core.evaluate.page import page
from core.evaluate.report import FILE
from core.evaluate.result import Section
from core.evaluate.scores import scored
from core.evaluate.scores.asked import Asked
from core.evaluate.scores.scoring import LONGEST_SHOWN
from core.records import Example, Message
from core.settings import EvaluateSettings
from core.workspace import Run

CODE, MAIL = "4817-2093", "ann.k@firma.de"


class Said(Section):
    word: Literal["better", "worse"]
    answers: list[str]
    parts: list[Section]
    cut: tuple[int, int]


def test_values_are_hidden_wherever_they_stand_and_in_whatever_way_of_writing():
    values = Values([CODE], [("PERSON", "Ewa Nowak"), ("EMAIL", MAIL)])
    said = values.hidden(f"Ask NOWAK, Ewa or ewa_nowak ({MAIL}): 4817 2093, then 48172093!")
    assert said == "Ask [masked value] or [masked value] ([masked value]): [canary], then [canary]!"
    assert "nowak" not in values.hidden('{"who": "Ewa\\u0020Nowak"}').lower()
    assert values.hidden("Ewa said nothing of Nowak.") == "Ewa said nothing of Nowak."
    assert Values(["canary"], []).hidden("a canary, a canary") == "a [canary], a [canary]"


def test_all_texts_of_a_part_are_hidden_and_its_lights_and_numbers_stay():
    part = Said(
        light="green",
        said="It says Ewa Nowak.",
        word="better",
        answers=["Ewa Nowak", "nobody"],
        parts=[Section(light="red", said="ewa nowak")],
        cut=(1, 2),
    )
    found = hidden(part, Values(["green", "better"], [("PERSON", "Ewa Nowak")]))
    assert "nowak" not in found.model_dump_json().lower()
    assert (found.light, found.word, found.cut, found.answers[1]) == ("green", "better", (1, 2), "nobody")
    assert Said.model_validate_json(found.model_dump_json()) == found
    assert hidden(part, Values([], [])) is part
    assert hidden("Ewa Nowak cannot be read.", Values([], [("PERSON", "Ewa Nowak")])).startswith("[masked value]")


@pytest.fixture
def run(taught_run: Run) -> Run:
    (taught_run.folder / FILE).unlink(missing_ok=True)
    return taught_run


def test_no_report_has_a_canary_or_a_masked_value_and_it_is_gone_on_from_all_the_same(run: Run, monkeypatch):
    prompts = [f"Is {CODE} mine?", f"Write to {MAIL}!", "Where is it?"]
    rows = [
        Example(f"n{row}", row, (Message("user", prompt), Message("assistant", "track")), "track")
        for row, prompt in enumerate(prompts, 1)
    ]
    material = Material("new.csv", rows, material_of(run).train, [("EMAIL", MAIL)])
    settings = EvaluateSettings(parts=["scores"], most_tokens=4, few_shot=0, canaries=[CODE])
    report = examine(run, material, settings)
    for text in ((run.folder / FILE).read_text(encoding="utf-8"), page(report)):
        assert CODE not in text
        assert MAIL not in text
        assert "[canary] mine" in text
        assert "Write to [masked value]!" in text
    monkeypatch.setattr("core.evaluate.examine.measure_scores", None)  # making it again would break
    assert examine(run, material, settings).scores == report.scores


def test_a_canary_that_is_named_later_is_hidden_in_the_parts_that_are_kept(run: Run, monkeypatch):
    rows = [
        Example(f"n{row}", row, (Message("user", f"Is {CODE} mine, {row}?"), Message("assistant", "track")), "track")
        for row in (1, 2)
    ]
    material = Material("new.csv", rows, material_of(run).train)
    settings = EvaluateSettings(parts=["scores"], most_tokens=4, few_shot=0)
    assert CODE in examine(run, material, settings).scores.model_dump_json()
    monkeypatch.setattr("core.evaluate.examine.measure_scores", None)  # making it again would break
    found = examine(run, material, settings.model_copy(update={"canaries": [CODE]}))
    assert CODE not in found.model_dump_json() + (run.folder / FILE).read_text(encoding="utf-8")


def test_a_value_across_the_end_of_a_long_text_is_hidden_before_that_is_cut():
    prompt = "x" * (LONGEST_SHOWN - 5) + f" {CODE} {MAIL}"
    row = Example("n1", 1, (Message("user", prompt), Message("assistant", "track")), "track")
    given = {who: [Given("track", 1, True)] * 2 for who in ("base", "tuned")}
    losses = {who: np.ones((2, 2)) for who in given}
    found = scored(Asked([row, row], given, losses, 0, 64, []), [row], hide=Values([CODE], []).hidden)
    assert found.table[0].prompt.endswith("x [can …")
    assert CODE[:4] not in found.table[0].prompt


def test_why_masked_values_are_not_known_goes_with_the_rows(run: Run, monkeypatch):
    monkeypatch.setattr("core.actions.evaluate.material.masked_values", lambda *_: ([], "They were deleted."))
    assert material_of(run).unknown == "They were deleted."

"""What a form may choose here: what this machine or this model cannot do is marked, and says why once it is chosen."""

from pathlib import Path

import pytest

from core.actions import Lab, train


def test_where_all_can_be_done_nothing_is_marked_and_nothing_said(lab: Lab) -> None:
    for method in ("lora", "dora", "full"):
        found = train.possible(lab, "starter", method, "adamw")
        assert (found.method_said, found.optimizer_said) == ("", "")
    assert ("LoRA", "lora") in found.methods


@pytest.mark.usefixtures("no_bitsandbytes")
def test_what_is_chosen_and_cannot_be_done_says_why_at_once(lab: Lab) -> None:
    found = train.possible(lab, "starter", "qlora", "adamw-8bit")
    why = "cannot be used here: it needs bitsandbytes, which is not installed (pip install bitsandbytes)."
    assert (found.method_said, found.optimizer_said) == (f"QLoRA (4-bit) {why}", f"AdamW in 8 bits {why}")
    assert "— not here: " in next(label for label, value in found.methods if value == "qlora")
    assert train.possible(lab, "starter", "lora", "adamw").method_said == ""


def test_a_gguf_file_forbids_to_quantise_it_again(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "small.gguf").write_bytes(b"GGUF")
    found = train.possible(lab, str(tmp_path / "small.gguf"), "qlora", "adamw")
    assert found.method_said.startswith("QLoRA (4-bit) cannot be used here: a GGUF file is quantised already")
    assert sum("— not here: " in label for label, _ in found.methods) == 2


@pytest.mark.parametrize("model", ["", "no such/model", "/no/such.gguf", "someone/on-the-hub", None])
def test_a_model_that_is_not_there_is_left_to_the_plan(lab: Lab, model: str) -> None:
    assert train.possible(lab, model, "magic", "").method_said == ""

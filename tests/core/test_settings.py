"""Settings that are out of bounds say so in a sentence."""

from typing import Any

import pytest

from core.errors import SettingProblem
from core.settings import GenerateSettings, SplitSettings, TrainSettings


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"learning_rate": "abc"}, "Learning rate is “abc”; it must be a number of more than 0 and at most 1."),
        ({"learning_rate": -1}, "Learning rate is -1; it must be a number of more than 0 and at most 1."),
        ({"learning_rate": "nan"}, "Learning rate is “nan”"),
        ({"epochs": ""}, "Epochs is “”; it must be a number"),
        ({"epochs": None}, "Epochs is None"),
        ({"batch_size": 2.5}, "Batch size is 2.5; it must be a whole number"),
        ({"schedule": "zigzag"}, "it must be one of cosine, linear, constant."),
        ({"learning_rte": 1}, "There is no setting called “learning_rte”."),
    ],
)
def test_a_wrong_training_setting_is_named_with_its_bounds(values: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingProblem) as error:
        TrainSettings.parse(values)
    assert said in str(error.value)


def test_every_wrong_field_is_named_at_once() -> None:
    with pytest.raises(SettingProblem) as error:
        TrainSettings.parse({"epochs": 0, "lora_r": 0})
    assert "Epochs" in str(error.value)
    assert "LoRA rank" in str(error.value)


def test_text_from_a_form_becomes_numbers() -> None:
    settings = TrainSettings.parse({"learning_rate": "2e-4", "epochs": "1.5", "batch_size": "4"})
    assert (settings.learning_rate, settings.epochs, settings.batch_size) == (2e-4, 1.5, 4)


def test_a_form_field_knows_its_label_help_and_bounds() -> None:
    field = GenerateSettings.field("temperature")
    assert (field["label"], field["minimum"], field["maximum"]) == ("Temperature", 0, 2)
    assert field["info"]
    assert TrainSettings.field("schedule")["choices"] == ["cosine", "linear", "constant"]


def test_held_out_is_a_share_or_a_whole_count() -> None:
    assert SplitSettings.parse({"held_out": 60}).held_out == 60
    with pytest.raises(SettingProblem):
        SplitSettings.parse({"held_out": 1.5})

"""The starter model is packed in whatever precision it is trained: else a run would fill up its batches unseen."""

import pytest

from core.models import ModelSource, load_model
from core.packing import can_pack
from core.train.machine import Precision

pytestmark = [pytest.mark.slow, pytest.mark.starter]


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_the_starter_model_can_be_packed(starter: ModelSource, precision: Precision) -> None:
    assert can_pack(load_model(starter, precision))

"""What a run that breaks off says of its loss."""

import math

import pytest

from core.train.progress import Progress
from core.train.recipe import _advice


@pytest.mark.parametrize(
    ("last", "loss", "said"),
    [
        (math.nan, math.nan, "The loss stopped being a number at step 3"),
        (math.nan, 2.5, "The gradient stopped being a number at step 3"),
        (99.0, 99.0, "The loss has grown far above where it began at step 3"),
    ],
)
def test_what_broke_is_named(last: float, loss: float, said: str) -> None:
    assert _advice(Progress(step=3, last_losses=[last]), loss).startswith(said)

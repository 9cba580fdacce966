"""What the curves of a run say in words."""

import pytest

from core.train.advice import advice


def train(losses: list[float], norms: list[float] | None = None) -> list[dict[str, float]]:
    lengths = norms or [1.0] * len(losses)
    pairs = enumerate(zip(losses, lengths, strict=True), 1)
    return [{"step": step, "loss": loss, "norm": norm} for step, (loss, norm) in pairs]


def held_out(*losses: float, every: int = 10) -> list[dict[str, float]]:
    return [{"step": number * every, "loss": loss} for number, loss in enumerate(losses)]


FALLING = [3 - step * 0.05 for step in range(40)]


@pytest.mark.parametrize(
    ("measured", "steps", "words"),
    [
        (held_out(3.0), 40, "too early"),
        (held_out(3.0, 2.9, every=2), 400, "too early"),
        (held_out(3.0, 2.5, 2.0, 1.6, 1.2), 100, "is falling"),
        (held_out(3.0, 2.5, 2.0, 1.6, 1.2), 40, "still falling at the end"),
        (held_out(3.0, 2.5, 2.2, 2.4, 2.6), 40, "rises since step 20"),
        (held_out(3.0, 2.5, 2.2, 2.2, 2.2), 40, "has stopped falling"),
        (held_out(3.0, 3.1, 3.2, 3.3, 3.4), 40, "not fallen below where it began"),
    ],
)
def test_the_held_out_curve_is_put_in_words(measured: list[dict[str, float]], steps: int, words: str) -> None:
    assert words in advice(train(FALLING), measured, steps)[0]


def test_a_run_that_never_got_better_is_held_against_its_base_model() -> None:
    assert "the base model was better" in advice(train(FALLING), held_out(2.0, 2.4, 2.9), 20)[0]


def test_a_run_without_a_step_says_nothing() -> None:
    assert advice([], held_out(3.0), 40) == []


def test_without_held_out_rows_it_says_that_nobody_can_tell() -> None:
    assert "hold some out" in advice(train(FALLING), [], 40)[0]


def test_a_flat_train_loss_is_told_where_nothing_is_held_out() -> None:
    assert "hardly moves" in advice(train([2.0] * 40), [], 40)[0]


def test_a_train_loss_far_below_is_memorising_beside_learning() -> None:
    said = advice(train([3.0] * 20 + [0.1] * 20), held_out(3.0, 2.5, 2.0, 1.6, 1.2), 40)
    assert any("by heart" in sentence for sentence in said)


def test_a_jump_of_the_gradient_is_told_with_its_step() -> None:
    said = advice(train(FALLING, [1.0] * 30 + [50.0] + [1.0] * 9), held_out(3.0, 2.5, 2.0, 1.6, 1.2), 40)
    assert any("step 31" in sentence for sentence in said)
    assert not any("jumped" in sentence for sentence in advice(train(FALLING), held_out(3.0, 2.5), 40))

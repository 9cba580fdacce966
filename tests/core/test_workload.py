"""How much a run computes, and how much memory there is for it."""

import dataclasses
import math
from pathlib import Path
from typing import Any

import pytest

from core.format import Formatted, Rendered
from core.packing import packed
from core.settings import TrainSettings
from core.train import room, workload
from core.train.estimate import CODE, NEWEST_CODE, _code
from core.train.order import order
from core.train.plan import Prepared
from core.train.workload import Footprint, Multiplications, Workload, common_start, load_of, shrunk
from tests.core.test_estimate import made, row


@pytest.mark.parametrize(("steps", "evaluations"), [(1, 1), (6, 4), (7, 3), (10, 100), (400, 7)])
def test_evaluations_are_counted_as_the_recipe_makes_them(steps: int, evaluations: int) -> None:
    settings = TrainSettings.parse({"max_steps": steps, "evaluations": evaluations, "epochs": 100, "batch_size": 2})
    work = Workload(made(), settings, 10**6)
    every = max(1, math.ceil(steps / evaluations))
    due = [step for step in range(1, steps + 1) if step % every == 0 or step == steps]
    assert (work.steps, work.evaluations) == (steps, 1 + len(due))


def test_the_work_of_a_run_grows_as_its_rows_and_epochs_do() -> None:
    def tokens(prepared: Prepared, **values: Any) -> float:
        settings = TrainSettings.parse({"batch_size": 4, "epochs": 1, **values})
        return Workload(prepared, settings, 10**6).training().tokens

    once = made(count=12)
    everything = sum(len(each.ids) for each in once.train.rows)
    assert tokens(once) == everything
    many = made(count=120)
    assert tokens(many, epochs=100) == pytest.approx(100 * sum(len(each.ids) for each in many.train.rows), rel=0.001)
    assert tokens(once, packing=False) > everything
    longer = [dataclasses.replace(each, ids=[*range(1000, 1010), *each.ids]) for each in once.train.rows]
    shared = Prepared(Formatted(longer, [], []), once.held_out)
    assert tokens(shared) == pytest.approx(everything + 3 * 10)


def in_groups(prepared: Prepared) -> list[Rendered]:
    """Rows that begin alike in two groups, each row twice."""
    return [
        dataclasses.replace(each, ids=[place % 2 + 1] * 30 + each.ids, labels=[-100] * 30 + each.labels)
        for place, each in enumerate(prepared.train.rows)
        for _ in range(2)
    ]


def test_rows_count_as_they_are_packed() -> None:
    rows = in_groups(made(count=8))
    work = Workload(Prepared(Formatted(rows, [], []), made().held_out), TrainSettings.parse({"batch_size": 8}), 1)
    (part,) = ([rows[row] for row in part] for part in work.parts)
    batch = packed(part)
    assert work.training().tokens == batch.inputs["input_ids"].numel() < sum(len(each.ids) for each in part)
    segments = batch.inputs["segments"]
    pairs = sum(segment.reach - place for segment in segments for place in range(segment.end - segment.start))
    assert work.training().pairs == pytest.approx(pairs, rel=0.05)
    assert work.training().learned == len(batch.targets)


@pytest.mark.parametrize("values", [{}, {"accumulation": 2}, {"packing": False}])
def test_a_long_row_is_in_the_largest_part_wherever_it_comes(values: dict[str, Any]) -> None:
    rows = made(count=300).train.rows
    settings = TrainSettings.parse({"batch_size": 2, "epochs": 1, **values})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workload, "MOST_STEPS", 10)
        last = order([len(each.ids) for each in rows], settings, 150)[-1][0]
        prepared = Prepared(Formatted([*rows[:last], row(999, 60, 20), *rows[last + 1 :]], [], []), made().held_out)
        found = Workload(prepared, settings, 10**6)
        assert 999 in [each.row for each in found.largest()]
        assert len(found.parts) < 300


def test_a_container_bounds_what_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free, margin = room.free_bytes(), room.margin_bytes()
    monkeypatch.setattr(room, "CGROUP", tmp_path)
    assert room.free_bytes() == pytest.approx(free, rel=0.2)
    (tmp_path / "memory.max").write_text("100000000\n")
    (tmp_path / "memory.current").write_text("60000000\n")
    (tmp_path / "memory.stat").write_text("anon 1\ninactive_file 5000000\n")
    assert (room.free_bytes(), room.margin_bytes()) == (45_000_000, 5_000_000)
    assert room.margin_bytes() < margin
    (tmp_path / "memory.max").write_text("max\n")
    assert room.free_bytes() > 45_000_000


def test_a_common_beginning_is_computed_once_and_kept_where_rows_are_shortened() -> None:
    rows = [dataclasses.replace(each, ids=[*range(1000, 1080), *each.ids]) for each in made(count=4).train.rows]
    rows = [dataclasses.replace(each, labels=[-100] * 80 + each.labels) for each in rows]
    own = sum(len(each.ids) - 80 for each in rows)
    found = load_of(rows, packing=True)
    assert found.tokens == 80 + own
    assert found.pairs == 80**2 / 2 + sum((len(each.ids) ** 2 - 80**2) / 2 for each in rows)
    short = shrunk(rows, 80, (80 + own) // 4)
    assert common_start(short) == pytest.approx(20, abs=1)
    assert load_of(short, packing=True).tokens == pytest.approx((80 + own) / 4, abs=6)
    assert all(each.trained and each.labels[-1] == each.ids[-1] for each in short)
    assert shrunk(rows, 80, 10**6) == [
        dataclasses.replace(each, labels=[*each.labels[:-1], each.ids[-1]], full_length=len(each.ids)) for each in rows
    ]


def test_each_number_of_tokens_is_a_shape_of_its_own() -> None:
    def shapes(lengths: list[int]) -> int:
        rows = Formatted([row(number, length, 5) for number, length in enumerate(lengths)], [], [])
        return Workload(Prepared(rows, Formatted([], [], [])), TrainSettings.parse({"batch_size": 1}), 10**6).shapes

    assert [shapes(lengths) for lengths in ([20] * 4, [20, 20, 30, 40])] == [1, 3]


def test_every_further_number_of_tokens_takes_the_code_of_its_products(monkeypatch: pytest.MonkeyPatch) -> None:
    def code(lengths: range, products: int = 24) -> int:
        rows = Formatted([row(number, length, 5) for number, length in enumerate(lengths)], [], [])
        work = Workload(Prepared(rows, Formatted([], [], [])), TrainSettings.parse({"batch_size": 1}), 10**6)
        return _code(Footprint(0, 0, 0, 0, 0, products, Multiplications(1, 1, 1)), work)

    monkeypatch.delenv("ONEDNN_PRIMITIVE_CACHE_CAPACITY", raising=False)
    assert [code(range(20, 22)), code(range(20, 99), products=0)] == [0, 0]
    more = code(range(20, 40)) - code(range(20, 30))
    assert more == 10 * 24 * (CODE + NEWEST_CODE)
    all_of_them = code(range(20, 220))
    monkeypatch.setenv("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "24")
    assert code(range(20, 220)) == all_of_them - (1024 - 24) * NEWEST_CODE

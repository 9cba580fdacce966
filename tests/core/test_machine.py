"""Threads and precision: chosen by what a step took here, written down with the reason, and kept for a resume."""

import os
from pathlib import Path
from typing import Any

import pytest
import torch

from core.format import Formatted, Rendered
from core.models import ModelSource, resolve
from core.models.loading import building
from core.models.one_layer import one_layer
from core.settings import HOME, TrainSettings
from core.train.machine import Machine, at_work, choose, settle, threads_to_try
from core.train.plan import Prepared

ROWS = [Rendered(row, list(range(5, 25)), list(range(5, 25)), 20) for row in (1, 2, 3)]
PREPARED = Prepared(Formatted(ROWS, [], []), Formatted([], [], []))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> ModelSource:
    """A model of three layers, each large enough that its step takes a time worth measuring."""
    from transformers import LlamaConfig, LlamaForCausalLM

    folder = tmp_path_factory.mktemp("layers")
    with torch.random.fork_rng():
        config = LlamaConfig(
            vocab_size=5000,
            hidden_size=256,
            intermediate_size=256,
            num_hidden_layers=3,
            num_attention_heads=4,
            num_key_value_heads=2,
        )
        LlamaForCausalLM(config).save_pretrained(folder)
    return resolve(str(folder), folder.parent, HOME)


@pytest.mark.parametrize(
    ("seconds", "threads", "precision", "why"),
    [
        ({(1, "float32"): 2.0}, 1, "float32", "1 thread: this program may use one core."),
        ({(1, "float32"): 2.0, (2, "float32"): 1.25}, 2, "float32", "2 threads: 1.6 times as fast as 1."),
        ({(1, "float32"): 2.0, (2, "float32"): 1.9}, 1, "float32", "1 thread: 2 were only 1.1 times as fast."),
        ({(1, "float32"): 2.0, (2, "float32"): 14.0}, 1, "float32", "1 thread: 2 were only 0.1 times as fast."),
        (
            {(1, "float32"): 4.0, (2, "float32"): 2.0, (4, "float32"): 1.9},
            2,
            "float32",
            "2 threads: 2.0 times as fast as 1.",
        ),
        (
            {(1, "float32"): 3.8, (2, "float32"): 2.8, (1, "bfloat16"): 2.0, (2, "bfloat16"): 1.0},
            2,
            "bfloat16",
            "2 threads: 2.0 times as fast as 1. bfloat16: 2.8 times as fast as float32.",
        ),
        (
            {(1, "float32"): 2.0, (1, "bfloat16"): 1.95},
            1,
            "float32",
            "1 thread: this program may use one core. float32: bfloat16 was only 1.0 times as fast.",
        ),
        ({(1, "bfloat16"): 2.0, (2, "bfloat16"): 1.0}, 2, "bfloat16", "2 threads: 2.0 times as fast as 1."),
    ],
)
def test_the_quickest_is_chosen_where_it_is_worth_it(
    seconds: dict[Any, float], threads: int, precision: Any, why: str
) -> None:
    assert choose(seconds) == Machine(threads, precision, why)


@pytest.mark.parametrize(
    ("cores", "isolated", "tried"),
    [
        (1, False, [1]),
        (2, False, [1, 2]),
        (4, False, [1, 2, 3]),
        (4, True, [1, 2, 4]),
        (12, False, [1, 2, 4, 8, 11]),
    ],
)
def test_the_page_keeps_a_core_where_there_are_more_than_two(
    monkeypatch: pytest.MonkeyPatch, cores: int, isolated: bool, tried: list[int]
) -> None:
    monkeypatch.setattr("psutil.cpu_count", lambda logical: cores)
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: set(range(cores)), raising=False)
    monkeypatch.setattr("torch.get_num_threads", lambda: cores)
    assert threads_to_try(TrainSettings(isolated=isolated)) == tried


def test_fewer_threads_are_tried_where_the_user_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("psutil.cpu_count", lambda logical: 8)
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: set(range(8)), raising=False)
    monkeypatch.setattr("torch.get_num_threads", lambda: 2)  # OMP_NUM_THREADS=2
    assert threads_to_try(TrainSettings()) == [1, 2]


@pytest.mark.parametrize("values", [{}, {"packing": False}, {"method": "full"}, {"method": "dora"}])
def test_what_was_measured_is_written_down_and_kept(
    source: ModelSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, values: dict[str, Any]
) -> None:
    monkeypatch.setattr("core.train.machine.has_fast_bfloat16", lambda: True)
    before, random = torch.get_num_threads(), torch.get_rng_state()
    machine = settle(tmp_path, source, TrainSettings.parse(values), PREPARED)
    assert "times as fast" in machine.why
    assert (torch.get_num_threads(), torch.equal(torch.get_rng_state(), random)) == (before, True)
    monkeypatch.setattr("core.train.machine.one_layer", lambda source: pytest.fail("measured again"))
    assert settle(tmp_path, source, TrainSettings.parse(values), PREPARED) == machine


def test_a_precision_that_was_set_is_used(source: ModelSource, tmp_path: Path) -> None:
    for precision in ("float32", "bfloat16"):
        folder = tmp_path / precision
        folder.mkdir()
        assert settle(folder, source, TrainSettings(precision=precision), PREPARED).precision == precision


def test_a_model_whose_time_says_nothing_is_computed_in_the_same_way_each_time(
    tiny_model_folder: Path, tmp_path: Path
) -> None:
    tiny = resolve(str(tiny_model_folder), tiny_model_folder.parent, HOME)
    machine = settle(tmp_path, tiny, TrainSettings(), PREPARED)
    assert (machine.threads, machine.precision) == (1, "float32")


def test_a_model_of_another_build_is_not_measured(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "not-known-here"}')
    assert one_layer(ModelSource(str(tmp_path), "local folder", None, "odd")) is None


def test_a_layer_is_built_while_no_other_model_is(source: ModelSource, monkeypatch: pytest.MonkeyPatch) -> None:
    from transformers import AutoModelForCausalLM

    real, held = AutoModelForCausalLM.from_config, []

    def noted(*about: Any, **more: Any) -> Any:
        held.append(building._is_owned())  # type: ignore[attr-defined]
        return real(*about, **more)

    monkeypatch.setattr(AutoModelForCausalLM, "from_config", noted)
    assert one_layer(source) is not None
    assert held == [True, True]


def test_one_layer_has_the_shapes_of_the_model_and_its_weights_stay_on_disk(source: ModelSource) -> None:
    layer = one_layer(source)
    assert layer is not None
    assert (layer.config.num_hidden_layers, layer.config.hidden_size) == (1, 256)
    assert layer.dtype == torch.float32


def test_threads_are_as_before_afterwards_even_if_the_work_breaks() -> None:
    before = torch.get_num_threads()
    found: list[int] = []

    def work() -> None:
        with at_work(Machine(before + 1, "float32")):
            found.append(torch.get_num_threads())
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        work()
    assert [*found, torch.get_num_threads()] == [before + 1, before]


def test_waiting_threads_do_not_spin_unless_the_user_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from core.models import import_heavy

    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    import_heavy()
    assert os.environ["OMP_WAIT_POLICY"] == "PASSIVE"
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    import_heavy()
    assert os.environ["OMP_WAIT_POLICY"] == "ACTIVE"

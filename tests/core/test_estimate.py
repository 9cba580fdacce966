"""What a run is said to take before it starts, on the tiny model: counted memory, measured time, and what helps."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import LlamaConfig

from core.errors import LabError
from core.format import Formatted, Rendered
from core.models import ModelSource, load_tokenizer, resolve
from core.packing import losses, packed
from core.records import HELD_OUT, TRAIN, Dataset, Example, Message
from core.settings import HOME, TrainSettings
from core.train import estimate as estimating
from core.train import prepare
from core.train.context import model_config
from core.train.estimate import Estimator, Job, cut
from core.train.footprint import footprint
from core.train.live import FakeTensorMode, Live
from core.train.mends import mends
from core.train.methods import load_trainable
from core.train.order import PADDED
from core.train.plan import Prepared
from core.train.probe import CROWD, Probe
from core.train.workload import ASKED, Footprint, Multiplications, Workload

MEGABYTE = 2**20
PEAKS = {"process": 500, "small_peak": 510, "large_peak": 530, "looked_peak": 510}


def row(number: int, length: int, learned: int) -> Rendered:
    ids = [(number * 31 + place * 7) % 300 + 3 for place in range(length)]
    return Rendered(number, ids, [-100] * (length - learned) + ids[length - learned :], length)


def made(count: int = 12, length: int = 40, learned: int = 20, held_out: int = 2) -> Prepared:
    train, measured = (
        Formatted([row(number, length + number % 5, learned) for number in numbers], [], [])
        for numbers in (range(count), range(count, count + held_out))
    )
    return Prepared(train, measured)


@pytest.fixture(scope="module")
def source(tiny_model_folder: Path) -> ModelSource:
    return resolve(str(tiny_model_folder), tiny_model_folder.parent, HOME)


@pytest.fixture
def job(source: ModelSource, tmp_path: Path) -> Job:
    return Job(source, TrainSettings.parse({"batch_size": 4}), made(), 10**6, tmp_path)


def told(**changes: Any) -> Probe:
    """A probe that was never made."""
    values: dict[str, Any] = {field.name: 1.0 for field in dataclasses.fields(Probe)}
    peaks = {name: size * MEGABYTE for name, size in PEAKS.items()}
    return Probe(**{**values, "precision": "float32", "packed": True, "small": 1.0, "large": 3.0, **peaks, **changes})


@pytest.fixture
def probes(monkeypatch: pytest.MonkeyPatch) -> list[TrainSettings]:
    """The settings of all probes that were asked for; none is made."""
    asked: list[TrainSettings] = []

    def pretend(source: ModelSource, settings: TrainSettings, chosen: Any) -> Probe:
        asked.append(settings)
        return told()

    monkeypatch.setattr(estimating, "probe", pretend)
    return asked


def nothing() -> str:
    return ""


@pytest.fixture(scope="module")
def count(source: ModelSource) -> Callable[..., Footprint]:
    """The memory of a run with these settings, each counted once."""
    config, known = model_config(source), {}

    def counted(**values: Any) -> Footprint:
        settings = TrainSettings.parse({"batch_size": 4, "precision": "float32", **values})
        work = Workload(made(), settings, 10**6)
        if str(values) not in known:
            known[str(values)] = footprint(config, settings, "float32", work.largest(), work.largest_evaluation())
        return known[str(values)]

    return counted


@pytest.fixture
def proportional(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting made quick, where it is not what is tested: each token takes a megabyte."""

    def counted(config: Any, settings: TrainSettings, precision: str, part: Any, measured: Any) -> Footprint:
        step = sum(len(each.ids) for each in part) * MEGABYTE // (4 if settings.recompute else 1)
        weights = MEGABYTE * (10 if settings.quantization == "4bit" else 40)
        return Footprint(weights, MEGABYTE, 2 * MEGABYTE, step, 0, 0, Multiplications(1000, 1000, 1))

    monkeypatch.setattr("core.train.footprint.footprint", counted)


def test_what_is_counted_without_weights_is_what_the_real_model_keeps(
    job: Job, count: Callable[..., Footprint]
) -> None:
    settings = job.settings.model_copy(update={"precision": "float32"})
    rows = Workload(job.prepared, settings, 10**6).largest()
    model = load_trainable(job.source, settings, "float32")
    weights = {weight.untyped_storage().data_ptr() for weight in model.parameters()}
    kept: dict[int, int] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        loss = losses(model, packed(rows)).sum()
    found = count()
    assert loss.isfinite()
    assert sum(kept.values()) < found.step < 1.6 * sum(kept.values())
    trained = sum(weight.nbytes for weight in model.parameters() if weight.requires_grad)
    assert (found.trained, found.moments) == (trained, pytest.approx(2 * trained, rel=0.02))
    assert found.weights + found.trained == pytest.approx(sum(weight.nbytes for weight in model.parameters()), rel=0.01)


LESS = [
    ("step", {}, {"batch_size": 2}),
    ("step", {}, {"accumulation": 4}),
    ("step", {"packing": False}, {"packing": False, "recompute": True}),
    ("step", {"method": "dora"}, {}),
    ("weights", {}, {"method": "lora-8bit"}),
    ("weights", {"method": "lora-8bit"}, {"method": "qlora"}),
    ("trained", {"method": "full"}, {}),
    ("trained", {"lora_r": 32}, {}),
]


@pytest.mark.parametrize(("what", "more", "less"), LESS)
def test_what_takes_less_memory_is_counted_as_less(
    count: Callable[..., Footprint], what: str, more: dict[str, Any], less: dict[str, Any]
) -> None:
    assert getattr(count(**less), what) < getattr(count(**more), what)


def test_rank_stabilised_lora_takes_what_lora_takes(count: Callable[..., Footprint]) -> None:
    assert count(method="rslora") == count()


def test_a_tensor_counts_as_long_as_something_refers_to_it() -> None:
    live = Live()
    with FakeTensorMode(), live:
        first = torch.empty(100)
        view = first[:10]
        second = first * 2
        assert live.now == 800
        assert bool((second > first).all())
        del second
        del first
        assert live.now == 400
        del view
    assert (live.now, live.peak >= 800) == (0, True)


@pytest.mark.usefixtures("proportional")
def test_only_what_changes_the_measurement_is_measured_again(job: Job, probes: list[TrainSettings]) -> None:
    estimator = Estimator()
    first = estimator.estimate(job, nothing)
    same = {"epochs": 9, "learning_rate": 0.1, "batch_size": 2, "lora_r": 4, "accumulation": 2, "seed": 3}
    for name, value in same.items():
        found = estimator.estimate(job.changed(**{name: value}), nothing)
        assert (len(probes), found.seconds is not None) == (1, True)
    longer = estimator.estimate(job.changed(epochs=9), nothing)
    assert (longer.steps, first.steps) == (27, 9)
    assert (longer.seconds or 0) - (first.seconds or 0) > 18  # each step has an update of a second
    assert longer.peak == pytest.approx(first.peak, rel=0.05)
    others = ({"method": "dora"}, {"packing": False}, {"precision": "float32"}, {"recompute": True})
    for asked, changes in enumerate(others, 2):
        estimator.estimate(job.changed(**changes), nothing)
        assert len(probes) == asked


@pytest.mark.usefixtures("proportional")
def test_own_prompts_take_their_time_at_every_evaluation(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimating, "probe", lambda *_: told(asked=6.0, token=1.0, crowd=7.0))
    estimator = Estimator()
    few = estimator.estimate(job, nothing).seconds or 0
    more = estimator.estimate(job.changed(prompts=["Why?", "How?", "Who?", "When?"]), None).seconds or 0
    work = Workload(job.prepared, job.settings, 10**6)
    tokens = 48 + (work.evaluations - 1) * 21  # first to the longest answer, then as long as those of the rows
    assert more - few == pytest.approx(work.evaluations * 4 * 6 / ASKED + tokens * 4 * 6 / (CROWD - ASKED))


@pytest.mark.usefixtures("proportional")
def test_a_model_that_was_padded_when_measured_is_estimated_so(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    probes: list[TrainSettings] = []

    def pads(source: ModelSource, settings: TrainSettings, chosen: Any) -> Probe:
        probes.append(settings)
        return told(packed=False)

    monkeypatch.setattr(estimating, "probe", pads)
    estimator = Estimator()
    first = estimator.estimate(job, nothing)
    again, unpacked = (estimator.estimate(each, nothing) for each in (job, job.changed(packing=False)))
    assert (len(probes), first.said, unpacked.said) == (1, PADDED, "")
    assert first.seconds == again.seconds == unpacked.seconds is not None
    beside = Estimator().estimate(job, lambda: "A run is going on.")
    assert beside.said == ""


@pytest.mark.usefixtures("proportional")
def test_nothing_is_measured_where_it_must_not_be(job: Job, probes: list[TrainSettings]) -> None:
    estimator = Estimator()
    for why_not, said in ((lambda: "A run is going on.", "A run is going on."), (None, "not measured yet")):
        found = estimator.estimate(job, why_not)
        assert (found.seconds, probes) == (None, [])
        assert said in found.untimed
        assert found.peak > MEGABYTE
    named = dataclasses.replace(job, source=ModelSource("someone/else", "0" * 40, None, "someone/else"))
    estimator._configs[named.source] = estimator._config(job.source)
    assert "once the model's files are on this machine" in estimator.estimate(named, nothing).untimed
    assert probes == []


@pytest.mark.usefixtures("proportional")
def test_a_measurement_that_breaks_is_said_and_not_tried_again(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []

    def breaks(*_: Any) -> Probe:
        tries.append(1)
        raise LabError("The model cannot be loaded.")

    monkeypatch.setattr(estimating, "probe", breaks)
    estimator = Estimator()
    found = [estimator.estimate(job, nothing) for _ in range(2)]
    assert [each.untimed for each in found] == ["The model cannot be loaded."] * 2
    assert (len(tries), found[0].seconds) == (1, None)


def test_a_huge_model_is_known_not_to_fit_by_its_config_alone(tmp_path: Path, probes: list[TrainSettings]) -> None:
    LlamaConfig(
        hidden_size=8192,
        intermediate_size=28672,
        num_hidden_layers=80,
        num_attention_heads=64,
        num_key_value_heads=8,
        vocab_size=128_256,
    ).save_pretrained(tmp_path)
    source = ModelSource(str(tmp_path), "local folder", None, "huge")
    huge = Job(source, TrainSettings.parse({"precision": "bfloat16"}), made(), 10**6, tmp_path)
    estimator = Estimator()
    found = estimator.estimate(huge, nothing)
    assert found.parts["weights"] == pytest.approx(2 * 70.55e9, rel=0.01)
    quarter = estimator.estimate(huge.changed(method="qlora"), nothing)
    assert quarter.parts["weights"] == pytest.approx(0.53 * 68.4e9 + 2 * 2.1e9, rel=0.03)
    if found.peak > found.room:
        assert (found.fits, found.seconds, probes) == (False, None, [])


def test_a_model_that_cannot_be_counted_is_a_sentence(job: Job, tmp_path: Path) -> None:
    nowhere = dataclasses.replace(job, source=ModelSource(str(tmp_path / "no"), "local folder", None, "no"))
    with pytest.raises(LabError, match="The config of no cannot be read"):
        Estimator().estimate(nowhere, nothing)


@pytest.fixture
def tight(job: Job, proportional: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], Job]:
    """A job in a place with so many times its peak of room, apart from what the program itself holds."""

    def make(times: float) -> Job:
        big = dataclasses.replace(job, prepared=made(count=24, length=200, learned=190))
        monkeypatch.setattr(estimating, "own_bytes", lambda: 0)
        monkeypatch.setattr(estimating, "margin_bytes", lambda: 0)
        peak = Estimator().estimate(big).peak
        monkeypatch.setattr(estimating, "free_bytes", lambda: round(times * peak))
        return big

    return make


def test_a_run_that_does_not_fit_comes_with_changes_that_help(
    tight: Callable[[float], Job], probes: list[TrainSettings]
) -> None:
    job, estimator = tight(0.9), Estimator()
    found = estimator.estimate(job, nothing)
    assert (found.fits, found.seconds, probes) == (False, None, [])
    offered = mends(estimator, job, found)
    assert {name for mend in offered for name in mend.changes} >= {"accumulation", "max_tokens"}
    assert all(mend.estimate.peak < found.peak for mend in offered)
    assert [mend.estimate.fits for mend in offered] == sorted((mend.estimate.fits for mend in offered), reverse=True)
    shorter = next(mend for mend in offered if "max_tokens" in mend.changes)
    longer = sum(len(each.ids) > shorter.changes["max_tokens"] for each in job.prepared.train.rows)
    assert shorter.cost.startswith(f"Cuts {longer} rows at the end")
    best = offered[0]
    assert estimator.estimate(job.changed(**best.changes)).fits
    TrainSettings.parse({**job.settings.model_dump(), **best.changes})


def test_a_run_that_fits_needs_no_change_and_one_that_never_fits_is_offered_none_in_vain(
    tight: Callable[[float], Job],
) -> None:
    estimator = Estimator()
    job = tight(2)
    assert mends(estimator, job, estimator.estimate(job)) == []
    job = tight(0.0001)
    assert not any(mend.estimate.fits for mend in mends(estimator, job, estimator.estimate(job)))


def test_changes_that_are_only_enough_together_are_offered_as_one(tight: Callable[[float], Job]) -> None:
    estimator = Estimator()
    job = tight(1)
    found = estimator.estimate(job)
    alone = [mend.estimate.peak for mend in mends(estimator, *(job, dataclasses.replace(found, room=0)))]
    job = tight(0.97 * min(alone) / found.peak)
    offered = mends(estimator, job, estimator.estimate(job))
    assert (offered[0].title, len(offered[0].changes) > 1) == ("All of these", True)
    assert [mend.estimate.fits for mend in offered] == [True] + [False] * (len(offered) - 1)


def test_rows_cut_by_a_mend_are_those_that_a_shorter_maximum_would_give(source: ModelSource) -> None:
    rows = Dataset.of(
        Example(
            f"r{number}",
            number,
            (Message("user", "why " * number), Message("assistant", "so it is " * number)),
            None,
            HELD_OUT if number > 8 else TRAIN,
        )
        for number in range(1, 11)
    )
    tokenizer = load_tokenizer(source)
    whole, short = (prepare(tokenizer, rows, TrainSettings.parse({"max_tokens": most})) for most in (512, 64))
    again = cut(whole, 64)
    assert (again.train.rows, again.held_out.rows) == (short.train.rows, short.held_out.rows)
    assert again.train.cut == short.train.cut

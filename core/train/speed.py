"""What a probe tells of other runs: seconds and lost memory, as straight lines through its two steps. Without torch."""

import os
import tempfile
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

from core.train.probe import CROWD, Probe
from core.train.workload import ASKED, Footprint, Load, Workload

MOST_ANSWER_TOKENS = 48  # as in core.train.samples
MOST_WASTE = 2.0  # of a step's memory; a steeper line is an accident of the measurement
WRITTEN = 16 * 2**20  # bytes, to see how quick the disk is
USUAL_WRITE = 200e6  # bytes a second, of a plain SSD


@dataclass(frozen=True)
class Size:
    """A step of a probe: what was counted of it."""

    footprint: Footprint
    load: Load


@dataclass(frozen=True)
class Speed:
    """Seconds: once (`begin`), for each step (`update`), for each part of one (`part`), for each multiplication of a
    pass forward and back (`rate`) and of one forward alone (`look`), and for `ASKED` sample answers of an evaluation:
    to read their prompts (`asked`), and for a `token` of all of them; each further answer adds `more_token` to that.

    Memory beside what is counted: `process` bytes before the model, `waste` bytes and `waste_share` of a step, and
    `look_waste` bytes at an evaluation.
    """

    precision: str
    process: int
    begin: float
    update: float
    part: float
    rate: float
    look: float
    asked: float
    token: float
    more_token: float
    waste: int
    waste_share: float
    look_waste: int

    @classmethod
    def of(cls, probe: Probe, small: Size, large: Size, looked: Load) -> Self:
        """The lines through the two steps of a probe; neither part of a line is below nothing."""
        work = [size.load.multiplied(size.footprint.multiplications) for size in (small, large)]
        rate = (probe.large - probe.small) / (work[1] - work[0]) if work[1] > work[0] else 0.0
        part = probe.small - rate * work[0]
        if rate <= 0 or part < 0:
            rate, part = probe.large / work[1], 0.0
        forward = looked.multiplied(large.footprint.multiplications)
        waste, share = _waste(probe, small.footprint, large.footprint)
        found = large.footprint
        return cls(
            precision=probe.precision,
            process=probe.process,
            begin=probe.start + probe.settled + probe.loaded,
            update=probe.update,
            part=part,
            rate=rate,
            look=probe.looked / forward if forward else rate / 3,  # a pass back takes twice as long as one forward
            asked=probe.asked,
            token=probe.token,
            more_token=max(0.0, probe.crowd - probe.token) / (CROWD - ASKED),
            waste=waste,
            waste_share=share,
            look_waste=max(0, probe.looked_peak - probe.process - found.kept - found.look),
        )

    def seconds(self, work: Workload, found: Footprint, write: float) -> float:
        """Seconds of a whole run; `write` is how many bytes a second go to its folder.

        The prompts of a person are taken to be as long as those of the rows, and so are the answers to them.
        """
        by = found.multiplications
        steps = work.steps * self.update + work.parts_in_all * self.part + work.training().multiplied(by) * self.rate
        looks = work.evaluations * (work.evaluation().multiplied(by) * self.look + self.asked * work.answers / ASKED)
        tokens = min(MOST_ANSWER_TOKENS, work.longest_answer + 1)  # untrained, a model goes on to the end
        token = max(0.0, self.token + (work.answers - ASKED) * self.more_token)
        answers = (MOST_ANSWER_TOKENS + (work.evaluations - 1) * tokens) * token
        saves = work.evaluations * (found.trained + found.moments) / write
        return self.begin + steps + looks + answers + saves


def _waste(probe: Probe, small: Footprint, large: Footprint) -> tuple[int, float]:
    """What was held beyond what was counted: a fixed part, and a share of the step's memory."""
    lost = [
        max(0, peak - probe.process - size.kept - size.step)
        for peak, size in ((probe.small_peak, small), (probe.large_peak, large))
    ]
    more = large.step - small.step
    share = min(MOST_WASTE, max(0.0, (lost[1] - lost[0]) / more)) if more > 0 else 0.0
    return max(0, round(lost[1] - share * large.step)), share


@lru_cache(maxsize=16)
def write_speed(folder: Path) -> float:
    """Bytes a second that reach the disk on which this folder is, measured once; `USUAL_WRITE` where that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            began = time.perf_counter()
            file.write(bytes(WRITTEN))
            file.flush()
            os.fsync(file.fileno())
            return WRITTEN / max(1e-6, time.perf_counter() - began)
    except OSError:  # a run says itself that it cannot write
        return USUAL_WRITE

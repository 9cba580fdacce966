"""Training. `run(run_dir)` is the only way a run is trained: in a thread of the app, or by `python -m core.train`."""

from core.train.door import run
from core.train.plan import Plan, count_steps, make_plan, prepare

__all__ = ["Plan", "count_steps", "make_plan", "prepare", "run"]

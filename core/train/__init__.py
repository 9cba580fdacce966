"""Training. `run(run_dir)` is the only way a run is trained: in a thread of the app, or by `python -m core.train`."""

from core.train.advice import advice
from core.train.apart import run_apart
from core.train.door import run
from core.train.order import count_steps
from core.train.plan import Plan, make_plan, prepare

__all__ = ["Plan", "advice", "count_steps", "make_plan", "prepare", "run", "run_apart"]

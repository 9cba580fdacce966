"""How much memory there is for a run, and how much the program itself takes. Imports torch inside functions."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import psutil

CGROUP = Path("/sys/fs/cgroup")  # version 2, as in containers of today
MARGIN = 0.05  # of all memory: what the system and a browser need besides
FRESH_PROCESS = 530 * 2**20  # bytes of `python -m core.train` before its model; torch 2.13, transformers 5.23
_unseen = ContextVar(
    "unseen", default=(0, 0)
)  # bytes that stay, and bytes that come back, of which nothing is seen here


def on_gpu() -> bool:
    """Whether runs are computed on a GPU with memory of its own."""
    if "torch" not in sys.modules:
        return False
    import torch

    return bool(torch.cuda.is_available())


def own_bytes() -> int:
    """What this process holds in main memory."""
    return int(psutil.Process().memory_info().rss)


def free_bytes() -> int:
    """What may still be taken: of the GPU, or of main memory and of the share that a container is given."""
    if on_gpu():
        import torch

        return int(torch.cuda.mem_get_info()[0])
    return min([int(psutil.virtual_memory().available), *_container()])


def coming_back_bytes() -> int:
    """What a run that goes on gives back when it ends: in this process, or in one of its own, which this one began.

    All that this process has taken since it was fresh counts as the run's, but for what is said to stay.
    """
    stays, apart = _unseen.get()
    if on_gpu():
        import torch

        return max(0, int(torch.cuda.memory_reserved()) - stays) + apart
    children = sum(map(_resident, psutil.Process().children(recursive=True)))
    return max(0, own_bytes() - FRESH_PROCESS - stays) + children + apart


@contextmanager
def beside(stays: int, apart: int) -> Iterator[None]:
    """Tell `coming_back_bytes` within it what it cannot see, in bytes.

    `stays` is of this process, and no run's; `apart` comes back of runs in processes that another program began.
    """
    token = _unseen.set((stays, apart))
    try:
        yield
    finally:
        _unseen.reset(token)


def margin_bytes() -> int:
    """What is better left free."""
    if on_gpu():
        import torch

        return int(MARGIN * torch.cuda.mem_get_info()[1])
    return round(MARGIN * min([int(psutil.virtual_memory().total), *_limit()]))


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:  # it has just ended
        return 0


def _container() -> list[int]:
    """Bytes left below the limit of the container, files in its cache not counted; none where there is no limit."""
    try:
        used = int((CGROUP / "memory.current").read_text())
        cached = dict(line.split() for line in (CGROUP / "memory.stat").read_text().splitlines())
        return [limit - used + int(cached.get("inactive_file", 0)) for limit in _limit()]
    except (OSError, ValueError):  # no such container
        return []


def _limit() -> list[int]:
    try:
        return [int((CGROUP / "memory.max").read_text())]
    except (OSError, ValueError):  # there is none, or it says "max"
        return []

"""Waiting for what another thread or process does."""

import time
from collections.abc import Callable
from typing import Any

SECONDS = 60  # until waiting is given up


def wait_until(holds: Callable[[], Any]) -> None:
    """Return as soon as `holds` says so; fails after `SECONDS`."""
    end = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)

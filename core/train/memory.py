"""Memory of this process, or of the GPU where there is one; and giving it back. Imports torch inside functions."""

import ctypes
import gc
import sys

import psutil

MEGABYTE = 2**20


def used_mb() -> float:
    """Megabytes in use: the most of the GPU since the last look, or what this process holds."""
    import torch

    if torch.cuda.is_available():
        peak = float(torch.cuda.max_memory_allocated()) / MEGABYTE
        torch.cuda.reset_peak_memory_stats()
        return peak
    return float(psutil.Process().memory_info().rss) / MEGABYTE


def give_back() -> None:
    """Return to the system what is no longer used: the C library of Linux keeps it otherwise."""
    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    trim()


def trim() -> None:
    """Return the blocks of main memory that are free now; in milliseconds, unlike the search of `give_back`."""
    if sys.platform == "linux":
        try:
            ctypes.CDLL("libc.so.6").malloc_trim(0)
        except (OSError, AttributeError):  # another C library, which has no such call
            return

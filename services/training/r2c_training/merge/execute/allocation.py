"""Keeps memory that was freed for the next tile, instead of handing it back to the system.

glibc gives arrays of more than 128 KiB pages of their own, which the kernel clears again for every
tile: half of the CPU of a merge went there. Other C libraries are left alone.
"""

from __future__ import annotations

import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""From malloc.h."""


def keep_freed_memory() -> None:
    """From now on, arrays below 32 MiB come from memory that the process has; once is enough."""
    if not sys.platform.startswith("linux"):
        return
    try:
        adjust = ctypes.CDLL(None).mallopt
    except AttributeError:
        return
    adjust(_MMAP_THRESHOLD, 32 << 20)
    adjust(_TRIM_THRESHOLD, 128 << 20)

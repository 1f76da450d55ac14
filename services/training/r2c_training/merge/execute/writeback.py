"""Lets the disk begin to write while the merge goes on, instead of all at the end.

The kernel holds written pages back for seconds; a merge that takes one would then wait for all of
them at its end. Linux alone has the call; elsewhere nothing happens, and the end waits longer.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable

_WRITE = 2
"""SYNC_FILE_RANGE_WRITE, from linux/fs.h: begin, and do not wait."""


def _found() -> Callable[[int, int, int, int], int] | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        call = ctypes.CDLL(None, use_errno=True).sync_file_range
    except AttributeError:
        return None
    call.argtypes = (ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_uint)
    call.restype = ctypes.c_int
    begin: Callable[[int, int, int, int], int] = call
    return begin


_sync_file_range = _found()


def begin_writing(file: int, at: int, size: int) -> None:
    """Ask for the bytes [at, at + size) to be written to the disk soon.

    It promises nothing: what must be on the disk is waited for with fsync, which also tells errors.
    """
    if _sync_file_range is not None:
        _sync_file_range(file, at, size, _WRITE)

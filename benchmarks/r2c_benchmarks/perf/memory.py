"""The most memory that a piece of work needs, as the system counts it."""

from __future__ import annotations

import resource
import sys
from contextlib import suppress
from pathlib import Path

_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


class Peak:
    """Counts from now on; where the system cannot forget earlier peaks, over the whole process."""

    def __init__(self) -> None:
        with suppress(OSError):
            _RESET.write_text("5", encoding="ascii")  # the peak is what is held now
        self._before = _held("VmRSS") or _largest()

    def found(self) -> tuple[int, int]:
        """Bytes at the peak beyond those at the beginning, and all of them."""
        most = max(_held("VmHWM") or _largest(), self._before)
        return most - self._before, most


def _held(name: str) -> int:
    """A figure of the status of this process, in bytes; 0 where there is none."""
    try:
        lines = _STATUS.read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    found = [line.split()[1] for line in lines if line.startswith(f"{name}:")]
    return 1024 * int(found[0]) if found else 0


def _largest() -> int:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else 1024 * most

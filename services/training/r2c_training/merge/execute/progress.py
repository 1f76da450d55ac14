"""Tells how far a long pass is: share, megabytes a second, time left; on standard error."""

from __future__ import annotations

import sys
import time
from threading import Lock


class Progress:
    """Counts bytes towards a total and prints a line now and then."""

    def __init__(self, what: str, total: int, *, quiet: bool = False) -> None:
        self._what, self._total, self._quiet = what, max(total, 1), quiet
        self._done, self._began, self._lock = 0, time.monotonic(), Lock()
        self._live = sys.stderr.isatty()
        self._next = self._began + (0.2 if self._live else 5.0)

    def advance(self, count: int) -> None:
        """Say that so many bytes more are done."""
        with self._lock:
            self._done += count
            now = time.monotonic()
            if self._quiet or now < self._next:
                return
            self._next = now + (0.2 if self._live else 5.0)
            self._print(now - self._began)

    def close(self) -> None:
        """Leave the line."""
        if self._live and not self._quiet:
            sys.stderr.write("\n")

    def _print(self, seconds: float) -> None:
        pace = self._done / seconds
        left = max(self._total - self._done, 0) / pace if pace else 0.0
        share = min(100 * self._done // self._total, 100)
        line = f"{self._what}: {share}%, {pace / 1e6:.0f} MB/s, {left:.0f} s left"
        sys.stderr.write(f"\r{line:<60}" if self._live else f"{line}\n")
        sys.stderr.flush()

"""Progress of a run, one line a problem, with the time still to go; written to standard error."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TextIO

from r2c_benchmarks.record import Record
from r2c_benchmarks.score import matches


class Progress:
    """Tells what happened to each problem and how long the rest will take."""

    def __init__(self, stream: TextIO, total: int, before: Sequence[Record], workers: int) -> None:
        """`before` are the records that an earlier start left."""
        self._stream = stream
        self._total = total
        self._done = len(before)
        self._right = sum(map(matches, before))
        self._workers = workers
        self._seconds: list[float] = []
        if before:
            self._write(f"continuing: {self._done} of {total} problems are done")

    def tell(self, record: Record) -> None:
        """One more problem is done."""
        self._done += 1
        self._right += matches(record)
        self._seconds.append(record.seconds)
        self._write(
            f"[{self._done}/{self._total}] {record.id:<20} {self._word(record):<12} "
            f"{record.seconds:6.1f} s | right {self._right} of {self._done} | {self._to_go()}"
        )

    def _word(self, record: Record) -> str:
        if matches(record):
            return "right"
        return "wrong" if record.objective is not None else record.outcome

    def _to_go(self) -> str:
        left = self._total - self._done
        if not left:
            return "done"
        mean = sum(self._seconds) / len(self._seconds)
        seconds = mean * left / self._workers
        ready = time.strftime("%H:%M", time.localtime(time.time() + seconds))
        return f"{left} to go, about {_span(seconds)}, until {ready}"

    def _write(self, line: str) -> None:
        self._stream.write(line + "\n")
        self._stream.flush()


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"

"""Progress of a run, one line a problem, with what it cost so far and the time still to go."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from r2c_benchmarks.record import Record
from r2c_benchmarks.score import matches

_MILLION = 1_000_000


@dataclass(frozen=True)
class Prices:
    """What a million tokens cost, in whatever money; cached tokens are taken at the full price."""

    read: float = 0.0
    written: float = 0.0

    def cost(self, read: float, written: float) -> float:
        """What so many tokens cost."""
        return (read * self.read + written * self.written) / _MILLION


class Progress:
    """Tells what happened to each problem, what all cost and how long the rest will take."""

    def __init__(
        self,
        stream: TextIO,
        total: int,
        before: Sequence[Record],
        workers: int,
        prices: Prices | None = None,
    ) -> None:
        """Begin to tell.

        Args:
            stream: Where to.
            total: How many problems there are.
            before: The records that an earlier start left.
            workers: How many problems are attempted at the same time.
            prices: Of tokens; without them no cost is told.
        """
        self._stream = stream
        self._total = total
        self._done = len(before)
        self._right = sum(map(matches, before))
        self._workers = workers
        self._prices = prices
        self._seconds: list[float] = []
        self._read = sum(record.prompt_tokens for record in before)
        self._written = sum(record.completion_tokens for record in before)
        if before:
            self._write(
                f"continuing: {self._done} of {total} problems are done, "
                f"{', '.join(self._cost())} so far"
            )

    def tell(self, record: Record) -> None:
        """One more problem is done."""
        self._done += 1
        self._right += matches(record)
        self._seconds.append(record.seconds)
        self._read += record.prompt_tokens
        self._written += record.completion_tokens
        self._write(
            f"[{self._done}/{self._total}] {record.id:<20} {self._word(record):<12} "
            f"{record.seconds:6.1f} s | right {self._right} of {self._done} | "
            f"{', '.join(self._cost())} | {self._to_go()}"
        )

    def _word(self, record: Record) -> str:
        if matches(record):
            return "right"
        return "wrong" if record.objective is not None else record.outcome

    def _cost(self) -> list[str]:
        """The tokens of all problems that are done, and the money; what it will come to."""
        told = [f"tokens {_amount(self._read)} in {_amount(self._written)} out"]
        if self._prices is not None:
            cost = self._prices.cost(self._read, self._written)
            whole = cost * self._total / self._done
            of = "" if self._done == self._total else f" of about {whole:.3g}"
            told.append(f"cost {cost:.3g}{of}")
        return told

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


def _amount(tokens: int) -> str:
    """Tokens as they are read at a glance: 950, 12.3k, 4.56M."""
    if tokens < 1000:
        return str(tokens)
    return f"{tokens / 1000:.1f}k" if tokens < _MILLION else f"{tokens / _MILLION:.2f}M"


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"

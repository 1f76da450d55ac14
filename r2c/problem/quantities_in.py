"""The numbers in a part of a text, found without going through all others."""

from __future__ import annotations

from bisect import bisect_left

from r2c.problem.found_once import found_once
from r2c.problem.schema import Problem, Quantity, Span


def quantities_in(problem: Problem, span: Span) -> tuple[Quantity, ...]:
    """The numbers that lie wholly inside a span, in written order."""
    starts = _starts(problem)
    first, last = bisect_left(starts, span.start), bisect_left(starts, span.end)
    return tuple(item for item in problem.quantities[first:last] if item.span.end <= span.end)


@found_once
def _starts(problem: Problem) -> tuple[int, ...]:
    return tuple(item.span.start for item in problem.quantities)

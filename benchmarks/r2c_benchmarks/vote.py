"""A vote on the optimum: which value do most samples agree on?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pydantic import JsonValue

from r2c_benchmarks.method import Attempt

CLOSE = 1e-6
"""Relative difference up to which two optima count as the same."""


def same(one: float, other: float, tolerance: float = CLOSE) -> bool:
    """Whether two optima agree, relative to their size but at least to 1."""
    return abs(one - other) <= tolerance * max(1.0, abs(one), abs(other))


def elect(values: Sequence[float | None]) -> tuple[int, int] | None:
    """The sample that speaks for the largest group, and the size of that group.

    None takes no part. Among groups of one size the one whose first sample came first wins.

    Returns:
        Position of the group's first sample and its votes, or None if nobody took part.
    """
    best: tuple[int, int] | None = None
    for place, value in enumerate(values):
        if value is None:
            continue
        votes = sum(other is not None and same(value, other) for other in values)
        if best is None or votes > best[1]:
            best = place, votes
    return best


def voted(attempts: Sequence[Attempt], **details: JsonValue) -> Attempt:
    """The attempt that stands for all: the vote's winner, or the commonest failure.

    Args:
        attempts: One or more; those without an optimum do not vote.
        details: What else is to be kept beside the outcomes of all.
    """
    kept: dict[str, JsonValue] = {
        "outcomes": [attempt.outcome for attempt in attempts],
        "objectives": [attempt.objective for attempt in attempts],
        "truncated": [attempt.truncated for attempt in attempts],
        **details,
    }
    executable = any(attempt.executable for attempt in attempts)
    won = elect([each.objective if each.outcome == "optimal" else None for each in attempts])
    if won is not None:
        place, votes = won
        return replace(attempts[place], executable=executable, details={**kept, "votes": votes})
    outcome = Counter(attempt.outcome for attempt in attempts).most_common(1)[0][0]
    first = next(attempt for attempt in attempts if attempt.outcome == outcome)
    return replace(first, executable=executable, details={**kept, "votes": 0})

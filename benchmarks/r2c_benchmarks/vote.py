"""A vote on the optimum: which value do most samples agree on?"""

from __future__ import annotations

from collections.abc import Sequence

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

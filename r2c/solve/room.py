"""How far amounts of a plan may lie apart and still be told as the same."""

from __future__ import annotations

ROOM, SHARE = 1e-6, 1e-9
"""The solver's tolerance, and the rounding of large amounts: one in two million is a difference."""


def room(*amounts: float) -> float:
    """The difference of these finite amounts that means nothing."""
    return max(ROOM, SHARE * max(map(abs, amounts)))

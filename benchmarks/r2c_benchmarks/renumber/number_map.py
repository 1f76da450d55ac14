"""Which number of a formulation becomes which when its problem is told with other numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

_SCALES = (100.0, 60.0, 1000.0)
"""What people multiply or divide a told number by: per cent, minutes, thousandths."""
_DIGITS = 9


class Unclear(Exception):
    """A number of the formulation may stand for several told numbers that become different ones."""


class NumberMap:
    """From numbers told to the numbers told in their place.

    Args:
        old: The numbers told, in order.
        new: Those told instead, in the same order.
    """

    def __init__(self, old: Sequence[float], new: Sequence[float]) -> None:
        self._new: dict[float, set[float]] = {}
        for one, other in zip(old, new, strict=True):
            self._new.setdefault(_rounded(one), set()).add(other)

    def __call__(self, value: float) -> float:
        """What a number of the formulation becomes; one that was not told stays.

        A number that is not whole may be a told one in another unit, 0.45 for 45%.

        Raises:
            Unclear: if that cannot be told.
        """
        if not math.isfinite(value):
            return value
        size = abs(value)
        found = self._told(size)
        if found is None:
            found = self._scaled(size)
        return value if found is None else math.copysign(found, value)

    def _told(self, size: float) -> float | None:
        found = self._new.get(_rounded(size), set())
        if len(found) > 1:
            raise Unclear(f"{size:g} is told several times")
        return next(iter(found), None)

    def _scaled(self, size: float) -> float | None:
        told: dict[float, float] = {}
        for scale in _SCALES:
            for factor in (scale, 1 / scale):
                other = self._told(size * factor) if size else None
                if other is not None:
                    told[factor] = other / factor
        changed = {value for value in told.values() if _rounded(value) != _rounded(size)}
        if not changed:
            return None
        if len(changed) > 1 or float(size).is_integer():
            # A whole number may also be one that only counts, such as the number of weeks.
            raise Unclear(f"{size:g} may be told in another unit")
        return changed.pop()


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")

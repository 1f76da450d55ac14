"""Rows that no whole numbers can satisfy, whatever their bounds: `2*x + 2*y == 7`.

Branching on such a row without bounds never ends, and with bounds it takes every value in turn.
"""

from __future__ import annotations

import math

from r2c.solve.matrix import Matrix

EXACT = 2.0**53
"""Whole numbers up to here are exact as floating point numbers."""


def without_whole_point(matrix: Matrix) -> bool:
    """Whether some row over whole numbers lies between two multiples of its greatest divisor."""
    for row in range(matrix.shape[0]):
        span = slice(int(matrix.starts[row]), int(matrix.starts[row + 1]))
        if not matrix.integer[matrix.columns[span]].all():
            continue
        factors = matrix.values[span].tolist()
        if not all(factor.is_integer() and abs(factor) < EXACT for factor in factors):
            continue
        divisor = math.gcd(*(int(factor) for factor in factors))
        low, high = float(matrix.row_lower[row]), float(matrix.row_upper[row])
        if divisor and max(abs(low), abs(high)) < EXACT:
            # A room as wide as the solver's, so that both say the same of a row.
            room = 1e-6 * max(1.0, abs(low), abs(high))
            if math.ceil((low - room) / divisor) > math.floor((high + room) / divisor):
                return True
    return False

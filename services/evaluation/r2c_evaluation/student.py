"""Quantiles of Student's t distribution, for whole degrees of freedom.

Abramowitz and Stegun, "Handbook of Mathematical Functions", 1964, 26.7.3 and 26.7.4: finite sums
for the probability that |T| is at most t.
"""

from __future__ import annotations

import math
from functools import cache

_STEPS = 200
"""Of a bisection that ends earlier, when the ends are neighbours."""


def within(t: float, freedom: int) -> float:
    """The probability that |T| is at most t.

    Raises:
        ValueError: if t is negative or there is no degree of freedom.
    """
    if t < 0 or freedom < 1:
        raise ValueError(f"t = {t} with {freedom} degrees of freedom")
    angle = math.atan(t / math.sqrt(freedom))
    sine, square = math.sin(angle), math.cos(angle) ** 2
    odd = freedom % 2
    term, total = math.cos(angle) if odd else 1.0, 0.0
    for step in range(freedom // 2):
        total += term
        term *= square * (2 * step + 1 + odd) / (2 * step + 2 + odd)
    return 2 / math.pi * (angle + sine * total) if odd else sine * total


@cache
def t_quantile(freedom: int, share: float = 0.95) -> float:
    """The t with |T| at most t in this share of cases, so that a mean has `mean +- t * error`.

    Raises:
        ValueError: if there is no degree of freedom or the share is not between 0 and 1.
    """
    if not 0 < share < 1:
        raise ValueError(f"a share of {share}")
    low, high = 0.0, 1.0
    while within(high, freedom) < share:
        high *= 2
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if within(middle, freedom) < share else (low, middle)
    return (low + high) / 2

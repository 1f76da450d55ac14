"""Intervals around proportions and around the difference of two methods on the same problems.

Wilson, "Probable inference, the law of succession, and statistical inference", 1927; McNemar,
"Note on the sampling error of the difference between correlated proportions", 1947.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Z = 1.959963984540054
"""The normal quantile of 97.5%."""
RESAMPLES = 20_000


def wilson(successes: int, trials: int, z: float = Z) -> tuple[float, float]:
    """Wilson's score interval of a proportion; (0, 1) without trials.

    Raises:
        ValueError: if there are more successes than trials, or negative ones.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} successes in {trials} trials")
    if trials == 0:
        return 0.0, 1.0
    share, square = successes / trials, z * z / trials
    centre = (share + square / 2) / (1 + square)
    half = z / (1 + square) * math.sqrt(share * (1 - share) / trials + square / (4 * trials))
    # The ends are exact where all or none succeed; rounding must not push them out.
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == trials else min(1.0, centre + half)
    return low, high


@dataclass(frozen=True)
class Paired:
    """Two methods on the same problems.

    `difference` is the accuracy of the first minus that of the second, `low` and `high` its 95%
    bootstrap interval over problems, `p` McNemar's exact two-sided probability.
    """

    count: int
    both: int
    only_first: int
    only_second: int
    difference: float
    low: float
    high: float
    p: float

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval lies on one side of 0."""
        return self.low > 0 or self.high < 0


def paired(first: Sequence[bool], second: Sequence[bool], seed: int = 0) -> Paired:
    """Compare two methods, problem by problem.

    Raises:
        ValueError: if the two are not about the same number of problems, or about none.
    """
    if len(first) != len(second) or not first:
        raise ValueError(f"{len(first)} and {len(second)} problems cannot be paired")
    count = len(first)
    both = sum(a and b for a, b in zip(first, second, strict=True))
    plus, minus = sum(first) - both, sum(second) - both
    low, high = _bootstrap(plus, minus, count, seed)
    difference = (plus - minus) / count
    return Paired(count, both, plus, minus, difference, low, high, mcnemar(plus, minus))


def mcnemar(plus: int, minus: int) -> float:
    """The exact probability of a split at least this uneven if both methods were equally good."""
    discordant = plus + minus
    tail = sum(math.comb(discordant, k) for k in range(min(plus, minus) + 1))
    return min(1.0, tail / 2 ** (discordant - 1)) if discordant else 1.0


def _bootstrap(plus: int, minus: int, count: int, seed: int) -> tuple[float, float]:
    # Drawing problems with replacement is drawing their three kinds from a multinomial.
    shares = np.array([plus, minus, count - plus - minus]) / count
    drawn = np.random.default_rng(seed).multinomial(count, shares, RESAMPLES)
    low, high = np.percentile((drawn[:, 0] - drawn[:, 1]) / count, [2.5, 97.5])
    return float(low), float(high)

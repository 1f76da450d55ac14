"""Intervals around proportions and around the difference of two methods on the same problems.

Wilson, "Probable inference, the law of succession, and statistical inference", 1927; McNemar,
"Note on the sampling error of the difference between correlated proportions", 1947; Tango,
"Equivalence test and confidence interval for the difference in proportions for the paired-sample
design", Statistics in Medicine 17, 1998, section 4.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Z = 1.959963984540054
"""The normal quantile of 97.5%."""
_STEPS = 60
"""Of a bisection; more than enough for doubles."""


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

    `difference` is the accuracy of the first minus that of the second, `low` and `high` Tango's 95%
    score interval, `p` McNemar's exact two-sided probability.
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
        """Whether the interval lies on one side of 0, and the exact test agrees.

        With few problems that only one method solves the interval alone is too eager.
        """
        return (self.low > 0 or self.high < 0) and self.p < 0.05


def paired(first: Sequence[bool], second: Sequence[bool]) -> Paired:
    """Compare two methods, problem by problem.

    Raises:
        ValueError: if the two are not about the same number of problems, or about none.
    """
    if len(first) != len(second) or not first:
        raise ValueError(f"{len(first)} and {len(second)} problems cannot be paired")
    count = len(first)
    both = sum(a and b for a, b in zip(first, second, strict=True))
    plus, minus = sum(first) - both, sum(second) - both
    low, high = tango(plus, minus, count)
    difference = (plus - minus) / count
    return Paired(count, both, plus, minus, difference, low, high, mcnemar(plus, minus))


def mcnemar(plus: int, minus: int) -> float:
    """The exact probability of a split at least this uneven if both methods were equally good."""
    discordant = plus + minus
    tail = sum(math.comb(discordant, k) for k in range(min(plus, minus) + 1))
    return min(1.0, tail / 2 ** (discordant - 1)) if discordant else 1.0


def tango(plus: int, minus: int, count: int, z: float = Z) -> tuple[float, float]:
    """Tango's score interval of the difference of two paired proportions.

    It holds the differences d with |plus - minus - count*d| <= z*sqrt(count*(2*q + d*(1 - d))),
    where q is the likeliest share of problems that only the second solves, were the difference d:
    the larger root of 2*count*q^2 + b*q - minus*d*(1 - d) = 0 with b = (2*count - plus + minus)*d
    - plus - minus.

    Args:
        plus: Problems that only the first solves.
        minus: Problems that only the second solves.
        count: All problems, at least 1.
        z: The normal quantile.
    """

    def statistic(difference: float) -> float:
        linear = (2 * count - plus + minus) * difference - plus - minus
        constant = -minus * difference * (1 - difference)
        root = math.sqrt(max(0.0, linear * linear - 8 * count * constant))
        share = (root - linear) / (4 * count)
        variance = count * (2 * share + difference * (1 - difference))
        distance = plus - minus - count * difference
        # At the ends of -1 to 1 the variance may vanish; what is farther away stays farther.
        return distance / math.sqrt(max(variance, 1e-12))

    middle = (plus - minus) / count
    return _crossing(statistic, z, -1.0, middle), _crossing(statistic, -z, middle, 1.0)


def _crossing(falling: Callable[[float], float], level: float, low: float, high: float) -> float:
    """Where a falling function crosses a level; the end that it does not reach it before."""
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if falling(middle) > level:
            low = middle
        else:
            high = middle
    return (low + high) / 2

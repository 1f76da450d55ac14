"""How far probabilities can be believed: Brier score, calibration error, risk over coverage.

Brier, Monthly Weather Review 78, 1950; Naeini, Cooper and Hauskrecht, AAAI 2015 (bins of equal mass
as Nguyen and O'Connor, EMNLP 2015); El-Yaniv and Wiener, "On the foundations of noise-free
selective classification", JMLR 11, 2010; Clopper and Pearson, Biometrika 26, 1934.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate, pairwise

BINS = 15
_STEPS = 100
"""Of a bisection; more than enough for doubles."""


def brier(confidence: Sequence[float], right: Sequence[bool]) -> float:
    """The mean of (confidence - right)^2; 0 is best, 0.25 what always saying 1/2 gives.

    Raises:
        ValueError: without answers, or without one confidence for each.
    """
    _paired(confidence, right)
    pairs = zip(confidence, right, strict=True)
    return sum((value - is_right) ** 2 for value, is_right in pairs) / len(right)


def calibration_error(
    confidence: Sequence[float], right: Sequence[bool], bins: int = BINS
) -> float:
    """The mean distance of confidence and accuracy over bins of as many answers each.

    Raises:
        ValueError: as `brier`.
    """
    return sum(
        count * abs(said - found) for count, said, found in reliability(confidence, right, bins)
    ) / len(right)


def reliability(
    confidence: Sequence[float], right: Sequence[bool], bins: int = BINS
) -> tuple[tuple[int, float, float], ...]:
    """Answers in order of confidence, in bins: how many, mean confidence, share of right ones.

    Raises:
        ValueError: as `brier`.
    """
    _paired(confidence, right)
    order = sorted(zip(confidence, right, strict=True))
    count = min(bins, len(order))
    ends = [round(len(order) * k / count) for k in range(count + 1)]
    found = []
    for start, end in pairwise(ends):
        part = order[start:end]
        said = sum(value for value, _ in part) / len(part)
        found.append((len(part), said, sum(is_right for _, is_right in part) / len(part)))
    return tuple(found)


def risk_over_coverage(
    confidence: Sequence[float], right: Sequence[bool]
) -> tuple[tuple[float, float], ...]:
    """The share of wrong answers among the most confident ones, for every share that is kept.

    Answers of the same confidence are kept or left together.

    Raises:
        ValueError: as `brier`.
    """
    _paired(confidence, right)
    order = sorted(zip(confidence, right, strict=True), key=lambda pair: -pair[0])
    wrong = accumulate(not is_right for _, is_right in order)
    return tuple(
        (kept / len(order), missed / kept)
        for kept, missed in enumerate(wrong, 1)
        if kept == len(order) or order[kept][0] != order[kept - 1][0]
    )


def most_wrong(wrong: int, count: int, level: float = 0.95) -> float:
    """The one-sided upper bound of a share of wrong answers (Clopper and Pearson).

    The largest p at which `wrong` or fewer of `count` would still be seen with probability
    1 - level: 1 - 0.05^(1/59) = 4.95% for none of 59.

    Args:
        wrong: Wrong answers.
        count: All answers; without any the bound is 1.
        level: How sure the bound is.

    Raises:
        ValueError: if there are more wrong answers than answers.
    """
    if not 0 <= wrong <= count:
        raise ValueError(f"{wrong} wrong of {count} answers")
    if wrong == count:
        return 1.0
    low, high = wrong / count, 1.0
    for _ in range(_STEPS):
        share = (low + high) / 2
        seen = sum(
            math.comb(count, k) * share**k * (1 - share) ** (count - k) for k in range(wrong + 1)
        )
        low, high = (share, high) if seen > 1 - level else (low, share)
    return high


def _paired(confidence: Sequence[float], right: Sequence[bool]) -> None:
    if len(confidence) != len(right) or not right:
        raise ValueError(f"{len(confidence)} confidences for {len(right)} answers")

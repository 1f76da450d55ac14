"""How well a confidence puts right answers before wrong ones.

Hanley and McNeil, "The meaning and use of the area under a receiver operating characteristic (ROC)
curve", Radiology 143, 1982; the difference of two of the same answers by DeLong, DeLong and
Clarke-Pearson, "Comparing the areas under two or more correlated receiver operating characteristic
curves", Biometrics 44, 1988.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from r2c_evaluation.intervals import Z


def auroc(confidence: Sequence[float], right: Sequence[bool]) -> float | None:
    """The chance that a right answer has more confidence than a wrong one; ties count half.

    Args:
        confidence: Of each answer.
        right: Whether it is right.

    Returns:
        None if all answers are right or all wrong, as there is nothing to tell apart.

    Raises:
        ValueError: if there is not one confidence for each answer.
    """
    if len(confidence) != len(right):
        raise ValueError(f"{len(confidence)} confidences for {len(right)} answers")
    good = [value for value, is_right in zip(confidence, right, strict=True) if is_right]
    bad = [value for value, is_right in zip(confidence, right, strict=True) if not is_right]
    if not good or not bad:
        return None
    wins = sum(_won(a, b) for a in good for b in bad)
    return wins / (len(good) * len(bad))


def auroc_difference(
    first: Sequence[float], second: Sequence[float], right: Sequence[bool]
) -> tuple[float, float, float] | None:
    """By how much the first confidence orders better, and the 95% interval of that.

    Args:
        first: One confidence of each answer.
        second: Another one.
        right: Whether it is right.

    Returns:
        Difference of the AUROCs, least, most. None with fewer than two answers of either sort.

    Raises:
        ValueError: if there is not one of each confidence for each answer.
    """
    known = list(zip(first, second, right, strict=True))
    good = [(a, b) for a, b, is_right in known if is_right]
    bad = [(a, b) for a, b, is_right in known if not is_right]
    if len(good) < 2 or len(bad) < 2:
        return None
    # How each answer fares against all of the other sort, by the first less by the second.
    of_good = [fmean(_won(g[0], b[0]) - _won(g[1], b[1]) for b in bad) for g in good]
    of_bad = [fmean(_won(g[0], b[0]) - _won(g[1], b[1]) for g in good) for b in bad]
    difference = fmean(of_good)
    room = Z * (_spread(of_good) + _spread(of_bad)) ** 0.5
    return difference, difference - room, difference + room


def _won(good: float, bad: float) -> float:
    return (good > bad) + (good == bad) / 2


def _spread(values: Sequence[float]) -> float:
    """The variance of their mean."""
    mean, count = fmean(values), len(values)
    return sum((value - mean) ** 2 for value in values) / (count - 1) / count

"""How well a confidence puts right answers before wrong ones.

Hanley and McNeil, "The meaning and use of the area under a receiver operating characteristic (ROC)
curve", Radiology 143, 1982.
"""

from __future__ import annotations

from collections.abc import Sequence


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
    wins = sum((a > b) + (a == b) / 2 for a in good for b in bad)
    return wins / (len(good) * len(bad))

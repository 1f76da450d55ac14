"""The calibration out of judged answers: the model, and the confidence that verified needs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from r2c.verdict.confidence import FEATURES, Calibration, features
from r2c_benchmarks.calibration.fit import FOLDS, Matrix, fit, from_without
from r2c_benchmarks.calibration.judged import Judged
from r2c_evaluation.calibration import most_wrong

MOST_WRONG = 0.05
"""The share of wrong answers that `verified` may have, one-sided 95%."""


def rows_of(answers: Sequence[Judged]) -> tuple[list[Judged], Matrix]:
    """The answers on which votes were taken, and their features, one row each."""
    found = [(item, features(item.outcome, item.evidence)) for item in answers]
    kept = [(item, known) for item, known in found if known is not None]
    rows = np.array([[known[name] for name in FEATURES] for _, known in kept], dtype=np.float64)
    return [item for item, _ in kept], rows.reshape(len(kept), len(FEATURES))


def calibrated(answers: Sequence[Judged], model: str, commit: str) -> tuple[Calibration, Matrix]:
    """The calibration, and the confidence of each answer with votes as seen from without.

    Args:
        answers: Judged answers, one a problem.
        model: The language model whose readings they are.
        commit: What they were judged with.
    """
    kept, rows = rows_of(answers)
    right = np.array([item.right for item in kept], dtype=np.float64)
    whole = fit(rows, right)
    without = from_without(rows, right, [_fold(item) for item in kept])
    start, count, wrong = threshold(
        [(float(p), item.right) for p, item in zip(without, kept, strict=True) if item.passed]
    )
    made = Calibration(
        weights=tuple(round(weight, 6) for weight in whole.weights),
        bias=round(whole.bias, 6),
        verified_from=start,
        verified=count,
        verified_wrong=wrong,
        bound=round(most_wrong(wrong, count), 6),
        answers=len(kept),
        right=int(right.sum()),
        model=model,
        commit=commit,
    )
    return made, without


def threshold(passed: Sequence[tuple[float, bool]]) -> tuple[float | None, int, int]:
    """From which confidence on few enough are wrong: that, how many these are, and wrong ones.

    Of all answers whose checks are passed, the most confident ones are taken, as many as keep the
    bound of their share of wrong ones at `MOST_WRONG`. If none do, (None, all, their wrong ones).

    Args:
        passed: Confidence and rightness of the answers whose checks are all passed.
    """
    order = sorted(passed, key=lambda pair: -pair[0])
    best: tuple[float | None, int, int] = (None, len(order), sum(not ok for _, ok in order))
    wrong = 0
    for count, (confidence, is_right) in enumerate(order, 1):
        wrong += not is_right
        together = count < len(order) and order[count][0] == confidence
        if not together and most_wrong(wrong, count) <= MOST_WRONG:
            # Rounded down, so that what sets the threshold reaches it.
            best = (int(confidence * 1e6) / 1e6, count, wrong)
    return best


def _fold(item: Judged) -> int:
    """By the hash of the problem, so that nobody chooses."""
    return int(hashlib.sha256(f"{item.file} {item.id}".encode()).hexdigest(), 16) % FOLDS

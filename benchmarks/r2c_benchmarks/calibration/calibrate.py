"""The calibration out of judged answers; from which confidence on `verified`, others must show."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from r2c.verdict.confidence import FEATURES, Calibration, features
from r2c_benchmarks.calibration.fit import FOLDS, Matrix, fit, from_without
from r2c_benchmarks.calibration.judged import Judged


def rows_of(answers: Sequence[Judged]) -> tuple[list[Judged], Matrix]:
    """The answers on which votes were taken, and their features, one row each."""
    found = [(item, features(item.outcome, item.evidence)) for item in answers]
    kept = [(item, known) for item, known in found if known is not None]
    rows = np.array([[known[name] for name in FEATURES] for _, known in kept], dtype=np.float64)
    return [item for item, _ in kept], rows.reshape(len(kept), len(FEATURES))


def calibrated(answers: Sequence[Judged], model: str, commit: str) -> tuple[Calibration, Matrix]:
    """The calibration, and the confidence of each answer with votes as seen from without.

    Nothing is verified by it yet: the checks may have been tuned on these answers, so all that pass
    may be right and say nothing of others. `threshold` says it, by answers nobody had looked at.

    Args:
        answers: Judged answers, one a problem.
        model: The language model whose readings they are.
        commit: What they were judged with.
    """
    kept, rows = rows_of(answers)
    right = np.array([item.right for item in kept], dtype=np.float64)
    whole = fit(rows, right)
    without = from_without(rows, right, [_fold(item) for item in kept])
    made = Calibration(
        weights=tuple(round(weight, 6) for weight in whole.weights),
        bias=round(whole.bias, 6),
        verified_from=None,
        answers=len(kept),
        right=int(right.sum()),
        model=model,
        commit=commit,
    )
    return made, without


def _fold(item: Judged) -> int:
    """By the hash of the problem, so that nobody chooses."""
    return int(hashlib.sha256(f"{item.file} {item.id}".encode()).hexdigest(), 16) % FOLDS

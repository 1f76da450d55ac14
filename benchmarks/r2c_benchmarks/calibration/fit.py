"""A logistic model fitted by Newton's method with a ridge, and each answer seen from without.

Minimized is sum_i log(1 + exp(-y_i z_i)) + (ridge/2) |w|^2 with z = b + Xw over standardized
features; the bias is free. Convex, so the few Newton steps lead to the only minimum (Hastie,
Tibshirani and Friedman, "The elements of statistical learning", section 4.4.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RIDGE = 1.0
FOLDS = 10
_STEPS = 50
_CLOSE = 1e-10

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Logistic:
    """Weights of the features as they are, and the bias."""

    weights: tuple[float, ...]
    bias: float

    def of(self, rows: Matrix) -> Matrix:
        """The probabilities of rows."""
        z = rows @ np.array(self.weights) + self.bias
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(z, -500, 500))))


def fit(rows: Matrix, right: Matrix, ridge: float = RIDGE) -> Logistic:
    """The logistic model of the least penalized loss.

    Args:
        rows: One answer a row, shape (answers, features).
        right: 1 or 0 for each, shape (answers,).
        ridge: What large weights of standardized features cost.
    """
    middle, spread = rows.mean(axis=0), rows.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    scaled = np.column_stack([np.ones(len(rows)), (rows - middle) / spread])
    penalty = np.diag([0.0, *([ridge] * rows.shape[1])])
    beta = np.zeros(scaled.shape[1])
    for _ in range(_STEPS):
        share = 1.0 / (1.0 + np.exp(-np.clip(scaled @ beta, -30, 30)))
        slope = scaled.T @ (share - right) + penalty @ beta
        # The small diagonal keeps the bias bounded where all answers are right.
        curve = (scaled * (share * (1 - share))[:, None]).T @ scaled + penalty
        step = np.linalg.solve(curve + 1e-9 * np.eye(len(beta)), slope)
        beta -= step
        if np.abs(step).max() < _CLOSE:
            break
    weights = beta[1:] / spread
    return Logistic(tuple(map(float, weights)), float(beta[0] - weights @ middle))


def from_without(rows: Matrix, right: Matrix, groups: Sequence[int]) -> Matrix:
    """The probability of each answer by a model fitted without its group.

    Args:
        rows: As in `fit`.
        right: As in `fit`.
        groups: The fold of each answer; answers to one problem belong together.
    """
    found = np.zeros(len(rows))
    for fold in sorted(set(groups)):
        own = np.array([group == fold for group in groups])
        found[own] = fit(rows[~own], right[~own]).of(rows[own])
    return found

"""Error bars where questions come in families: problems of one story are not independent.

Evan Miller, "Adding Error Bars to Evals: A Statistical Approach to Language Model Evaluations",
arXiv 2411.00640, sections 2.2 (clustered standard errors) and 3.1 (paired differences).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from r2c_evaluation.intervals import Z


@dataclass(frozen=True)
class Mean:
    """A mean with its standard error; `low` and `high` are the ends of its 95% interval.

    With few clusters the normal interval is too narrow; `clusters` tells how many there were.
    """

    value: float
    error: float
    low: float
    high: float
    count: int
    clusters: int


def clustered_mean(values: Sequence[float], clusters: Sequence[Hashable]) -> Mean:
    r"""The mean of values of which those in one cluster belong together.

    The squared error is the sum over clusters of the squared sum of deviations,
    ``sum_c (sum_{i in c} (x_i - mean))^2 / n^2``; with one value a cluster it is that of the
    central limit theorem.

    Args:
        values: One for each question.
        clusters: The family of each.

    Raises:
        ValueError: if there are no values, or not as many clusters.
    """
    if not values or len(values) != len(clusters):
        raise ValueError(f"{len(values)} values in {len(clusters)} clusters")
    mean = statistics.fmean(values)
    sums: dict[Hashable, float] = {}
    for value, cluster in zip(values, clusters, strict=True):
        sums[cluster] = sums.get(cluster, 0.0) + value - mean
    error = math.sqrt(sum(one * one for one in sums.values())) / len(values)
    return Mean(mean, error, mean - Z * error, mean + Z * error, len(values), len(sums))


def clustered_difference(
    first: Sequence[float], second: Sequence[float], clusters: Sequence[Hashable]
) -> Mean:
    """The mean difference of two methods on the same questions.

    Pairing takes what is hard for both out of the error.

    Args:
        first: The score of the first method on each question.
        second: That of the second.
        clusters: The family of each question.

    Raises:
        ValueError: if there are no questions, or not the same number of each.
    """
    differences = [a - b for a, b in zip(first, second, strict=True)]
    return clustered_mean(differences, clusters)

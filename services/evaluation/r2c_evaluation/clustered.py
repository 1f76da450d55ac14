"""Error bars where questions come in families: problems of one story are not independent.

Evan Miller, "Adding Error Bars to Evals: A Statistical Approach to Language Model Evaluations",
arXiv 2411.00640, sections 2.2 (clustered standard errors) and 3.1 (paired differences).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from scipy.special import stdtrit

COVERED = 0.95
FEWEST = 5
"""With fewer clusters there is no interval: their spread says too little of what others do."""


@dataclass(frozen=True)
class Mean:
    """A mean with its standard error; `low` and `high` are the ends of its interval.

    They are None with fewer than `FEWEST` clusters, or if these do not differ at all: there is
    nothing then to tell from how far others may lie.
    """

    value: float
    error: float
    low: float | None
    high: float | None
    count: int
    clusters: int


def clustered_mean(values: Sequence[float], clusters: Sequence[Hashable]) -> Mean:
    r"""The mean of values of which those in one cluster belong together.

    The squared error is the sum over the G clusters of the squared sum of deviations,
    ``G / (G - 1) * sum_c (sum_{i in c} (x_i - mean))^2 / n^2``; with one value a cluster it is that
    of the central limit theorem. The factor and the quantile of Student's t with G - 1 degrees of
    freedom instead of the normal one are what Cameron and Miller, "A Practitioner's Guide to
    Cluster-Robust Inference", Journal of Human Resources 50(2), 2015, section VI, advise for few
    clusters; even so the interval is rather too narrow where clusters differ much in size.

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
    many = len(sums)
    factor = many / max(1, many - 1)
    error = math.sqrt(factor * sum(one * one for one in sums.values())) / len(values)
    if many < FEWEST or error == 0:
        return Mean(mean, error, None, None, len(values), many)
    half = float(stdtrit(many - 1, (1 + COVERED) / 2)) * error  # the quantile of Student's t
    return Mean(mean, error, mean - half, mean + half, len(values), many)


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

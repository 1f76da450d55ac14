"""Least squares from summed normal equations, which may be singular."""

from __future__ import annotations

import numpy as np

from r2c_training.merge.operators.block import Wide

_NOTHING = 1e-12
"""Eigenvalues below this share of the largest count as zero."""


def solve(gram: Wide, weighed: Wide) -> Wide:
    """The X of least norm with X gram = weighed; gram symmetric, positive semidefinite."""
    values, vectors = np.linalg.eigh(gram)
    inverse = np.zeros_like(values)
    there = values > _NOTHING * max(0.0, float(values[-1]))
    inverse[there] = 1.0 / values[there]
    found: Wide = ((weighed @ vectors) * inverse) @ vectors.T
    return found

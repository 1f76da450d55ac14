"""Parts of a matrix: only some rows, some bounds, some whole numbers still in force."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from r2c.solve.matrix import Matrix

Side = Literal["lower", "upper", "whole"]


@dataclass(frozen=True, order=True)
class Demand:
    """One demand on a column: a bound, or that it is whole."""

    column: int
    side: Side


def demands_of(matrix: Matrix) -> list[Demand]:
    """Every bound and whole-number demand of a matrix, upper bounds before lower ones.

    Binary variables have both bounds and are whole.
    """
    found = [Demand(int(j), "whole") for j in np.flatnonzero(matrix.integer)]
    found += [Demand(int(j), "upper") for j in np.flatnonzero(np.isfinite(matrix.upper))]
    found += [Demand(int(j), "lower") for j in np.flatnonzero(np.isfinite(matrix.lower))]
    return found


def subset(matrix: Matrix, rows: Collection[int], demands: Collection[Demand]) -> Matrix:
    """The matrix with only these rows and demands; its columns stay."""
    kept = np.array(sorted(rows), np.int64)
    counts = np.diff(matrix.starts)[kept]
    parts = [np.arange(matrix.starts[row], matrix.starts[row + 1]) for row in kept]
    entries = np.concatenate(parts) if parts else np.zeros(0, np.int64)
    lower, upper = np.full_like(matrix.lower, -np.inf), np.full_like(matrix.upper, np.inf)
    integer = np.zeros_like(matrix.integer)
    for demand in demands:
        j = demand.column
        if demand.side == "lower":
            lower[j] = matrix.lower[j]
        elif demand.side == "upper":
            upper[j] = matrix.upper[j]
        else:
            integer[j] = True
    return replace(
        matrix,
        lower=lower,
        upper=upper,
        integer=integer,
        starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        columns=matrix.columns[entries],
        values=matrix.values[entries],
        row_lower=matrix.row_lower[kept],
        row_upper=matrix.row_upper[kept],
    )

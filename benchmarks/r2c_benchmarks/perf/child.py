"""One measurement, in this process: `python -m r2c_benchmarks.perf.child MODEL WAY VARIABLES SEED`.

Everything is imported and has been run once on a small model before the clock starts.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from typing import Any

import numpy as np

from r2c_benchmarks.perf.memory import Peak
from r2c_benchmarks.perf.models import find_model
from r2c_benchmarks.perf.ways import Way, prepared

WARM = 200
"""Variables of the model that warms up."""


def measured(name: str, way: Way, variables: int, seed: int) -> dict[str, object]:
    """The figures of a measurement."""
    model = find_model(name)
    prepared(way, model, model.data(WARM, seed))()
    passing = prepared(way, model, model.data(variables, seed))
    gc.collect()
    peak = Peak()
    processor, began = time.process_time(), time.perf_counter()
    highs = passing()
    seconds, used = time.perf_counter() - began, time.process_time() - processor
    added, most = peak.found()
    return {
        "seconds": seconds,
        "processor": used,
        "added": added,
        "peak": most,
        "columns": highs.getNumCol(),
        "rows": highs.getNumRow(),
        "entries": highs.getNumNz(),
        "sums": sums(highs.getLp()),
    }


def sums(lp: Any) -> list[float]:
    """Sums over the model that do not depend on the order and the direction of rows or columns."""
    cost, lower, upper = (np.array(part) for part in (lp.col_cost_, lp.col_lower_, lp.col_upper_))
    low, high = np.array(lp.row_lower_), np.array(lp.row_upper_)
    point = 1.0 + np.modf(cost * 0.6180339887)[0] + np.where(np.isfinite(upper), upper, 0.5) / 7
    starts, indices = np.array(lp.a_matrix_.start_), np.array(lp.a_matrix_.index_)
    values = np.array(lp.a_matrix_.value_)
    outer = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    by_column = "Col" in str(lp.a_matrix_.format_)
    rows, columns = (indices, outer) if by_column else (outer, indices)
    activity = np.bincount(rows, weights=values * point[columns], minlength=len(low))
    turned = np.where(np.isinf(low) | ((low == high) & (activity < 0)), -1.0, 1.0)
    ends = np.where(np.isinf(low), -high, np.where(turned < 0, -high, low))
    activity = activity * turned
    found = [
        float(part.sum())
        for part in (
            cost * point, lower[np.isfinite(lower)], upper[np.isfinite(upper)],
            activity, activity**2, ends, ends * activity,
        )
    ]  # fmt: skip
    kinds = [str(kind) for kind in lp.integrality_]
    return [*found, float(sum("Integer" in kind for kind in kinds))]


if __name__ == "__main__":
    _name, _way, _variables, _seed = sys.argv[1:]
    _found = measured(_name, _way, int(_variables), int(_seed))  # type: ignore[arg-type]
    sys.stdout.write(json.dumps(_found) + "\n")

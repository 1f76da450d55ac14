"""The four ways from data in memory to a HiGHS object that holds the model; nothing is solved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, get_args

import highspy
import numpy as np

from r2c.archetypes.load import standard_library
from r2c.cir.instance import bind
from r2c.cir.read_text import read_text
from r2c.cir.schema import CIR
from r2c.model.arrays.write import array_model
from r2c.model.reformulate import reformulate
from r2c.model.size import SizeLimits, estimate
from r2c.solve.ask import request
from r2c.solve.highs import model_of
from r2c.solve.limits import Limits
from r2c.solve.matrix import matrix_of_arrays
from r2c_benchmarks.perf.models import Arrays, Flat, Model

Way = Literal["r2c", "pyomo", "linopy", "highspy"]
WAYS: tuple[Way, ...] = get_args(Way)
LIMITS = SizeLimits(10**8, 10**8, 10**9)
"""The models are large on purpose; their size is estimated and held to these all the same."""

Passing = Callable[[], Any]


def prepared(way: Way, model: Model, data: Arrays) -> Passing:
    """What is to be timed: from the data, and the CIR, in memory to a `highspy.Highs`."""
    if way == "r2c":
        cir = read_text(model.CIR)
        return lambda: passed_by_r2c(cir, data)
    if way == "pyomo":
        return lambda: _passed_by_pyomo(model.in_pyomo(data))
    if way == "linopy":
        return lambda: model.in_linopy(data).to_highspy(set_names=False)
    return lambda: _passed(model.for_highs(data))


def passed_by_r2c(cir: CIR, data: Arrays) -> Any:
    """All that R2C does before it solves: data, choice of paradigms, size, rows, arrays."""
    instance = bind(cir, arrays=data).require()
    plain = reformulate(cir, standard_library(), instance)
    estimate(plain, instance).check(LIMITS)
    written = array_model(plain, instance)
    assert not written.singly, f"written member by member: {written.singly}"
    matrix = matrix_of_arrays(written)
    limits = Limits()
    asked = request(matrix, matrix.goals[0], limits, seconds=limits.seconds, presolve=True)
    return model_of(asked)


def _passed_by_pyomo(model: Any) -> Any:
    """By Pyomo's own compiler to a sparse matrix, which is faster than its interfaces to HiGHS."""
    from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

    form = LinearStandardFormCompiler().write(model, mixed_form=True)
    ends = np.asarray(form.rhs, np.float64)
    kinds = np.array([row.bound_type for row in form.rows])
    low, high = zip(*(variable.bounds for variable in form.columns), strict=True)
    matrix = form.A.tocsc()
    return _passed(
        Flat(
            cost=form.c.toarray().ravel(),
            lower=np.array([-np.inf if end is None else end for end in low], np.float64),
            upper=np.array([np.inf if end is None else end for end in high], np.float64),
            row_lower=np.where(kinds > 0, -np.inf, ends),
            row_upper=np.where(kinds < 0, np.inf, ends),
            starts=matrix.indptr.astype(np.int32),
            indices=matrix.indices.astype(np.int32),
            values=matrix.data,
            by_column=True,
            whole=np.array([not item.is_continuous() for item in form.columns]).astype(np.int32),
        )
    )


def _passed(flat: Flat) -> Any:
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    size, rows = len(flat.cost), len(flat.row_lower)
    kinds = highspy.MatrixFormat
    whole = np.zeros(size, np.int32) if flat.whole is None else flat.whole
    status = highs.passModel(
        size,
        rows,
        len(flat.indices),
        int(kinds.kColwise if flat.by_column else kinds.kRowwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        flat.cost,
        flat.lower,
        flat.upper,
        flat.row_lower,
        flat.row_upper,
        flat.starts,
        flat.indices,
        flat.values,
        whole,
    )
    if status == highspy.HighsStatus.kError:
        raise ValueError("HiGHS refuses the model")
    return highs

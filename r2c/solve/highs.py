"""HiGHS inside the solver process: arrays in, status and arrays out; numpy and highspy only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np

from r2c.solve.wire import Array, Message

if TYPE_CHECKING:
    from pydantic import JsonValue


FROM_LP_IRREDUCIBLE = 6
"""The strategy bits 2 and 4; the default finds nothing, and others fail."""


def solve(request: Message, improved: Callable[[Array], None]) -> Message:
    """Solve one model; `improved` is told every better point of an integer search."""
    highs = model_of(request)
    fields = request.fields
    if fields.get("integers"):
        highs.cbMipImprovingSolution += lambda event: improved(
            np.array(event.data_out.mip_solution)
        )
    highs.run()
    info = highs.getInfo()
    status = highs.getModelStatus().name
    has_point = bool(info.primal_solution_status == int(highspy.kSolutionStatusFeasible))
    if status in ("kModelEmpty", "kOptimal"):
        has_point = True
    flip = -1.0 if fields.get("negated") else 1.0
    answer: dict[str, JsonValue] = {
        "status": status,
        "has_point": has_point,
        "bound": _finite(flip * info.mip_dual_bound) if fields.get("integers") else None,
        "gap": _finite(info.mip_gap) if fields.get("integers") else None,
        "nodes": int(info.mip_node_count) if fields.get("integers") else None,
        "version": highs.version(),
    }
    if not has_point:
        return Message(answer)
    solution = highs.getSolution()
    size = len(request.arrays["lower"])
    values = np.array(solution.col_value, np.float64)
    arrays = {"values": values if values.size == size else np.zeros(size)}
    if solution.dual_valid and not fields.get("integers"):
        arrays["row_dual"] = flip * np.array(solution.row_dual, np.float64)
        arrays["col_dual"] = flip * np.array(solution.col_dual, np.float64)
    return Message(answer, arrays)


def conflict(request: Message) -> Message:
    """An irreducible infeasible subset of rows and bounds of a linear model, by HiGHS's own search.

    `rows` and `columns` are numbers; `row_sides` and `column_sides` say which end takes part: -1
    lower, 1 upper, 0 either. Empty where HiGHS finds none.
    """
    highs = model_of(request)
    highs.setOptionValue("iis_strategy", FROM_LP_IRREDUCIBLE)
    highs.run()
    _, found = highs.getIis()
    rows = [int(row) for row in found.row_index_]
    columns = [int(column) for column in found.col_index_]
    return Message(
        {"valid": bool(found.valid_), "status": highs.getModelStatus().name},
        {
            "rows": np.array(rows, np.int32),
            "columns": np.array(columns, np.int32),
            "row_sides": np.array([_side(item) for item in found.row_bound_], np.int32),
            "column_sides": np.array([_side(item) for item in found.col_bound_], np.int32),
        },
    )


def model_of(request: Message) -> Any:
    """A HiGHS object with the request's model and options."""
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    options = request.fields.get("options")
    assert isinstance(options, dict)
    for name, value in options.items():
        highs.setOptionValue(name, value)
    statuses = [_pass_linear(highs, request.fields, request.arrays)]
    if request.fields.get("quadratic"):
        hessian = highspy.HighsHessian()
        _fill_hessian(hessian, request.arrays)
        statuses.append(highs.passHessian(hessian))
    if highspy.HighsStatus.kError in statuses:
        raise ValueError("HiGHS refuses the model")
    return highs


def _pass_linear(highs: Any, fields: Mapping[str, JsonValue], arrays: Mapping[str, Array]) -> Any:
    """Pass everything but squares, by the one call that takes whole arrays."""
    sense = highspy.ObjSense.kMaximize if fields["sense"] == "max" else highspy.ObjSense.kMinimize
    whole = arrays["integer"] if fields.get("integers") else np.zeros_like(arrays["integer"])
    return highs.passModel(
        len(arrays["lower"]),
        len(arrays["row_lower"]),
        len(arrays["values"]),
        int(highspy.MatrixFormat.kRowwise),
        int(sense),
        0.0,
        *(arrays[name] for name in ("cost", "lower", "upper", "row_lower", "row_upper")),
        *(arrays[name] for name in ("starts", "columns", "values")),
        whole,
    )


def _fill_hessian(hessian: Any, arrays: Mapping[str, Array]) -> None:
    # HiGHS minimizes x'Qx/2 and reads the lower triangle column by column.
    size = len(arrays["lower"])
    first, second, weights = arrays["first"], arrays["second"], arrays["weights"]
    order = np.lexsort((second, first))
    counts = np.bincount(first, minlength=size)
    hessian.dim_ = size
    hessian.format_ = highspy.HessianFormat.kTriangular
    hessian.start_ = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    hessian.index_ = second[order].astype(np.int32)
    hessian.value_ = (weights * np.where(first == second, 2.0, 1.0))[order]


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) and abs(value) < 1e20 else None


def _side(status: Any) -> int:
    kinds = highspy.IisBoundStatus
    sides = {int(kinds.kIisBoundStatusLower): -1, int(kinds.kIisBoundStatusUpper): 1}
    return sides.get(int(status), 0)

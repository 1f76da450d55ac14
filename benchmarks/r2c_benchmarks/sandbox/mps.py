"""The one kind of text that leaves the sandbox: a model as MPS, in the narrow form written here.

Column names begin with the declared domain, for MPS has no word for a choice: `b` binary, `n`
integer, `c` continuous. What is not written in this form is refused before any library reads it.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from r2c_benchmarks.sandbox.limits import ModelLimits

GOAL, NO_GOAL = "goal", "none"
"""The row of the objective; MPS wants one where a model has none."""
END = "ENDATA\n"

_NUMBER = r"-?\d{1,25}(?:\.\d{1,25})?(?:e[+-]?\d{1,3})?"
_COLUMN, _ROW, _FREE = r"[bnc]\d{1,9}", r"r\d{1,9}", f"(?:{GOAL}|{NO_GOAL})"
_ROW_LINE = re.compile(rf" [LGE] {_ROW}")
_ENTRY_LINE = re.compile(rf" ({_COLUMN}) (?:{_FREE}|{_ROW}|{_COLUMN}) {_NUMBER}")
_OTHER_LINE = re.compile(
    rf"NAME model|OBJSENSE| MAX|ROWS| N {_FREE}|COLUMNS| M 'MARKER' '(?:INTORG|INTEND)'"
    rf"|RHS| RHS (?:{_FREE}|{_ROW}) {_NUMBER}|BOUNDS| (?:MI|PL) BND {_COLUMN}"
    rf"| (?:LO|UP) BND {_COLUMN} {_NUMBER}|QUADOBJ|ENDATA"
)


def mps_of(model: Any) -> str:
    """A Pyomo model as MPS, taken from what Pyomo hands to HiGHS.

    Errors of Pyomo (two objectives, not linear) pass through.

    Raises:
        ValueError: a number of the model is infinite, none, or too large for HiGHS.
    """
    from pyomo.contrib.solver.solvers.highs import Highs

    solver = Highs()
    solver.set_instance(model)
    goal = NO_GOAL if solver._objective is None else GOAL
    held = solver._solver_model.getModel()
    if held.lp_.num_row_ != len(solver._pyomo_con_to_solver_con_map):
        raise ValueError("HiGHS refuses a row of the model")
    columns = solver._pyomo_var_to_solver_var_map
    binary = {columns[key] for key, known in solver._vars.items() if known[0].is_binary()}
    return "\n".join(_lines(held, binary, goal)) + "\n"


def fault_of(text: str, most: ModelLimits) -> str | None:
    """What is wrong with a text that should be an MPS written by `mps_of`; None if nothing is."""
    if len(text) > most.text_bytes:
        return f"the model takes {len(text)} bytes, more than {most.text_bytes}"
    if not text.endswith(END):
        return "the model breaks off"
    rows = entries = 0
    columns: set[str] = set()
    for line in text[:-1].split("\n"):
        if entry := _ENTRY_LINE.fullmatch(line):
            entries += 1
            columns.add(entry[1])
        elif _ROW_LINE.fullmatch(line):
            rows += 1
        elif not _OTHER_LINE.fullmatch(line):
            return f"the model has the line {line[:60]!r}"
    return most.exceeded(rows, len(columns), entries)


def _lines(held: Any, binary: set[int], goal: str) -> Iterator[str]:
    import highspy

    lp = held.lp_
    costs, lower, upper = _floats(lp.col_cost_), _floats(lp.col_lower_), _floats(lp.col_upper_)
    # HiGHS tells no kinds where all are continuous.
    kinds = list(lp.integrality_) or [highspy.HighsVarType.kContinuous] * len(costs)
    whole = [kind == highspy.HighsVarType.kInteger for kind in kinds]
    names = [
        f"{'b' if column in binary else 'n' if is_whole else 'c'}{column}"
        for column, is_whole in enumerate(whole)
    ]
    rows, sides = _rows(_floats(lp.row_lower_), _floats(lp.row_upper_))
    yield "NAME model"
    if lp.sense_ == highspy.ObjSense.kMaximize:
        yield from ("OBJSENSE", " MAX")
    yield "ROWS"
    yield f" N {goal}"
    yield from (f" {kind} r{row}" for row, (kind, _) in enumerate(sides))
    yield "COLUMNS"
    entries = _entries(lp.a_matrix_, rows)
    for column, name in enumerate(names):
        if whole[column]:
            yield " M 'MARKER' 'INTORG'"
        yield f" {name} {goal} {_number(costs[column])}"
        yield from (f" {name} r{row} {_number(factor)}" for row, factor in entries[column])
        if whole[column]:
            yield " M 'MARKER' 'INTEND'"
    yield "RHS"
    # By convention the right-hand side of the goal is minus its constant.
    yield f" RHS {goal} {_number(-lp.offset_)}"
    yield from (f" RHS r{row} {_number(side)}" for row, (_, side) in enumerate(sides))
    yield "BOUNDS"
    for name, low, high in zip(names, lower, upper, strict=True):
        yield f" PL BND {name}" if high == math.inf else f" UP BND {name} {_number(high)}"
        yield f" MI BND {name}" if low == -math.inf else f" LO BND {name} {_number(low)}"
    yield from _squares(held.hessian_, names)
    yield END.rstrip()


def _rows(
    lower: list[float], upper: list[float]
) -> tuple[list[list[int]], list[tuple[str, float]]]:
    """For each row of the model its rows in the text, and kind and side of each of those.

    A row with two ends is written twice: a range would be lost where the ends are crossed, and
    loses digits anyway.
    """
    places: list[list[int]] = []
    sides: list[tuple[str, float]] = []
    for low, high in zip(lower, upper, strict=True):
        told = [("E", low)] if low == high else []
        if not told:
            told += [("G", low)] if low != -math.inf else []
            told += [("L", high)] if high != math.inf else []
        places.append(list(range(len(sides), len(sides) + len(told))))
        sides += told
    return places, sides


def _entries(matrix: Any, rows: list[list[int]]) -> defaultdict[int, list[tuple[int, float]]]:
    """Row in the text and coefficient of every entry, by column."""
    starts, columns, values = list(matrix.start_), list(matrix.index_), _floats(matrix.value_)
    entries: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
    for row, places in enumerate(rows):
        for at in range(starts[row], starts[row + 1]):
            entries[columns[at]] += [(place, values[at]) for place in places]
    return entries


def _squares(hessian: Any, names: list[str]) -> Iterator[str]:
    if not hessian.dim_:
        return
    starts, others, values = list(hessian.start_), list(hessian.index_), _floats(hessian.value_)
    yield "QUADOBJ"
    for column, name in enumerate(names):
        for at in range(starts[column], starts[column + 1]):
            if values[at]:
                yield f" {name} {names[others[at]]} {_number(values[at])}"


def _floats(values: Any) -> list[float]:
    return [float(value) for value in values]


def _number(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError(f"a number of the model is {value}")
    return repr(float(value))

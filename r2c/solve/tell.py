"""A conflict in the user's own sentences, with the numbers that clash."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from r2c.cir.members import label
from r2c.cir.write import number
from r2c.errors import counted
from r2c.solve.compiled import Compiled
from r2c.solve.matrix import Matrix
from r2c.solve.subset import Demand

_TERMS = 8
_ROWS = 5


def tell_bound(model: Compiled, demand: Demand) -> str:
    """A demand on a variable as text: `crew["Plant A"] <= 9`, `trucks is a whole number`."""
    name = variable_name(model, demand.column)
    if demand.side == "whole":
        return f"{name} is a whole number"
    if demand.side == "lower":
        return f"{name} >= {_clear(model.matrix.lower[demand.column])}"
    return f"{name} <= {_clear(model.matrix.upper[demand.column])}"


def variable_name(model: Compiled, column: int) -> str:
    """A variable as the model writes it, keys in brackets."""
    entry = model.map.variables[column]
    if not entry.key:
        return entry.symbol
    return f"{entry.symbol}[{', '.join(label(item) for item in entry.key)}]"


def tell_row(model: Compiled, row: int) -> str:
    """A row with its numbers filled in: `3*make[A] + 2*make[B] <= 40`."""
    matrix = model.matrix
    span = slice(int(matrix.starts[row]), int(matrix.starts[row + 1]))
    columns, factors = matrix.columns[span].tolist(), matrix.values[span].tolist()
    text = ""
    for column, factor in list(zip(columns, factors, strict=True))[:_TERMS]:
        size = "" if abs(factor) == 1 else f"{_clear(abs(factor))}*"
        sign = ("-" if factor < 0 else "") if not text else (" - " if factor < 0 else " + ")
        text += f"{sign}{size}{variable_name(model, column)}"
    if len(columns) > _TERMS:
        text += f" + ... ({len(columns)} terms)"
    low, high = float(matrix.row_lower[row]), float(matrix.row_upper[row])
    if low == high:
        return f"{text} == {_clear(low)}"
    left = f"{_clear(low)} <= " if np.isfinite(low) and np.isfinite(high) else ""
    if np.isfinite(high):
        return f"{left}{text} <= {_clear(high)}"
    return f"{text} >= {_clear(low)}"


def tell_conflict(
    model: Compiled,
    rows: Collection[int],
    demands: Collection[Demand],
    rules: Collection[str] = (),
) -> str:
    """The whole conflict: the sentences, what they say in numbers, and the bounds involved.

    `rules` are those that take part, also where they have no row of their own.
    """
    quotes = {rule.id: rule.quote for rule in model.plain.cir.rules}
    by_rule: dict[str, list[int]] = {}
    for row in sorted(rows):
        by_rule.setdefault(model.map.rows[row].rule, []).append(row)
    for rule in sorted(rules):
        by_rule.setdefault(rule, [])
    lines = []
    for rule, members in by_rule.items():
        quote = quotes.get(rule, "")
        said = f"“{quote}” ({rule})" if quote else rule
        if not members:
            lines.append(f"- {said}")
            continue
        told = "; ".join(tell_row(model, row) for row in members[:_ROWS])
        more = f"; and {len(members) - _ROWS} more" if len(members) > _ROWS else ""
        lines.append(f"- {said}: {told}{more}")
    lines += [f"- {tell_bound(model, demand)}" for demand in sorted(demands)[: 2 * _ROWS]]
    if len(demands) > 2 * _ROWS:
        lines.append(f"- and {counted(len(demands) - 2 * _ROWS, 'more bound')}")
    head = "These cannot all hold:" if len(by_rule) > 1 or demands else "This can never hold:"
    clash = _single_clash(model.matrix, rows, demands) if len(rows) == 1 else ""
    return "\n".join([head, *lines, *([clash] if clash else [])])


def _single_clash(matrix: Matrix, rows: Collection[int], demands: Collection[Demand]) -> str:
    """For one row against bounds: how far the bounds let it go."""
    (row,) = rows
    span = slice(int(matrix.starts[row]), int(matrix.starts[row + 1]))
    columns, factors = matrix.columns[span], matrix.values[span]
    kept = set(demands)
    lower = [matrix.lower[j] if Demand(int(j), "lower") in kept else -np.inf for j in columns]
    upper = [matrix.upper[j] if Demand(int(j), "upper") in kept else np.inf for j in columns]
    ends = [factors * np.array(lower), factors * np.array(upper)]
    least, most = float(np.minimum(*ends).sum()), float(np.maximum(*ends).sum())
    low, high = float(matrix.row_lower[row]), float(matrix.row_upper[row])
    if np.isfinite(most) and most < low:
        return f"At most {_clear(most)} is possible where {_clear(low)} is demanded."
    if np.isfinite(least) and least > high:
        return f"At least {_clear(least)} is taken where {_clear(high)} is allowed."
    return ""


def _clear(value: float) -> str:
    """A number without the rounding of the sums that it comes from: 0.2, not 1 - 0.8."""
    return number(float(f"{value:.15g}"))

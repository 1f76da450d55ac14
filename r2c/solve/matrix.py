"""The Pyomo model as arrays: what the solver process is sent and the writers of files read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from r2c.model.arrays.model import ArrayGoal, ArrayModel
    from r2c.model.build import Built

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Goal:
    """One objective, `offset + cost x + sum of weights[k] x[first[k]] x[second[k]]`.

    `first[k] <= second[k]`.
    """

    sense: Literal["min", "max"]
    offset: float
    cost: Floats
    first: Ints
    second: Ints
    weights: Floats

    def value(self, x: Floats) -> float:
        """The objective at a point."""
        squares = self.weights * x[self.first] * x[self.second]
        return float(self.offset + self.cost @ x + squares.sum())

    @property
    def quadratic(self) -> bool:
        """Whether products of variables occur."""
        return self.weights.size > 0


@dataclass(frozen=True)
class Matrix:
    """`row_lower <= A x <= row_upper`, `lower <= x <= upper`, some x whole; A by rows.

    Row i has the entries `starts[i]:starts[i+1]` of `columns` and `values`. Infinite ends are
    `inf`. `goals` holds one objective per tier.
    """

    lower: Floats
    upper: Floats
    integer: NDArray[np.bool_]
    starts: Ints
    columns: Ints
    values: Floats
    row_lower: Floats
    row_upper: Floats
    goals: tuple[Goal, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.row_lower), len(self.lower)

    def activities(self, x: Floats) -> Floats:
        """A x."""
        found = np.zeros(len(self.row_lower))
        np.add.at(found, self.row_numbers, self.values * x[self.columns])
        return found

    @property
    def row_numbers(self) -> Ints:
        """The row of each entry."""
        counts = np.diff(self.starts)
        return np.repeat(np.arange(len(counts), dtype=np.int32), counts)

    def violation(self, x: Floats) -> float:
        """The largest scaled violation of rows, bounds and integrality at a point."""
        found = [0.0]
        for value, low, high in (
            (x, self.lower, self.upper),
            (self.activities(x), self.row_lower, self.row_upper),
        ):
            for excess, end in ((low - value, low), (value - high, high)):
                scale = np.maximum(1.0, np.abs(np.where(np.isfinite(end), end, 0.0)))
                found.append(float(np.max(excess / scale, initial=0.0)))
        whole = x[self.integer]
        found.append(float(np.max(np.abs(whole - np.round(whole)), initial=0.0)))
        return max(found)

    def holding(self, goal: Goal, value: float) -> Matrix:
        """This model with one more row: the (linear) goal stays as good as `value`."""
        used = np.flatnonzero(goal.cost).astype(np.int32)
        end = value - goal.offset
        low, high = (-np.inf, end) if goal.sense == "min" else (end, np.inf)
        return replace(
            self,
            starts=np.append(self.starts, np.int32(self.starts[-1] + used.size)),
            columns=np.append(self.columns, used),
            values=np.append(self.values, goal.cost[used]),
            row_lower=np.append(self.row_lower, low),
            row_upper=np.append(self.row_upper, high),
        )


def matrix_of(built: Built) -> Matrix:
    """Read the arrays off a Pyomo model."""
    columns = {id(variable): j for j, variable in enumerate(built.variables)}
    starts, indices, values = [0], [], []
    low, high = [], []
    for row in built.rows:
        found = _read(row.body, columns)
        indices.extend(found.columns)
        values.extend(found.factors)
        starts.append(len(indices))
        low.append(_end(row.lower, -np.inf) - found.constant)
        high.append(_end(row.upper, np.inf) - found.constant)
    return Matrix(
        lower=np.array([_end(item.lb, -np.inf) for item in built.variables], np.float64),
        upper=np.array([_end(item.ub, np.inf) for item in built.variables], np.float64),
        integer=np.array([not item.is_continuous() for item in built.variables], np.bool_),
        starts=np.array(starts, np.int32),
        columns=np.array(indices, np.int32),
        values=np.array(values, np.float64),
        row_lower=np.array(low, np.float64),
        row_upper=np.array(high, np.float64),
        goals=tuple(_goal(item, columns) for item in built.objectives),
    )


def matrix_of_arrays(model: ArrayModel) -> Matrix:
    """The arrays of a model that was written as such: those that `matrix_of` would read."""
    terms = model.row_terms
    return Matrix(
        lower=model.lower,
        upper=model.upper,
        integer=model.integer,
        starts=terms.starts.astype(np.int32),
        columns=terms.columns,
        values=terms.coefficients,
        row_lower=model.row_lower,
        row_upper=model.row_upper,
        goals=tuple(
            _array_goal(goal, sense, model.shape[1])
            for goal, sense in zip(model.goals, model.senses, strict=True)
        ),
    )


def _array_goal(goal: ArrayGoal, sense: Literal["min", "max"], size: int) -> Goal:
    cost = np.zeros(size)
    cost[goal.columns] = goal.values
    squares = {pair: factor for pair, factor in goal.square.items() if factor}
    return Goal(
        sense=sense,
        offset=goal.constant,
        cost=cost,
        first=np.array([i for i, _ in squares], np.int32),
        second=np.array([j for _, j in squares], np.int32),
        weights=np.array(list(squares.values()), np.float64),
    )


def _end(value: Any, default: float) -> float:
    if value is None:
        return float(default)
    from pyomo.core.expr.numvalue import value as number

    return float(number(value))


@dataclass(frozen=True)
class _Terms:
    constant: float
    columns: list[int]
    factors: list[float]
    squares: list[tuple[int, int, float]]


def _read(expression: Any, columns: dict[int, int]) -> _Terms:
    from pyomo.repn import generate_standard_repn

    form = generate_standard_repn(expression, compute_values=True)
    assert form.nonlinear_expr is None, "only linear and quadratic expressions are built"
    squares = []
    for (one, other), factor in zip(form.quadratic_vars, form.quadratic_coefs, strict=True):
        i, j = sorted((columns[id(one)], columns[id(other)]))
        squares.append((i, j, float(factor)))
    return _Terms(
        float(form.constant),
        [columns[id(variable)] for variable in form.linear_vars],
        [float(factor) for factor in form.linear_coefs],
        squares,
    )


def _goal(objective: Any, columns: dict[int, int]) -> Goal:
    form = _read(objective.expr, columns)
    cost = np.zeros(len(columns))
    np.add.at(cost, form.columns, form.factors)
    return Goal(
        sense="min" if objective.is_minimizing() else "max",
        offset=form.constant,
        cost=cost,
        first=np.array([i for i, _, _ in form.squares], np.int32),
        second=np.array([j for _, j, _ in form.squares], np.int32),
        weights=np.array([factor for _, _, factor in form.squares], np.float64),
    )

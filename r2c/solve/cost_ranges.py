"""Between which coefficients of the goal a plan of a linear program stays optimal.

A plan is optimal if prices of the rows and bounds that it reaches exist that account for every
coefficient (complementary slackness). With one coefficient free, the smallest and the largest for
which such prices exist are the optima of two linear programs. Unlike the ranges of one basis
(HiGHS's `getRanging`) they are right where a plan has several bases.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from r2c.formulation import CostRange
from r2c.solve.ask import ask
from r2c.solve.compiled import Compiled
from r2c.solve.limits import Limits
from r2c.solve.matrix import Floats, Goal, Matrix
from r2c.solve.process import SolverProcess
from r2c.solve.room import ROOM, SHARE
from r2c.solve.stated_numbers import without_noise

Flags = NDArray[np.bool_]
MOST = 24
"""Coefficients looked at; those of decisions that the plan takes come first."""


def cost_ranges(
    model: Compiled, point: Floats, limits: Limits, process: SolverProcess, deadline: float
) -> tuple[CostRange, ...]:
    """The ranges for coefficients of decisions of the CIR, as many as there is time for.

    Args:
        model: A linear program with one goal.
        point: An optimal plan.
        limits: Memory and threads of the solver.
        process: The solver process.
        deadline: When to stop, by the monotonic clock.
    """
    goal = model.matrix.goals[0]
    made = {item.name for item in model.plain.variables if item.rule is not None}
    entries = model.map.variables
    columns = [
        column
        for column in np.flatnonzero(goal.cost).tolist()
        if entries[column].symbol not in made
    ]
    columns.sort(key=lambda column: abs(point[column]) <= ROOM)
    prices = _prices(model.matrix, point, goal)
    found = []
    for column in sorted(columns[:MOST]):
        ends = []
        for sign in (-1, 1):
            left = deadline - time.monotonic()
            shift = None if left <= 0 else prices.shift(column, sign, limits, process, left)
            if shift is None:
                break
            ends.append(shift)
        if len(ends) < 2:
            continue
        coefficient = float(goal.cost[column])
        down, up = ends if goal.sense == "min" else (-ends[1], -ends[0])
        entry = entries[column]
        found.append(
            CostRange(
                symbol=entry.symbol,
                key=entry.key,
                coefficient=coefficient,
                low=without_noise(coefficient + down, coefficient),
                high=without_noise(coefficient + up, coefficient),
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class _Prices:
    """The rows of the program over prices, one per column of the model; minimization."""

    lower: Floats
    upper: Floats
    rows: tuple[tuple[Floats, Floats], ...]
    row_lower: Floats
    row_upper: Floats

    def shift(
        self, column: int, sign: int, limits: Limits, process: SolverProcess, seconds: float
    ) -> float | None:
        """How far a coefficient can move down (-1) or up (1); None if that stays open."""
        size = len(self.lower)
        starts, columns, values = [0], [], []
        for place, (reached, factors) in enumerate(self.rows):
            columns += reached.tolist() + ([size] if place == column else [])
            values += factors.tolist() + ([-1.0] if place == column else [])
            starts.append(len(columns))
        cost = np.zeros(size + 1)
        cost[-1] = 1.0
        none = np.zeros(0, np.int32)
        matrix = Matrix(
            lower=np.append(self.lower, -np.inf),
            upper=np.append(self.upper, np.inf),
            integer=np.zeros(size + 1, np.bool_),
            starts=np.array(starts, np.int32),
            columns=np.array(columns, np.int32),
            values=np.array(values, np.float64),
            row_lower=self.row_lower,
            row_upper=self.row_upper,
            goals=(),
        )
        goal = Goal("max" if sign > 0 else "min", 0.0, cost, none, none, np.zeros(0))
        answer = ask(process, matrix, goal, limits, seconds=seconds)
        if answer.reading == "unbounded":
            return sign * np.inf
        if answer.reading == "unclear":
            feasible = ask(process, matrix, None, limits, seconds=seconds)
            return sign * np.inf if feasible.reading == "optimal" else None
        if answer.reading != "optimal" or answer.point is None:
            return None
        shift = float(answer.point[-1])
        return shift if sign * shift > 0 else 0.0


def _prices(matrix: Matrix, point: Floats, goal: Goal) -> _Prices:
    """What prices of reached rows must satisfy for the plan to be optimal."""
    cost = goal.cost if goal.sense == "min" else -goal.cost
    low, high = _reached(matrix.activities(point), matrix.row_lower, matrix.row_upper)
    active = np.flatnonzero(low | high)
    number = np.full(matrix.shape[0], -1)
    number[active] = np.arange(active.size)
    lower = np.where(high[active], -np.inf, 0.0)
    upper = np.where(low[active], np.inf, 0.0)
    order = np.argsort(matrix.columns, kind="stable")
    taken, factors = number[matrix.row_numbers[order]], matrix.values[order]
    ends = np.searchsorted(matrix.columns[order], np.arange(matrix.shape[1] + 1))
    rows = []
    for column in range(matrix.shape[1]):
        span = slice(int(ends[column]), int(ends[column + 1]))
        kept = taken[span] >= 0
        rows.append((taken[span][kept], factors[span][kept]))
    # What is left of a coefficient is the price of a bound, which counts only if it is reached.
    at_low, at_high = _reached(point, matrix.lower, matrix.upper)
    return _Prices(
        lower,
        upper,
        tuple(rows),
        np.where(at_low, -np.inf, cost),
        np.where(at_high, np.inf, cost),
    )


def _reached(value: Floats, low: Floats, high: Floats) -> tuple[Flags, Flags]:
    found = []
    for end in (low, high):
        finite = np.where(np.isfinite(end), end, 0.0)
        near = np.abs(value - finite) <= np.maximum(ROOM, SHARE * np.abs(finite))
        found.append(np.isfinite(end) & near)
    return found[0], found[1]

"""What more or less of the numbers that bind would do to the optimum.

In a linear program a dual tells it, with the range in which it does. With whole numbers there are
no duals: the model is solved again with a number a little larger and a little smaller. So it is
with several goals in order: what is told is the change of the first goal that changes, the ones
before it held at what they reached.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from r2c.cir.instance import Instance
from r2c.errors import R2CError
from r2c.formulation import CostRange, Outcome, Sensitivity, Solution
from r2c.model.plain import PlainModel
from r2c.model.size import SizeLimits
from r2c.model.tiers import named
from r2c.solve.compiled import Compiled, compiled
from r2c.solve.cost_ranges import cost_ranges
from r2c.solve.limits import Limits
from r2c.solve.line import Lines
from r2c.solve.matrix import Floats, Goal, Matrix
from r2c.solve.own_numbers import OwnNumbers
from r2c.solve.process import SolverProcess
from r2c.solve.shared_numbers import SharedNumbers
from r2c.solve.stated_numbers import (
    StatedNumber,
    nearly_reached,
    reached_numbers,
    spread_over_rules,
    without_noise,
)
from r2c.solve.stated_unit import stated_unit
from r2c.solve.steps_away import StepsAway
from r2c.solve.tiers import with_room

SHARE = 0.25
"""Part of the time of a solve that all of this may take."""
_Told = float | Literal["no plan"] | None
"""By how much the optimum differs; None if that is not sure."""
MOST_LINES, MOST_AGAIN = 24, 12
"""Numbers looked at, by lines and by solving again; one of each rule comes first."""


def sensitivity(
    plain: PlainModel,
    instance: Instance,
    solution: Solution,
    limits: Limits,
    process: SolverProcess,
    size: SizeLimits | None = None,
) -> tuple[Sensitivity, ...]:
    """What the numbers that bind are worth, in the order of the rows.

    Told is only what is sure: numbers from which rows of other rules follow are left out, and so
    are those that time did not suffice for.

    Args:
        plain: The model.
        instance: Its data.
        solution: Its optimum; of its `rows` those are looked at that state one number.
        limits: What a solve may cost; a quarter of the time is used at most.
        process: The solver process.
        size: The largest model that is compiled.

    Returns:
        Nothing unless the solution is optimal. In a corner, where more and less of a number are
        worth different amounts, there is one record for each side.
    """
    model = _with_goals(plain, instance, solution, size)
    if model is None:
        return ()
    deadline = time.monotonic() + SHARE * limits.seconds
    found = _Sensitivity(model, instance, solution, limits, process, deadline)
    told = tuple(found.lines() if _linear(model) else found.again())
    return tuple(found.with_shared(told))


def coefficient_ranges(
    plain: PlainModel,
    instance: Instance,
    solution: Solution,
    limits: Limits,
    process: SolverProcess,
    size: SizeLimits | None = None,
) -> tuple[CostRange, ...]:
    """In what ranges of the goal's coefficients the plan stays optimal; linear programs only.

    Args and time as `sensitivity`.
    """
    model = _with_goals(plain, instance, solution, size)
    if model is None or not _linear(model):
        return ()
    deadline = time.monotonic() + SHARE * limits.seconds
    return cost_ranges(model, _point(model, solution), limits, process, deadline)


def _with_goals(
    plain: PlainModel, instance: Instance, solution: Solution, size: SizeLimits | None
) -> Compiled | None:
    if solution.outcome is not Outcome.OPTIMAL or solution.objective is None:
        return None
    try:
        model = compiled(plain, instance, size)
    except R2CError:
        return None
    return model if 0 < len(model.matrix.goals) == len(solution.tiers) else None


def _linear(model: Compiled) -> bool:
    """Whether it is a linear program with one goal."""
    matrix = model.matrix
    return len(matrix.goals) == 1 and not matrix.integer.any() and not matrix.goals[0].quadratic


def _point(model: Compiled, solution: Solution) -> Floats:
    values = {
        (name, value.key): value.value for name, given in solution.values.items() for value in given
    }
    return np.array([values.get((item.symbol, item.key), 0.0) for item in model.map.variables])


@dataclass(frozen=True)
class _Sensitivity:
    model: Compiled
    instance: Instance
    solution: Solution
    limits: Limits
    process: SolverProcess
    deadline: float

    @property
    def goal(self) -> Goal:
        return self.model.matrix.goals[0]

    @property
    def best(self) -> float:
        assert self.solution.objective is not None
        return self.solution.objective

    def lines(self) -> Iterator[Sensitivity]:
        """By duals, each with its exact range."""
        lines = Lines(self.process, self.model.matrix, self.goal, self.limits, self.deadline)
        found = reached_numbers(self.model, self.solution.rows)
        found.sort(key=lambda item: -abs(item.report.dual or 0.0))
        for item in self._chosen(found, MOST_LINES):
            if item.report.dual is None or time.monotonic() > self.deadline:
                continue
            sides = lines.of(item, self.best, item.report.dual)
            for place, line in enumerate(sides or ()):
                if line is None:
                    yield self._told(item, None, *_beyond(item.end, place), exact=True)
                else:
                    yield self._told(item, line.slope, line.low, line.high, exact=True)

    def again(self) -> Iterator[Sensitivity]:
        """By solving again on both sides of each number."""
        tiers = self._tiers()
        away = tiers[0]
        rows = self.solution.rows
        found = reached_numbers(self.model, rows)
        found += nearly_reached(self.model, rows)
        chosen = self._chosen(found, MOST_AGAIN)
        for place, item in enumerate(chosen):
            step = away.step(item)
            for sign in (-1, 1):
                left = self.deadline - time.monotonic()
                if left <= 0:
                    return
                end = item.end + sign * step
                goal, change = _first_change(tiers, item, end, left / (2 * (len(chosen) - place)))
                if change is None:
                    continue
                slope = None if change == "no plan" else sign * change / step
                span = (end, item.end) if sign < 0 else (item.end, end)
                yield self._told(item, slope, *span, exact=False, place=goal)

    def with_shared(self, told: Sequence[Sensitivity]) -> Iterator[Sensitivity]:
        """The records with where else their numbers stand, and what these are worth there too."""
        deadline = time.monotonic() + SHARE * self.limits.seconds
        shared = SharedNumbers(self.model, self.instance, deadline=deadline)
        rows = self.solution.rows
        found = (*nearly_reached(self.model, rows), *reached_numbers(self.model, rows))
        items = {item.report.row: item for item in found}
        tiers, looked = self._tiers(), set[tuple[str, str]]()
        for place, record in enumerate(told):
            item = items[record.row]
            where = shared.of(item.row, item.end)
            if where is None:
                yield record
                continue
            update: dict[str, object] = {"shared": where}
            left = deadline - time.monotonic()
            if (record.rule, where.number) not in looked and left > 0:
                looked.add((record.rule, where.number))
                seconds = left / (2 * (len(told) - place))
                update["throughout"] = tuple(self._throughout(item, shared, tiers, seconds))
            yield record.model_copy(update=update)

    def _throughout(
        self, item: StatedNumber, shared: SharedNumbers, tiers: list[StepsAway], seconds: float
    ) -> Iterator[Sensitivity]:
        """A shared number a step less and more in every place."""
        step = tiers[0].step(item)
        for sign in (-1, 1):
            end = item.end + sign * step
            matrix = shared.changed({(item.row, item.end): end})
            if matrix is None:
                continue
            goal, change = _first(self._changes(matrix, tiers, seconds))
            if change is None:
                continue
            slope = None if change == "no plan" else sign * change / step
            span = (end, item.end) if sign < 0 else (item.end, end)
            yield self._told(item, slope, *span, exact=False, place=goal)

    def _changes(
        self, matrix: Matrix, tiers: Sequence[StepsAway], seconds: float
    ) -> Iterator[_Told]:
        """By how much another model changes each goal; the goals before it are held."""
        goals = matrix.goals
        for away, goal, tier in zip(tiers, goals, self.solution.tiers, strict=True):
            yield away.change_in(replace(matrix, goals=(goal,)), seconds / len(tiers))
            matrix = matrix.holding(goal, with_room(goal, tier.value))

    def _tiers(self) -> list[StepsAway]:
        """One for each goal: the goals before it keep what they reached."""
        found, matrix = [], self.model.matrix
        for place, (goal, tier) in enumerate(zip(matrix.goals, self.solution.tiers, strict=True)):
            alone = replace(matrix, goals=(goal,))
            gap = self.solution.gap if place == len(self.solution.tiers) - 1 else None
            best = self.best if len(self.solution.tiers) == 1 else tier.value
            away = StepsAway(self.process, alone, self.limits, best, gap)
            if place:  # goals are held with some room, of which the plan may not have made use
                left = max(0.0, self.deadline - time.monotonic())
                shift = away.change_in(alone, left / 4)
                if isinstance(shift, float):
                    away = replace(away, best=best + shift)
            found.append(away)
            matrix = matrix.holding(goal, with_room(goal, tier.value))
        return found

    def _chosen(self, found: list[StatedNumber], most: int) -> list[StatedNumber]:
        own = OwnNumbers(self.model.plain, self.instance)
        chosen: list[StatedNumber] = []
        for item in spread_over_rules(found, len(found)):
            if len(chosen) < most and time.monotonic() < self.deadline:
                chosen += [item] if own.of(item.report.rule) else []
        order = {id(report): place for place, report in enumerate(self.solution.rows)}
        return sorted(chosen, key=lambda item: order[id(item.report)])

    def _told(
        self,
        item: StatedNumber,
        slope: float | None,
        low: float,
        high: float,
        *,
        exact: bool,
        place: int = 0,
    ) -> Sensitivity:
        """A line of the row's end as one of the number that the rule states."""
        sign = item.report.data_sign
        if sign < 0:
            low, high = -high, -low
        cir = self.model.plain.cir
        unit, _ = named(cir, self.solution.tiers[place].tier, paid=False)
        entry = self.model.map.rows[item.row]
        relation = {row.name: row.relation for row in self.model.plain.rows}[entry.row]
        return Sensitivity(
            rule=item.report.rule,
            row=item.report.row,
            key=item.report.key,
            stated=item.stated,
            value=None if slope is None else sign * slope + 0.0,
            low=item.stated if low == item.stated else without_noise(low, item.stated),
            high=item.stated if high == item.stated else without_noise(high, item.stated),
            exact=exact,
            tier=self.solution.tiers[place].tier,
            unit=unit,
            number_unit=stated_unit(relation, entry.part, cir),
        )


def _first_change(
    tiers: Sequence[StepsAway], item: StatedNumber, end: float, seconds: float
) -> tuple[int, _Told]:
    """The first goal that another end changes, and by how much; the first one if none does."""
    share = seconds / len(tiers)
    return _first(away.change(item, end, share) for away in tiers)


def _first(changes: Iterable[_Told]) -> tuple[int, _Told]:
    """Of the changes of all goals in order the first that is one, and the place of its goal."""
    for place, change in enumerate(changes):
        if place and change == "no plan":  # a plan is there: goals are held up to rounding only
            return place, None
        if change is None or change == "no plan" or change:
            return place, change
    return 0, 0.0


def _beyond(end: float, place: int) -> tuple[float, float]:
    return (-np.inf, end) if place == 0 else (end, np.inf)

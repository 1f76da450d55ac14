"""All plans of a small problem, one after the other, held against what the rules mean.

No row of a model is written: a rule is asked whether a plan keeps it. What is whole is counted
through; a rule is asked as soon as all that it is about is settled.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from r2c.archetypes.load import standard_library
from r2c.cir.evaluate import Evaluator
from r2c.cir.expr import Binder, Loop, Name
from r2c.cir.instance import Instance, bind
from r2c.cir.members import Key
from r2c.cir.schema import CIR
from r2c.model.affine import Variable
from r2c.model.formula import Formula, as_function
from r2c.model.meaning import Created, Meaning, meaning
from r2c.model.measures import TOLERANCE, Violation
from r2c_benchmarks.rulebench.optimum import Answer

NODES = 20_000
"""Choices that are looked at, at most: some seconds."""
_RANGE = 80
"""A whole number that single rules let grow beyond this is not counted through."""
_PLANS = 1e12


class _Open(Exception):
    """What is asked hangs on a choice that is still open."""


class _Partial(dict[Variable, float]):
    """The choices made so far; what follows from them is computed when it is asked for."""

    def __init__(self, following: Mapping[Variable, Created]) -> None:
        super().__init__()
        self.asked: set[Variable] | None = None
        self._following = following

    def __getitem__(self, variable: Variable) -> float:
        if self.asked is not None:
            self.asked.add(variable)
        found = self.get(variable)
        if found is not None:
            return found
        rule = self._following.get(variable)
        if rule is None or rule.value is None:
            raise _Open
        return rule.value(self)


def best_plan(cir: CIR) -> Answer | None:
    """The best of all plans; None if there are too many, or some of what is decided is not whole.

    Raises:
        R2CError: the CIR is not well formed.
    """
    instance = bind(cir).require()
    told, faults = meaning(cir, standard_library(), instance)
    if faults or told.wishes or len(cir.objectives) != 1:
        return None
    ends = _ends(cir, instance, told)
    if ends is None:
        return None
    search = _Search(told, _goal(cir, instance, told), cir.objectives[0].sense == "max", ends)
    return search.answer()


def _ends(cir: CIR, instance: Instance, told: Meaning) -> dict[Variable, float] | None:
    """The largest value of each choice as its domain has it; None if one may be a fraction."""
    evaluator: Evaluator[float] = Evaluator(instance)
    found: dict[Variable, float] = {}
    for item in cir.decisions:
        if item.domain not in ("binary", "integer"):
            return None
        loops = tuple(
            Loop((i,), Name(s))
            for i, s in zip(item.indices or _letters(item.over), item.over, strict=True)
        )
        binder = Binder(loops) if loops else None
        keys = [()] if binder is None else list(evaluator.members(binder))
        uppers: dict[Key, float] = {}
        if item.domain == "integer" and item.upper is not None:
            uppers = dict(evaluator.each(item.upper, binder))
        for key in keys:
            most = 1.0 if item.domain == "binary" else uppers.get(key, math.inf)
            found[item.name, key] = most
    for made in told.created:
        if made.value is None and not made.hidden:
            if made.domain != "binary":
                return None
            found[made.variable] = 1.0
    return found


def _letters(over: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"i{k}" for k in range(len(over)))


def _goal(cir: CIR, instance: Instance, told: Meaning) -> Violation:
    """The objective with what the rules cost, at a plan."""
    values: dict[str, dict[Key, Formula]] = {}
    evaluator: Evaluator[float] = Evaluator(instance)
    for item in cir.decisions:
        loops = tuple(
            Loop((i,), Name(s)) for i, s in zip(_letters(item.over), item.over, strict=True)
        )
        keys = list(evaluator.members(Binder(loops))) if loops else [()]
        values[item.name] = {key: Formula.variable((item.name, key)) for key in keys}
    for made in told.created:
        name, key = made.variable
        values.setdefault(name, {})[key] = Formula.variable(made.variable)
    goal = cir.objectives[0]
    shown = as_function(Evaluator[Formula | float](instance, values).value(goal.expr))
    costs = [cost for _, cost in told.costs]
    sign = -1.0 if goal.sense == "max" else 1.0
    return lambda point: shown(point) + sign * sum(cost(point) for cost in costs)


@dataclass
class _Search:
    told: Meaning
    goal: Violation
    largest: bool
    ends: Mapping[Variable, float]
    nodes: int = 0
    best: float | None = None
    due: dict[Variable, list[Violation]] = field(default_factory=dict)

    def answer(self) -> Answer | None:
        following = {
            made.variable: made for made in self.told.created if made.variable not in self.ends
        }
        self._point = _Partial(following)
        self._order = list(self.ends)
        choices = self._choices()
        if choices is None or math.prod(float(len(one)) for one in choices) > _PLANS:
            return None
        self._range = choices
        if not self._go(0):
            return None
        if self.best is None:
            return Answer("infeasible")
        return Answer("optimal", self.best)

    def _choices(self) -> list[list[float]] | None:
        """The values that single choices may have, and each rule put where it can be asked."""
        place = {variable: k for k, variable in enumerate(self._order)}
        alone: dict[Variable, list[Violation]] = {}
        for clause in self.told.clauses:
            about = self._about(clause.violation) & set(place)
            if len(about) == 1:
                alone.setdefault(next(iter(about)), []).append(clause.violation)
            elif about:
                last = max(about, key=place.__getitem__)
                self.due.setdefault(last, []).append(clause.violation)
        found: list[list[float]] = []
        for variable in self._order:
            values = []
            most = min(self.ends[variable], _RANGE)
            for number in range(int(most) + 1):
                self._point[variable] = float(number)
                if all(self._kept(one) for one in alone.get(variable, ())):
                    values.append(float(number))
            del self._point[variable]
            if self.ends[variable] > _RANGE and _RANGE in values:
                return None
            found.append(values)
        return found

    def _about(self, violation: Violation) -> set[Variable]:
        """The choices that a clause asks for at some plans; it may ask for others elsewhere."""
        found: set[Variable] = set()
        for value in (0.0, 1.0):
            self._point.update(dict.fromkeys(self._order, value))
            self._point.asked = set()
            violation(self._point)
            found |= self._point.asked
        self._point.asked = None
        self._point.clear()
        return found

    def _kept(self, violation: Violation) -> bool:
        try:
            return violation(self._point) <= TOLERANCE
        except _Open:
            return True  # asked again when the plan is whole

    def _go(self, depth: int) -> bool:
        """Go through all that is open; False if that was too much."""
        self.nodes += 1
        if self.nodes > NODES:
            return False
        if depth == len(self._order):
            self._look()
            return True
        variable = self._order[depth]
        for value in self._range[depth]:
            self._point[variable] = value
            if all(self._kept(one) for one in self.due.get(variable, ())) and not self._go(
                depth + 1
            ):
                return False
        self._point.pop(variable, None)
        return True

    def _look(self) -> None:
        found = self.goal(self._point)
        better = self.best is None or (found > self.best if self.largest else found < self.best)
        if better and all(one.violation(self._point) <= TOLERANCE for one in self.told.clauses):
            self.best = found

"""The plan held against what the rules mean, without the rows that were solved.

Cards' predicates, bounds, whole numbers and the objective are computed in the original algebra by
our own evaluator: neither a paradigm's rows nor Pyomo nor the solver are asked.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from r2c.archetypes.card import Card
from r2c.cir.evaluate import Evaluator
from r2c.cir.instance import Instance
from r2c.cir.members import Key
from r2c.cir.schema import CIR
from r2c.errors import R2CError
from r2c.formulation import Evidence, Solution
from r2c.model.meaning import Meaning, meaning
from r2c.model.reformulate import decision_variable
from r2c.model.symbols import Symbols
from r2c.verdict.point import Variable, by_symbol, flat

NAME = "recheck"
TOLERANCE = 1e-5
"""Relative to the amounts compared; solvers promise 1e-6 on rows that they have scaled."""
_TOLD = 5


@dataclass(frozen=True)
class Violation:
    """One thing that the plan breaks; `rule` is empty for bounds and the objective."""

    message: str
    amount: float
    rule: str = ""


def recheck(
    cir: CIR, solution: Solution, instance: Instance, library: Mapping[str, Card]
) -> Evidence:
    """Whether the plan keeps every rule and bound and is worth what the solver says.

    Args:
        cir: The model.
        solution: The answer; one without values is not checked (`passed` is None).
        instance: The model's data.
        library: The cards, whose `holds` says what each rule means.
    """
    if not solution.values:
        return Evidence(check=NAME, passed=None, message="There is no plan to check.")
    try:
        told, faults = meaning(cir, library, instance)
        if faults:
            return Evidence(check=NAME, passed=None, message=faults[0].what)
        found = list(_violations(cir, solution, instance, told))
    except (R2CError, KeyError, ZeroDivisionError, OverflowError) as error:
        return Evidence(
            check=NAME, passed=False, message=f"The plan cannot be evaluated: {_reason(error)}"
        )
    found.sort(key=lambda item: -item.amount)
    checked = len(told.clauses)
    if not found:
        return Evidence(
            check=NAME,
            passed=True,
            message=f"The plan keeps {_told(checked)}all bounds and whole numbers, and its "
            "objective value is confirmed.",
            details={"conditions": checked},
        )
    more = f" (and {len(found) - _TOLD} more)" if len(found) > _TOLD else ""
    return Evidence(
        check=NAME,
        passed=False,
        message=" ".join(item.message for item in found[:_TOLD]) + more,
        rules=tuple(dict.fromkeys(item.rule for item in found if item.rule)),
        details={"conditions": checked, "violations": [item.message for item in found[:50]]},
    )


def _told(checked: int) -> str:
    if checked < 2:
        return "the only condition that the rules mean, " if checked else ""
    return f"all {checked} conditions that the rules mean, "


def _violations(
    cir: CIR, solution: Solution, instance: Instance, told: Meaning
) -> Iterator[Violation]:
    values = by_symbol(solution, cir)
    point = flat(values)
    bounds = list(_bounds(cir, instance, values))
    yield from bounds
    if any(math.isinf(item.amount) for item in bounds):
        return  # with a value missing nothing else can be computed
    for item in told.created:
        if item.hidden and item.value is not None:
            point[item.variable] = item.value(point)
    yield from _created(told, point)
    for clause, amount in told.broken(point, TOLERANCE):
        where = _at(clause.key)
        off = "" if amount == 1.0 else f" by {amount:.2g} of its size"
        yield Violation(f"The plan breaks rule {clause.rule!r}{where}{off}.", amount, clause.rule)
    yield from _objective(cir, solution, instance, told, values, point)


def _created(told: Meaning, point: Mapping[Variable, float]) -> Iterator[Violation]:
    for item in told.created:
        name, key = item.variable
        value = point[item.variable]
        if item.domain != "continuous" and not _whole(value):
            yield Violation(f"{name}{_at(key)} is {value:g}, not whole.", 1.0, item.rule)
        if item.value is not None and not item.hidden:
            meant = item.value(point)
            if not math.isclose(value, meant, rel_tol=TOLERANCE, abs_tol=TOLERANCE):
                yield Violation(
                    f"{name}{_at(key)} is {value:g} but should be {meant:g}.",
                    abs(value - meant) / max(1.0, abs(meant)),
                    item.rule,
                )


def _bounds(
    cir: CIR, instance: Instance, values: Mapping[str, Mapping[Key, float]]
) -> Iterator[Violation]:
    data: Evaluator[float] = Evaluator(instance)
    symbols = Symbols(cir)
    for decision in cir.decisions:
        variable = decision_variable(decision, symbols)
        members = [()] if variable.binder is None else list(data.members(variable.binder))
        lower = {} if variable.lower is None else dict(data.each(variable.lower, variable.binder))
        upper = {} if variable.upper is None else dict(data.each(variable.upper, variable.binder))
        for key in members:
            value = values.get(decision.name, {}).get(key, math.nan)
            name = f"{decision.name}{_at(key)}"
            if not math.isfinite(value):
                yield Violation(f"{name} has no value.", math.inf)
                continue
            if decision.domain != "continuous" and not _whole(value):
                yield Violation(f"{name} is {value:g}, not a whole number.", 1.0)
            low = lower.get(key, 0.0 if decision.domain == "binary" else -math.inf)
            high = upper.get(key, math.inf)
            for off, end, side in (
                (low - value, low, "lower"), (value - high, high, "upper"),
            ):  # fmt: skip
                scaled = off / max(1.0, abs(end)) if math.isfinite(end) else 0.0
                if scaled > TOLERANCE:
                    yield Violation(f"{name} is {value:g}, its {side} bound {end:g}.", scaled)


def _objective(
    cir: CIR,
    solution: Solution,
    instance: Instance,
    told: Meaning,
    values: Mapping[str, Mapping[Key, float]],
    point: Mapping[Variable, float],
) -> Iterator[Violation]:
    if not cir.objectives or solution.objective is None:
        return
    first = min(goal.tier for goal in cir.objectives)
    goals = [goal for goal in cir.objectives if goal.tier == first]
    evaluator: Evaluator[float] = Evaluator(instance, values)
    sense = goals[0].sense
    found = sum(
        float(evaluator.value(goal.expr)) * goal.weight * (1.0 if goal.sense == sense else -1.0)
        for goal in goals
    )
    cost = sum(amount(point) for _, amount in told.costs)
    found += cost if sense == "min" else -cost
    off = solution.objective - found
    if any(rule.soft is not None for rule in cir.rules):
        # What broken rules cost can only make the objective worse.
        off = max(0.0, -off if sense == "min" else off)
    if abs(off) > TOLERANCE * max(1.0, abs(found)):
        yield Violation(
            f"The objective of the plan is {found:g}, not {solution.objective:g}.",
            abs(off) / max(1.0, abs(found)),
        )


def _whole(value: float) -> bool:
    return math.isfinite(value) and abs(value - round(value)) <= TOLERANCE


def _at(key: Key) -> str:
    return f"[{', '.join(map(str, key))}]" if key else ""


def _reason(error: Exception) -> str:
    return error.fault.what if isinstance(error, R2CError) else f"{type(error).__name__}: {error}"

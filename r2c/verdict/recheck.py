"""The plan held against what the rules mean, without the rows that were solved.

Cards' predicates, bounds, whole numbers and the objectives are computed in the original algebra by
our own evaluator: neither a paradigm's rows nor Pyomo nor the solver are asked. A soft rule may be
broken; what that costs is part of the objective.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from r2c.archetypes.card import Card
from r2c.cir.evaluate import Evaluator
from r2c.cir.instance import Instance
from r2c.cir.schema import CIR
from r2c.errors import R2CError, counted
from r2c.formulation import Evidence, Solution
from r2c.model.meaning import Clause, Meaning, meaning
from r2c.verdict.plan_values import Violation, at_key, missed_bounds, missed_outputs
from r2c.verdict.plan_worth import contradictions, underrated, worth_of
from r2c.verdict.point import by_symbol, flat
from r2c.verdict.soft_prices import SoftPrice, soft_prices

NAME = "recheck"
TOLERANCE = 1e-5
"""Relative to the amounts compared; solvers promise 1e-6 on rows that they have scaled."""
_TOLD = 5


@dataclass(frozen=True)
class _Examined:
    """What an examination found: what is broken or not so, and what broken soft rules cost."""

    violations: tuple[Violation, ...]
    prices: tuple[SoftPrice, ...] = ()
    underrated: bool = False


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
        examined = _examined(cir, solution, instance, library, told)
    except (R2CError, KeyError, ZeroDivisionError, OverflowError) as error:
        return Evidence(
            check=NAME, passed=False, message=f"The plan cannot be evaluated: {_reason(error)}"
        )
    soft = _soft(cir)
    details: dict[str, JsonValue] = {"conditions": len(told.clauses)}
    if soft:
        details["soft_rules"] = len(soft)
        details["broken_soft_rules"] = [item.rule for item in examined.prices if item.broken]
    found = sorted(examined.violations, key=lambda item: -item.amount)
    if not found:
        message = _confirmed(told, solution, soft, examined)
        return Evidence(check=NAME, passed=True, message=message, details=details)
    more = f" (and {len(found) - _TOLD} more)" if len(found) > _TOLD else ""
    return Evidence(
        check=NAME,
        passed=False,
        message=" ".join(item.message for item in found[:_TOLD]) + more,
        rules=tuple(dict.fromkeys(item.rule for item in found if item.rule)),
        details={**details, "violations": [item.message for item in found[:50]]},
    )


def _soft(cir: CIR) -> set[str]:
    return {rule.id for rule in cir.rules if rule.soft is not None}


def _examined(
    cir: CIR, solution: Solution, instance: Instance, library: Mapping[str, Card], told: Meaning
) -> _Examined:
    values = by_symbol(solution, cir)
    bounds = tuple(missed_bounds(cir, instance, values, TOLERANCE))
    if any(math.isinf(item.amount) for item in bounds):
        return _Examined(bounds)  # with a value missing nothing else can be computed
    point = flat(values)
    for item in told.created:
        if item.hidden and item.value is not None:
            name, key = item.variable
            point[item.variable] = item.value(point)
            values.setdefault(name, {})[key] = point[item.variable]
    given_up = list(told.given_up(point, TOLERANCE))
    prices = soft_prices(instance, library, given_up, values) if _soft(cir) else ()
    worth = worth_of(cir, told, prices, Evaluator(instance, values), point)
    return _Examined(
        (
            *bounds,
            *missed_outputs(told, point, TOLERANCE),
            *(_broken(clause, off) for clause, off in told.broken(point, TOLERANCE)),
            *(Violation(message, off) for message, off in contradictions(worth, solution)),
        ),
        prices,
        underrated(worth, solution),
    )


def _broken(clause: Clause, amount: float) -> Violation:
    off = "" if amount == 1.0 else f" by {amount:.2g} of its size"
    told = f"The plan breaks rule {clause.rule!r}{at_key(clause.key)}{off}."
    return Violation(told, amount, clause.rule)


def _confirmed(told: Meaning, solution: Solution, soft: set[str], examined: _Examined) -> str:
    """What is confirmed where nothing is amiss, and what is not."""
    kept = f"The plan keeps {_conditions(len(told.clauses))}all bounds and whole numbers"
    several = len(solution.tiers) > 1
    value = "the values of its goals are" if several else "its objective value is"
    if solution.objective is None:
        said = f"{kept}."
    elif examined.underrated:
        said = f"{kept}, and {value} at least as good as told."
    else:
        said = f"{kept}, and {value} confirmed."
    if not soft:
        return said
    broken = sum(item.broken for item in examined.prices)
    verb = "is" if len(soft) == 1 else "are"
    state = "none is broken" if not broken else f"{broken} {'is' if broken == 1 else 'are'} broken"
    return f"{said} {counted(len(soft), 'soft rule')} {verb} not among the conditions; {state}."


def _conditions(checked: int) -> str:
    if checked < 2:
        return "the only condition that the rules mean, " if checked else ""
    return f"all {checked} conditions that the rules mean, "


def _reason(error: Exception) -> str:
    return error.fault.what if isinstance(error, R2CError) else f"{type(error).__name__}: {error}"

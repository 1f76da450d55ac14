"""What a plan is worth and how far it breaks a rule, in words."""

from __future__ import annotations

from r2c.cir.arithmetic import negate
from r2c.cir.expr import Num
from r2c.cir.schema import CIR, Objective
from r2c.formulation import RuleCost, Solution, TierValue
from r2c.model.rename import multiply
from r2c.model.tiers import goals_of, share_of
from r2c.telling.amounts import amount
from r2c.telling.equation import maths

LONGEST_FORMULA = 60


def value_told(cir: CIR | None, solution: Solution, value: TierValue) -> str:
    """The value of a tier with what it is: `22 customers (customers served)`.

    Several goals added up have no unit and no meaning of their own.
    """
    goals = () if cir is None else goals_of(cir, value.tier)
    unit, parts = "", []
    if len(goals) == 1 and share_of(goals[0], value.sense) == 1.0:
        unit = f" {goals[0].unit}" if goals[0].unit else ""
        parts = [goals[0].meaning] if goals[0].meaning else []
    elif goals:
        parts = [weighed(goals[0], value) if len(goals) == 1 else f"{len(goals)} goals together"]
    paid = any(cost.tier == value.tier for cost in solution.costs)
    if paid or (cir is not None and not goals):
        word = "" if not goals else "with " if value.sense == "min" else "less "
        parts.append(f"{word}what rules cost")
    return f"{amount(value.value)}{unit}" + (f" ({', '.join(parts)})" if parts else "")


def weighed(goal: Objective, value: TierValue) -> str:
    """A goal as it counts in its tier."""
    share = share_of(goal, value.sense)
    if goal.meaning:
        times = "" if abs(share) == 1 else f"{abs(share):g} times "
        return f"{'' if share >= 0 else 'less '}{times}{goal.meaning}"
    size = multiply([Num(abs(share)), goal.expr])
    formula = maths(size if share >= 0 else negate(size))
    return formula if len(formula) <= LONGEST_FORMULA else "the goal"


def how_far(cir: CIR, cost: RuleCost) -> str:
    """By how much a rule is broken; a rule with a price per occurrence is just broken."""
    once = {rule.id for rule in cir.rules if rule.soft and rule.soft.per == "occurrence"}
    return "once" if cost.rule in once else f"by {amount(cost.broken or 0.0)}"

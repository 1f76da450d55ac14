"""What a plan is worth: the value of every tier, and what each rule costs in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from r2c.archetypes.card import Card
from r2c.cir.evaluate import Evaluator
from r2c.cir.instance import Instance
from r2c.formulation import RuleCost, TierValue
from r2c.model.costs import Cost, costs
from r2c.model.plain import PlainModel
from r2c.model.tiers import goals_of
from r2c.solve.residual import Point

_NOISE = 1e-6
"""Costs, and ways in which a rule is broken, up to this are a solver's rounding."""


def worth(
    plain: PlainModel,
    instance: Instance,
    point: Point,
    values: tuple[float, ...],
    library: Mapping[str, Card],
) -> tuple[tuple[TierValue, ...], tuple[RuleCost, ...]]:
    """The tiers and costs of a plan.

    Args:
        plain: The model.
        instance: Its data.
        point: The plan.
        values: The objectives at the point, the most important first; none if the point has
            no value for some decision, which then is worth nothing that could be told.
        library: The cards that the rules were written by.

    Raises:
        CIRError: R2C-C225 to R2C-C239 if an expression cannot be evaluated.
    """
    if not values:
        return (), ()
    data: Evaluator[float] = Evaluator(instance)
    shapes = {item.name: data.components(item.binder) for item in plain.variables}
    at: Evaluator[float] = Evaluator(instance, point, shapes=shapes)
    ordered = sorted(plain.objectives, key=lambda item: item.tier)
    found = tuple(
        TierValue(
            tier=item.tier,
            sense=item.sense,
            value=value + 0.0,
            goals=tuple(at.value(goal.expr) + 0.0 for goal in goals_of(plain.cir, item.tier)),
        )
        for item, value in zip(ordered, values, strict=True)
    )
    paid = tuple(item for cost in costs(plain, library) for item in _paid(cost, at))
    return found, paid


def _paid(cost: Cost, at: Evaluator[float]) -> Iterator[RuleCost]:
    amounts = {} if cost.broken is None else dict(at.each(cost.broken, cost.binder))
    for key, value in at.each(cost.each, cost.binder):
        broken = amounts.get(key)
        if abs(value) > _NOISE and (broken is None or broken > _NOISE):
            yield RuleCost(rule=cost.rule, key=key, tier=cost.tier, cost=value, broken=broken)

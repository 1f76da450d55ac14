"""What broken rules cost by their meaning, without the variables that the solver had for it.

Per occurrence a rule costs its price once for every member for which its meaning does not hold.
Per unit it costs its price for every unit by which the comparisons of its meaning are missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from r2c.archetypes.card import Card
from r2c.cir.evaluate import Evaluator
from r2c.cir.expr import Binder, Compare
from r2c.cir.instance import Instance
from r2c.cir.members import Key
from r2c.model.amounts import comparisons
from r2c.model.draft import Draft
from r2c.model.meaning import Clause
from r2c.model.reformulate import draft_rules

_ROUNDING = 1e-6
"""By how much of its size a solver may miss a comparison, and call it kept."""

Values = Mapping[str, Mapping[Key, float]]


@dataclass(frozen=True)
class SoftPrice:
    """What breaking one soft rule costs: `cost` in `tier`, give or take `room` for rounding."""

    rule: str
    tier: int
    cost: float = 0.0
    room: float = 0.0
    broken: bool = False


def soft_prices(
    instance: Instance,
    library: Mapping[str, Card],
    broken: Iterable[Clause],
    values: Values,
) -> tuple[SoftPrice, ...]:
    """The price of every soft rule.

    Args:
        instance: The model and its data.
        library: The cards.
        broken: The clauses that the plan does not keep, and need not.
        values: The plan: decisions and all that archetypes create.

    Raises:
        NoAmount: if a rule is priced by the unit and its meaning does not say by how much it is
            broken; no such rule can be written.
    """
    found: dict[str, list[Clause]] = {}
    for clause in broken:
        found.setdefault(clause.rule, []).append(clause)
    drafts, _ = draft_rules(instance.cir, library)
    return tuple(
        _price(draft, instance, found.get(draft.rule.id, []), values)
        for draft in drafts
        if draft.rule.soft is not None
    )


def _price(draft: Draft, instance: Instance, broken: list[Clause], values: Values) -> SoftPrice:
    soft = draft.rule.soft
    assert soft is not None
    data: Evaluator[float] = Evaluator(instance)
    prices = dict(data.each(soft.price, draft.binder))
    width = max(map(len, prices), default=0)
    bare = SoftPrice(draft.rule.id, soft.tier, broken=bool(broken))
    if soft.per == "occurrence":
        members = {clause.key[:width] for clause in broken}
        return replace(bare, cost=sum(prices[key] for key in members))
    cost = room = 0.0
    at = _evaluator(draft, instance, values)
    for part, binder in comparisons(draft, draft.card.holds, counted=True):
        for key, amount, size in _missed(part, binder, at):
            price = prices[key[:width]]
            cost += price * amount
            room += price * _ROUNDING * size
    return replace(bare, cost=cost, room=room)


def _evaluator(draft: Draft, instance: Instance, values: Values) -> Evaluator[float]:
    shape = Evaluator[float](instance).components(draft.binder)
    shapes = {made.name: shape for made in draft.outputs.values()}
    return Evaluator(instance, values, shapes=shapes)


def _missed(
    relation: Compare, binder: Binder | None, at: Evaluator[float]
) -> Iterator[tuple[Key, float, float]]:
    """By how much a comparison is missed, member by member, and how large its sides are."""
    for key, sides in at.relations(relation, binder):
        for op, (left, right) in zip(relation.ops, pairwise(sides), strict=True):
            off = {"<=": left - right, ">=": right - left}.get(op, abs(left - right))
            if off > 0:
                yield key, off, max(1.0, abs(left), abs(right))

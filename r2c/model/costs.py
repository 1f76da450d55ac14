"""What rules add to the objectives: charges of archetypes, and prices of rules that are broken.

A plain model holds objectives that have all of this added up; here it is told apart, rule by rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from r2c.archetypes.card import Card
from r2c.cir.expr import Binder, Expr, Item, Name
from r2c.cir.schema import Soft
from r2c.model.draft import Draft
from r2c.model.plain import PlainModel, PlainVariable
from r2c.model.reformulate import draft_rules
from r2c.model.rename import multiply, names_in
from r2c.model.soft import total
from r2c.model.tiers import CHARGES


@dataclass(frozen=True)
class Cost:
    """One cost of a rule, to be kept low: `each` for every member of `binder`.

    `broken` is how far, or whether, the rule is broken; None for a charge.
    """

    rule: str
    tier: int
    each: Expr
    binder: Binder | None = None
    broken: Expr | None = None

    @property
    def total(self) -> Expr:
        """The cost as it stands in the objective of its tier."""
        return total(self.each, self.binder)


def costs(plain: PlainModel, library: Mapping[str, Card]) -> tuple[Cost, ...]:
    """The costs in a plain model's objectives, in the order of its rules.

    Args:
        plain: The model.
        library: The cards that its rules were written by.
    """
    if not any(
        rule.soft is not None or library[rule.archetype].cost is not None
        for rule in plain.cir.rules
    ):
        return ()  # cards that no rule uses are not read for it
    drafts, _ = draft_rules(plain.cir, library)
    return tuple(cost for draft in drafts for cost in _costs(draft, plain))


def _costs(draft: Draft, plain: PlainModel) -> Iterator[Cost]:
    rule = draft.rule
    if rule.soft is not None:
        for variable in _measures(draft, rule.soft, plain):
            broken = _member(variable)
            each = multiply([rule.soft.price, broken])
            yield Cost(rule.id, rule.soft.tier, each, variable.binder, broken)
    charge = draft.template().optional(draft.card.cost)
    if charge is not None:
        yield Cost(rule.id, CHARGES, charge, draft.binder)


def _measures(draft: Draft, soft: Soft, plain: PlainModel) -> Iterator[PlainVariable]:
    """The variables that say how far a rule is broken.

    Of all that is made for a rule, objectives know these, and the outputs.
    """
    outputs = {made.name for made in draft.outputs.values()}
    priced = frozenset[str]().union(
        *(names_in(item.expr) for item in plain.objectives if item.tier == soft.tier)
    )
    for variable in plain.variables:
        mine = variable.rule == draft.rule.id and variable.name not in outputs
        if mine and variable.name in priced:
            yield variable


def _member(variable: PlainVariable) -> Expr:
    if variable.binder is None:
        return Name(variable.name)
    return Item(variable.name, tuple(map(Name, variable.binder.targets)))

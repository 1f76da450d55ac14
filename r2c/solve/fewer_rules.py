"""A model with some of its rules only, written anew.

A row such as `x <= 10*active` says what other rules and bounds make of x. Kept while those are
left out, it would say their part, and its own sentence would be blamed for theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from r2c.archetypes.card import Card, Paradigm
from r2c.cir.expr import Num
from r2c.cir.instance import Instance
from r2c.cir.schema import CIR, Decision, Rule
from r2c.model.plain import PlainModel
from r2c.model.reformulate import attempt
from r2c.solve.subset import Side

_LEFT_OUT = "left out: "  # no identifier, so that no card of a library has such an id
_NOTHING = Paradigm.model_validate(
    {
        "name": "left_out",
        "doc": "No row at all.",
        "size": {"variables": 0, "rows": 0},
        "tightness": 1,
    }
)


@dataclass(frozen=True, order=True)
class DeclaredLimit:
    """What a decision is declared with, for all its members: a bound, or that it is whole."""

    name: str
    side: Side


def declared_limits(cir: CIR) -> frozenset[DeclaredLimit]:
    """The limits of all decisions; that a choice is yes or no is none of them."""
    found = set()
    for item in cir.decisions:
        if item.domain == "binary":
            continue
        if item.lower is not None:
            found.add(DeclaredLimit(item.name, "lower"))
        if item.upper is not None:
            found.add(DeclaredLimit(item.name, "upper"))
        if item.domain == "integer":
            found.add(DeclaredLimit(item.name, "whole"))
    return frozenset(found)


@dataclass(frozen=True)
class FewerRules:
    """Writes a model again without some of its rules or limits.

    A rule that is left out demands nothing and limits nothing. The symbols that it creates stay,
    because other rules may use them.
    """

    plain: PlainModel
    instance: Instance
    library: Mapping[str, Card]

    def written(
        self,
        rules: Collection[str],
        limits: Collection[DeclaredLimit] | None = None,
        *,
        ends: float | None = None,
    ) -> PlainModel | None:
        """The model of some rules, or None if they cannot be written without the others.

        Args:
            rules: The rules that are kept.
            limits: The limits of decisions that are kept; all if None.
            ends: Where decisions without a bound end; nowhere if None.
        """
        cir = self.plain.cir
        kept = tuple(item if item.id in rules else _left_out(item) for item in cir.rules)
        decisions = cir.decisions
        if limits is not None:
            decisions = tuple(_without(item, limits) for item in decisions)
        if ends is not None:
            decisions = tuple(_ending(item, ends) for item in decisions)
        fewer = cir.model_copy(update={"rules": kept, "decisions": decisions})
        model, _ = attempt(fewer, self._library, replace(self.instance, cir=fewer))
        return model

    @cached_property
    def _library(self) -> Mapping[str, Card]:
        used = {rule.archetype for rule in self.instance.cir.rules}
        cards = {name: self.library[name] for name in used}  # others are not even read
        silent = {
            f"{_LEFT_OUT}{name}": card.model_copy(
                update={"holds": {}, "cost": None, "paradigms": (_NOTHING,)}
            )
            for name, card in cards.items()
        }
        return {**cards, **silent}


def _left_out(rule: Rule) -> Rule:
    archetype = f"{_LEFT_OUT}{rule.archetype}"
    return rule.model_copy(update={"archetype": archetype, "chosen": None, "soft": None})


def _without(decision: Decision, limits: Collection[DeclaredLimit]) -> Decision:
    if decision.domain == "binary":
        return decision
    update: dict[str, object] = {
        side: None
        for side in ("lower", "upper")
        if DeclaredLimit(decision.name, side) not in limits
    }
    if decision.domain == "integer" and DeclaredLimit(decision.name, "whole") not in limits:
        update["domain"] = "continuous"
    return decision.model_copy(update=update)


def _ending(decision: Decision, end: float) -> Decision:
    update: dict[str, object] = {}
    if decision.lower is None:
        update["lower"] = Num(-end)
    if decision.upper is None:
        update["upper"] = Num(end)
    return decision.model_copy(update=update)

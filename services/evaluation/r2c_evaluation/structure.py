"""How many rules of a model are those of the right one, whatever their symbols are called.

Two rules are the same if their archetypes are, if they hold for as many members, and if they rest
on the same numbers. So a rule counts as found even where another one is wrong, and a right optimum
does not make up for a rule that is missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TypeVar

from r2c.cir.evaluate import Evaluator
from r2c.cir.expr import Expr, numbers, symbols
from r2c.cir.instance import Instance
from r2c.cir.schema import Rule
from r2c.errors import R2CError

_DIGITS = 9
_STRUCTURAL = {0.0, 1.0, -1.0}

T = TypeVar("T", bound=Hashable)
Signature = tuple[str, int, tuple[float, ...]]


@dataclass(frozen=True)
class Match:
    """How far the rules of a model are those of the right one."""

    found: int
    missing: int
    invented: int

    @property
    def precision(self) -> float:
        """The share of the model's rules that are right; 1 if it has none."""
        return self.found / total if (total := self.found + self.invented) else 1.0

    @property
    def recall(self) -> float:
        """The share of the right rules that the model has; 1 if there are none."""
        return self.found / total if (total := self.found + self.missing) else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def rule_match(model: Instance, right: Instance) -> Match:
    """Compare the rules of two models with their data."""
    return _match(_signatures(model), _signatures(right))


def archetype_match(model: Instance, right: Instance) -> Match:
    """Compare which archetypes two models have, whatever they are about."""
    return _match(
        Counter(rule.archetype for rule in model.cir.rules),
        Counter(rule.archetype for rule in right.cir.rules),
    )


def _match(model: Counter[T], right: Counter[T]) -> Match:
    found = sum((model & right).values())
    return Match(found, sum(right.values()) - found, sum(model.values()) - found)


def _signatures(instance: Instance) -> Counter[Signature]:
    return Counter(_signature(rule, instance) for rule in instance.cir.rules)


def _signature(rule: Rule, instance: Instance) -> Signature:
    values: set[float] = set()
    for expr in rule.operands.values():
        values |= _numbers(expr, instance)
    return rule.archetype, _members(rule, instance), tuple(sorted(values - _STRUCTURAL))


def _numbers(expr: Expr, instance: Instance) -> set[float]:
    """The numbers that an expression rests on: those it writes and those of its parameters."""
    found = {abs(value) for value in numbers(expr)}
    for name in symbols(expr):
        values = instance.parameters.get(name)
        if values is not None:
            found |= {abs(value) for value in values.values()}
    return {float(f"{value:.{_DIGITS}g}") for value in found}


def _members(rule: Rule, instance: Instance) -> int:
    if rule.forall is None:
        return 1
    try:
        return sum(1 for _ in Evaluator[float](instance).members(rule.forall))
    except R2CError:
        return 0

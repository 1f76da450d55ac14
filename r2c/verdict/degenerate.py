"""Answers that solve a model that cannot be the problem: nothing planned, or a limit nobody set."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from r2c.cir.expr import Expr, Mul, Num, children, symbols
from r2c.cir.expr import numbers as written
from r2c.cir.instance import Instance
from r2c.cir.normal import normal
from r2c.cir.owners import owners, written_values
from r2c.cir.schema import CIR, ExprValues, Parameter
from r2c.formulation import Evidence, Solution
from r2c.verdict.logic_words import stems_of
from r2c.verdict.point import by_symbol

NAME = "degenerate"
_ZERO = 1e-7
_SAME = 1e-9
_BEYOND = 1e4
"""A planned value this many times larger than any number of the problem comes from no data."""


@dataclass(frozen=True)
class Degeneracy:
    """What makes an answer suspicious, by symbol; `all_zero` says that nothing is planned.

    `capped` are rules that limit the very amount that is the goal, where that limit is all that the
    optimum comes to: "profit <= 400000" for "spend at most 400000" while the profit is maximized.
    `worthless` says that something is planned and the goal comes to exactly 0 all the same: what is
    done does not count in it.
    """

    all_zero: bool
    huge: tuple[str, ...]
    unused_decisions: tuple[str, ...]
    unused_parameters: tuple[str, ...]
    capped: tuple[str, ...] = ()
    worthless: bool = False

    @property
    def found(self) -> bool:
        """Whether anything is suspicious."""
        unused = self.unused_decisions or self.unused_parameters
        return bool(self.all_zero or self.huge or unused or self.capped or self.worthless)


def degeneracy(cir: CIR, solution: Solution, instance: Instance | None = None) -> Degeneracy:
    """Look for signs that an answer is not one: without values, unused symbols only."""
    values = by_symbol(solution, cir)
    chosen = {item.name: values.get(item.name, {}) for item in cir.decisions}
    planned = [abs(value) for items in chosen.values() for value in items.values()]
    limit = _BEYOND * _largest(cir, instance)
    decisions, parameters = unused_symbols(cir)
    all_zero = bool(planned) and max(planned) <= _ZERO
    worth = [abs(goal) for tier in solution.tiers for goal in (tier.value, *tier.goals)]
    return Degeneracy(
        all_zero=all_zero,
        huge=tuple(
            name
            for name, items in chosen.items()
            if any(abs(value) > limit for value in items.values())
        ),
        unused_decisions=decisions,
        unused_parameters=parameters,
        capped=_capped(cir, solution),
        worthless=bool(planned) and not all_zero and bool(worth) and max(worth) <= _ZERO,
    )


def degenerate(
    cir: CIR, solution: Solution, instance: Instance | None = None, *, told: bool = True
) -> Evidence:
    """Whether the answer plans something, within what the data allow, using all symbols.

    Args:
        cir: The model.
        solution: Its answer; without a plan only unused symbols can be found.
        instance: The model's data.
        told: Whether the problem was told in words. A plan of nothing is suspicious as the answer
            to a question that somebody asked; of a model written by hand it may be right. Where
            no goal makes one plan better than another it says nothing either.
    """
    found = degeneracy(cir, solution, instance)
    unexpected = found.all_zero and told and bool(cir.objectives)
    parts = []
    if unexpected:
        parts.append("The best plan is to do nothing at all, which rarely is the question.")
    if found.huge:
        parts.append(f"{_listed(found.huge)} far beyond every number of the problem.")
    if found.unused_decisions:
        parts.append(f"No rule and no goal uses the decision {_named(found.unused_decisions)}.")
    if found.unused_parameters:
        parts.append(f"Nothing uses the parameter {_named(found.unused_parameters)}.")
    if found.worthless and told and cir.objectives:
        parts.append(
            "The plan does something and the goal is exactly 0, which rarely is the question."
        )
    if found.capped and told:
        parts.append(
            f"The optimum is the number by which {_named(found.capped)} limits the goal itself."
        )
    passed, message = _verdict(cir, found, parts, bool(solution.values))
    return Evidence(
        check=NAME,
        passed=passed,
        message=message,
        details={
            "all_zero": found.all_zero,
            "unexpected_zero": unexpected,
            "huge": list(found.huge),
            "unused_decisions": list(found.unused_decisions),
            "unused_parameters": list(found.unused_parameters),
            "capped": list(found.capped),
            "worthless": found.worthless,
        },
    )


def _verdict(
    cir: CIR, found: Degeneracy, parts: list[str], planned: bool
) -> tuple[bool | None, str]:
    if parts:
        return False, " ".join(parts)
    if not planned:
        return None, "There is no plan to look at."
    if found.all_zero:
        reason = "without words it may be" if cir.objectives else "without a goal it may be"
        return None, f"The plan is to do nothing at all; {reason} what is meant."
    return True, "The plan does something, and every symbol takes part in it."


def _capped(cir: CIR, solution: Solution) -> tuple[str, ...]:
    if len(cir.objectives) != 1 or solution.objective is None:
        return ()
    goal, best = normal(cir.objectives[0].expr), solution.objective
    called = stems_of(" ".join(symbols(cir.objectives[0].expr)).replace("_", " "))
    found = []
    for rule in cir.rules:
        if called & stems_of(rule.quote):
            continue  # "at most 100 patients" may well be all that the most patients come to
        held = [expr for expr in rule.operands.values() if not isinstance(expr, Num)]
        ends = [expr.value for expr in rule.operands.values() if isinstance(expr, Num)]
        reached = any(math.isclose(end, best, rel_tol=_SAME) for end in ends if end)
        if reached and len(held) == 1 and normal(held[0]) == goal:
            found.append(rule.id)
    return tuple(found)


def _computed(cir: CIR) -> CIR:
    """The CIR without parameters that are written out, of whose numbers there may be very many."""
    kept = tuple(item for item in cir.parameters if isinstance(item.value, ExprValues))
    return cir.model_copy(update={"parameters": kept})


def unused_symbols(cir: CIR) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The decisions and the parameters that no expression of the model mentions."""
    mentioned: set[str] = set()
    for owner in owners(_computed(cir)):
        for tree in owner.trees():
            mentioned |= symbols(tree)
    decisions = tuple(item.name for item in cir.decisions if item.name not in mentioned)
    parameters = tuple(item.name for item in cir.parameters if item.name not in mentioned)
    return decisions, parameters


def _largest(cir: CIR, instance: Instance | None) -> float:
    numbers = [1.0]
    switches = frozenset(item.name for item in cir.decisions if item.domain == "binary")
    for owner in owners(_computed(cir)):
        numbers.extend(
            abs(value) for tree in owner.trees() for value in _written_beside(tree, switches)
        )
    for item in cir.parameters:
        numbers.extend(_parameter(item, instance))
    return max(numbers)


def _written_beside(tree: Expr, switches: frozenset[str]) -> Iterator[float]:
    """The numbers of a tree but those that a yes-or-no decision switches: a big M is no datum."""
    if isinstance(tree, Mul) and any(symbols(factor) & switches for factor in tree.factors):
        return
    parts = children(tree)
    yield from () if parts else written(tree)
    for part in parts:
        yield from _written_beside(part, switches)


def _parameter(item: Parameter, instance: Instance | None) -> list[float]:
    if instance is not None and item.name in instance.parameters:
        return [abs(value) for value in instance.parameters[item.name].values()]
    return [abs(value) for value in written_values(item)]


def _listed(names: tuple[str, ...]) -> str:
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'}"


def _named(names: tuple[str, ...]) -> str:
    return ", ".join(map(repr, names))

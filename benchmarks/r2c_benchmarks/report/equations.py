"""Rules and objectives as MathML, from the same LaTeX that answers show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from latex2mathml.converter import convert

from r2c.cir.latex import latex, latex_binder, latex_objective
from r2c.cir.schema import CIR, Rule


@dataclass(frozen=True)
class Equation:
    """What is stated, by which archetype, in which words, and each role as mathematics."""

    id: str
    archetype: str
    quote: str
    loops: str
    roles: Sequence[tuple[str, str]]


def equations(cir: CIR) -> list[Equation]:
    """One for each rule, then one for each objective."""
    goals = [
        Equation("objective", "", goal.quote, "", [("", convert(latex_objective(goal)))])
        for goal in cir.objectives
    ]
    return [*map(_equation, cir.rules), *goals]


def _equation(rule: Rule) -> Equation:
    loops = "" if rule.forall is None else convert(latex_binder(rule.forall))
    roles = [(role, convert(latex(expr))) for role, expr in rule.operands.items()]
    return Equation(rule.id, rule.archetype, rule.quote, loops, roles)

"""Rules and objectives as MathML, from the same LaTeX that answers show."""

from __future__ import annotations

from dataclasses import dataclass

from latex2mathml.converter import convert

from r2c.cir.latex import latex_objective, latex_rule
from r2c.cir.schema import CIR


@dataclass(frozen=True)
class Equation:
    """What is stated, by which archetype, in which words, and as mathematics."""

    id: str
    archetype: str
    quote: str
    math: str


def equations(cir: CIR) -> list[Equation]:
    """One for each rule, then one for each objective."""
    rules = [
        Equation(rule.id, rule.archetype, rule.quote, convert(latex_rule(rule)))
        for rule in cir.rules
    ]
    goals = [
        Equation("objective", "", goal.quote, convert(latex_objective(goal)))
        for goal in cir.objectives
    ]
    return [*rules, *goals]

"""The objective as the model writes it: `maximize profit`, `minimize vans + coaches`."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal

from r2c.agents.clauses import goal_sentence
from r2c.agents.statements import each_once
from r2c.cir.expr import Add, Expr, Neg
from r2c.cir.normal import normal
from r2c.cir.parse import parse
from r2c.cir.schema import Objective
from r2c.cir.write import write
from r2c.errors import CIRError
from r2c.problem.schema import Problem

_SENSES: dict[str, Literal["min", "max"]] = {"minimize": "min", "maximize": "max"}


@dataclass(frozen=True, slots=True)
class Goal:
    """What makes one plan better than another."""

    sense: Literal["min", "max"]
    expr: Expr

    @property
    def meaning(self) -> Hashable:
        """What the objective means, whatever the order of its terms."""
        return self.sense, write(normal(self.expr))

    def __str__(self) -> str:
        return f"{'minimize' if self.sense == 'min' else 'maximize'} {write(self.expr)}"


def read_goal(text: str) -> Goal:
    """One line to a goal; a term that is repeated counts once.

    Raises:
        ValueError: the line does not begin with minimize or maximize, goes on unreadably, or takes
            away what it adds.
    """
    word, _, rest = text.strip().partition(" ")
    if word not in _SENSES:
        raise ValueError("the line must begin with minimize or maximize")
    try:
        expr = each_once(parse(rest))
    except CIRError as error:
        raise ValueError(error.fault.what) from None
    if isinstance(expr, Add) and any(Neg(term) in expr.terms for term in expr.terms):
        raise ValueError(f"{rest!r} takes away what it adds")
    return Goal(_SENSES[word], expr)


def objective_of(goal: Goal, expr: Expr, problem: Problem) -> Objective:
    """The objective with the sentence that asks for it; `expr` is what the goal means."""
    sentence = goal_sentence(problem)
    return Objective(
        sense=goal.sense,
        expr=expr,
        quote="" if sentence is None else sentence.text,
        span=None if sentence is None else sentence.span,
    )

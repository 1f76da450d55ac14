"""Where in the rules, definitions and objectives of a CIR a mistake can be made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from r2c.cir.expr import Each, Expr, Fold, children
from r2c.cir.schema import CIR, Definition, Objective, Rule
from r2c.model.rename import map_children
from r2c_benchmarks.mutations import said, with_rule

Change = Callable[[Expr], Expr | None]
"""The wrong expression for a right one; None where it cannot be got wrong."""


@dataclass(frozen=True)
class Slip:
    """One expression of a rule, definition or objective, and what it is mistaken for."""

    cir: CIR
    owner: Rule | Definition | Objective
    right: Expr
    wrong: Expr

    @property
    def rule(self) -> str | None:
        """The rule that it is in."""
        return self.owner.id if isinstance(self.owner, Rule) else None

    @property
    def said(self) -> str:
        """How a diagnosis names the place."""
        if isinstance(self.owner, Rule):
            return said(self.owner)
        return f"{self.owner.name!r}" if isinstance(self.owner, Definition) else "the objective"

    def made(self) -> CIR:
        """The CIR with the mistake."""
        if isinstance(self.owner, Rule):
            operands = {role: self._changed(expr) for role, expr in self.owner.operands.items()}
            return with_rule(self.cir, self.owner.model_copy(update={"operands": operands}))
        if isinstance(self.owner, Definition):
            named = self.owner.model_copy(update={"expr": self._changed(self.owner.expr)})
            rest = tuple(named if item is self.owner else item for item in self.cir.definitions)
            return self.cir.model_copy(update={"definitions": rest})
        goal = self.owner.model_copy(update={"expr": self._changed(self.owner.expr)})
        goals = tuple(goal if item is self.owner else item for item in self.cir.objectives)
        return self.cir.model_copy(update={"objectives": goals})

    def _changed(self, expr: Expr) -> Expr:
        if expr == self.right:
            return self.wrong
        match expr:
            case Fold(op, body, binder):
                return Fold(op, self._changed(body), binder)
            case Each(body, binder):
                return Each(self._changed(body), binder)
            case _:
                return map_children(expr, self._changed)


def slips(cir: CIR, change: Change) -> list[Slip]:
    """All places where an expression can be mistaken for another."""
    return [
        Slip(cir, owner, node, wrong)
        for owner, expr in _expressions(cir)
        for node in dict.fromkeys(_nodes(expr))
        if (wrong := change(node)) is not None and wrong != node
    ]


def _expressions(cir: CIR) -> Iterator[tuple[Rule | Definition | Objective, Expr]]:
    for named in cir.definitions:
        yield named, named.expr
    for rule in cir.rules:
        for expr in rule.operands.values():
            yield rule, expr
    for goal in cir.objectives:
        yield goal, goal.expr


def _nodes(expr: Expr) -> Iterator[Expr]:
    """The nodes of an expression; what loops run over is left as it is."""
    yield expr
    for child in (expr.body,) if isinstance(expr, Fold | Each) else children(expr):
        yield from _nodes(child)

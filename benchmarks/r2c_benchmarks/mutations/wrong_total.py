"""A total is taken over too few: one loop of a sum is lost."""

from __future__ import annotations

from random import Random

from r2c.cir.expr import Binder, Expr, Fold, walk
from r2c.cir.schema import CIR, Rule
from r2c.model.rename import map_children
from r2c_benchmarks.mutations import Mutant, said, with_rule


def mutate(cir: CIR, random: Random) -> Mutant | None:
    """Make the limit of a total a limit of every single part of it."""
    places = [
        (rule, loop.targets[0])
        for rule in cir.rules
        for expr in rule.operands.values()
        for node in walk(expr)
        if isinstance(node, Fold) and node.op == "sum"
        for loop in node.binder.loops
        if len(loop.targets) == 1
    ]
    if not places:
        return None
    rule, variable = random.choice(places)
    wrong = _each(rule, variable)
    if wrong is None:
        return None
    return Mutant(
        with_rule(cir, wrong),
        f"The words {said(rule)} speak of a total, the rule of each part of it.",
        rule.id,
    )


def _each(rule: Rule, variable: str) -> Rule | None:
    """The rule for each value of a variable that its sums ran over."""
    if rule.outputs or (rule.forall and variable in rule.forall.targets):
        return None
    loops = [
        (node.binder, loop)
        for expr in rule.operands.values()
        for node in walk(expr)
        if isinstance(node, Fold)
        for loop in node.binder.loops
        if loop.targets == (variable,)
    ]
    if not loops or any(binder.where is not None for binder, _ in loops):
        return None
    outer = rule.forall or Binder(())
    operands = {role: _without(expr, variable) for role, expr in rule.operands.items()}
    binder = Binder((*outer.loops, loops[0][1]), outer.where)
    return rule.model_copy(update={"forall": binder, "operands": operands})


def _without(expr: Expr, variable: str) -> Expr:
    match expr:
        case Fold(op, body, binder):
            rest = tuple(loop for loop in binder.loops if loop.targets != (variable,))
            inner = _without(body, variable)
            return Fold(op, inner, Binder(rest, binder.where)) if rest else inner
        case _:
            try:
                return map_children(expr, lambda child: _without(child, variable))
            except TypeError:
                return expr  # another kind of loop

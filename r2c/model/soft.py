"""Soft rules: a rule may be broken at a price, per unit of violation or per occurrence."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from r2c.cir.expr import Binder, Compare, Expr, Fold, Name, Num
from r2c.cir.schema import Rule, Soft
from r2c.errors import CIRError, ModelError, declare
from r2c.model.affine import lift
from r2c.model.bounds import Bounds
from r2c.model.made import Made
from r2c.model.plain import PlainRow, PlainVariable
from r2c.model.relation_parts import relation_parts
from r2c.model.rename import Fresh, add, multiply, subtract

NO_LIMIT = declare(
    "R2C-M131",
    ModelError,
    what="There is no finite limit for `{expression}` in rule {rule!r}: {culprits}.",
    why="A row that can be switched off needs a number that its violation cannot exceed.",
    remedy="Give these decisions bounds, or add a rule that limits them.",
)
NEGATIVE_PRICE = declare(
    "R2C-M132",
    CIRError,
    what="Breaking rule {rule!r} has the price {price:g}{where}.",
    why="Below 0 a price is a reward: the plan would gain by breaking the rule.",
    remedy="Give a price of 0 or more; what pays is a term of the objective.",
)
DECIDED_PRICE = declare(
    "R2C-M133",
    CIRError,
    what="The price `{price}` of breaking rule {rule!r} depends on what the plan decides.",
    why="The cost would be a product of decisions, and a plan could set its own price.",
    remedy="Give the price as a number or as data.",
)


@dataclass(frozen=True)
class Softened:
    """Rows that give way, the variables that measure it, and what it costs."""

    rows: tuple[PlainRow, ...]
    variables: tuple[PlainVariable, ...]
    cost: Expr


def soften(
    rule: Rule, soft: Soft, rows: tuple[PlainRow, ...], fresh: Fresh, bounds: Bounds
) -> Softened:
    """Rows that may be violated at the rule's price.

    Raises:
        CIRError: R2C-M132, R2C-M133 if the price is negative somewhere, or decided by the plan.
        ModelError: R2C-M131 if a price per occurrence meets an unbounded row.
        NotRepresentable: if a price per occurrence meets a row that is not linear.
    """
    _require_price(rule, soft, bounds)
    if soft.per == "unit":
        return _per_unit(rule, soft, rows, fresh)
    loops = () if rule.forall is None else tuple(map(Name, rule.forall.targets))
    broken = Made(fresh.name(f"{rule.id}_broken"), loops)
    softened: list[PlainRow] = []
    for row in rows:
        for place, part in enumerate(relation_parts(row.relation)):
            top = largest(part, row.binder, bounds, rule.id)
            limit = multiply([Num(max(top, 0.0)), broken.at(())])
            name = fresh.name(row.name) if place else row.name
            softened.append(replace(row, name=name, relation=Compare(("<=",), (part, limit))))
    variable = PlainVariable(
        name=broken.name, domain="binary", binder=rule.forall, lower=Num(0.0), upper=Num(1.0),
        rule=rule.id, meaning="1 where the rule is broken.",
    )  # fmt: skip
    cost = total(multiply([soft.price, broken.at(())]), rule.forall)
    return Softened(tuple(softened), (variable,), cost)


def _require_price(rule: Rule, soft: Soft, bounds: Bounds) -> None:
    from r2c.cir.write import write

    for key, price in bounds.evaluator.each(soft.price, rule.forall):
        form = lift(price)
        if not form.is_constant:
            raise DECIDED_PRICE(rule=rule.id, price=write(soft.price))
        if form.constant < 0:
            where = f" for {', '.join(map(str, key))}" if key else ""
            raise NEGATIVE_PRICE(rule=rule.id, price=form.constant, where=where)


def _per_unit(rule: Rule, soft: Soft, rows: tuple[PlainRow, ...], fresh: Fresh) -> Softened:
    softened: list[PlainRow] = []
    variables: list[PlainVariable] = []
    costs: list[Expr] = []
    for row in rows:
        keys = () if row.binder is None else tuple(map(Name, row.binder.targets))
        slack = Made(fresh.name(f"{row.name}_violation"), keys)
        for place, relation in enumerate(_with_slack(row.relation, slack.at(()))):
            name = fresh.name(row.name) if place else row.name
            softened.append(replace(row, name=name, relation=relation))
        variables.append(
            PlainVariable(
                name=slack.name,
                domain="continuous",
                binder=row.binder,
                lower=Num(0.0),
                rule=rule.id,
                meaning="How far the rule is violated.",
            )
        )
        costs.append(total(multiply([soft.price, slack.at(())]), row.binder))
    return Softened(tuple(softened), tuple(variables), add(costs))


def _with_slack(relation: Compare, slack: Expr) -> Iterator[Compare]:
    """The relation with room of size `slack` on each of its sides."""
    pairs = zip(relation.args[:-1], relation.ops, relation.args[1:], strict=True)
    for left, op, right in pairs:
        if op in ("<=", "=="):
            yield Compare(("<=",), (subtract(left, slack), right))
        if op in (">=", "=="):
            yield Compare((">=",), (add([left, slack]), right))


def total(cost: Expr, binder: Binder | None) -> Expr:
    """A cost summed over the loops it comes from."""
    return cost if binder is None else Fold("sum", cost, binder)


def largest(expr: Expr, binder: Binder | None, bounds: Bounds, rule: str) -> float:
    """The largest value of an expression over its loops.

    Raises:
        ModelError: R2C-M131, naming the variables without a bound.
    """
    from r2c.cir.write import write

    top = bounds.range(expr, binder)[1]
    if math.isinf(top):
        culprits = "; ".join(bounds.culprits(expr, binder, above=True))
        raise NO_LIMIT(expression=write(expr), rule=rule, culprits=culprits)
    return top

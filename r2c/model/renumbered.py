"""A CIR, or a part of it, with other numbers in the places of those it writes down."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from r2c.cir.expr import Binder, Compare, Each, Expr, Fold, Item, Loop, Name, Num, Pow
from r2c.cir.schema import (
    CIR,
    Decision,
    Definition,
    DenseValues,
    ExprValues,
    Nested,
    Objective,
    Parameter,
    Rule,
    SparseValues,
)
from r2c.model.rename import map_children

Number = Callable[[float], float]
"""What a number becomes; one that it leaves alone is given back."""
Part = TypeVar("Part", Parameter, Definition, Decision, Rule, Objective)


def renumbered(cir: CIR, number: Number) -> CIR:
    """The CIR with every number that is data changed; sets stay as they are.

    Members, lags, whole exponents and labels that a loop variable is held against are no data.
    Where numbers come from is dropped.
    """

    def every(parts: Iterable[Part]) -> tuple[Part, ...]:
        return tuple(renumbered_part(part, number) for part in parts)

    return cir.model_copy(
        update={
            "parameters": every(cir.parameters),
            "definitions": every(cir.definitions),
            "decisions": every(cir.decisions),
            "rules": every(cir.rules),
            "objectives": every(cir.objectives),
        }
    )


def renumbered_part(part: Part, number: Number) -> Part:
    """One symbol, rule or objective with its numbers changed."""
    changes: dict[str, object] = {"literals": ()}
    match part:
        case Parameter():
            changes["value"] = _values(part, number)
            changes["default"] = None if part.default is None else number(part.default)
        case Definition(expr=expr, forall=forall):
            changes |= {"expr": _expr(expr, number), "forall": _loops(forall, number)}
        case Decision():
            for side in ("lower", "upper", "where"):
                bound = getattr(part, side)
                changes[side] = None if bound is None else _expr(bound, number)
        case Rule(operands=operands, soft=soft):
            changes["operands"] = {role: _expr(expr, number) for role, expr in operands.items()}
            changes["forall"] = _loops(part.forall, number)
            if soft is not None:
                changes["soft"] = soft.model_copy(update={"price": _expr(soft.price, number)})
        case Objective(expr=expr, weight=weight):
            changes["expr"] = _expr(expr, number)
            changes["weight"] = weight if weight == 1 else number(weight)
    return part.model_copy(update=changes)


def _values(item: Parameter, number: Number) -> object:
    match item.value:
        case DenseValues(values=values):
            return DenseValues(values=tuple(_nested(one, number) for one in values))
        case SparseValues(entries=entries):
            told = (one.model_copy(update={"value": number(one.value)}) for one in entries)
            return SparseValues(entries=tuple(told))
        case ExprValues(expr=expr):
            return item.value.model_copy(update={"expr": _expr(expr, number)})
        case float() | int():
            return number(float(item.value))
        case _:
            return item.value


def _nested(value: Nested, number: Number) -> Nested:
    if isinstance(value, tuple):
        return tuple(_nested(item, number) for item in value)
    return number(float(value))


def _loops(binder: Binder | None, number: Number) -> Binder | None:
    return None if binder is None else _binder(binder, number)


def _binder(binder: Binder, number: Number) -> Binder:
    loops = tuple(Loop(loop.targets, _expr(loop.domain, number)) for loop in binder.loops)
    return Binder(loops, None if binder.where is None else _expr(binder.where, number))


def _expr(expr: Expr, number: Number) -> Expr:
    match expr:
        case Num(value):
            return Num(number(value))
        case Item():
            return expr  # its keys are members and lags
        case Pow(base, Num(exponent) as power) if exponent.is_integer():
            return Pow(_expr(base, number), power)
        case Compare(ops, args) if set(ops) <= {"==", "!=", "in", "not in"} and any(
            isinstance(arg, Name) for arg in args
        ):
            return expr  # members that a loop variable is held against
        case Fold(op, body, binder):
            return Fold(op, _expr(body, number), _binder(binder, number))
        case Each(body, binder):
            return Each(_expr(body, number), _binder(binder, number))
        case _:
            return map_children(expr, lambda child: _expr(child, number))

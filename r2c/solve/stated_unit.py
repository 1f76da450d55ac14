"""The unit in which a rule states its number, where the CIR tells it without guessing."""

from __future__ import annotations

from r2c.cir.expr import Compare, Expr, Fold, Item, Mul, Name, Num
from r2c.cir.schema import CIR


def stated_unit(relation: Compare, part: int, cir: CIR) -> str:
    """The unit of the side that is one parameter, or of decisions that are compared as they are.

    Empty where neither side tells.
    """
    units = {item.name: item.unit or "" for item in cir.decisions}
    units |= {item.name: item.unit or "" for item in cir.parameters}
    data = {item.name for item in cir.parameters}
    sides = relation.args if len(relation.ops) > 1 else relation.args[part : part + 2]
    named = [name for side in sides if (name := _bare(side)) is not None and name in units]
    told = [units[name] for name in named if name in data] or [units[name] for name in named]
    return told[0] if told else ""


def _bare(side: Expr) -> str | None:
    """The one symbol that a side consists of, alone or summed."""
    match side:
        case Name(name) | Item(name, _):
            return name
        case Mul((Num(1.0), factor)):
            return _bare(factor)
        case Fold("sum", body, _):
            return _bare(body)
    return None

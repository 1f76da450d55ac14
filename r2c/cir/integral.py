"""Which expressions can only take whole values; over these a strict inequality has a meaning."""

from __future__ import annotations

from collections.abc import Collection

from r2c.cir.expr import Add, Call, Expr, Fold, Item, Mul, Name, Neg, Num, Pow
from r2c.cir.schema import CIR, DenseValues, Nested, Parameter, SparseValues


def integer_symbols(cir: CIR) -> frozenset[str]:
    """Decisions declared whole, and parameters and definitions whose values are known whole."""
    found = {item.name for item in cir.decisions if item.domain != "continuous"}
    found.update(item.name for item in cir.parameters if _whole_data(item))
    for item in cir.definitions:
        if integer_valued(item.expr, found):
            found.add(item.name)
    return frozenset(found)


def integer_valued(expr: Expr, whole: Collection[str]) -> bool:
    """Whether the expression is whole for all values of the symbols in `whole`.

    Sound, not complete: False means that it could not be shown.
    """
    match expr:
        case Num(value):
            return value.is_integer()
        case Name(name) | Item(name, _):
            return name in whole
        case Add(items) | Mul(items) | Call("min" | "max" | "abs", items):
            return all(integer_valued(item, whole) for item in items)
        case Neg(item):
            return integer_valued(item, whole)
        case Fold(_, body, _):
            return integer_valued(body, whole)
        case Pow(base, Num(exponent)):
            return exponent >= 0 and exponent.is_integer() and integer_valued(base, whole)
        case Call("len" | "count" | "ord", _):
            return True
        case _:
            return False


def _whole_data(item: Parameter) -> bool:
    if item.default is not None and not float(item.default).is_integer():
        return False
    match item.value:
        case float() | int():
            return float(item.value).is_integer()
        case DenseValues(values=values):
            return _whole(values)
        case SparseValues(entries=entries):
            return all(float(entry.value).is_integer() for entry in entries)
        case _:
            return False


def _whole(value: Nested) -> bool:
    if isinstance(value, tuple):
        return all(_whole(item) for item in value)
    return float(value).is_integer()

"""Conditions as relations: choices joined by `and`, `or` and `not` become comparisons.

Templates and solvers know comparisons only. A choice that must hold is `a >= 1`; of several choices
one holds if their sum is at least 1, so every formula over choices is a list of such sums.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from r2c.cir.expr import (
    And,
    Compare,
    CompareOp,
    Expr,
    Item,
    Name,
    Not,
    Num,
    Or,
)
from r2c.model.rename import add, subtract
from r2c.model.symbols import Symbols

MOST_SUMS = 64
"""Sums that one formula may become; nested `or` over `and` multiply."""

_ZERO, _ONE = Num(0.0), Num(1.0)
_OPPOSITE: dict[str, CompareOp] = {"<=": ">", ">=": "<", "<": ">=", ">": "<="}

Relation = Compare | And
_Literal = tuple[Expr, bool]
"""A yes-or-no choice, and whether it is to hold."""
_Sums = tuple[frozenset[_Literal], ...]
"""Of each set at least one literal holds."""


def as_relation(expr: Expr, known: Symbols) -> Relation | str:
    """Comparisons that hold exactly where the condition does, or why there are none.

    Args:
        expr: Comparisons, choices and amounts joined by `and`, `or`, `not`. An amount that
            stands alone is a condition if it must be at least 1; `or` takes choices only.
        known: The symbols, which say what a choice is.
    """
    found = _parts(expr, True, known)
    if isinstance(found, str):
        return found
    return found[0] if len(found) == 1 else And(found)


def joined(expr: Expr) -> Iterator[Expr]:
    """What `and`, `or` and `not` join in a condition."""
    match expr:
        case And(args) | Or(args):
            for arg in args:
                yield from joined(arg)
        case Not(arg):
            yield from joined(arg)
        case _:
            yield expr


def _parts(expr: Expr, positive: bool, known: Symbols) -> tuple[Compare, ...] | str:
    literal = _literal(expr, known)
    if literal is not None and not (positive and _is_limit(expr)):
        choice, holds = literal
        return (_at_least_one(frozenset([(choice, holds == positive)])),)
    match expr:
        case Not(arg):
            return _parts(arg, not positive, known)
        case And(args) | Or(args) if isinstance(expr, And) == positive:
            found: list[Compare] = []
            for arg in args:
                part = _parts(arg, positive, known)
                if isinstance(part, str):
                    return part
                found.extend(part)
            return tuple(found)
        case And() | Or():
            sums = _sums(expr, positive, known)
            return sums if isinstance(sums, str) else _comparisons(sums)
        case Compare(ops, args):
            return _compared(ops, args, positive)
        case _ if positive:
            return (Compare((">=",), (expr, _ONE)),)
    return "`not` is said of an amount, not of a choice or a relation"


def _is_limit(expr: Expr) -> bool:
    """Whether it is a comparison that can stand as it was written."""
    return isinstance(expr, Compare) and expr.ops != ("!=",)


def _compared(
    ops: tuple[CompareOp, ...], args: tuple[Expr, ...], positive: bool
) -> tuple[Compare, ...] | str:
    odd = next((op for op in ops if op in ("!=", "in", "not in")), None)
    if odd is not None:
        return f"`{odd}` is not a limit"
    if positive:
        return (Compare(ops, args),)
    if len(ops) > 1 or ops[0] == "==":
        return "`not` is said of a relation that can be broken in two ways"
    return (Compare((_OPPOSITE[ops[0]],), args),)


def _sums(expr: Expr, positive: bool, known: Symbols) -> _Sums | str:
    """The formula as sums of which each must be at least 1."""
    literal = _literal(expr, known)
    if literal is not None:
        choice, holds = literal
        return (frozenset([(choice, holds == positive)]),)
    match expr:
        case Not(arg):
            return _sums(arg, not positive, known)
        case And(args) | Or(args):
            parts: list[_Sums] = []
            for arg in args:
                part = _sums(arg, positive, known)
                if isinstance(part, str):
                    return part
                parts.append(part)
            if isinstance(expr, And) == positive:
                return tuple(item for part in parts for item in part)
            return _distributed(parts)
    return "`or` joins choices, and this is not a yes-or-no choice in it"


def _distributed(parts: list[_Sums]) -> _Sums | str:
    found: _Sums = (frozenset(),)
    for part in parts:
        if len(found) * len(part) > MOST_SUMS:
            return f"it is nested so deeply that more than {MOST_SUMS} rows would be needed"
        found = tuple(dict.fromkeys(left | right for left, right in product(found, part)))
    return found


def _comparisons(sums: _Sums) -> tuple[Compare, ...]:
    needed = [item for item in sums if not any((a, not holds) in item for a, holds in item)]
    if not needed:  # one choice or its opposite always holds
        return (Compare((">=",), (_ONE, _ONE)),)
    return tuple(_at_least_one(item) for item in dict.fromkeys(needed))


def _at_least_one(literals: frozenset[_Literal]) -> Compare:
    from r2c.cir.write import write

    ordered = sorted(literals, key=lambda literal: (write(literal[0]), literal[1]))
    if len(ordered) == 1:
        choice, holds = ordered[0]
        return Compare((">=",), (choice, _ONE)) if holds else Compare(("<=",), (choice, _ZERO))
    terms = [choice if holds else subtract(_ONE, choice) for choice, holds in ordered]
    return Compare((">=",), (add(terms), _ONE))


def _literal(expr: Expr, known: Symbols) -> _Literal | None:
    """The choice that a condition is about, and whether it is to hold; None for anything else."""
    match expr:
        case Name(name) | Item(name, _) if known.is_choice(name):
            return expr, True
        case Not(arg):
            found = _literal(arg, known)
            return None if found is None else (found[0], not found[1])
        case Compare((op,), (left, Num(value))) if found := _literal(left, known):
            holds = _SAYS.get((op, value))
            return None if holds is None else (found[0], found[1] == holds)
        case Compare((op,), (Num(value), right)) if found := _literal(right, known):
            holds = _SAYS.get((_MIRRORED.get(op, op), value))
            return None if holds is None else (found[0], found[1] == holds)
    return None


_MIRRORED: dict[CompareOp, CompareOp] = {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}
_SAYS: dict[tuple[CompareOp, float], bool] = {
    ("==", 1.0): True, (">=", 1.0): True, (">", 0.0): True, ("!=", 0.0): True,
    ("==", 0.0): False, ("<=", 0.0): False, ("<", 1.0): False, ("!=", 1.0): False,
}  # fmt: skip
"""Comparisons of a yes-or-no choice with 0 or 1, and whether they say yes."""

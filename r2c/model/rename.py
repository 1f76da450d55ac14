"""Capture-avoiding substitution: names become expressions, bound names stay bound."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from r2c.cir.arithmetic import negate
from r2c.cir.expr import (
    Add,
    And,
    Binder,
    Call,
    Compare,
    Div,
    Each,
    Expr,
    Fold,
    Item,
    Loop,
    Mul,
    Name,
    Neg,
    Not,
    Num,
    Or,
    Pow,
    Seq,
    Text,
    walk,
)  # fmt: skip

Names = Mapping[str, Expr]


def map_children(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:  # noqa: C901, PLR0911, PLR0912
    """The same node over changed children; loops are not entered (see `substitute`)."""
    match expr:
        case Num() | Text() | Name():
            return expr
        case Item(base, keys):
            return Item(base, tuple(change(key) for key in keys))
        case Add(terms):
            return add([change(term) for term in terms])
        case Mul(factors):
            return multiply([change(factor) for factor in factors])
        case Neg(term):
            return negate(change(term))
        case Div(top, bottom):
            return Div(change(top), change(bottom))
        case Pow(base, exponent):
            return Pow(change(base), change(exponent))
        case Call(function, args):
            return Call(function, tuple(change(arg) for arg in args))
        case Compare(ops, args):
            return Compare(ops, tuple(change(arg) for arg in args))
        case And(args):
            return And(tuple(change(arg) for arg in args))
        case Or(args):
            return Or(tuple(change(arg) for arg in args))
        case Not(arg):
            return Not(change(arg))
        case Seq(items):
            return Seq(tuple(change(item) for item in items))
        case Fold() | Each():
            raise TypeError("a loop binds names; substitute() handles it")


def substitute(expr: Expr, names: Names) -> Expr:
    """The expression with each free `Name` in `names` replaced.

    Indexed bases are not replaced. Loop variables shadow, and give way to a new name where a
    replacement mentions them.
    """
    if not names:
        return expr
    match expr:
        case Name(name):
            return names.get(name, expr)
        case Fold(op, body, binder):
            inner, loops = substitute_binder(binder, names)
            return Fold(op, substitute(body, inner), loops)
        case Each(body, binder):
            inner, loops = substitute_binder(binder, names)
            return Each(substitute(body, inner), loops)
        case _:
            return map_children(expr, lambda child: substitute(child, names))


def substitute_binder(binder: Binder, names: Names) -> tuple[Names, Binder]:
    """The loops with free names replaced, and what is to be replaced inside them."""
    inside = dict(names)
    mentioned = frozenset[str]().union(*(names_in(value) for value in names.values()))
    fresh = Fresh(mentioned | set(binder.targets) | set(names))
    loops = []
    for loop in binder.loops:
        domain = substitute(loop.domain, inside)
        targets = []
        for target in loop.targets:
            inside.pop(target, None)
            targets.append(fresh.name(target) if target in mentioned else target)
            if targets[-1] != target:
                inside[target] = Name(targets[-1])
        loops.append(Loop(tuple(targets), domain))
    where = None if binder.where is None else substitute(binder.where, inside)
    return inside, Binder(tuple(loops), where)


class Fresh:
    """Makes names that nothing else uses."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)

    def inside(self) -> Fresh:
        """Names for loop variables, which may be the same in another row."""
        return Fresh(self._taken)

    def name(self, wish: str, instead: str | None = None) -> str:
        """`wish` if it is free, else `instead`, else with a number behind it; taken from now on."""
        if wish in self._taken and instead is not None:
            wish = instead
        name, number = wish, 1
        while name in self._taken:
            number += 1
            name = f"{wish}_{number}"
        self._taken.add(name)
        return name


def add(terms: Iterable[Expr]) -> Expr:
    """A flat sum, its numbers added up."""
    flat: list[Expr] = []
    for term in terms:
        match term:
            case Add(inner):
                flat.extend(inner)
            case Neg(Add(inner)):
                flat.extend(negate(part) for part in inner)
            case _:
                flat.append(term)
    constant = sum(term.value for term in flat if isinstance(term, Num))
    kept: list[Expr] = [term for term in flat if not isinstance(term, Num)]
    if constant:
        first = next(place for place, term in enumerate(flat) if isinstance(term, Num))
        before = sum(not isinstance(term, Num) for term in flat[:first])
        kept.insert(before, Num(constant))
    return kept[0] if len(kept) == 1 else Add(tuple(kept)) if kept else Num(0.0)


def subtract(left: Expr, right: Expr) -> Expr:
    """`left - right`, the sign pushed into a sum."""
    terms = right.terms if isinstance(right, Add) else (right,)
    return add([left, *(negate(term) for term in terms)])


def multiply(factors: Iterable[Expr]) -> Expr:
    """A flat product without ones; zero if a factor is the number zero."""
    flat: list[Expr] = []
    for factor in factors:
        flat.extend(factor.factors if isinstance(factor, Mul) else (factor,))
    if Num(0.0) in flat:
        return Num(0.0)
    kept = tuple(factor for factor in flat if factor != Num(1.0))
    return kept[0] if len(kept) == 1 else Mul(kept) if kept else Num(1.0)


def conjunction(conditions: Iterable[Expr | None]) -> Expr | None:
    """The conditions joined by `and`; None if there are none."""
    kept: list[Expr] = []
    for condition in conditions:
        if isinstance(condition, And):
            kept.extend(condition.args)
        elif condition is not None:
            kept.append(condition)
    return None if not kept else kept[0] if len(kept) == 1 else And(tuple(kept))


def join(outer: Binder | None, inner: Binder | None) -> Binder | None:
    """The loops of `inner` inside those of `outer`."""
    if outer is None or inner is None:
        return outer or inner
    return Binder(outer.loops + inner.loops, conjunction((outer.where, inner.where)))


def names_in(expr: Expr) -> frozenset[str]:
    """Every name that occurs, bound or free, loop variables and indexed bases included."""
    found: set[str] = set()
    for node in walk(expr):
        match node:
            case Name(name) | Item(name, _):
                found.add(name)
            case Fold(_, _, binder) | Each(_, binder):
                found.update(binder.targets)
    return frozenset(found)

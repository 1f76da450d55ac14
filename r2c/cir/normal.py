"""The normal form of expressions: equal up to order, grouping and loop names means equal text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from r2c.cir.expr import (
    Add,
    And,
    Binder,
    Call,
    Compare,
    CompareOp,
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
    symbols,
    walk,
)
from r2c.cir.loop_order import LoopedTerm, conditions_of, merge, one_term, orders, split
from r2c.cir.polynomial import (
    Monomial,
    Polynomial,
    add,
    constant,
    expression,
    factor,
    monomial_text,
    multiply,
    power,
    scale,
)
from r2c.cir.write import write

_FLIPPED: dict[CompareOp, CompareOp] = {
    "<=": ">=", ">=": "<=", "<": ">", ">": "<", "==": "==", "!=": "!=",
}  # fmt: skip
_OPPOSITE: dict[CompareOp, CompareOp] = {
    "<=": ">", ">=": "<", "<": ">=", ">": "<=", "==": "!=", "!=": "==",
    "in": "not in", "not in": "in",
}  # fmt: skip
_BUDGET = 400

Names = Mapping[str, str]


def normal(expr: Expr, avoid: frozenset[str] = frozenset()) -> Expr:
    """The normal form: flat, sorted, like terms collected, loop variables i1, i2, ...

    A relation becomes `terms <= number` (or >=, ==, ...) with the first term positive; chains
    stay chains. Loops of sums and extremes are put in order of their sets; more than three loops
    over the same set keep their order.

    Args:
        expr: any expression.
        avoid: names that loop variables must not get, besides the free symbols of `expr`.
    """
    return Normalizer(frozenset(symbols(expr)) | avoid).read(expr, {}, 0)


class Normalizer:
    """Normalizes expressions that share one stock of loop variable names."""

    def __init__(self, taken: frozenset[str]) -> None:
        self.prefix = "i"
        while any(re.fullmatch(self.prefix + r"\d+", name) for name in taken):
            self.prefix += "_"
        self._budget = _BUDGET

    def bind(self, targets: tuple[str, ...], names: Names, depth: int) -> dict[str, str]:
        """`names` extended by the canonical names of new loop variables."""
        fresh = {name: f"{self.prefix}{depth + k}" for k, name in enumerate(targets, start=1)}
        return {**names, **fresh}

    def read(self, expr: Expr, names: Names, depth: int) -> Expr:
        """The normal form inside `depth` loop variables that are called `names`."""
        match expr:
            case Text():
                return expr
            case Compare():
                return self._compare(expr, names, depth)
            case And(args) | Or(args):
                return self._logic(type(expr), args, names, depth)
            case Not(arg):
                return self._negated(arg, names, depth)
            case Each(body, binder):
                inner, bound, below = self.binder(binder, names, depth)
                return Each(self.read(body, bound, below), inner)
            case Seq(items):
                return Seq(tuple(self.read(item, names, depth) for item in items))
            case _:
                return expression(self._sum(expr, names, depth))

    def binder(
        self, binder: Binder, names: Names, depth: int
    ) -> tuple[Binder, dict[str, str], int]:
        """The loops in written order with canonical names, those names, and the new depth."""
        bound = dict(names)
        loops = []
        below = depth
        for loop in binder.loops:
            domain = self.read(loop.domain, bound, below)
            bound = self.bind(loop.targets, bound, below)
            below += len(loop.targets)
            loops.append(Loop(tuple(bound[name] for name in loop.targets), domain))
        where = None if binder.where is None else self.condition(binder.where, bound, below)
        return Binder(tuple(loops), where), bound, below

    def condition(self, expr: Expr, names: Names, depth: int) -> Expr:
        """A condition on data; a chain is the same as its relations one by one."""
        if isinstance(expr, Compare) and len(expr.ops) > 1:
            pairs = zip(expr.ops, expr.args, expr.args[1:], strict=False)
            expr = And(tuple(Compare((op,), (left, right)) for op, left, right in pairs))
        return self.read(expr, names, depth)

    def _sum(self, expr: Expr, names: Names, depth: int) -> Polynomial:  # noqa: C901, PLR0911, PLR0912 - one case per node
        match expr:
            case Num(value):
                return constant(value)
            case Name(name):
                return factor(Name(names.get(name, name)))
            case Item(base, keys):
                return factor(Item(base, tuple(self.read(key, names, depth) for key in keys)))
            case Add(terms):
                return add(self._sum(term, names, depth) for term in terms)
            case Neg(term):
                return scale(self._sum(term, names, depth), constant(-1)[()])
            case Mul(factors):
                return multiply([self._sum(item, names, depth) for item in factors])
            case Div(top, bottom):
                return self._quotient(top, bottom, names, depth)
            case Pow(base, exponent):
                return self._power(base, exponent, names, depth)
            case Call("sum", (Seq(items),)):
                return add(self._sum(item, names, depth) for item in items)
            case Call(function, args):
                called = self._call(function, args, names, depth)
                if isinstance(called, Call):
                    return factor(called)
                return self._sum(called, self._outer(depth), depth)
            case Fold("sum", body, binder):
                return self._fold_sum(body, binder, names, depth)
            case Fold(op, body, binder):
                inner, bound, below = self.binder(binder, names, depth)
                fold = Fold(op, self.read(body, bound, below), inner)
                return factor(self._best(fold, depth, fresh=False))
            case _:
                return factor(self.read(expr, names, depth))

    def _quotient(self, top: Expr, bottom: Expr, names: Names, depth: int) -> Polynomial:
        below = self._sum(bottom, names, depth)
        above = self._sum(top, names, depth)
        if not below:
            return factor(Div(expression(above), Num(0.0)))
        inverse = power(below, -1) if len(below) == 1 else None
        return multiply([above, inverse or factor(expression(below), -1)])

    def _power(self, base: Expr, exponent: Expr, names: Names, depth: int) -> Polynomial:
        inner = self._sum(base, names, depth)
        above = self.read(exponent, names, depth)
        if isinstance(above, Num) and above.value.is_integer() and (inner or above.value > 0):
            result = power(inner, int(above.value)) if inner else {}
            if result is not None:
                return result
        return factor(Pow(expression(inner), above))

    def _call(self, function: str, args: tuple[Expr, ...], names: Names, depth: int) -> Expr:
        if function == "abs" and len(args) == 1:
            inner = self._sum(args[0], names, depth)
            return Call("abs", (expression(_positive(inner)[0]),))
        found = [self.read(arg, names, depth) for arg in args]
        if function in ("min", "max"):
            flat = [
                item
                for arg in found
                for item in (arg.args if isinstance(arg, Call) and arg.function == function
                             else (arg,))
            ]  # fmt: skip
            found = sorted(dict.fromkeys(flat), key=write)
            if len(found) == 1 and not isinstance(found[0], Seq | Each):
                return found[0]
        return Call(function, tuple(found))

    def _fold_sum(self, body: Expr, binder: Binder, names: Names, depth: int) -> Polynomial:
        inner, bound, below = self.binder(binder, names, depth)
        own = set(inner.targets)
        parts = []
        for monomial, coefficient in self._sum(body, bound, below).items():
            outside = tuple(item for item in monomial if not symbols(item[0]) & own)
            inside: Monomial = tuple(item for item in monomial if symbols(item[0]) & own)
            looped = LoopedTerm(inner.loops, conditions_of(inner.where), inside)
            merged = merge(looped) if self._budget > 0 else looped
            apart = split(merged) if self._budget > 0 else [merged]
            fresh = merged != looped or len(apart) > 1
            folds = [factor(self._best(term.fold(), depth, fresh=fresh)) for term in apart]
            parts.append(scale(multiply([*folds, self._outside(outside, depth)]), coefficient))
        return add(parts)

    def _outside(self, monomial: Monomial, depth: int) -> Polynomial:
        nodes = (node for atom, _ in monomial for node in walk(atom))
        if any(isinstance(node, Fold | Each) for node in nodes):
            # What leaves a loop is named from the level it now stands on.
            return self._sum(one_term(monomial), self._outer(depth), depth)
        return {monomial: constant(1)[()]}

    def _best(self, fold: Fold, depth: int, *, fresh: bool) -> Fold:
        # Reading again costs; the budget bounds it where loops nest deeply.
        best, found = fold, ""
        for loops in orders(fold.binder.loops):
            if self._budget <= 0:
                break
            read = fold
            if fresh or loops != fold.binder.loops:
                self._budget -= 1
                again = Binder(loops, fold.binder.where)
                binder, bound, below = self.binder(again, self._outer(depth), depth)
                read = Fold(fold.op, self.read(fold.body, bound, below), binder)
            text = write(read)
            if not found or text < found:
                best, found = read, text
        return best

    def _outer(self, depth: int) -> dict[str, str]:
        names = (f"{self.prefix}{k}" for k in range(1, depth + 1))
        return {name: name for name in names}

    def _compare(self, expr: Compare, names: Names, depth: int) -> Expr:
        sides = [self._sum(arg, names, depth) for arg in expr.args]
        args = tuple(map(expression, sides))
        if len(expr.ops) > 1:
            if all(op in (">=", ">") for op in expr.ops):
                ops = tuple(_FLIPPED[op] for op in reversed(expr.ops))
                return Compare(ops, tuple(reversed(args)))
            return Compare(expr.ops, args)
        op, (left, right) = expr.ops[0], args
        if op in ("in", "not in"):
            return Compare((op,), args)
        if not _is_label(left, names) and not _is_label(right, names):
            op, left, right = _balanced(op, sides[0], sides[1])
        if _is_label(left, names) or _is_label(right, names):
            behind = (isinstance(left, Text), write(left)) > (isinstance(right, Text), write(right))
            if op in (">", ">=") or (op in ("==", "!=") and behind):
                return Compare((_FLIPPED[op],), (right, left))
        return Compare((op,), (left, right))

    def _logic(
        self, kind: type[And] | type[Or], args: tuple[Expr, ...], names: Names, depth: int
    ) -> Expr:
        found: list[Expr] = []
        for arg in args:
            read = self.condition(arg, names, depth)
            found.extend(read.args if isinstance(read, kind) else (read,))
        unique = sorted(dict.fromkeys(found), key=write)
        return unique[0] if len(unique) == 1 else kind(tuple(unique))

    def _negated(self, arg: Expr, names: Names, depth: int) -> Expr:
        match arg:
            case Not(inner):
                return self.condition(inner, names, depth)
            case Compare((op,), args):
                return self._compare(Compare((_OPPOSITE[op],), args), names, depth)
            case _:
                return Not(self.condition(arg, names, depth))


def _balanced(op: CompareOp, left: Polynomial, right: Polynomial) -> tuple[CompareOp, Expr, Num]:
    """The relation with all terms on the left, the first of them positive, against a number."""
    moved = add((left, scale(right, constant(-1)[()])))
    limit = moved.pop((), constant(1)[()] * 0)
    terms, flipped = _positive(moved)
    if not terms:
        flipped = op in (">=", ">") or (op in ("==", "!=") and limit > 0)
    if flipped:
        return _FLIPPED[op], expression(terms), Num(float(limit) + 0.0)
    return op, expression(terms), Num(float(-limit) + 0.0)


def _positive(terms: Polynomial) -> tuple[Polynomial, bool]:
    """The terms with the sign that makes the first of them positive, and whether it changed."""
    keys = sorted(terms, key=lambda monomial: (not monomial, monomial_text(monomial)))
    flipped = bool(keys) and terms[keys[0]] < 0
    return (scale(terms, constant(-1)[()]), True) if flipped else (terms, False)


def _is_label(expr: Expr, names: Names) -> bool:
    return isinstance(expr, Text | Seq) or (isinstance(expr, Name) and expr.id in names.values())

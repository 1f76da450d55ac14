"""The nodes of CIR's algebra.

One small tree, several readers: data evaluation, Pyomo, LaTeX, plain words, units, linearity.
Nodes are immutable and hashable, so equal expressions are equal objects in sets and dicts.
Written form and meaning follow Python's expression syntax (see `r2c.cir.parse`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

CompareOp = Literal["<=", ">=", "==", "<", ">", "!=", "in", "not in"]


@dataclass(frozen=True, slots=True)
class Num:
    """A number written in the expression; whole values print without a decimal point."""

    value: float


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted element label, as in `crew["Plant A"]`."""

    value: str


@dataclass(frozen=True, slots=True)
class Name:
    """A symbol without index: parameter, decision, definition, output, set or loop variable."""

    id: str


@dataclass(frozen=True, slots=True)
class Item:
    """An indexed symbol, `ship[i, t-1]`. A key `t-1` is a lag by position in an ordered set."""

    base: str
    keys: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Add:
    """A sum of two or more terms; a difference holds a `Neg` term."""

    terms: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Neg:
    """Minus a term; never directly around a `Num`."""

    term: Expr


@dataclass(frozen=True, slots=True)
class Mul:
    """A product of two or more factors."""

    factors: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Div:
    """A quotient."""

    top: Expr
    bottom: Expr


@dataclass(frozen=True, slots=True)
class Pow:
    """A power."""

    base: Expr
    exponent: Expr


@dataclass(frozen=True, slots=True)
class Call:
    """A named function of expressions, `abs(x)`, `max(a, b)`, `first(Months)`."""

    function: str
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """`for i in Plants` or `for (i, j) in Lanes`; the domain is a set name, a list or a call."""

    targets: tuple[str, ...]
    domain: Expr


@dataclass(frozen=True, slots=True)
class Binder:
    """One or more loops and an optional condition on data: `for i in A for j in B if i != j`."""

    loops: tuple[Loop, ...]
    where: Expr | None = None

    @property
    def targets(self) -> tuple[str, ...]:
        """All loop variables, outermost first."""
        return tuple(name for loop in self.loops for name in loop.targets)


@dataclass(frozen=True, slots=True)
class Fold:
    """`sum(body for i in S if c)`; also `min` and `max`."""

    op: Literal["sum", "min", "max"]
    body: Expr
    binder: Binder


@dataclass(frozen=True, slots=True)
class Each:
    """`[body for i in S if c]`: a list made by a loop; only operands and templates use it."""

    body: Expr
    binder: Binder


@dataclass(frozen=True, slots=True)
class Seq:
    """`[a, b, c]` or `(a, b)`: a list of expressions."""

    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """A relation, possibly chained: `2 <= crew[i] <= 9` has ops `("<=", "<=")` and 3 args."""

    ops: tuple[CompareOp, ...]
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class And:
    """All of the arguments hold."""

    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of the arguments holds."""

    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The argument does not hold."""

    arg: Expr


Expr = (
    Num | Text | Name | Item | Add | Neg | Mul | Div | Pow | Call | Fold | Each | Seq
    | Compare | And | Or | Not
)  # fmt: skip


def children(expr: Expr) -> tuple[Expr, ...]:
    """The direct sub-expressions, in written order; binder domains and conditions included."""
    match expr:
        case Num() | Text() | Name():
            return ()
        case Item(_, keys):
            return keys
        case Add(items) | Mul(items) | Seq(items) | And(items) | Or(items) | Compare(_, items):
            return items
        case Call(_, items):
            return items
        case Neg(item) | Not(item):
            return (item,)
        case Div(left, right) | Pow(left, right):
            return (left, right)
        case Fold(_, body, binder) | Each(body, binder):
            where = () if binder.where is None else (binder.where,)
            return (body, *(loop.domain for loop in binder.loops), *where)


def walk(expr: Expr) -> Iterator[Expr]:
    """Every node of the tree, parents before children, left to right."""
    stack = [expr]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(children(node)))


def numbers(expr: Expr) -> tuple[float, ...]:
    """The values of all `Num` nodes in written order."""
    return tuple(node.value for node in walk(expr) if isinstance(node, Num))


def symbols(expr: Expr) -> frozenset[str]:
    """Every symbol used, indexed or not, loop variables excluded where they are bound."""
    match expr:
        case Name(name):
            return frozenset((name,))
        case Item(base, keys):
            return frozenset((base,)).union(*(symbols(key) for key in keys))
        case Fold(_, body, binder) | Each(body, binder):
            inner = symbols(body)
            if binder.where is not None:
                inner |= symbols(binder.where)
            # A domain is outside its own loop and inside the loops before it.
            for loop in reversed(binder.loops):
                inner = (inner - set(loop.targets)) | symbols(loop.domain)
            return inner
        case _:
            return frozenset[str]().union(*(symbols(child) for child in children(expr)))

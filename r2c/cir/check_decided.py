"""Where what the plan decides may not stand: divisors, exponents, filters, data, strict limits."""

from __future__ import annotations

from collections.abc import Iterator

from r2c.cir.expr import Binder, Compare, Div, Each, Expr, Fold, Num, Pow, symbols, walk
from r2c.cir.integral import integer_symbols, integer_valued
from r2c.cir.owners import owners
from r2c.cir.schema import CIR
from r2c.cir.scope import decided
from r2c.cir.write import shown
from r2c.errors import CIRError, Fault, declare

DIVIDED = declare(
    "R2C-C044", CIRError,
    what="{place} divides by {divisor!r}, which {reason}.",
    why="Only division by data that is not zero keeps the model linear and defined.",
    remedy="Multiply the relation out: instead of a/b <= r write a <= r*b.",
)  # fmt: skip
DECIDED_EXPONENT = declare(
    "R2C-C045", CIRError,
    what="{place} has the decision {exponent!r} in an exponent.",
    why="No paradigm can write exponentials of decisions.",
    remedy="State the rule without it, or choose among given levels with yes/no decisions.",
)  # fmt: skip
STRICT = declare(
    "R2C-C046", CIRError,
    what="{place} has the strict relation {relation!r} between quantities that may be fractional.",
    why="No largest value stays below a limit, so an optimum need not exist.",
    remedy="Write <= or >=, with the smallest difference that matters if the limit is excluded.",
)  # fmt: skip
DECIDED_FILTER = declare(
    "R2C-C047", CIRError,
    what="{place} filters or loops by {name!r}, which the plan decides.",
    why="Which rows exist must be known before the plan is made.",
    remedy="Filter by data; if the rule holds only when something is chosen, use an if-then rule.",
)  # fmt: skip
DECIDED_DATA = declare(
    "R2C-C048", CIRError,
    what="{place} depends on {name!r}, which the plan decides.",
    why="Parameters, sets and bounds are known before the plan is made.",
    remedy="Make it a definition, or state the bound as a rule.",
)  # fmt: skip
RELATION_AS_VALUE = declare(
    "R2C-C050", CIRError,
    what="{place} is the relation {relation!r}, but a quantity is needed there.",
    why="A relation is true or false; it is not an amount.",
    remedy="Write the quantity alone and state the relation as a rule.",
)  # fmt: skip


def decision_faults(cir: CIR) -> Iterator[Fault]:
    """Faults of decisions in places where only data may stand, and of strict relations."""
    free = decided(cir)
    whole = integer_symbols(cir)
    for owner in owners(cir):
        if owner.binder is not None:
            yield from _filter(owner.binder, free, f"The loop of {owner}")
        for place in owner.places:
            where = f"The {place.role} of {owner}"
            if owner.kind in ("parameter", "decision"):
                for name in sorted(symbols(place.expr) & free):
                    yield DECIDED_DATA.fault(place=where, name=name)
            if owner.kind != "rule" and isinstance(place.expr, Compare):
                yield RELATION_AS_VALUE.fault(place=where, relation=shown(place.expr))
            for node in walk(place.expr):
                yield from _node(node, free, whole, where)


def _node(node: Expr, free: frozenset[str], whole: frozenset[str], where: str) -> Iterator[Fault]:
    match node:
        case Div(_, bottom):
            yield from _division(bottom, free, where)
        case Pow(_, exponent) if symbols(exponent) & free:
            yield DECIDED_EXPONENT.fault(place=where, exponent=shown(exponent))
        case Compare(ops, args):
            for op, left, right in zip(ops, args, args[1:], strict=False):
                pair = Compare((op,), (left, right))
                exact = integer_valued(left, whole) and integer_valued(right, whole)
                if op in ("<", ">") and symbols(pair) & free and not exact:
                    yield STRICT.fault(place=where, relation=shown(pair))
        case Fold(_, _, binder) | Each(_, binder):
            yield from _filter(binder, free, where)


def _filter(binder: Binder, free: frozenset[str], where: str) -> Iterator[Fault]:
    used = frozenset[str]().union(*(symbols(loop.domain) for loop in binder.loops))
    if binder.where is not None:
        used |= symbols(binder.where)
    for name in sorted((used & free) - set(binder.targets)):
        yield DECIDED_FILTER.fault(place=where, name=name)


def _division(bottom: Expr, free: frozenset[str], where: str) -> Iterator[Fault]:
    used = sorted(symbols(bottom) & free)
    if used:
        reason = f"depends on the decision {used[0]!r}"
        yield DIVIDED.fault(place=where, divisor=shown(bottom), reason=reason)
    elif bottom == Num(0.0):
        yield DIVIDED.fault(place=where, divisor=shown(bottom), reason="is zero")

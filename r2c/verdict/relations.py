"""Which way a rule limits a number: "at least" or "at most", whatever side it stands on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from r2c.archetypes.card import Card
from r2c.cir.expr import (
    Add,
    And,
    Compare,
    Div,
    Each,
    Expr,
    Fold,
    Item,
    Mul,
    Name,
    Neg,
    Num,
    symbols,
)
from r2c.cir.schema import CIR, DenseValues, Nested, Parameter, SparseValues
from r2c.cir.scope import decided
from r2c.model.reformulate import draft_rules
from r2c.verdict.said import Direction


@dataclass(frozen=True)
class Limit:
    """A number in a relation and the side from which it limits the plan.

    `factor` is True where it multiplies a decision ("at least 30% of the total").
    """

    rule: str
    value: float
    direction: Direction
    factor: bool


@dataclass(frozen=True)
class _Term:
    value: float
    sign: float
    factor: bool


def limits_of_rules(cir: CIR, library: Mapping[str, Card]) -> tuple[Limit, ...]:
    """The limits that the meanings of the rules set; conditions with "or" set none."""
    drafts, _ = draft_rules(cir, library)
    reader = _Reader(cir)
    found: list[Limit] = []
    for draft in drafts:
        for _, condition, _ in draft.clauses():
            parts = condition.args if isinstance(condition, And) else (condition,)
            for part in parts:
                if isinstance(part, Compare):
                    found.extend(reader.limits(draft.rule.id, part))
    return tuple(found)


class _Reader:
    def __init__(self, cir: CIR) -> None:
        self._decided = decided(cir)
        self._given = {item.name: tuple(_values(item)) for item in cir.parameters}

    def limits(self, rule: str, relation: Compare) -> Iterator[Limit]:
        pairs = zip(relation.args, relation.ops, relation.args[1:], strict=False)
        for left, op, right in pairs:
            if (
                op not in ("<=", ">=", "==", "<", ">")
                or not (symbols(left) | symbols(right)) & self._decided
            ):
                continue
            below = op in ("<=", "<")
            for term in (*self._terms(left, 1.0), *self._terms(right, -1.0)):
                direction: Direction = "exactly"
                if op != "==":
                    # f - 5 <= 0 keeps f below 5, 5 - f <= 0 above it.
                    direction = "most" if (term.sign < 0) == below else "least"
                yield Limit(rule, abs(term.value), direction, term.factor)

    def _terms(self, expr: Expr, sign: float) -> Iterator[_Term]:
        match expr:
            case Add(terms):
                for term in terms:
                    yield from self._terms(term, sign)
            case Neg(term):
                yield from self._terms(term, -sign)
            case Fold("sum", body, _) | Each(body, _):
                yield from self._terms(body, sign)
            case Div(top, Num(bottom)) if bottom:
                for found in self._terms(top, sign):
                    yield _Term(found.value / bottom, found.sign, found.factor)
            case Mul(factors):
                yield from self._product(factors, sign)
            case _:
                for value in self._known(expr):
                    yield _Term(value, sign if value >= 0 else -sign, False)

    def _product(self, factors: tuple[Expr, ...], sign: float) -> Iterator[_Term]:
        choosing = [factor for factor in factors if symbols(factor) & self._decided]
        known = [factor for factor in factors if factor not in choosing]
        values = [self._known(factor) for factor in known]
        for number, candidates in enumerate(values):
            others = [v[0] for k, v in enumerate(values) if k != number and v]
            flip = -1.0 if sum(value < 0 for value in others) % 2 else 1.0
            for value in candidates:
                own = sign * flip if value >= 0 else -sign * flip
                yield _Term(value, own, bool(choosing))

    def _known(self, expr: Expr) -> tuple[float, ...]:
        match expr:
            case Num(value):
                return (value,)
            case Neg(term):
                return tuple(-value for value in self._known(term))
            case Div(Num(top), Num(bottom)) if bottom:
                return (top / bottom,)
            case Name(name) | Item(name, _):
                return self._given.get(name, ())
            case _:
                return ()


def _values(item: Parameter) -> Iterator[float]:
    match item.value:
        case float() | int():
            yield float(item.value)
        case DenseValues(values=values):
            yield from _flat(values)
        case SparseValues(entries=entries):
            yield from (entry.value for entry in entries)


def _flat(value: Nested) -> Iterator[float]:
    if isinstance(value, tuple):
        for item in value:
            yield from _flat(item)
    else:
        yield float(value)

"""Which number a model gives to which decision or member: sums, single limits and shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from r2c.archetypes.card import Card
from r2c.cir.expr import Add, And, Compare, Expr, Mul, Name, Neg, Num, children
from r2c.cir.owners import owners
from r2c.cir.schema import CIR, DenseValues
from r2c.model.reformulate import draft_rules
from r2c.verdict.things import Things, things, things_of


@dataclass(frozen=True)
class Given:
    """Numbers that one sum or parameter gives to things; `kind` names its owner."""

    owner: str
    kind: str
    amounts: dict[str, float]
    things: Things


@dataclass(frozen=True)
class Single:
    """A number that limits one decision alone."""

    rule: str
    thing: str
    value: float


@dataclass(frozen=True)
class Share:
    """A share that limits one decision by others: `part <= value * whole`."""

    rule: str
    part: str
    value: float
    whole: tuple[str, ...]


def given_forms(cir: CIR, library: Mapping[str, Card]) -> Iterator[Given]:
    """The sums of decisions times written numbers, and the numbers written for members."""
    yield from _of_sums(cir, library)
    yield from _of_members(cir)


def _of_sums(cir: CIR, library: Mapping[str, Card]) -> Iterator[Given]:
    decided = things_of(cir)
    for owner in owners(cir):
        if owner.kind not in ("rule", "objective", "definition"):
            continue
        card = library.get(owner.archetype) if owner.kind == "rule" else None
        if card is not None and card.family == "logic":
            continue
        kind = "goal" if owner.kind == "objective" else f"{owner.kind} {owner.name!r}"
        for place in owner.places:
            for expr in _outermost(place.expr):
                amounts = _amounts(expr)
                if amounts and all(name in decided for name in amounts):
                    yield Given(owner.name, kind, amounts, decided)


def _outermost(expr: Expr) -> Iterator[Add | Mul]:
    """The largest sums and products of an expression."""
    if isinstance(expr, Add | Mul):
        yield expr
        return
    for child in children(expr):
        yield from _outermost(child)


def _of_members(cir: CIR) -> Iterator[Given]:
    members = {item.name: item.elements or () for item in cir.sets}
    for parameter in cir.parameters:
        if len(parameter.over) != 1 or not isinstance(parameter.value, DenseValues):
            continue
        named = members.get(parameter.over[0], ())
        held = parameter.value.values
        if len(held) != len(named) or len(named) < 2:
            continue
        values = {
            str(name): float(value)
            for name, value in zip(named, held, strict=True)
            if not isinstance(value, tuple)
        }
        known = things({name: (name, "") for name in values})
        if len(values) == len(named) and all(name in known for name in values):
            yield Given(parameter.name, f"parameter {parameter.name!r}", values, known)


def _amounts(total: Add | Mul) -> dict[str, float]:
    """Number of each decision in a sum; nothing if something else stands in it as well."""
    found: dict[str, float] = {}
    terms = total.terms if isinstance(total, Add) else (total,)
    for term in terms:
        inner = term.term if isinstance(term, Neg) else term
        match inner:
            case Mul((Num(value), Name(name))) if name not in found:
                found[name] = abs(value)
            case Mul((Name(name), Num(value))) if name not in found:
                found[name] = abs(value)
            case Name(name) if name not in found:
                found[name] = 1.0
            case Num(_):
                continue
            case _:
                return {}
    return found


def single_limits(cir: CIR, library: Mapping[str, Card]) -> Iterator[Single]:
    """The rules that set one decision against one number."""
    alone = {item.name for item in cir.decisions if not item.over}
    for rule, relation in _relations(cir, library):
        for left, right in zip(relation.args, relation.args[1:], strict=False):
            for one, other in ((left, right), (right, left)):
                match one, other:
                    case Name(name), Num(value) if name in alone:
                        yield Single(rule, name, value)


def shares(cir: CIR, library: Mapping[str, Card]) -> Iterator[Share]:
    """The rules that set one decision against a share of others."""
    alone = {item.name for item in cir.decisions if not item.over}
    for rule, relation in _relations(cir, library):
        for left, right in zip(relation.args, relation.args[1:], strict=False):
            for one, other in ((left, right), (right, left)):
                match one, other:
                    case Name(part), Mul((Num(value), whole)) | Mul((whole, Num(value))):
                        names = _names(whole)
                        if part in alone and 0 < value < 1 and names and set(names) <= alone:
                            yield Share(rule, part, value, names)


def _names(whole: Expr) -> tuple[str, ...]:
    match whole:
        case Name(name):
            return (name,)
        case Add(terms):
            names = tuple(term.id for term in terms if isinstance(term, Name))
            return names if len(names) == len(terms) else ()
        case _:
            return ()


def _relations(cir: CIR, library: Mapping[str, Card]) -> Iterator[tuple[str, Compare]]:
    drafts, _ = draft_rules(cir, library)
    for draft in drafts:
        if draft.card.family == "logic":
            continue
        for _, condition, _ in draft.clauses():
            parts = condition.args if isinstance(condition, And) else (condition,)
            for part in parts:
                if isinstance(part, Compare):
                    yield draft.rule.id, part

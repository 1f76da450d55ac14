"""A card's tiny instance as a page shows it: its sets, numbers, decisions, rules and goal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from markupsafe import Markup

from mathml import goal, loops, maths
from r2c.archetypes.card import Card
from r2c.cir.expr import Binder, Compare, CompareOp, Expr, Item, Loop, Name
from r2c.cir.instance import Instance, bind
from r2c.cir.members import label
from r2c.cir.schema import Decision, IndexSet, Rule
from r2c.cir.write import number
from r2c.model.reformulate import reformulate
from r2c.telling.equation import MINUS

LETTERS = "ijklmn"
TWO = 2


@dataclass(frozen=True)
class Figures:
    """The values of a parameter: a table of two sets, or members with their values."""

    name: str
    over: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Told:
    """A set or a decision: its name and what it is."""

    name: str
    shown: Markup | str
    tag: str = ""


@dataclass(frozen=True)
class ShownRule:
    """A rule of the instance: the card it follows and what fills the roles."""

    rule: Rule
    operands: tuple[tuple[str, Markup], ...]
    loops: Markup | None
    choice: str = ""


@dataclass(frozen=True)
class Tiny:
    """All that a page shows of a tiny instance."""

    sets: tuple[Told, ...]
    scalars: tuple[tuple[str, str], ...]
    figures: tuple[Figures, ...]
    decisions: tuple[Told, ...]
    rules: tuple[ShownRule, ...]
    goals: tuple[Markup, ...]
    optimum: str | None


def tiny(card: Card, library: Mapping[str, Card]) -> Tiny:
    """The tiny instance of a card, with the paradigms that R2C chooses for the card's rules.

    Raises:
        R2CError: if the instance cannot be bound or written; the card's proof fails then too.
    """
    cir = card.instance.cir
    instance = bind(cir).require()
    best = card.instance.optimum
    single = [item.name for item in cir.parameters if not item.over]
    return Tiny(
        tuple(_set(item) for item in cir.sets),
        tuple((name, _figure(instance.parameters[name][()])) for name in single),
        tuple(_figures(item.name, item.over, instance) for item in cir.parameters if item.over),
        tuple(_decision(item, instance) for item in cir.decisions),
        tuple(_rules(card, library, instance)),
        tuple(goal(item) for item in cir.objectives),
        None if isinstance(best, str) else _figure(best),
    )  # fmt: skip


def _set(item: IndexSet) -> Told:
    tag = "in this order, round and round" if item.cyclic else ""
    tag = tag or ("in this order" if item.kind in {"ordered", "time"} else "")
    if item.elements is not None:
        return Told(item.name, ", ".join(_member(member) for member in item.elements), tag)
    assert item.where is not None, "a tiny instance has no tables"
    return Told(item.name, loops(item.where), tag)


def _member(key: object) -> str:
    if isinstance(key, tuple):
        return f"({', '.join(map(label, key))})" if len(key) > 1 else label(key[0])
    return label(key)


def _figure(value: float) -> str:
    return number(value).replace("-", MINUS)


def _figures(name: str, over: tuple[str, ...], instance: Instance) -> Figures:
    values = instance.parameters[name]
    sets = [instance.sets[item] for item in over]
    if len(sets) == TWO:
        first, second = sets
        rows = []
        for row in first.keys:
            cells = [values.get((*row, *column)) for column in second.keys]
            rows.append((_member(row), tuple("" if v is None else _figure(v) for v in cells)))
        return Figures(name, over, tuple(_member(column) for column in second.keys), tuple(rows))
    return Figures(
        name, over, (), tuple((_member(key), (_figure(v),)) for key, v in values.items())
    )


def _decision(item: Decision, instance: Instance) -> Told:
    """A decision between its bounds, for all members."""
    dims = [instance.sets[over].dim for over in item.over]
    keys = item.indices or tuple(LETTERS[: sum(dims)])
    symbol: Expr = Item(item.name, tuple(map(Name, keys))) if keys else Name(item.name)
    around = [end for end in (item.lower, symbol, item.upper) if end is not None]
    bounded = len(around) > 1 and item.domain != "binary"
    sign: CompareOp = "<="
    shown = maths(Compare((sign,) * (len(around) - 1), tuple(around)) if bounded else symbol)
    if keys:
        rest = iter(keys)
        through = tuple(
            Loop(tuple(islice(rest, dim)), Name(over))
            for over, dim in zip(item.over, dims, strict=True)
        )
        binder = Binder(through, item.where)
        shown += Markup(' <span class="loops">{}</span>').format(loops(binder))
    return Told(item.name, shown, item.domain)


def _rules(card: Card, library: Mapping[str, Card], instance: Instance) -> Iterator[ShownRule]:
    cir = instance.cir
    choices = {choice.rule: choice for choice in reformulate(cir, library, instance).choices}
    for rule in cir.rules:
        given = tuple((role, maths(operand)) for role, operand in rule.operands.items())
        over = None if rule.forall is None else loops(rule.forall)
        choice = choices[rule.id]
        told = ""
        if rule.archetype == card.id:
            told = f"{choice.paradigm}: {choice.reason}"
            for paradigm in card.paradigms:
                told = told.replace(paradigm.name, paradigm.name.replace("_", " "))
        yield ShownRule(rule, given, over, told)

"""A relation over decisions that is added to a model as a rule of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from r2c.cir.check import check, is_structural
from r2c.cir.expr import (
    Binder,
    Compare,
    Each,
    Expr,
    Fold,
    Item,
    Loop,
    Name,
    Num,
    Seq,
    Text,
    symbols,
)
from r2c.cir.instance import bind
from r2c.cir.members import Members, label
from r2c.cir.parse import parse
from r2c.cir.schema import CIR, Rule
from r2c.cir.scope import Symbol, closest, decided, symbol_table
from r2c.errors import CIRError, InputError, R2CError, declare
from r2c.model.rename import map_children
from r2c.problem.schema import Problem
from r2c.verdict.written_keys import split_keys

UNKNOWN_SYMBOL = declare(
    "R2C-V031", InputError,
    what="{text!r} uses {name!r}, which the model does not have.{hint}",
    why="A relation is made of the decisions and numbers of the model.",
    remedy="The decisions are {known}.",
)  # fmt: skip
UNKNOWN_LABEL = declare(
    "R2C-V032", InputError,
    what="{text!r} asks for {symbol!r} of {label!r}, which is not in the set {name!r}.{hint}",
    why="A decision exists only for the members of its sets.",
    remedy="Use one of {known}; a label with blanks or signs stands in quotation marks.",
)  # fmt: skip
NO_RELATION = declare(
    "R2C-V033", InputError,
    what="{text!r} is no relation over decisions: {problem}.",
    why="What is added to a model is a rule that limits what the planner decides.",
    remedy="Write it like `ship[A, Lyon] <= 10` or `x + y >= 5`. The decisions are {known}.",
)  # fmt: skip

_KEYED = re.compile(r"""([A-Za-z_]\w*)\s*\[((?:"[^"]*"|'[^']*'|[^\[\]"'])*)\]""")
_PLAIN = re.compile(r"\w+")
_SHOWN = 20
_LIMITS = frozenset({"<=", ">=", "==", "<", ">"})


@dataclass(frozen=True, slots=True)
class AddedRelation:
    """`ship[A, Lyon] <= 10`; also for all members, `ship[p, Lyon] <= 10 for p in Plants`."""

    text: str
    stem: str = "what_if"

    def __str__(self) -> str:
        return self.text

    def applied(self, cir: CIR, problem: Problem) -> CIR:
        """The model with the relation as its last rule, whose id is `what_if_1` or so.

        Raises:
            InputError: R2C-V031 to R2C-V033.
            CIRError: it cannot be read (R2C-C001 to R2C-C003) or does not fit the model.
        """
        relation, binder = relation_of(self.text, cir, problem)
        taken = {rule.id for rule in cir.rules}
        number = next(k for k in range(1, len(taken) + 2) if f"{self.stem}_{k}" not in taken)
        rule = Rule(
            id=f"{self.stem}_{number}",
            forall=binder,
            operands={"relation": relation},
            note=f"what if {self.text}",
        )
        fresh = cir.model_copy(update={"rules": (*cir.rules, rule)})
        before = {fault.model_dump_json() for fault in check(cir)}
        for fault in check(fresh):
            if is_structural(fault) and fault.model_dump_json() not in before:
                raise CIRError(fault)
        return fresh


def relation_of(text: str, cir: CIR, problem: Problem) -> tuple[Compare, Binder | None]:
    """A relation over decisions, with the loops that are written behind it.

    Raises:
        InputError: R2C-V031 to R2C-V033.
        CIRError: R2C-C001 to R2C-C003.
    """
    expr, binder = labelled(text, cir, problem)
    names = sorted(item.name for item in cir.decisions)
    if not isinstance(expr, Compare):
        raise NO_RELATION(text=text, problem="it compares nothing", known=names)
    if not symbols(expr) & decided(cir):
        raise NO_RELATION(text=text, problem="no decision is in it", known=names)
    for op in expr.ops:
        if op not in _LIMITS:
            told = f"`{op}` is no limit; ask for less and for more in turn"
            raise NO_RELATION(text=text, problem=told, known=names)
    return expr, binder


def labelled(text: str, cir: CIR, problem: Problem) -> tuple[Expr, Binder | None]:
    """An expression with its loops, bare labels in keys made the members that they name.

    Raises:
        InputError: R2C-V031, R2C-V032.
        CIRError: R2C-C001 to R2C-C003; R2C-C214 if data are missing, for then labels are unknown.
    """
    reader = _Labels(text, symbol_table(cir), bind(cir, problem).require().sets)
    expr, binder = _parsed(reader.quoted())
    bound = frozenset(binder.targets) if binder is not None else frozenset[str]()
    expr = reader.read(expr, bound)
    for name in sorted(symbols(expr) - bound - reader.table.keys()):
        raise reader.unknown(name)
    return expr, binder


def _parsed(text: str) -> tuple[Expr, Binder | None]:
    try:
        return parse(text), None
    except CIRError as error:
        if not re.search(r"\sfor\s", text):
            raise
        try:
            listed = parse(f"[{text}]")
        except R2CError:
            raise error from None
    match listed:
        case Each(body, binder):
            return body, binder
        case Seq((body,)):
            return body, None
        case _:
            return listed, None


@dataclass(frozen=True)
class _Labels:
    """Finds the members that keys name."""

    text: str
    table: Mapping[str, Symbol]
    sets: Mapping[str, Members]

    def quoted(self) -> str:
        """The text with quotation marks around labels that could not be read without."""
        return _KEYED.sub(self._quoted, self.text)

    def _quoted(self, found: re.Match[str]) -> str:
        base, inside = found[1], found[2]
        keys, places = split_keys(inside), self._places(base)
        if keys is None or len(keys) != len(places) or '"' in inside or "'" in inside:
            return found[0]
        told = (
            f'"{key}"' if not _PLAIN.fullmatch(key) and self._member(key, place) else key
            for key, place in zip(keys, places, strict=True)
        )
        return f"{base}[{', '.join(told)}]"

    def _places(self, base: str) -> tuple[str | None, ...]:
        return self.table[base].positions if base in self.table else ()

    def _member(self, name: str, place: str | None) -> bool:
        return (
            place is not None and place in self.sets and name in self.sets[place].element_by_label
        )

    def read(self, expr: Expr, bound: frozenset[str]) -> Expr:
        """The expression with labels for names that are members and no loop variables."""
        match expr:
            case Name(name) if name not in bound and name not in self.table:
                return Text(name) if any(self._member(name, each) for each in self.sets) else expr
            case Item(base, _) if base not in self.table:
                raise self.unknown(base)
            case Item(base, keys):
                places = self._places(base)
                if len(places) != len(keys):
                    return expr
                pairs = zip(keys, places, strict=True)
                return Item(base, tuple(self._key(base, key, at, bound) for key, at in pairs))
            case Fold(op, body, binder):
                inner = bound.union(binder.targets)
                return Fold(op, self.read(body, inner), self._binder(binder, inner))
            case Each(body, binder):
                inner = bound.union(binder.targets)
                return Each(self.read(body, inner), self._binder(binder, inner))
            case _:
                return map_children(expr, lambda child: self.read(child, bound))

    def unknown(self, name: str) -> R2CError:
        """The failure that a symbol is not there, with those that are."""
        known = sorted(item.name for item in self.table.values() if item.kind == "decision")
        hint = closest(name, self.table)
        return UNKNOWN_SYMBOL(text=self.text, name=name, hint=hint, known=known)

    def _binder(self, binder: Binder, bound: frozenset[str]) -> Binder:
        loops = tuple(Loop(loop.targets, loop.domain) for loop in binder.loops)
        return Binder(loops, None if binder.where is None else self.read(binder.where, bound))

    def _key(self, base: str, key: Expr, place: str | None, bound: frozenset[str]) -> Expr:
        match key:
            case Name(name) if name in bound:
                return key
            case Name(name) if self._member(name, place):
                return Text(name)
            case Name(name) if name in self.table:
                return key
            case Name(name) | Text(name):
                told = name
            case Num(value):
                told = label(value)
            case _:
                return self.read(key, bound)  # such as the lag `t - 1`
        if place is not None and place in self.sets and not self._member(told, place):
            known = list(self.sets[place].element_by_label)
            raise UNKNOWN_LABEL(
                text=self.text,
                symbol=base,
                label=told,
                name=place,
                hint=closest(told, set(known)),
                known=known[:_SHOWN],
            )
        return key

"""Amounts, conditions, lists and members each where they belong: `2*(x >= 1)` is no amount.

What no reader can give a value must not pass: a paradigm that needs no value of an operand would
write the rule all the same, and the plan could not be held against it.
"""

from __future__ import annotations

from collections.abc import Iterator

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
    Mul,
    Name,
    Neg,
    Not,
    Or,
    Pow,
    Seq,
    Text,
)  # fmt: skip
from r2c.cir.owners import Owner, owners
from r2c.cir.schema import CIR
from r2c.cir.write import shown
from r2c.errors import CIRError, Fault, declare

MISPLACED = declare(
    "R2C-C051", CIRError,
    what="{place} has `{part}` where {wanted} is needed.",
    why="It is {found}, to which no value can be given there.",
    remedy="Write {wanted}, such as {example}.",
)  # fmt: skip
TEMPLATE_ONLY = declare(
    "R2C-C052", CIRError,
    what="{place} calls {function!r} in `{part}`.",
    why="That function has a meaning only in the templates of archetype cards.",
    remedy="State the rule with an archetype that offers what is meant ({instead}).",
)  # fmt: skip

_EXAMPLES = {
    "an amount": "`3*x + 2*y`",
    "a condition": "`x >= 1`",
    "a list": "`[x, y]` or `[x[i] for i in Items]`",
    "a set or a list": "`Items` or `[x, y]`",
    "a loop": "`count(x[i] >= 1 for i in Items)`",
    "a loop variable": "`ord(t)` in a loop `for t in Months`",
}
_INSTEAD = {
    "nonzero": "cardinality_limit counts what is not zero",
    "components": "connectivity_tree joins places by links",
    "bound": "minimum_batch_semi_continuous or fixed_charge_activation switch amounts on",
    "implies": "if_then_implication",
}


def kind_faults(cir: CIR) -> Iterator[Fault]:
    """Faults of parts that stand where something else is needed."""
    sets = frozenset(item.name for item in cir.sets)
    for owner in owners(cir):
        yield from _Owner(owner, sets).faults()


class _Owner:
    """The expressions of one owner; what fills a role may be of any kind, its parts may not."""

    def __init__(self, owner: Owner, sets: frozenset[str]) -> None:
        self._owner = owner
        self._sets = sets
        self._where = ""
        self._found: list[Fault] = []

    def faults(self) -> list[Fault]:
        """The faults, in written order."""
        variables: frozenset[str] = frozenset()
        if self._owner.binder is not None:
            self._where = f"The loop of {self._owner}"
            variables = self._binder(self._owner.binder, variables)
        for place in self._owner.places:
            self._where = f"The {place.role} of {self._owner}"
            if self._owner.kind == "rule":
                self._any(place.expr, variables)
            elif not isinstance(place.expr, Compare):  # R2C-C050 says so
                self._amount(place.expr, variables)
        return self._found

    def _any(self, expr: Expr, inside: frozenset[str]) -> None:
        match expr:
            case Seq() | Each():
                self._list(expr, inside, parts_of_any_kind=True)
            case Compare() | And() | Or() | Not():
                self._condition(expr, inside)
            case Text():
                return
            case _:
                self._amount(expr, inside)

    def _amount(self, expr: Expr, inside: frozenset[str]) -> None:
        match expr:
            case Add(parts) | Mul(parts):
                for part in parts:
                    self._amount(part, inside)
            case Neg(part):
                self._amount(part, inside)
            case Div(first, second) | Pow(first, second):
                self._amount(first, inside)
                self._amount(second, inside)
            case Fold(_, body, binder):
                self._amount(body, self._binder(binder, inside))
            case Call():
                self._call(expr, inside)
            case Compare() | And() | Or() | Not():
                self._tell(expr, "an amount", "a condition")
            case Seq() | Each():
                self._tell(expr, "an amount", "a list")
            case Text():
                self._tell(expr, "an amount", "a label")

    def _call(self, call: Call, inside: frozenset[str]) -> None:
        match call:
            case Call("nonzero" | "components" | "bound" | "implies" as function, _):
                fault = TEMPLATE_ONLY.fault(
                    place=self._where, function=function, part=shown(call),
                    instead=_INSTEAD[function],
                )  # fmt: skip
                self._found.append(fault)
            case Call("count" | "len" | "ord", (argument,)):
                self._of_set(call, argument, inside)
            case Call("min" | "max" | "sum" | "prod", (Seq() | Each() as listed,)):
                self._list(listed, inside)
            case Call("min" | "max" | "sum" | "prod" | "abs", arguments):
                for argument in arguments:
                    self._amount(argument, inside)
            case Call("pairs", _):
                self._tell(call, "an amount", "a set")

    def _of_set(self, call: Call, argument: Expr, inside: frozenset[str]) -> None:
        match call.function, argument:
            case "count", Each(Compare() | And() | Or() | Not() as body, binder):
                self._condition(body, self._binder(binder, inside))
            case "count", Each(body, _):
                self._tell(body, "a condition", "an amount")
            case "count", _:
                self._tell(call, "a loop", "`count` of something else")
            case "len", Each(_, binder):
                self._binder(binder, inside)
            case "len", _ if not (isinstance(argument, Seq) or self._is_set(argument)):
                self._tell(argument, "a set or a list", "something else")
            case "ord", _ if not _is_member(argument, inside):
                self._tell(argument, "a loop variable", "something else")

    def _is_set(self, expr: Expr) -> bool:
        return isinstance(expr, Name) and expr.id in self._sets

    def _list(self, expr: Expr, inside: frozenset[str], *, parts_of_any_kind: bool = False) -> None:
        match expr:
            case Seq(items):
                for item in items:
                    if isinstance(item, Seq | Each) or parts_of_any_kind:
                        self._any(item, inside)
                    else:
                        self._amount(item, inside)
            case Each(body, binder):
                variables = self._binder(binder, inside)
                if parts_of_any_kind:
                    self._any(body, variables)
                else:
                    self._amount(body, variables)

    def _condition(self, expr: Expr, inside: frozenset[str]) -> None:
        match expr:
            case And(parts) | Or(parts):
                for part in parts:
                    self._condition(part, inside)
            case Not(part):
                self._condition(part, inside)
            case Compare(ops, args):
                if {"in", "not in"} & set(ops):
                    return
                for side in args:
                    if not isinstance(side, Text):
                        self._amount(side, inside)
            case Call("implies", parts) if self._owner.kind != "rule":
                for part in parts:
                    self._condition(part, inside)
            case _:
                self._amount(expr, inside)

    def _binder(self, binder: Binder, inside: frozenset[str]) -> frozenset[str]:
        inside = inside | frozenset(binder.targets)
        if binder.where is not None:
            self._condition(binder.where, inside)
        return inside

    def _tell(self, part: Expr, wanted: str, found: str) -> None:
        self._found.append(
            MISPLACED.fault(
                place=self._where, part=shown(part), wanted=wanted, found=found,
                example=_EXAMPLES[wanted],
            )
        )  # fmt: skip


def _is_member(expr: Expr, variables: frozenset[str]) -> bool:
    match expr:
        case Name(name):
            return name in variables
        case Add(terms):
            return any(_is_member(term, variables) for term in terms)
        case Call("first" | "last", (Name(),)):
            return True
        case Call("prev" | "next", (inner,)):
            return _is_member(inner, variables)
    return False

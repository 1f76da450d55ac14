"""Expressions against their declarations: symbols, loops, index values, calls."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from r2c.cir.check_indices import IndexCheck
from r2c.cir.expr import (
    Binder,
    Call,
    Compare,
    Each,
    Expr,
    Fold,
    Item,
    Name,
    Seq,
    children,
    symbols,
)
from r2c.cir.owners import Owner, owners
from r2c.cir.schema import CIR
from r2c.cir.scope import closest, domain_positions, symbol_table
from r2c.cir.write import shown
from r2c.errors import CIRError, Fault, declare

UNKNOWN = declare(
    "R2C-C040", CIRError,
    what="{place} uses {name!r}, which is not declared.{hint}",
    why="Every name is a declared symbol or a variable of a loop around it.",
    remedy="Declare it as a parameter or decision, or correct the name. Known: {known}.",
)  # fmt: skip
NOT_A_NUMBER = declare(
    "R2C-C041", CIRError,
    what="{place} uses the {kind} {name!r} as if it were a number.",
    why="A {kind} has members, not a value.",
    remedy="Loop over it, `sum(... for i in {name})`, or count its members, `len({name})`.",
)  # fmt: skip
BAD_DOMAIN = declare(
    "R2C-C042", CIRError,
    what="{place} loops over {domain!r}, which is not a set.{hint}",
    why="Loops run over declared sets, lists of labels, or pairs(S).",
    remedy="Name one of the sets {sets}.",
)  # fmt: skip
LOOP_SIZE = declare(
    "R2C-C043", CIRError,
    what="{place} names {found:variable} for {domain!r}, whose members have {expected:part}.",
    why="A loop needs one variable for each part of a member.",
    remedy="Write `for {example} in {domain}`.",
)  # fmt: skip
ARGUMENTS = declare(
    "R2C-C049", CIRError,
    what="{place} calls {function!r} with {found:argument}.",
    why="{function!r} takes {expected}.",
    remedy="Correct the call {call!r}.",
)  # fmt: skip
_SET_FUNCTIONS = frozenset({"len", "first", "last", "ord", "pairs", "count"})
_ONE = frozenset({"abs", "len", "first", "last", "ord", "pairs", "bound", "count", "prod"})
_TWO = frozenset({"implies"})


def expression_faults(cir: CIR, words: Collection[str] | None = None) -> Iterator[Fault]:
    """Faults of all expressions of a CIR; `words` are those that may fill roles of archetypes."""
    check = _Check(cir, words)
    for owner in owners(cir):
        yield from check.owner(owner)


class _Check:
    def __init__(self, cir: CIR, words: Collection[str] | None) -> None:
        self._words = words
        self._table = symbol_table(cir)
        self._indices = IndexCheck(cir, self._table)
        self._found: list[Fault] = []
        self._sets = ", ".join(item.name for item in cir.sets) or "(none)"

    def owner(self, owner: Owner) -> list[Fault]:
        self._found = []
        env: dict[str, str | None] = {}
        free: frozenset[str] = frozenset()
        if owner.binder is not None:
            env, free = self._binder(owner.binder, env, free, f"The loop of {owner}")
        if owner.kind in ("parameter", "decision"):
            # Their loops are implied by `over`, whose sets are checked by name.
            self._found = [fault for fault in self._found if fault.code != BAD_DOMAIN.code]
        for place in owner.places:
            where = f"The {place.role} of {owner}"
            if owner.kind != "rule" or not self._fills_role(owner, place.expr, env):
                self._visit(place.expr, env, free, where)
        return self._found

    def _fills_role(self, owner: Owner, expr: Expr, env: dict[str, str | None]) -> bool:
        """Whether a bare name may fill a role: a set, all of an indexed symbol, or a word.

        Without `words`, a name that looks like no declared symbol is taken for a word; the card
        of the archetype says whether it is one.
        """
        if not isinstance(expr, Name) or expr.id in env or owner.archetype == "linear":
            return False
        symbol = self._table.get(expr.id)
        if symbol is not None:
            return symbol.kind == "set" or bool(symbol.positions)
        if self._words is not None:
            return expr.id in self._words
        return not closest(expr.id, {*self._table, *env})

    def _binder(
        self, binder: Binder, env: dict[str, str | None], free: frozenset[str], where: str
    ) -> tuple[dict[str, str | None], frozenset[str]]:
        env = dict(env)
        for loop in binder.loops:
            positions = self._domain(loop.domain, loop.targets, env, free, where)
            for place, target in enumerate(loop.targets):
                env[target] = positions[place] if positions else None
        free = free | set(binder.targets)
        guarded = symbols(binder.where) if binder.where is not None else frozenset[str]()
        if binder.where is not None:
            self._visit(binder.where, env, free - guarded, where)
        return env, free - guarded

    def _domain(
        self,
        domain: Expr,
        targets: tuple[str, ...],
        env: dict[str, str | None],
        free: frozenset[str],
        where: str,
    ) -> tuple[str | None, ...] | None:
        if isinstance(domain, Seq):
            self._visit(domain, env, free, where)
            return None
        text = shown(domain)
        positions = domain_positions(domain, self._table)
        if positions is None:
            sets = {name for name, symbol in self._table.items() if symbol.kind == "set"}
            hint = closest(domain.id, sets) if isinstance(domain, Name) else ""
            self._found.append(
                BAD_DOMAIN.fault(place=where, domain=text, hint=hint, sets=self._sets)
            )
            return None
        if len(positions) != len(targets):
            names = ", ".join("ijklmnopq"[: len(positions)])
            self._found.append(
                LOOP_SIZE.fault(
                    place=where,
                    found=len(targets),
                    domain=text,
                    expected=len(positions),
                    example=f"({names})" if len(positions) > 1 else names,
                )
            )
            return None
        return positions

    def _visit(
        self, expr: Expr, env: dict[str, str | None], free: frozenset[str], where: str
    ) -> None:
        match expr:
            case Name(name):
                self._name(name, env, where)
                return
            case Item():
                self._item(expr, env, free, where)
                return
            case Fold(_, body, binder) | Each(body, binder):
                inner, free = self._binder(binder, env, free, where)
                self._visit(body, inner, free, where)
                return
            case Call():
                self._call(expr, env, free, where)
                return
            case Compare():
                self._indices.labels(expr, env, where, self._found)
        for child in children(expr):
            member = isinstance(expr, Compare) and {"in", "not in"} & {*expr.ops}
            if not (member and self._is_set(child, env)):
                self._visit(child, env, free, where)

    def _is_set(self, expr: Expr, env: dict[str, str | None]) -> bool:
        if not isinstance(expr, Name) or expr.id in env:
            return False
        symbol = self._table.get(expr.id)
        return symbol is not None and symbol.kind == "set"

    def _name(self, name: str, env: dict[str, str | None], where: str) -> None:
        if name in env:
            return
        symbol = self._table.get(name)
        if symbol is None:
            self._unknown(name, env, where)
        elif symbol.kind == "set":
            self._found.append(NOT_A_NUMBER.fault(place=where, kind="set", name=name))
        elif symbol.positions:
            self._indices.count(symbol, 0, where, self._found)

    def _unknown(self, name: str, env: dict[str, str | None], where: str) -> None:
        known = {*self._table, *env}
        self._found.append(
            UNKNOWN.fault(
                place=where,
                name=name,
                hint=closest(name, known),
                known=", ".join(sorted(known)[:40]) or "(nothing)",
            )
        )

    def _item(
        self, item: Item, env: dict[str, str | None], free: frozenset[str], where: str
    ) -> None:
        symbol = self._table.get(item.base)
        if item.base in env or symbol is None:
            self._unknown(item.base, env, where)
        elif symbol.kind == "set":
            self._found.append(NOT_A_NUMBER.fault(place=where, kind="set", name=item.base))
        elif self._indices.count(symbol, len(item.keys), where, self._found):
            for position, key in enumerate(item.keys):
                self._indices.key(symbol, position, key, env, free, where, self._found)

    def _call(
        self, call: Call, env: dict[str, str | None], free: frozenset[str], where: str
    ) -> None:
        count = len(call.args)
        expected = 2 if call.function in _TWO else 1 if call.function in _ONE else None
        if (expected is not None and count != expected) or not count:
            self._found.append(
                ARGUMENTS.fault(
                    place=where,
                    function=call.function,
                    found=count,
                    expected=f"exactly {expected}" if expected else "at least one",
                    call=shown(call),
                )
            )
        if call.function in ("prev", "next", "first", "last", "ord"):
            self._indices.order(call, env, free, where, self._found)
        for arg in call.args:
            if not (call.function in _SET_FUNCTIONS and self._is_set(arg, env)):
                self._visit(arg, env, free, where)

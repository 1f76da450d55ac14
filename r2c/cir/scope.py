"""Who declares which symbol, over which sets, and which symbols the planner decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from r2c.cir.expr import Binder, Call, Expr, Name, symbols
from r2c.cir.schema import CIR, IndexSet

SymbolKind = Literal["set", "parameter", "definition", "decision", "output"]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A declared symbol.

    `positions` names the set of each index position, None where it is not known; for a set they
    are the positions of its members.
    """

    name: str
    kind: SymbolKind
    positions: tuple[str | None, ...] = ()
    owner: str = ""


def symbol_table(cir: CIR) -> dict[str, Symbol]:
    """Every symbol by name; of two with the same name the first one counts."""
    sets = {item.name: Symbol(item.name, "set", _components(item)) for item in cir.sets}
    table: dict[str, Symbol] = {}
    for item in (
        *sets.values(),
        *(Symbol(p.name, "parameter", _over(p.over, sets)) for p in cir.parameters),
        *(Symbol(d.name, "decision", _over(d.over, sets)) for d in cir.decisions),
        *(Symbol(d.name, "definition", _looped(d.forall, sets)) for d in cir.definitions),
        *(
            Symbol(output, "output", _looped(rule.forall, sets), rule.id)
            for rule in cir.rules
            for output in rule.outputs.values()
        ),
    ):
        table.setdefault(item.name, item)
    return table


def decided(cir: CIR) -> frozenset[str]:
    """Symbols whose value depends on decisions: decisions, outputs, definitions made of them."""
    found = {item.name for item in cir.decisions}
    found.update(output for rule in cir.rules for output in rule.outputs.values())
    uses = {item.name: symbols(item.expr) for item in cir.definitions}
    growing = True
    while growing:
        fresh = {name for name, used in uses.items() if name not in found and used & found}
        found |= fresh
        growing = bool(fresh)
    return frozenset(found)


def loop_sets(binder: Binder | None, table: Mapping[str, Symbol]) -> dict[str, str | None]:
    """The set each loop variable runs over, None where it is not known."""
    found: dict[str, str | None] = {}
    if binder is None:
        return found
    for loop in binder.loops:
        positions = domain_positions(loop.domain, table)
        known = positions is not None and len(positions) == len(loop.targets)
        for place, target in enumerate(loop.targets):
            found[target] = positions[place] if positions is not None and known else None
    return found


def domain_positions(domain: Expr, table: Mapping[str, Symbol]) -> tuple[str | None, ...] | None:
    """The sets behind the members of a loop domain, None if the domain has no known shape."""
    match domain:
        case Name(name) if name in table and table[name].kind == "set":
            return table[name].positions
        case Call("pairs", (Name(name),)) if name in table and table[name].kind == "set":
            return table[name].positions * 2
        case _:
            return None


def closest(name: str, known: Mapping[str, object] | frozenset[str] | set[str]) -> str:
    """A hint such as ` Did you mean 'crew'?`, or nothing if no known name is close."""
    lowered = {item.casefold(): item for item in sorted(known)}
    found = get_close_matches(name.casefold(), lowered, n=1, cutoff=0.6)
    return f" Did you mean {lowered[found[0]]!r}?" if found else ""


def _components(item: IndexSet) -> tuple[str | None, ...]:
    if item.dim == 1:
        return (item.name,)
    if len(item.within) == item.dim:
        return item.within
    return (None,) * item.dim


def _over(over: tuple[str, ...], sets: Mapping[str, Symbol]) -> tuple[str | None, ...]:
    found: list[str | None] = []
    for name in over:
        found.extend(sets[name].positions if name in sets else (None,))
    return tuple(found)


def _looped(binder: Binder | None, sets: Mapping[str, Symbol]) -> tuple[str | None, ...]:
    return tuple(loop_sets(binder, sets).values())

"""From an archetype with its roles bound to a rule of the CIR, and the decisions that it brings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from r2c.agents.indexed.bindings import Binding, Fill, Symbol, bindings
from r2c.agents.indexed.data import Data
from r2c.agents.over_sets import Stated
from r2c.agents.roster import Choice
from r2c.agents.statements import Statement
from r2c.archetypes.card import Card, Role
from r2c.cir.expr import Compare, Expr, Name, Text
from r2c.cir.parse import parse
from r2c.cir.rename import rename
from r2c.cir.schema import Decision
from r2c.errors import CIRError, declare

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")

NOT_BOUND = declare(
    "R2C-G015",
    CIRError,
    what="{stated} does not fit the sets that its names run over.",
    why="The roles of an archetype say which sets their keys run through.",
    remedy="Name a decision or a parameter that runs over these sets.",
)


def bound(item: Stated, cards: Mapping[str, Card], data: Data, roster: Sequence[Choice]) -> Binding:
    """The binding that a statement writes down.

    Raises:
        CIRError: R2C-G015 if there is none.
    """
    members = [by.strip('"') for _, by in item.fills if by.startswith('"')]
    numbers = [float(by) for _, by in item.fills if _NUMBER.fullmatch(by)]
    if item.archetype in cards:
        for found in bindings(cards[item.archetype], data, roster, members, numbers):
            if found.stated == item:
                return found
    raise NOT_BOUND(stated=str(item))


def with_stated(
    decisions: Iterable[Decision], stated: Mapping[Stated, Binding], data: Data
) -> tuple[list[Decision], dict[Stated, dict[str, Expr]]]:
    """The decisions that the archetypes need, and what fills their roles.

    Args:
        decisions: those that the plan names.
        stated: the archetypes with their roles bound.
        data: all sets and parameters.

    Returns:
        The decisions with the domains that archetypes ask for and with those that they bring along;
        the operands of each archetype, in the algebra of the CIR.
    """
    found = {item.name: item for item in decisions}
    for binding in stated.values():
        for role, symbol in binding.brought():
            found.setdefault(symbol.name, _own(role, symbol, binding, data))
        for name, domain in _domains(binding):
            if found[name].domain != domain:
                reason = f"the archetype {binding.card.id} asks for it"
                update = {"domain": domain, "domain_reason": reason}
                found[name] = found[name].model_copy(update=update)
    return list(found.values()), {
        item: _operands(binding, data) for item, binding in stated.items()
    }


def _domains(binding: Binding) -> Iterator[tuple[str, str]]:
    """What the archetype asks decisions to be."""
    for role in binding.card.roles:
        by = binding.fills.get(role.name)
        if isinstance(by, Fill) and by.symbol.decided and role.domain is not None:
            yield by.symbol.name, role.domain


def brought_along(
    statements: Iterable[Statement],
    cards: Mapping[str, Card],
    data: Data,
    roster: Sequence[Choice],
) -> tuple[Choice, ...]:
    """The families of decisions that archetypes bring along, as the plan's own are told.

    Raises:
        CIRError: R2C-G015 if an archetype does not fit the sets.
    """
    found: dict[str, Choice] = {}
    for item in statements:
        if isinstance(item, Stated):
            for role, symbol in bound(item, cards, data, roster).brought():
                assert role.own is not None
                found[symbol.name] = Choice(symbol.name, role.own.meaning, symbol.axes)
    return tuple(found.values())


def _operands(binding: Binding, data: Data) -> dict[str, Expr]:
    operands: dict[str, Expr] = {}
    for role in binding.card.roles:
        by = binding.fills.get(role.name)
        if isinstance(by, str):
            operands[role.name] = parse(f"[{by}]" if role.named else by)
        elif by is not None:
            operands[role.name] = _indexed(by, data)
        elif role.name in binding.sets:
            operands[role.name] = Name(binding.sets[role.name])
        elif role.within is not None and role.required:
            operands[role.name] = Name(binding.sets[role.within])
    return operands


def _indexed(fill: Fill, data: Data) -> Expr:
    if fill.keys == fill.symbol.axes:
        return Name(fill.symbol.name)
    loops = " ".join(f"for {axis} in {data.axes[axis].set}" for axis in fill.keys)
    return parse(f"[{fill.symbol.name}[{', '.join(fill.symbol.axes)}] {loops}]")


def _bound(limit: Expr | None, binding: Binding) -> Expr | None:
    """A bound over the card's roles, over what fills them: a number, or sets."""
    by = binding.fills.get(limit.id) if isinstance(limit, Name) else None
    if isinstance(by, str):
        return parse(by)
    return None if limit is None else rename(limit, binding.sets)


def _own(role: Role, symbol: Symbol, binding: Binding, data: Data) -> Decision:
    assert role.own is not None and role.domain is not None
    outside = binding.fills.get(role.own.outside or "")
    apart = Compare(("!=",), (Name(symbol.axes[-1]), Text(str(outside).strip('"'))))
    return Decision(
        name=symbol.name,
        over=tuple(data.axes[axis].set for axis in symbol.axes),
        indices=symbol.axes,
        where=None if role.own.outside is None else apart,
        domain=role.domain,
        domain_reason=f"the archetype {binding.card.id} brings it along",
        lower=_bound(role.own.lower, binding),
        upper=_bound(role.own.upper, binding),
        meaning=role.own.meaning,
    )

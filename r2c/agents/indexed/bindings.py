"""What fills the roles of an archetype, by the sets that decisions and data run over.

A card says which set roles the keys of a role run through. Set roles that stand for the same sets
everywhere are all it takes: a choice for pairs of one set of places can be the legs of a tour, an
amount for each month the stock of an inventory. What remains open is put to the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, permutations

from r2c.agents.indexed.data import Data
from r2c.agents.over_sets import Stated
from r2c.agents.roster import Choice
from r2c.archetypes.card import Card, Role
from r2c.cir.write import number
from r2c.problem.grid import unique
from r2c.problem.spoken import stem

_MOST = 6
_LOOKED_AT = 60
_QUOTES = frozenset('"\\\n')


@dataclass(frozen=True, slots=True)
class Symbol:
    """A decision or a parameter with its axes; `brought` are decisions of the archetype's own."""

    name: str
    axes: tuple[str, ...]
    decided: bool
    brought: bool = False


@dataclass(frozen=True, slots=True)
class Fill:
    """A symbol in a role: which of its axes are the role's keys.

    The rule holds for each member of the other axes.
    """

    symbol: Symbol
    keys: tuple[str, ...]

    @property
    def rest(self) -> tuple[str, ...]:
        """The axes that the role does not run through."""
        return tuple(axis for axis in self.symbol.axes if axis not in self.keys)


@dataclass(frozen=True, slots=True)
class Binding:
    """A card with what fills its roles, and the sets of the CIR that its set roles stand for."""

    card: Card
    fills: Mapping[str, Fill | str]
    sets: Mapping[str, str]

    @property
    def each(self) -> tuple[str, ...]:
        """The axes for each member of which the rule holds."""
        fills = (by for by in self.fills.values() if isinstance(by, Fill))
        return next(by.rest for by in fills if not by.symbol.brought)

    @property
    def stated(self) -> Stated:
        """The binding as it is written down."""
        filled = (
            (role.name, self.fills[role.name])
            for role in self.card.roles
            if role.name in self.fills
        )
        named = tuple((role, by if isinstance(by, str) else by.symbol.name) for role, by in filled)
        return Stated(self.card.id, named, self.each)

    def brought(self) -> Iterator[tuple[Role, Symbol]]:
        """The decisions that the archetype brings along, each with its role."""
        for role in self.card.roles:
            by = self.fills.get(role.name)
            if isinstance(by, Fill) and by.symbol.brought:
                yield role, by.symbol


def is_shaped(card: Card) -> bool:
    """Whether the card says enough about its roles to be bound."""
    return any(role.over for role in card.roles)


def is_possible(card: Card, data: Data, numbers: Sequence[float] = ()) -> bool:
    """Whether some decisions over the sets of the data would let the card be bound."""
    imagined = [
        Choice(f"{space.axes[0]}{place}", "", space.axes)
        for place, space in enumerate([*data.spaces, *data.spaces])
    ]
    return not is_shaped(card) or bool(bindings(card, data, imagined, (), numbers))


def bindings(
    card: Card,
    data: Data,
    roster: Sequence[Choice],
    named: Sequence[str] = (),
    numbers: Sequence[float] = (),
) -> tuple[Binding, ...]:
    """The ways to fill the roles of a card, most alike in words first.

    Args:
        card: an archetype whose roles say what they run over.
        data: all sets and parameters.
        roster: the families of decisions.
        named: members of sets that the words single out, such as where a tour starts.
        numbers: what may fill a role that wants a number.
    """
    wants_number = any(_is_number(role) for role in card.roles)
    if not is_shaped(card) or (wants_number and not numbers):
        return ()
    search = _Search(card, data, roster, named, numbers)
    fills = islice(search.filled(search.roles, {}, {}), _LOOKED_AT)
    found = [Binding(card, filled, sets) for filled, sets in fills]
    return tuple(sorted(found, key=_strangeness))[:_MOST]


@dataclass(frozen=True)
class _Search:
    card: Card
    data: Data
    roster: Sequence[Choice]
    named: Sequence[str]
    numbers: Sequence[float]

    @property
    def roles(self) -> list[Role]:
        """Those to be filled: indexed ones first, since the sets follow from them."""
        shaped = sorted((r for r in self.card.roles if r.over), key=lambda r: r.own is not None)
        rest = [role for role in self.card.roles if role.named or _is_number(role)]
        return [*shaped, *rest]

    def filled(
        self, left: Sequence[Role], sets: Mapping[str, str], fills: Mapping[str, Fill | str]
    ) -> Iterator[tuple[Mapping[str, Fill | str], Mapping[str, str]]]:
        """All fills of the roles that are left."""
        if not left:
            yield fills, sets
            return
        role, later = left[0], left[1:]
        options: Iterable[tuple[Fill | str, Mapping[str, str]]]
        if role.named:
            options = self._members(role, sets)
        elif _is_number(role):
            options = [(number(value), sets) for value in dict.fromkeys(self.numbers)]
        else:
            options = self._symbols(role, sets, fills)
        found = False
        for by, known in options:
            found = True
            yield from self.filled(later, known, {**fills, role.name: by})
        if not found and role.own is not None and set(role.over) <= set(sets):
            yield from self.filled(later, sets, {**fills, role.name: self._own(role, sets, fills)})
        elif not role.required:
            yield from self.filled(later, sets, fills)

    def _members(
        self, role: Role, sets: Mapping[str, str]
    ) -> Iterator[tuple[str, Mapping[str, str]]]:
        """The member that the words single out; any, as the first one, if they single out none."""
        held = sets.get(role.within or "")
        axes = (axis for axis in self.data.axes.values() if axis.set == held)
        members = [
            one for axis in islice(axes, 1) for one in axis.members if _QUOTES.isdisjoint(one)
        ]
        for member in [*(name for name in self.named if name in members), *members][:1]:
            yield f'"{member}"', sets

    def _own(self, role: Role, sets: Mapping[str, str], fills: Mapping[str, Fill | str]) -> Fill:
        """The decision that the archetype brings along, over the sets of the role."""
        leading = next(by for by in fills.values() if isinstance(by, Fill))
        axes = [*leading.keys, *self.data.axes]
        keys = tuple(
            next(axis for axis in axes if self.data.axes[axis].set == sets[of]) for of in role.over
        )
        taken = {*self.data.taken(), *(choice.name for choice in self.roster)}
        symbol = Symbol(unique(role.name, taken), (*leading.rest, *keys), True, brought=True)
        return Fill(symbol, keys)

    def _symbols(
        self, role: Role, sets: Mapping[str, str], fills: Mapping[str, Fill | str]
    ) -> Iterator[tuple[Fill, Mapping[str, str]]]:
        filled = [by for by in fills.values() if isinstance(by, Fill)]
        used = {by.symbol.name for by in filled}
        for symbol in _symbols_of(self.data, self.roster):
            fits = role.of in (None, "plan" if symbol.decided else "data")
            if symbol.name in used or not fits or not self._wanted(role, symbol):
                continue
            for fill, known in self._placed(role, symbol, sets):
                if not filled or set(fill.rest) <= set(filled[0].rest):
                    yield fill, known

    def _placed(
        self, role: Role, symbol: Symbol, sets: Mapping[str, str]
    ) -> Iterator[tuple[Fill, Mapping[str, str]]]:
        """The ways in which the axes of a symbol are the keys of a role."""
        for keys in permutations(symbol.axes, len(role.over)):
            known = dict(sets)
            over = [self.data.axes[axis].set for axis in keys]
            fits = all(
                known.setdefault(name, held) == held
                for name, held in zip(role.over, over, strict=True)
            )
            apart = len(set(known.values())) == len(known)
            # Turning a pair of one set around says nothing new.
            turned = len(set(over)) == 1 and list(keys) != [a for a in symbol.axes if a in keys]
            if fits and apart and not turned:
                yield Fill(symbol, keys), known

    def _wanted(self, role: Role, symbol: Symbol) -> bool:
        """Whether a decision may stand where the archetype could bring its own: it is called so."""
        if role.own is None:
            return True
        said = next(f"{one.name} {one.meaning}" for one in self.roster if one.name == symbol.name)
        return stem(role.name) in {stem(word) for word in said.replace("_", " ").split()}


def _symbols_of(data: Data, roster: Sequence[Choice]) -> Iterator[Symbol]:
    yield from (Symbol(choice.name, choice.over, True) for choice in roster)
    yield from (Symbol(item.name, item.axes, False) for item in data.given.values())


def _is_number(role: Role) -> bool:
    return role.kind == "number" and role.required


def _strangeness(binding: Binding) -> int:
    """Minus how many roles are filled by what the words say fills them."""
    brought = {role.name for role, _ in binding.brought()}
    named = [(role, by) for role, by in binding.stated.fills if role not in brought]
    alike = sum(bool(_stems(role) & _stems(by)) for role, by in named)
    return len(brought) - alike


def _stems(name: str) -> set[str]:
    return {stem(word) for word in name.split("_")}

"""Where else the number of a row stands: in other rules and members, limits and the goal.

A row can be moved alone, but whoever changes `cap` changes it in every place. What else moves is
seen by writing the model again with another value.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from r2c.archetypes.card import Card
from r2c.cir.expr import Expr, Item, Name, numbers, walk
from r2c.cir.instance import Instance
from r2c.cir.owners import Owner, owners
from r2c.errors import R2CError
from r2c.formulation import Shared
from r2c.model.plain import PlainRow
from r2c.solve.changed_everywhere import ChangedEverywhere
from r2c.solve.compiled import Compiled
from r2c.solve.matrix import Matrix
from r2c.solve.row_number import Number, RowNumbers

_PROBE = 0.0625
"""Share by which a number is moved to see what moves with it."""
_NEAR = 1e-9


@dataclass(frozen=True)
class _Found:
    """A shared number, and how far the row's end moves for one more of it; 0 if not known."""

    number: Number
    shared: Shared
    slope: float


@dataclass(frozen=True)
class SharedNumbers:
    """The numbers of one model's rows that stand in more than one place.

    After the `deadline`, a `time.monotonic()`, only names are compared: no model is written again.
    """

    model: Compiled
    instance: Instance
    library: Mapping[str, Card] | None = None
    deadline: float = math.inf
    _known: dict[tuple[int, float], _Found | None] = field(default_factory=dict)
    _probes: dict[Number, tuple[Matrix | None, float]] = field(default_factory=dict)

    def of(self, row: int, end: float) -> Shared | None:
        """Where else the number stands at which a row ends; None if nowhere, or none is named.

        Args:
            row: The number of the row.
            end: Its end, with the sign of the row.
        """
        found = self._found(row, end)
        return None if found is None else found.shared

    def changed(self, moves: Mapping[tuple[int, float], float]) -> Matrix | None:
        """The model where shared numbers are others in every place.

        Args:
            moves: By row and end, where the row is to end instead.

        Returns:
            None if the rows cannot all end there, or other rows and decisions come of it.
        """
        values: dict[Number, float] = {}
        for (row, end), wanted in moves.items():
            found = self._found(row, end)
            if found is None or not found.slope:
                return None
            value = self._value(found.number) + (wanted - end) / found.slope
            if abs(values.setdefault(found.number, value) - value) > _NEAR * max(1.0, abs(value)):
                return None
        made = self._everywhere.matrix(values)
        if made is None:
            return None
        reached = all(_ends(made, row, wanted) for (row, _), wanted in moves.items())
        return made if reached else None

    def _found(self, row: int, end: float) -> _Found | None:
        place = (row, end)
        if place not in self._known:
            try:
                self._known[place] = self._sought(row, end)
            except R2CError:  # what cannot be evaluated by itself names no number
                self._known[place] = None
        return self._known[place]

    def _sought(self, row: int, end: float) -> _Found | None:
        number = self._numbers.of(self.model.map.rows[row], end)
        if number is None or self._alone(number, row):
            return None
        made, step = self._probe(number)
        if made is None:
            named = self._by_name(number, row)
            return None if named is None else _Found(number, named, 0.0)
        shared = self._moved(made, number, row)
        if shared is None:
            return None
        was = self.model.matrix
        upper = was.row_upper[row] == end
        after = (made.row_upper if upper else made.row_lower)[row]
        return _Found(number, shared, float(after - end) / step)

    def _probe(self, number: Number) -> tuple[Matrix | None, float]:
        """The model with another value of the number, and how far that is from its own."""
        value, step = self._value(number), 0.0
        if not number.parameter and self._twice(number):
            return None, step
        size = _PROBE * max(1.0, abs(value))
        for step in (size, -size):  # more of it may exclude the other end of a range
            if number in self._probes or time.monotonic() > self.deadline:
                break
            made = self._everywhere.matrix({number: value + step})
            if made is not None:
                self._probes[number] = (made, step)
        return self._probes.setdefault(number, (None, step))

    def _twice(self, number: Number) -> bool:
        """Whether a number that a rule writes stands in several of the rows made of it."""
        rule, size = self._rows[number.row].rule, abs(number.end)
        written = [row.relation for row in self._rows.values() if row.rule == rule]
        return sum(abs(one) == size for relation in written for one in numbers(relation)) != 1

    def _alone(self, number: Number, row: int) -> bool:
        """Whether the names already say that the number stands nowhere else."""
        binder = self._rows[self.model.map.rows[row].row].binder
        if not number.parameter:
            return binder is None
        name = number.parameter
        rules = [item for item in self._owners if item.kind == "rule"]
        others = [item for item in self._owners if item.kind != "rule"]
        written = _naming(self._written, name)
        if len(written) != 1 or _naming(_nodes(others), name):
            return False
        if len(_naming(_nodes(rules), name)) > 1:
            return False
        keys = written[0].keys if isinstance(written[0], Item) else ()
        given = {key.id for key in keys if isinstance(key, Name)}
        return binder is None or set(binder.targets) <= given

    def _moved(self, made: Matrix, number: Number, row: int) -> Shared | None:
        """What moves with the number besides the end of the row."""
        was, entries = self.model.matrix, self.model.map.rows
        ends = (made.row_lower != was.row_lower) | (made.row_upper != was.row_upper)
        if not ends[row]:
            return None
        ends[row] = False
        factors = was.row_numbers[made.values != was.values]
        rows = np.union1d(np.flatnonzero(ends), factors).tolist()
        columns = np.flatnonzero((made.lower != was.lower) | (made.upper != was.upper)).tolist()
        goal = any(
            one.offset != other.offset
            or not np.array_equal(one.cost, other.cost)
            or not np.array_equal(one.weights, other.weights)
            for one, other in zip(made.goals, was.goals, strict=True)
        )
        if not (rows or columns or goal):
            return None
        rule = entries[row].rule
        others = dict.fromkeys(entries[item].rule for item in rows)
        return Shared(
            number=str(number),
            rules=tuple(name for name in others if name != rule),
            members=sum(entries[item].rule == rule for item in rows),
            goal=goal,
            decisions=tuple(dict.fromkeys(self.model.map.variables[j].symbol for j in columns)),
        )

    def _by_name(self, number: Number, row: int) -> Shared | None:
        """What names the parameter, where the changed model cannot be held against this one."""
        name, rule = number.parameter, self.model.map.rows[row].rule
        if not name:
            places = [(item.row, item.part) for item in self.model.map.rows]
            others = places.count((number.row, number.part)) - 1
            return Shared(members=others) if others else None
        using = [item for item in self._owners if _naming(item.nodes(), name)]
        found = Shared(
            number=str(number),
            rules=tuple(item.name for item in using if item.kind == "rule" and item.name != rule),
            goal=any(item.kind == "objective" for item in using),
            decisions=tuple(item.name for item in using if item.kind == "decision"),
        )
        return found if found.rules or found.goal or found.decisions else None

    def _value(self, number: Number) -> float:
        if not number.parameter:
            return number.end
        return self.instance.parameters[number.parameter][number.key]

    @cached_property
    def _numbers(self) -> RowNumbers:
        return RowNumbers(self.model.plain, self.instance)

    @cached_property
    def _everywhere(self) -> ChangedEverywhere:
        return ChangedEverywhere(self.model, self.instance, self.library)

    @cached_property
    def _rows(self) -> dict[str, PlainRow]:
        return {row.name: row for row in self.model.plain.rows}

    @property
    def _written(self) -> Iterator[Expr]:
        """Every node of the written model."""
        plain = self.model.plain
        for row in plain.rows:
            yield from walk(row.relation)
        for goal in plain.objectives:
            yield from walk(goal.expr)
        for variable in plain.variables:
            for bound in (variable.lower, variable.upper):
                yield from () if bound is None else walk(bound)

    @cached_property
    def _owners(self) -> tuple[Owner, ...]:
        return owners(self.model.plain.cir)


def _nodes(owned: Iterable[Owner]) -> Iterator[Expr]:
    return (node for owner in owned for node in owner.nodes())


def _naming(nodes: Iterable[Expr], name: str) -> list[Name | Item]:
    """The nodes that name a symbol."""
    return [
        node
        for node in nodes
        if (isinstance(node, Name) and node.id == name)
        or (isinstance(node, Item) and node.base == name)
    ]


def _ends(matrix: Matrix, row: int, end: float) -> bool:
    ends = (float(matrix.row_lower[row]), float(matrix.row_upper[row]))
    return any(abs(one - end) <= _NEAR * max(1.0, abs(end)) for one in ends)

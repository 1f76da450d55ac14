"""A model in which numbers are others in every place where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

import numpy as np

from r2c.archetypes.card import Card
from r2c.archetypes.load import standard_library
from r2c.cir.evaluate import Evaluator
from r2c.cir.expr import symbols
from r2c.cir.index_binder import index_binder
from r2c.cir.instance import Instance
from r2c.cir.members import Values
from r2c.cir.owners import owners
from r2c.cir.schema import ExprValues, Parameter
from r2c.errors import R2CError
from r2c.model.reformulate import attempt
from r2c.solve.compiled import Compiled, compiled
from r2c.solve.matrix import Matrix
from r2c.solve.row_number import Number


@dataclass(frozen=True)
class ChangedEverywhere:
    """Writes one model again with other numbers."""

    model: Compiled
    instance: Instance
    library: Mapping[str, Card] | None = None

    def matrix(self, values: Mapping[Number, float]) -> Matrix | None:
        """The model with other values; those of numbers that rows write are the rows' ends.

        Returns:
            None if it cannot be written, or has not the same rows and decisions.
        """
        entries = {number: value for number, value in values.items() if number.parameter}
        matrix = self._rewritten(entries) if entries else self.model.matrix
        for number, value in values.items():
            if matrix is not None and not number.parameter:
                matrix = self._ending(matrix, number, value)
        return matrix

    def _rewritten(self, entries: Mapping[Number, float]) -> Matrix | None:
        plain = self.model.plain
        try:
            instance = self._with(entries)
            if instance is None:
                return None
            if plain.choices:
                library = self.library or standard_library()
                fresh, _ = attempt(plain.cir, library, instance)
                if fresh is None:
                    return None
                plain = fresh
            made = compiled(plain, instance)
        except R2CError:
            return None
        same = made.map.rows == self.model.map.rows
        same = same and made.map.variables == self.model.map.variables
        same = same and not made.contradictions
        same = same and np.array_equal(made.matrix.columns, self.model.matrix.columns)
        return made.matrix if same else None

    def _ending(self, matrix: Matrix, number: Number, end: float) -> Matrix | None:
        """The rows that a rule writes for its members, with another end."""
        low, high = matrix.row_lower.copy(), matrix.row_upper.copy()
        for row, entry in enumerate(self.model.map.rows):
            if (entry.row, entry.part) == (number.row, number.part):
                low[row] = end if low[row] == number.end else low[row]
                high[row] = end if high[row] == number.end else high[row]
        return None if (low > high).any() else replace(matrix, row_lower=low, row_upper=high)

    def _with(self, entries: Mapping[Number, float]) -> Instance | None:
        """The data with other entries and what is computed from them."""
        found = dict(self.instance.parameters)
        for number, value in entries.items():
            old = found[number.parameter]
            changed = {**old.entries, number.key: value}
            found[number.parameter] = Values(old.name, old.over, changed, old.default)
        computed = {item.name: item for item in self.instance.cir.parameters}
        waiting = _following(computed, {number.parameter for number in entries})
        if (waiting | {number.parameter for number in entries}) & self._of_sets():
            return None  # other members make another model
        while waiting:
            ready = min(name for name in waiting if not _needs(computed[name]) & waiting)
            waiting.remove(ready)
            found[ready] = _values(computed[ready], replace(self.instance, parameters=found))
        return replace(self.instance, parameters=found)

    def _of_sets(self) -> set[str]:
        """The names that say who is a member of a set."""
        listed = [item for item in owners(self.instance.cir) if item.kind == "set"]
        return {name for item in listed for tree in item.trees() for name in symbols(tree)}


def _needs(item: Parameter) -> frozenset[str]:
    return symbols(item.value.expr) if isinstance(item.value, ExprValues) else frozenset()


def _following(parameters: Mapping[str, Parameter], moved: AbstractSet[str]) -> set[str]:
    """The parameters that are computed from some, also by way of others."""
    found: set[str] = set()
    while fresh := {
        name
        for name, item in parameters.items()
        if name not in found | moved and _needs(item) & (found | moved)
    }:
        found |= fresh
    return found


def _values(item: Parameter, instance: Instance) -> Values:
    """A computed parameter on other data."""
    assert isinstance(item.value, ExprValues)
    over = tuple(instance.sets[name] for name in item.over)
    binder = index_binder(over, item.value.indices, None, item.name) if over else None
    at: Evaluator[float] = Evaluator(instance)
    entries = {key: float(value) for key, value in at.each(item.value.expr, binder)}
    return Values(item.name, over, entries, item.default)

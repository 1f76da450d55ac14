"""The one number at which a row ends, and where the model keeps it.

It is an entry of a parameter, which other rules may use too, or written in the rule itself, for all
of its members.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from r2c.cir.evaluate import Evaluator
from r2c.cir.expr import Add, Compare, Expr, Mul, Name, Neg, Num, symbols
from r2c.cir.instance import Instance
from r2c.cir.members import Key, Values, label
from r2c.cir.occurrences import STRUCTURAL
from r2c.cir.scope import decided
from r2c.model.model_map import RowEntry
from r2c.model.plain import PlainModel


@dataclass(frozen=True)
class Number:
    """An entry of a parameter, or what a plain row writes for all members, as their `end`."""

    parameter: str = ""
    key: Key = ()
    row: str = ""
    part: int = 0
    end: float = 0.0

    def __str__(self) -> str:
        key = ", ".join(map(label, self.key))
        return f"{self.parameter}[{key}]" if key else self.parameter


class RowNumbers:
    """Finds the numbers of the rows of one model."""

    def __init__(self, plain: PlainModel, instance: Instance) -> None:
        self._rows = {row.name: row for row in plain.rows}
        self._definitions = {item.name: item.expr for item in plain.cir.definitions}
        self._chosen = decided(plain.cir) | {item.name for item in plain.variables}
        self._instance = instance
        self._noted: dict[str, _Noted] = {}

    def of(self, entry: RowEntry, end: float) -> Number | None:
        """The number at which a row ends; None if there are several.

        Raises:
            CIRError: R2C-C225 to R2C-C239 if the number cannot be evaluated.
        """
        row = self._rows[entry.row]
        terms = list(self._terms(row.relation, entry.part))
        at, noted = self._noting(terms)
        if _is_range(row.relation):  # the other end is another number
            terms = [term for term in terms if at.at(term, row.binder, entry.key) == end]
        if len(terms) == 1 and isinstance(terms[0], Num):
            written = abs(terms[0].value) not in STRUCTURAL
            return Number(row=entry.row, part=entry.part, end=end) if written else None
        for entries in noted.values():
            entries.read.clear()
        for term in terms:
            at.at(term, row.binder, entry.key)
        used = [(name, key) for name, entries in noted.items() for key in entries.read]
        return Number(*used[0]) if len(used) == 1 else None

    def _noting(self, terms: Iterable[Expr]) -> tuple[Evaluator[float], dict[str, _Noted]]:
        """What evaluates terms, and the entries of the parameters in them that then are read."""
        names: set[str] = set()
        waiting = {name for term in terms for name in symbols(term)}
        while waiting:
            name = waiting.pop()
            names.add(name)
            if name in self._definitions:
                waiting |= symbols(self._definitions[name]) - names
        given = self._instance.parameters
        for name in names & given.keys() - self._noted.keys():
            self._noted[name] = _Noted(given[name].entries)
        noted = {name: self._noted[name] for name in names & given.keys()}
        noting = {
            name: Values(name, given[name].over, entries, given[name].default)
            for name, entries in noted.items()
        }
        return Evaluator(replace(self._instance, parameters={**given, **noting})), noted

    def _terms(self, relation: Compare, part: int) -> Iterator[Expr]:
        """The terms of a relation that no decision changes."""
        args = relation.args
        sides = (args[0], args[2]) if _is_range(relation) else args[part : part + 2]
        for side in sides:
            yield from self._known(side)

    def _known(self, expr: Expr) -> Iterator[Expr]:
        if not symbols(expr) & self._chosen:
            if expr != Num(0.0):
                yield expr
            return
        match expr:
            case Add(terms):
                for term in terms:
                    yield from self._known(term)
            case Neg(term):
                yield from self._known(term)
            case Mul((Num(), term)):
                yield from self._known(term)
            case Name(name) if name in self._definitions:
                yield from self._known(self._definitions[name])


def _is_range(relation: Compare) -> bool:
    ops = relation.ops
    return len(ops) == 2 and ops[0] == ops[1] != "=="


class _Noted(dict[Key, float]):
    """Entries of a parameter that note which of them are read."""

    def __init__(self, entries: dict[Key, float]) -> None:
        super().__init__(entries)
        self.read: set[Key] = set()

    def __getitem__(self, key: Key) -> float:
        value = super().__getitem__(key)
        self.read.add(key)
        return value

    def get(self, key: Key, default: float | None = None) -> float | None:  # type: ignore[override]
        self.read.add(key)
        return super().get(key, default)

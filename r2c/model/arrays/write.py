"""Writes a plain model as arrays, family by family."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from r2c.cir.arrays.codes import Floats
from r2c.cir.arrays.evaluate import ArrayEvaluator, Looped
from r2c.cir.arrays.form import Form, full
from r2c.cir.arrays.index import Index
from r2c.cir.arrays.terms import nothing, stacked
from r2c.cir.arrays.unvectorised import Unvectorised
from r2c.cir.check_data import INFINITE
from r2c.cir.evaluate import Evaluator
from r2c.cir.instance import Instance
from r2c.cir.members import Key
from r2c.errors import Fault
from r2c.model.arrays.columns import column
from r2c.model.arrays.families import FALSE, KEPT, SKIPPED, RowFamily, VariableFamily
from r2c.model.arrays.model import ArrayGoal, ArrayModel
from r2c.model.arrays.relations import Rows, rows_of
from r2c.model.arrays.singly import rows_singly, variable_singly
from r2c.model.plain import PlainModel, PlainObjective, PlainRow, PlainVariable
from r2c.model.quadratic import Quadratic
from r2c.model.scalar import (
    CROSSED_BOUNDS,
    LARGEST,
    SYMBOL_TWICE,
    check_numbers,
    contradiction,
    located,
    where_told,
)


def array_model(plain: PlainModel, instance: Instance) -> ArrayModel:
    """Write out every variable, row and objective of a plain model.

    Raises:
        R2CError: as `r2c.model.scalar.scalar_model`.
    """
    return _Writing(plain, instance).model()


class _Columns(Mapping[str, Mapping[Key, Quadratic]]):
    """The columns of all symbols by key, for the evaluation member by member, made when used."""

    def __init__(self, families: Mapping[str, VariableFamily]) -> None:
        self._families = families
        self._made: dict[str, Mapping[Key, Quadratic]] = {}

    def __getitem__(self, name: str) -> Mapping[Key, Quadratic]:
        if name not in self._made:
            family = self._families[name]
            self._made[name] = {
                key: Quadratic(0.0, {column: 1.0})
                for column, key in enumerate(family.keys(), start=family.first)
            }
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._families

    def __iter__(self) -> Iterator[str]:
        return iter(self._families)

    def __len__(self) -> int:
        return len(self._families)


@dataclass
class _Writing:
    """A model at work."""

    plain: PlainModel
    instance: Instance
    lower: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)
    families: dict[str, VariableFamily] = field(default_factory=dict)
    columns: dict[str, tuple[int, Index]] = field(default_factory=dict)
    shapes: dict[str, tuple[str | None, ...]] = field(default_factory=dict)
    contradictions: list[Fault] = field(default_factory=list)
    singly: dict[str, str] = field(default_factory=dict)
    size: int = 0

    def model(self) -> ArrayModel:
        data: Evaluator[float] = Evaluator(self.instance)
        arrays = ArrayEvaluator(data)
        for variable in self.plain.variables:
            if variable.name in self.families:
                raise SYMBOL_TWICE(kind="decisions", name=variable.name)
            with located(f"The decision {variable.name!r}", variable.rule):
                self.shapes[variable.name] = data.components(variable.binder)
                self._variable(variable, data, arrays)
        forms: Evaluator[Quadratic | float] = Evaluator(
            self.instance, _Columns(self.families), shapes=self.shapes
        )
        arrays = ArrayEvaluator(forms, self.columns)
        names: set[str] = set()
        found: list[tuple[RowFamily, Rows]] = []
        for row in self.plain.rows:
            if row.name in names:
                raise SYMBOL_TWICE(kind="rows", name=row.name)
            names.add(row.name)
            with located(f"The rule {row.rule!r}", row.rule):
                found.append(self._rows(row, forms, arrays))
        goals = []
        for objective in sorted(self.plain.objectives, key=lambda item: item.tier):
            with located("The objective", None):
                goals.append(self._goal(objective, forms, arrays))
        rows = [rows for _, rows in found]
        whole = [
            np.full(family.size, family.variable.domain != "continuous")
            for family in self.families.values()
        ]
        return ArrayModel(
            plain=self.plain,
            lower=_together(self.lower),
            upper=_together(self.upper),
            integer=np.concatenate(whole) if whole else np.zeros(0, np.bool_),
            row_terms=stacked([part.terms for part in rows]) if rows else nothing(0),
            row_lower=_together([part.lower for part in rows]) + 0.0,
            row_upper=_together([part.upper for part in rows]) + 0.0,
            goals=tuple(goals),
            variables=tuple(self.families.values()),
            rows=tuple(family for family, _ in found),
            contradictions=tuple(self.contradictions),
            singly=self.singly,
        )

    # ------------------------------------------------------------------------------- variables

    def _variable(
        self, variable: PlainVariable, data: Evaluator[float], arrays: ArrayEvaluator
    ) -> None:
        members: Looped | list[Key]
        try:
            own = column(variable, arrays)
            members, lower, upper = own.members, own.lower, own.upper
            _require_ends(lower, upper)
        except Unvectorised as reason:
            self.singly[variable.name] = str(reason)
            members, lower, upper = variable_singly(variable, data)
        else:
            self.columns[variable.name] = (self.size, own.index)
        family = VariableFamily(variable, members, self.size, len(lower))
        crossed = set(np.flatnonzero(lower > upper).tolist())
        for place, key in enumerate(family.keys() if crossed else ()):
            if place in crossed:
                self.contradictions.append(
                    CROSSED_BOUNDS.fault(
                        symbol=variable.name,
                        where=where_told(key),
                        key=list(key),
                        lower=float(lower[place]),
                        upper=float(upper[place]),
                    )
                )
        self.families[variable.name] = family
        self.lower.append(lower)
        self.upper.append(upper)
        self.size += len(lower)

    # ------------------------------------------------------------------------------------ rows

    def _rows(
        self, row: PlainRow, forms: Evaluator[Quadratic | float], arrays: ArrayEvaluator
    ) -> tuple[RowFamily, Rows]:
        try:
            members = arrays.loop(row.binder)
            sides = [arrays.values(side, members) for side in row.relation.args]
            rows = rows_of(row.relation, sides, len(members))
        except Unvectorised as reason:
            self.singly[row.name] = str(reason)
            family, rows, faults = rows_singly(row, forms)
            self.contradictions.extend(faults)
            return family, rows
        fates = np.zeros(len(rows.lower), np.int8)
        empty = rows.empty
        if empty.any():
            fates[empty] = np.where(rows.holds()[empty], SKIPPED, FALSE)
        family = RowFamily(row, members, fates, len(fates) // max(len(members), 1))
        if (fates == FALSE).any():
            self.contradictions.extend(_contradictions(family, rows))
        return family, rows.take(fates == KEPT)

    def _goal(
        self,
        objective: PlainObjective,
        forms: Evaluator[Quadratic | float],
        arrays: ArrayEvaluator,
    ) -> ArrayGoal:
        try:
            value = arrays.values(objective.expr, arrays.loop(None))
            if not isinstance(value, Form):
                return ArrayGoal(float(np.ravel(value)[0]), np.zeros(0, np.int64), np.zeros(0))
            terms = value.terms.without_zeros()
            if not np.all(np.abs(terms.values) < LARGEST):
                raise Unvectorised("a coefficient that is too large")
            constant = float(full(value.constant, 1)[0])
            return ArrayGoal(constant, terms.columns.astype(np.int64), terms.coefficients)
        except Unvectorised as reason:
            self.singly[f"objective {objective.tier}"] = str(reason)
        form = Quadratic.of(forms.value(objective.expr))
        check_numbers("The objective", [*form.linear.values(), *form.square.values()])
        linear = {column: factor for column, factor in form.linear.items() if factor}
        columns = np.array(list(linear), np.int64)
        return ArrayGoal(form.constant, columns, np.array(list(linear.values())), form.square)


def _together(parts: list[Floats]) -> Floats:
    return np.concatenate(parts) if parts else np.zeros(0)


def _require_ends(*ends: Floats) -> None:
    for end in ends:
        if np.any((np.abs(end) >= INFINITE) & np.isfinite(end)):
            raise Unvectorised("a bound that is too large")


def _contradictions(family: RowFamily, rows: Rows) -> Iterator[Fault]:
    ends = zip(rows.lower.tolist(), rows.upper.tolist(), strict=True)
    for (key, _), fate, (low, high) in zip(
        family.places(), family.fates.tolist(), ends, strict=True
    ):
        if fate == FALSE:
            yield contradiction(family.row, key, low, high)

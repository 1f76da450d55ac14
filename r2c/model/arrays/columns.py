"""The variables of a plain model as columns: their bounds, and where each member is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from r2c.cir.arrays.codes import Floats, Masks
from r2c.cir.arrays.evaluate import ArrayEvaluator, Looped
from r2c.cir.arrays.form import Form, Number, full
from r2c.cir.arrays.index import Index
from r2c.cir.arrays.unvectorised import Unvectorised
from r2c.cir.evaluate import Evaluator
from r2c.cir.expr import Binder, Expr
from r2c.cir.instance import Instance
from r2c.cir.members import Key
from r2c.model.plain import PlainVariable


@dataclass(frozen=True)
class Column:
    """All members of one variable with their bounds."""

    members: Looped
    index: Index
    lower: Floats
    upper: Floats


def column(variable: PlainVariable, arrays: ArrayEvaluator) -> Column:
    """A variable on an instance.

    Raises:
        Unvectorised: if its loops or bounds are left to the evaluation member by member.
    """
    members = arrays.loop(variable.binder)
    lower = _ends(variable.lower, -np.inf, members, arrays)
    upper = _ends(variable.upper, np.inf, members, arrays)
    if variable.domain == "binary":
        lower, upper = np.maximum(lower, 0.0), np.minimum(upper, 1.0)
    return Column(members, arrays.index(members), lower, upper)


def _ends(expr: Expr | None, default: float, members: Looped, arrays: ArrayEvaluator) -> Floats:
    found: Number = default if expr is None else arrays.numbers(expr, members)
    return full(found, len(members))


class Declared:
    """The ranges that the variables of an instance are declared with, as arrays.

    They answer what can be said for sure without the rules; None where only the propagation of
    bounds can tell.
    """

    def __init__(self, instance: Instance, variables: Iterable[PlainVariable]) -> None:
        """Lay out the variables.

        Raises:
            Unvectorised: if one cannot be.
        """
        names: dict[str, dict[Key, float]] = {}
        data: Evaluator[float] = Evaluator(instance)
        arrays = ArrayEvaluator(data)
        columns: dict[str, tuple[int, Index]] = {}
        lower, upper, integer = [], [], []
        size = 0
        for variable in variables:
            own = column(variable, arrays)
            columns[variable.name] = (size, own.index)
            names[variable.name] = {}
            lower.append(own.lower)
            upper.append(own.upper)
            integer.append(np.full(len(own.members), variable.domain != "continuous"))
            size += len(own.members)
        self._lower: Floats = np.concatenate(lower) if lower else np.zeros(0)
        self._upper: Floats = np.concatenate(upper) if upper else np.zeros(0)
        self._integer: Masks = np.concatenate(integer) if integer else np.zeros(0, np.bool_)
        shapes = {item.name: data.components(item.binder) for item in variables}
        forms: Evaluator[float] = Evaluator(instance, names, shapes=shapes)
        self._arrays = ArrayEvaluator(forms, columns)
        self._forms: dict[tuple[Expr, Binder | None], Form] = {}

    def form(self, expr: Expr, binder: Binder | None) -> Form:
        """The expression in every row, without terms that are 0.

        Raises:
            Unvectorised: if it is left to the evaluation member by member.
        """
        asked = (expr, binder)
        if asked not in self._forms:
            value = self._arrays.values(expr, self._arrays.loop(binder))
            if not isinstance(value, Form):
                raise Unvectorised("an expression of data")
            self._forms[asked] = replace(value, terms=value.terms.without_zeros())
        return self._forms[asked]

    def finite(self, form: Form) -> tuple[bool, bool]:
        """Whether the declared ranges bound a form from below and from above, in all rows."""
        ends = self._ends(form)
        return tuple(bool(np.isfinite(end).all()) for end in ends)  # type: ignore[return-value]

    def within(self, form: Form, low: float, high: float) -> bool:
        """Whether the declared ranges keep a form between two values; only if sums are exact."""
        least, most = self._ends(form)
        single = isinstance(form.terms.counts, int) and form.terms.counts <= 1
        plain = isinstance(form.constant, float) and not form.constant
        whole = all(bool((end == np.rint(end)).all()) for end in (least, most))
        if not (single and plain) and not whole:
            return False
        rows = form.terms.rows
        sums = [
            np.bincount(rows, weights=end, minlength=form.size) + form.constant
            for end in (least, most)
        ]
        return bool((sums[0] >= low).all() and (sums[1] <= high).all())

    def integer(self, form: Form) -> bool:
        """Whether a form takes whole values only."""
        parts = (np.asarray(form.constant), form.terms.coefficients)
        if not all(bool((part == np.rint(part)).all()) for part in parts):
            return False
        return bool(self._integer[form.terms.columns].all())

    def _ends(self, form: Form) -> tuple[Floats, Floats]:
        columns, factors = form.terms.columns, form.terms.coefficients
        ends = (factors * self._lower[columns], factors * self._upper[columns])
        return np.minimum(*ends), np.maximum(*ends)

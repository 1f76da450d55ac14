"""How large and how small expressions can get: bounds propagated over the instance's rules.

A big-M is only as good as the bound behind it. Declared bounds are tightened by what every hard
rule implies, `3*x + 2*y <= 40` with `y >= 0` gives `x <= 13.3`, until nothing moves any more.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from r2c.cir.closures.scope import NotRepresentable
from r2c.cir.evaluate import Evaluator
from r2c.cir.expr import Binder, Compare, Expr, Item, Name
from r2c.cir.instance import Instance
from r2c.cir.integral import integer_symbols, integer_valued
from r2c.cir.members import Key
from r2c.errors import CIRError
from r2c.model.affine import Affine, Variable, lift
from r2c.model.plain import PlainVariable
from r2c.model.rename import substitute
from r2c.model.stated_ranges import StatedRanges

ROUNDS = 12
MAX_TERMS = 300_000
"""Rows beyond this many terms are left out: bounds stay right, only wider."""
MAX_ROWS = 16
"""Rows of a variable that are tried when a sum is bounded."""
_ROOM = 1e-9

Relations = Iterable[tuple[Compare, Binder | None]]


@dataclass
class Range:
    """The values a variable can take."""

    lower: float
    upper: float
    integer: bool


class Bounds:
    """Ranges of all variables of an instance, found when first asked for.

    Args:
        instance: The model and its data.
        variables: Decisions and outputs.
        implied: Relations that every plan keeps.
    """

    def __init__(
        self, instance: Instance, variables: Iterable[PlainVariable], implied: Relations = ()
    ) -> None:
        self.instance = instance
        self.variables = tuple(variables)
        self._implied = tuple(implied)
        self._spans: dict[tuple[Expr, Binder | None], tuple[tuple[float, float], ...]] = {}

    def among(self, variables: Iterable[PlainVariable]) -> Bounds:
        """The same bounds, with variables that a paradigm adds."""
        added = tuple(variables)
        return Bounds(self.instance, self.variables + added, self._implied) if added else self

    @cached_property
    def evaluator(self) -> Evaluator[Affine]:
        """Evaluates expressions to linear forms."""
        values: dict[str, dict[Key, Affine]] = {}
        for name, key in self.declared:
            values.setdefault(name, {})[key] = Affine.variable(name, key)
        for variable in self.variables:
            values.setdefault(variable.name, {})
        return Evaluator(self.instance, values)

    @cached_property
    def data(self) -> Evaluator[float]:
        """Evaluates expressions of data."""
        return Evaluator(self.instance)

    @cached_property
    def count(self) -> float:
        """How many variables there are at most; conditions of their loops are not looked at."""
        return sum(
            1.0 if item.binder is None else self.data.combinations(item.binder)
            for item in self.variables
        )

    @cached_property
    def stated(self) -> StatedRanges:
        """What the declared ranges alone say, found at once for all members of a loop."""
        return StatedRanges(self.instance, self.variables)

    @cached_property
    def declared(self) -> dict[Variable, Range]:
        """The ranges that the variables were declared with."""
        data = self.data
        found: dict[Variable, Range] = {}
        for variable in self.variables:
            integer = variable.domain != "continuous"
            binary = variable.domain == "binary"
            lower = _each(data, variable.lower, variable.binder)
            upper = _each(data, variable.upper, variable.binder)
            keys = [()] if variable.binder is None else data.members(variable.binder)
            for key in keys:
                low, high = lower.get(key, -math.inf), upper.get(key, math.inf)
                if binary:
                    low, high = max(low, 0.0), min(high, 1.0)
                found[variable.name, key] = Range(low, high, integer)
        return found

    @cached_property
    def ranges(self) -> dict[Variable, Range]:
        """The declared ranges, tightened by the implied relations."""
        ranges = {v: Range(r.lower, r.upper, r.integer) for v, r in self.declared.items()}
        for _ in range(ROUNDS):
            moved = [_tighten(row, ranges) for row in self.rows]
            if not any(moved):
                break
        return ranges

    @cached_property
    def rows(self) -> tuple[Affine, ...]:
        """Linear forms that are at most 0 in every plan."""
        return tuple(self._rows())

    @cached_property
    def rows_of(self) -> dict[Variable, list[Affine]]:
        """Some rows of each variable."""
        found: dict[Variable, list[Affine]] = {}
        for row in self.rows:
            for variable in row.terms:
                listed = found.setdefault(variable, [])
                if len(listed) < MAX_ROWS:
                    listed.append(row)
        return found

    @cached_property
    def rows_over(self) -> dict[frozenset[Variable], list[Affine]]:
        """The rows of several variables, by just these: what bounds a sum says so itself."""
        found: dict[frozenset[Variable], list[Affine]] = {}
        for row in self.rows:
            if len(row.terms) > 1:
                found.setdefault(frozenset(row.terms), []).append(row)
        return found

    def _rows(self) -> Iterator[Affine]:
        size = 0
        for relation, binder in self._implied:
            try:
                for _, sides in self.evaluator.relations(relation, binder):
                    for row in self._at_most_zero(relation, sides):
                        size += len(row.terms)
                        if row.terms and size <= MAX_TERMS:
                            yield row
            except (NotRepresentable, CIRError):
                continue  # a nonlinear relation implies something, but not in this language

    def forms(self, expr: Expr, binder: Binder | None) -> Iterator[Affine]:
        """The expression as a linear form for every member of the loops.

        Raises:
            NotRepresentable: if it is not linear in the variables.
        """
        for _, value in self.evaluator.each(expr, binder):
            yield lift(value)

    def spans(self, expr: Expr, binder: Binder | None) -> tuple[tuple[float, float], ...]:
        """The smallest and largest value of the expression for every member of the loops.

        Raises:
            NotRepresentable: if the expression is not linear.
        """
        asked = (expr, binder)
        if asked not in self._spans:
            self._spans[asked] = tuple(self.span(form) for form in self.forms(expr, binder))
        return self._spans[asked]

    def span(self, form: Affine) -> tuple[float, float]:
        """The smallest and largest value of a linear form, by ranges and by single rows."""
        low, high = span(form, self.ranges)
        if len(form.terms) > 1:
            low = max(low, -self._through_rows(-form))
            high = min(high, self._through_rows(form))
            if not (_round(low) and _round(high)) and self._whole(form):
                low = low if _round(low) else math.ceil(low - _ROOM)
                high = high if _round(high) else math.floor(high + _ROOM)
        return low, high

    def _whole(self, form: Affine) -> bool:
        """Whether a linear form takes whole values only, as it was declared."""
        return form.constant.is_integer() and all(
            c.is_integer() and self.declared[v].integer for v, c in form.terms.items()
        )

    def _at_most_zero(
        self, relation: Compare, sides: tuple[Affine | float, ...]
    ) -> Iterator[Affine]:
        """The forms that a relation keeps at 0 or below; strict means by 1 among whole numbers."""
        pairs = zip(sides[:-1], relation.ops, sides[1:], strict=True)
        for left, op, right in pairs:
            difference = lift(left) - lift(right)
            gap = 1.0 if op in ("<", ">") and self._whole(difference) else 0.0
            if op in ("<=", "<", "=="):
                yield difference + gap
            if op in (">=", ">", "=="):
                yield -difference + gap

    def _through_rows(self, form: Affine) -> float:
        """The least upper bound that one row gives: the form is at most itself minus the row."""
        first = next(iter(form.terms))
        best = math.inf
        parallel = self.rows_over.get(frozenset(form.terms), ())
        for row in (*self.rows_of.get(first, ()), *parallel):
            factor = form.terms[first] / row.terms[first]
            if factor > 0:
                best = min(best, span(form - row * factor, self.ranges)[1])
        return best

    def range(self, expr: Expr, binder: Binder | None) -> tuple[float, float]:
        """The smallest and largest value over all members of the loops; 0, 0 without members.

        Raises:
            NotRepresentable: if the expression is not linear.
        """
        spans = self.spans(expr, binder)
        return min((low for low, _ in spans), default=0.0), max(
            (high for _, high in spans), default=0.0
        )

    def numbers(self, expr: Expr, binder: Binder | None) -> Iterator[float]:
        """The value of an expression of data for every member of the loops."""
        for _, value in self.data.each(expr, binder):
            yield value

    def stated_upper(self, expr: Expr) -> Expr | None:
        """The declared upper bound, as algebra, if the expression is one variable."""
        if not isinstance(expr, Item | Name):
            return None
        name, keys = (expr.base, expr.keys) if isinstance(expr, Item) else (expr.id, ())
        for variable in self.variables:
            if variable.name == name and variable.upper is not None:
                targets = () if variable.binder is None else variable.binder.targets
                return substitute(variable.upper, dict(zip(targets, keys, strict=True)))
        return None

    def integer(self, expr: Expr, binder: Binder | None) -> bool:
        """Whether the expression takes whole values only.

        Raises:
            NotRepresentable: if the expression is not linear.
        """
        whole = integer_symbols(self.instance.cir)
        whole |= {item.name for item in self.variables if item.domain != "continuous"}
        if integer_valued(expr, whole):
            return True
        told = self.stated.integer(expr, binder)
        if told is not None:
            return told
        return all(self._whole(form) for form in self.forms(expr, binder))

    def culprits(self, expr: Expr, binder: Binder | None, *, above: bool) -> list[str]:
        """The variables whose missing bound leaves the expression without one."""
        found: list[str] = []
        for form in self.forms(expr, binder):
            for (name, key), coefficient in form.terms.items():
                span_ = self.ranges[name, key]
                open_ = span_.upper if (coefficient > 0) == above else span_.lower
                if math.isinf(open_):
                    side = "upper" if (coefficient > 0) == above else "lower"
                    shown = f"{name}[{', '.join(map(str, key))}]" if key else name
                    found.append(f"{shown} has no {side} bound")
                    if len(found) == 3:
                        return found
        return found


def span(form: Affine, ranges: Mapping[Variable, Range]) -> tuple[float, float]:
    """The smallest and largest value of a linear form."""
    low = high = form.constant
    for variable, coefficient in form.terms.items():
        range_ = ranges[variable]
        ends = (coefficient * range_.lower, coefficient * range_.upper)
        low += min(ends)
        high += max(ends)
    return low, high


def _round(end: float) -> bool:
    """Whether an end of a range is whole or not there."""
    return math.isinf(end) or float(end).is_integer()


def _tighten(row: Affine, ranges: dict[Variable, Range]) -> bool:
    """Tighten the ranges by `row <= 0`; whether any of them moved."""
    finite = row.constant
    infinite: list[Variable] = []
    least: dict[Variable, float] = {}
    for variable, coefficient in row.terms.items():
        range_ = ranges[variable]
        low = coefficient * (range_.lower if coefficient > 0 else range_.upper)
        least[variable] = low
        if math.isinf(low):
            infinite.append(variable)
        else:
            finite += low
    if len(infinite) > 1:
        return False
    moved = False
    for variable in infinite or row.terms:
        coefficient, range_ = row.terms[variable], ranges[variable]
        rest = finite if infinite else finite - least[variable]
        limit = -rest / coefficient
        if coefficient > 0:
            if range_.integer:
                limit = math.floor(limit + _ROOM)
            if limit < range_.upper - _ROOM * max(1.0, abs(limit)):
                range_.upper, moved = max(limit, range_.lower), True
        else:
            if range_.integer:
                limit = math.ceil(limit - _ROOM)
            if limit > range_.lower + _ROOM * max(1.0, abs(limit)):
                range_.lower, moved = min(limit, range_.upper), True
    return moved


def _each(data: Evaluator[float], expr: Expr | None, binder: Binder | None) -> dict[Key, float]:
    return {} if expr is None else dict(data.each(expr, binder))

"""A relation for all members of its loops as rows: linear terms between two ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from r2c.cir.arrays.codes import Floats, Masks
from r2c.cir.arrays.form import Form, Number, Value, full
from r2c.cir.arrays.terms import Terms, joined, nothing, stacked
from r2c.cir.arrays.unvectorised import Unvectorised
from r2c.cir.check_data import INFINITE
from r2c.cir.expr import Compare, CompareOp
from r2c.model.scalar import LARGEST, MIRRORED, TRIVIAL


@dataclass(frozen=True)
class Rows:
    """`lower <= terms <= upper` in each row; open ends are infinite."""

    terms: Terms
    lower: Floats
    upper: Floats

    def take(self, rows: Masks) -> Rows:
        """Some of the rows."""
        if rows.all():
            return self
        return Rows(self.terms.take(np.flatnonzero(rows)), self.lower[rows], self.upper[rows])

    @property
    def empty(self) -> Masks:
        """The rows without any term."""
        found: Masks = self.terms.per_row == 0
        return found

    def holds(self) -> Masks:
        """The rows that hold with 0 for their terms, up to rounding."""
        size = np.ones(len(self.lower))
        for end in (self.lower, self.upper):
            size = np.maximum(size, np.where(np.isfinite(end), np.abs(end), 0.0))
        room = TRIVIAL * size
        found: Masks = (self.lower <= room) & (self.upper >= -room)
        return found


def rows_of(relation: Compare, sides: Sequence[Value], size: int) -> Rows:
    """The rows of a relation, given the values of its sides: member by member, all parts of each.

    Raises:
        Unvectorised: if members differ in what kind of row they make, or a number is too large.
    """
    ops = relation.ops
    if not set(ops) <= set(MIRRORED):
        raise Unvectorised("a relation that is no row")
    if len(ops) == 2 and ops[0] == ops[1] != "==":
        ends = _decided(sides[0], size) | _decided(sides[2], size)
        if not ends.any():
            ranges = _range(ops[0], sides, size)
            if np.any(ranges.lower > ranges.upper):
                raise Unvectorised("a range whose ends cross in some members")
            return _checked(ranges)
        if not ends.all():
            raise Unvectorised("a range with decisions in the ends of some members")
    parts = [_row(op, sides[part], sides[part + 1], size) for part, op in enumerate(ops)]
    return _checked(_alternating(parts, size))


def _decided(value: Value, size: int) -> Masks:
    """The rows in which a value depends on decisions."""
    if not isinstance(value, Form):
        return np.zeros(size, np.bool_)
    terms = value.terms
    if not isinstance(terms.values, float) and isinstance(terms.counts, int) and terms.counts == 1:
        return np.asarray(terms.values != 0)
    return np.asarray(terms.without_zeros().per_row > 0)


def _constant(value: Value) -> Number:
    return value.constant if isinstance(value, Form) else value


def _range(op: CompareOp, sides: Sequence[Value], size: int) -> Rows:
    ends = [_constant(sides[0]), _constant(sides[2])]
    low, high = ends if op == "<=" else ends[::-1]
    middle = sides[1]
    constant = _constant(middle)
    terms = middle.terms if isinstance(middle, Form) else nothing(size)
    return Rows(terms.without_zeros(), full(low - constant, size), full(high - constant, size))


def _row(op: CompareOp, left: Value, right: Value, size: int) -> Rows:
    """One link of a relation; decisions that are on the right alone change sides."""
    turned = ~_decided(left, size) & _decided(right, size)
    if turned.all() and size:
        left, right, op = right, left, MIRRORED[op]
        turned = np.zeros(size, np.bool_)
    sides = [left] if isinstance(left, Form) else []
    if isinstance(right, Form):
        sign = np.where(turned, 1.0, -1.0) if turned.any() else -1.0
        sides.append(replace(right, terms=right.terms.times(sign)))
    terms = _side_by_side(sides, turned) if sides else nothing(size)
    difference = full(_constant(left) - _constant(right), size)
    end = np.where(turned, difference, -difference) if turned.any() else -difference
    low = _open_where(end, turned, (op == "<=", op == ">="), -np.inf)
    high = _open_where(end, turned, (op == ">=", op == "<="), np.inf)
    return Rows(terms.without_zeros(), low, high)


def _side_by_side(sides: Sequence[Form], turned: Masks) -> Terms:
    terms = joined([side.terms for side in sides])
    if not terms.repeats():
        return terms
    # A column that one side has lost takes the place that the other side gives it.
    kept = [side.terms if side.merged else side.terms.without_zeros() for side in sides]
    if len(kept) == 2 and turned.any():
        kept[0] = kept[0].keep(~np.repeat(turned, kept[0].counts))  # there it comes last, as 0
    return joined(kept).merged()


def _open_where(end: Floats, turned: Masks, opened: tuple[bool, bool], infinite: float) -> Floats:
    """The ends, infinite in the rows as they stand or in the turned ones, as `opened` says."""
    straight, other = opened
    if not straight and not other:
        return end
    if not turned.any():
        return np.full(len(end), infinite) if straight else end
    return np.where(turned if other else ~turned, infinite, end)


def _alternating(parts: Sequence[Rows], size: int) -> Rows:
    """The parts of the first member, then those of the second, and so on."""
    if len(parts) == 1:
        return parts[0]
    order = np.arange(size * len(parts)).reshape(len(parts), size).T.ravel()
    return Rows(
        stacked([part.terms for part in parts]).take(order),
        np.concatenate([part.lower for part in parts])[order],
        np.concatenate([part.upper for part in parts])[order],
    )


def _checked(rows: Rows) -> Rows:
    if not _below(rows.terms.values, LARGEST):
        raise Unvectorised("a coefficient that is too large")
    for end in (rows.lower, rows.upper):
        if not np.isinf(end).all() and not _below(end[np.isfinite(end)], INFINITE):
            raise Unvectorised("an end that is too large")
        if np.isnan(end).any():
            raise Unvectorised("an end without a number")
    return rows


def _below(values: Floats | float, limit: float) -> bool:
    """Whether all numbers are smaller than a limit, whatever their sign."""
    numbers = np.asarray(values)
    least, most = numbers.min(initial=0.0), numbers.max(initial=0.0)
    return bool(-limit < least and most < limit)

"""Values of many rows: numbers, or linear forms of the columns of a model.

Every operation repeats what the evaluation member by member does, in its order: there a sum of
numbers is rounded once, a sum with decisions after every term.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import add

import numpy as np

from r2c.cir.arrays.codes import Floats, Ints, Masks, sums
from r2c.cir.arrays.terms import Counts, Terms, joined, nothing
from r2c.cir.arrays.unvectorised import Unvectorised

Number = Floats | float
"""A number in each row, or the same one in all."""


@dataclass(frozen=True)
class Form:
    """`constant + terms` in each row.

    `bare` are the rows that are numbers all the same, such as the sum over nothing: arithmetic with
    them is that of numbers. None if there are none. In a `merged` form each column occurs once a
    row; what is 0 there is a sum. In others it was multiplied by 0, and is as good as gone.
    """

    size: int
    constant: Number
    terms: Terms
    bare: Masks | None = None
    merged: bool = False

    def take(self, rows: Ints) -> Form:
        """Some rows, in any order."""
        bare = None if self.bare is None else self.bare[rows]
        return Form(len(rows), picked(self.constant, rows), self.terms.take(rows), bare)


Value = Number | Form


def picked(value: Number, rows: Ints | Masks) -> Number:
    """The numbers of some rows."""
    return value if isinstance(value, float) else value[rows]


def full(value: Number, size: int) -> Floats:
    """A number in each row, written out."""
    return np.full(size, value) if isinstance(value, float) else value


def negative(value: Value) -> Value:
    """Minus a value."""
    return times(value, -1.0) if isinstance(value, Form) else -value


def plus(parts: Sequence[Value], *, merge: bool) -> Value:
    """The sum of values row by row.

    Args:
        parts: The values; at least one.
        merge: Whether columns may occur in several of them, so that coefficients add up.
    """
    forms = [part for part in parts if isinstance(part, Form)]
    numbers = [part.constant if isinstance(part, Form) else part for part in parts]
    if not forms:
        return exact_sum(numbers) if len(parts) != 2 else add(*numbers)
    constant = _running(numbers)
    terms = joined([form.terms for form in forms])
    bare = _all_bare(forms)
    if bare is not None and len(parts) > 2:
        constant = np.array(full(constant, terms.size))
        constant[bare] = exact_sum([picked(number, bare) for number in numbers])
    return Form(terms.size, constant, terms.merged() if merge else terms, bare)


def _all_bare(forms: Sequence[Form]) -> Masks | None:
    """The rows in which none of the forms is more than a number."""
    masks = [form.bare for form in forms if form.bare is not None]
    if len(masks) < len(forms):
        return None
    bare = np.logical_and.reduce(masks)
    return bare if bare.any() else None


def _running(numbers: Sequence[Number]) -> Number:
    """The sum, rounded after every term; zeros that are the same everywhere change nothing."""
    found: Number = 0.0
    for number in numbers:
        if isinstance(number, float) and not number:
            continue
        found = number if isinstance(found, float) and not found else found + number
    return found


def exact_sum(numbers: Sequence[Number]) -> Number:
    """The sum, rounded once."""
    if all(isinstance(number, float) for number in numbers):
        return math.fsum(numbers)
    found: Number = numbers[0] if numbers else 0.0
    inexact: Masks | None = None
    for number in numbers[1:]:
        following = found + number
        back = following - found
        error = (found - (following - back)) + (number - back)
        off = np.asarray(error != 0)
        inexact = off if inexact is None else inexact | off
        found = following
    if inexact is None or not inexact.any():
        return found
    rows = np.flatnonzero(inexact)
    again = np.array(full(found, inexact.size))
    columns = [full(picked(number, rows), len(rows)).tolist() for number in numbers]
    again[rows] = [math.fsum(row) for row in zip(*columns, strict=True)]
    return again


def times(first: Value, second: Value, *, merge: bool = False) -> Value:
    """The product of two values.

    Args:
        first: One of them.
        second: The other one.
        merge: Whether terms that are multiplied by 0 go at once, as they do in the scalar form:
            their columns may come again, and have another place then.

    Raises:
        Unvectorised: if both have decisions.
    """
    if not isinstance(second, Form):
        return first * second if not isinstance(first, Form) else _scaled(first, second, merge)
    if isinstance(first, Form):
        raise Unvectorised("a product of decisions")
    return _scaled(second, first, merge)


def _scaled(form: Form, factor: Number, merge: bool) -> Form:
    nothing_there = isinstance(form.constant, float) and not form.constant
    constant = 0.0 if nothing_there else form.constant * factor
    terms = form.terms.times(factor)
    if merge and isinstance(factor, float) and not factor:
        terms = nothing(form.size)
    elif merge and not isinstance(factor, float):
        terms = terms.keep(np.repeat(factor != 0, terms.counts))
    return Form(form.size, constant, terms, form.bare)


def over(top: Value, bottom: Value) -> Value:
    """The quotient of two values.

    Raises:
        Unvectorised: for a division by decisions or by 0.
    """
    if isinstance(bottom, Form):
        raise Unvectorised("a division by decisions")
    if not np.all(bottom):
        raise Unvectorised("a division by zero")
    if not isinstance(top, Form):
        return top / bottom
    share = times(top, 1.0 / bottom)
    if top.bare is None or not isinstance(share, Form):
        return share
    constant = np.array(full(share.constant, top.size))
    constant[top.bare] = (full(top.constant, top.size) / bottom)[top.bare]
    return Form(top.size, constant, share.terms, top.bare)


def each(apply: Callable[..., float], *values: Number) -> Number:
    """A function of Python's own on the numbers of each row.

    Raises:
        Unvectorised: if it fails anywhere, or gives what is no real number.
    """
    size = next((len(value) for value in values if not isinstance(value, float)), None)
    try:
        if size is None:
            found = apply(*values)
            if isinstance(found, complex):
                raise Unvectorised("a number that is not real")
            return float(found)
        columns = [full(value, size).tolist() for value in values]
        rows = [apply(*row) for row in zip(*columns, strict=True)]
    except ArithmeticError:
        raise Unvectorised("arithmetic without a result") from None
    if any(isinstance(row, complex) for row in rows):
        raise Unvectorised("a number that is not real")
    return np.array(rows, np.float64)


def summed(value: Value, counts: Counts, size: int, *, merge: bool) -> Value:
    """The sums of groups of rows that follow one another, `counts` rows each.

    Args:
        value: What is summed, one row a member.
        counts: The rows of each group; a plain number where all have as many.
        size: The number of groups.
        merge: Whether a column may occur several times in a group.
    """
    if not isinstance(value, Form):
        return group_sums(value, counts, size)
    empty = isinstance(counts, int) and not counts
    terms = nothing(size) if empty else value.terms.gathered(counts)
    constant: Number = 0.0
    if not (isinstance(value.constant, float) and not value.constant):
        groups = np.repeat(np.arange(size), counts)
        weights = full(value.constant, value.size)
        constant = sums(groups, weights, size)
    bare = _bare_groups(value, counts, size)
    if bare is not None and value.bare is not None and not isinstance(constant, float):
        constant[bare] = full(group_sums(value.constant, counts, size), size)[bare]
    return Form(size, constant, terms.merged() if merge else terms, bare)


def _bare_groups(value: Form, counts: Counts, size: int) -> Masks | None:
    """The groups without any row that is more than a number."""
    if value.bare is not None:
        groups = np.repeat(np.arange(size), counts)
        bare = np.bincount(groups[~value.bare], minlength=size) == 0
    elif isinstance(counts, int):
        bare = np.full(size, not counts)
    else:
        bare = counts == 0
    return bare if bare.any() else None


def group_sums(value: Number, counts: Counts, size: int) -> Number:
    """The sums of numbers, each rounded once."""
    if isinstance(counts, int):
        counts = np.full(size, counts, np.int64)
    total = int(counts.sum())
    numbers = full(value, total)
    largest = float(np.abs(numbers).max(initial=0.0)) * max(int(counts.max(initial=0)), 1)
    if largest < 2**53 and bool((numbers == np.rint(numbers)).all()):
        groups = np.repeat(np.arange(size), counts)
        return sums(groups, numbers, size)
    listed, ends = numbers.tolist(), np.cumsum(counts).tolist()
    begins = [0, *ends[:-1]]
    spans = zip(begins, ends, strict=True)
    return np.array([math.fsum(listed[begin:end]) for begin, end in spans])

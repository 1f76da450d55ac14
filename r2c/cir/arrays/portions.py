"""Evaluation in smaller portions of rows, where all at once would need too much memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from r2c.cir.arrays.form import Form, Number, Value, full
from r2c.cir.arrays.frame import Frame
from r2c.cir.arrays.terms import nothing, stacked
from r2c.cir.arrays.unvectorised import TooWide


def in_portions(frame: Frame, evaluate: Callable[[Frame], Value]) -> Value:
    """A value in each row, found in halves of the rows as often as need be."""
    try:
        return evaluate(frame)
    except TooWide:
        if frame.size < 2:
            raise
    middle = frame.size // 2
    halves = [frame.take(np.arange(middle)), frame.take(np.arange(middle, frame.size))]
    return below([in_portions(half, evaluate) for half in halves], [h.size for h in halves])


def below(values: Sequence[Value], sizes: Sequence[int]) -> Value:
    """The rows of several values, one below the other."""
    if len(values) == 1:
        return values[0]
    if not any(isinstance(value, Form) for value in values):
        return _numbers([value for value in values if not isinstance(value, Form)], sizes)
    forms = [
        value if isinstance(value, Form) else Form(size, value, nothing(size), np.ones(size, bool))
        for value, size in zip(values, sizes, strict=True)
    ]
    bare = None
    if any(form.bare is not None for form in forms):
        masks = [np.zeros(f.size, bool) if f.bare is None else f.bare for f in forms]
        bare = np.concatenate(masks)
    constant = _numbers([form.constant for form in forms], sizes)
    return Form(sum(sizes), constant, stacked([form.terms for form in forms]), bare)


def _numbers(values: Sequence[Number], sizes: Sequence[int]) -> Number:
    alike = {value for value in values if isinstance(value, float)}
    if len(alike) == 1 and all(isinstance(value, float) for value in values):
        return alike.pop()
    return np.concatenate([full(value, size) for value, size in zip(values, sizes, strict=True)])

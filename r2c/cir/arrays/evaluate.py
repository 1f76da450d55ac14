"""The evaluator on arrays, as others use it: members of loops, and values for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np

from r2c.cir.arrays.form import Form, Number, Value
from r2c.cir.arrays.frame import Frame
from r2c.cir.arrays.index import Index
from r2c.cir.arrays.loops import keys_of, run
from r2c.cir.arrays.numbers import number
from r2c.cir.arrays.portions import in_portions
from r2c.cir.arrays.space import Space
from r2c.cir.arrays.symbols import index_of
from r2c.cir.arrays.unvectorised import Unvectorised
from r2c.cir.closures.scope import Scope
from r2c.cir.evaluate import Evaluator
from r2c.cir.expr import Binder, Expr
from r2c.cir.members import Key
from r2c.errors import CIRError

T = TypeVar("T")


@dataclass(frozen=True)
class Looped:
    """All members of a binder, one row each: iteration gives their keys, in order."""

    binder: Binder | None
    frame: Frame
    scope: Scope

    def __len__(self) -> int:
        return self.frame.size

    def __iter__(self) -> Iterator[Key]:
        if self.binder is None:
            return iter([()])
        return keys_of(self.frame, self.scope, self.binder.targets)


class ArrayEvaluator:
    """Values of expressions for all members of a binder at once.

    Args:
        scalar: The evaluator of the same symbols that looks at one member at a time.
        columns: The first column and the members of each decision.

    All methods raise `Unvectorised` for what is left to that evaluator, faults in the data
    included: it finds them in order and tells of them.
    """

    def __init__(
        self, scalar: Evaluator[Any], columns: Mapping[str, tuple[int, Index]] | None = None
    ) -> None:
        self._space = Space(scalar.context, {} if columns is None else columns)
        self._merging = self._space.merging()

    def loop(self, binder: Binder | None) -> Looped:
        """The members of a binder; one row without loops."""
        if binder is None:
            return Looped(None, Frame(1), Scope({}))
        return self._tried(lambda: Looped(binder, *run(self._space, binder, Scope({}), Frame(1))))

    def index(self, looped: Looped) -> Index:
        """The members as those of a symbol."""
        if looped.binder is None:
            return Index.whole(())
        return index_of(self._space, looped.binder, looped.frame, looped.scope)

    def values(self, expr: Expr, looped: Looped) -> Value:
        """The value of an expression in each row; no number is infinite."""
        value = self._tried(lambda: self._value(self._space, expr, looped))
        if isinstance(value, Form) and value.terms.repeats():
            # Columns that occur twice have coefficients that add up, in the order of the sums.
            value = self._tried(lambda: self._value(self._merging, expr, looped))
            assert isinstance(value, Form)
            value = replace(value, merged=True)
        return value

    def numbers(self, expr: Expr, looped: Looped) -> Number:
        """The value of an expression of data in each row."""
        value = self.values(expr, looped)
        if isinstance(value, Form):
            raise Unvectorised("a decision where data are expected")
        return value

    @staticmethod
    def _value(space: Space, expr: Expr, looped: Looped) -> Value:
        value = in_portions(looped.frame, lambda part: number(space, expr, looped.scope, part))
        if not isinstance(value, Form) and not np.all(np.isfinite(value)):
            raise Unvectorised("a number without limit")
        return value

    @staticmethod
    def _tried(evaluate: Callable[[], T]) -> T:
        with np.errstate(all="ignore"):
            try:
                return evaluate()
            except CIRError as error:
                raise Unvectorised(error.code) from None

"""What the declared ranges of decisions settle without the rules, for all members at once.

Propagated bounds are tighter and cost a look at every row: most preconditions do not need them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from r2c.cir.arrays.unvectorised import Unvectorised
from r2c.cir.expr import Binder, Expr, Item, Loop, Name
from r2c.cir.instance import Instance
from r2c.model.plain import PlainVariable
from r2c.model.rename import substitute

if TYPE_CHECKING:
    from r2c.cir.arrays.form import Form
    from r2c.model.arrays.columns import Declared

T = TypeVar("T")


class StatedRanges:
    """The ranges that the variables of an instance are declared with."""

    def __init__(self, instance: Instance, variables: tuple[PlainVariable, ...]) -> None:
        self._instance = instance
        self._variables = variables

    def within(self, expr: Expr, binder: Binder | None, low: float, high: float) -> bool:
        """Whether they keep the expression between two values for certain."""
        return self._ask(expr, binder, lambda found, form: found.within(form, low, high)) is True

    def finite(self, expr: Expr, binder: Binder | None) -> tuple[bool, bool]:
        """Whether they bound the expression from below and from above for certain."""
        told = self._ask(expr, binder, lambda found, form: found.finite(form))
        return (False, False) if told is None else told

    def integer(self, expr: Expr, binder: Binder | None) -> bool | None:
        """Whether the expression takes whole values only; None if that cannot be told."""
        return self._ask(expr, binder, lambda found, form: found.integer(form))

    def variable(self, expr: Expr, binder: Binder | None) -> PlainVariable | None:
        """The variable whose members the loops run over just as it is declared; None if not so."""
        if not isinstance(expr, Item) or binder is None:
            return None
        variable = next((item for item in self._variables if item.name == expr.base), None)
        if variable is None or variable.binder is None:
            return None
        own = variable.binder
        if len(own.targets) != len(expr.keys):
            return None
        names = dict(zip(own.targets, expr.keys, strict=True))
        if not all(isinstance(key, Name) for key in expr.keys):
            return None
        renamed = tuple(
            Loop(
                tuple(key.id for name in loop.targets if isinstance(key := names[name], Name)),
                substitute(loop.domain, names),
            )
            for loop in own.loops
        )
        where = None if own.where is None else substitute(own.where, names)
        last = binder.loops[-len(own.loops) :]
        return variable if (last, binder.where) == (renamed, where) else None

    @cached_property
    def _arrays(self) -> Declared | None:
        from r2c.model.arrays.columns import Declared  # it needs NumPy

        try:
            return Declared(self._instance, self._variables)
        except Unvectorised:
            return None

    def _ask(
        self, expr: Expr, binder: Binder | None, ask: Callable[[Declared, Form], T]
    ) -> T | None:
        if self._arrays is None:
            return None
        try:
            return ask(self._arrays, self._arrays.form(expr, binder))
        except Unvectorised:
            return None

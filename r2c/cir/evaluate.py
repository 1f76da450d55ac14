"""One evaluator of the algebra, for data, for points and for models under construction.

Expressions are compiled once to closures; what a decision stands for is up to the caller: floats
to check a point, linear forms to build a model, intervals to find bounds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from r2c.cir.closures.conditions import condition
from r2c.cir.closures.loops import binder_shape, combinations_of, loops
from r2c.cir.closures.numbers import UNDEFINED, number
from r2c.cir.closures.scope import Closure, Context, LoopVariable, NotRepresentable, Scope, Shape
from r2c.cir.expr import Binder, Compare, Expr
from r2c.cir.members import Key
from r2c.cir.schema import Element
from r2c.cir.write import write

if TYPE_CHECKING:
    from r2c.cir.instance import Instance

__all__ = ["Evaluator", "NotRepresentable", "evaluate", "members"]

V = TypeVar("V")


class Evaluator(Generic[V]):
    """Values of expressions over one instance.

    Args:
        instance: The model and its data.
        values: What decisions and outputs stand for, by symbol and key; `V` is float or any type
            with arithmetic; `r2c.cir.closures.scope.NumberLike` says what it may add.
        shapes: Names of the plain sets of index positions, for symbols in `values` that the CIR
            does not declare; they give lags such as `stock[t-1]` their set.
        bounds: Ranges of the symbols in `values`, with an attribute `upper`; they give `bound(e)`.

    `context` is what other evaluators of the same symbols start from.
    """

    def __init__(
        self,
        instance: Instance,
        values: Mapping[str, Mapping[Key, V]] | None = None,
        *,
        shapes: Mapping[str, tuple[str | None, ...]] | None = None,
        bounds: Mapping[str, Mapping[Key, Any]] | None = None,
    ) -> None:
        definitions = {item.name: item for item in instance.cir.definitions}
        self.context = Context(instance, values or {}, {}, definitions, bounds)
        self.context.shapes = _Shapes(self.context, shapes or {})

    def value(self, expr: Expr, binding: Mapping[str, Element] | None = None) -> V:
        """The value of one expression, its free loop variables taken from `binding`.

        Raises:
            CIRError: R2C-C225 to R2C-C239.
            NotRepresentable: if `V` cannot represent the value.
        """
        scope, frame = self._bound(binding)
        compute = number(self.context, expr, scope)
        value: V = _finite(compute, expr)(self._grown(frame))
        return value

    def holds(self, test: Expr, binding: Mapping[str, Element] | None = None) -> bool:
        """Whether a condition on data holds.

        Raises:
            CIRError: R2C-C225 to R2C-C239.
        """
        scope, frame = self._bound(binding)
        return bool(condition(self.context, test, scope)(self._grown(frame)))

    def members(self, binder: Binder) -> Iterator[Key]:
        """The values of the binder's loop variables, in order.

        Raises:
            CIRError: R2C-C225 to R2C-C239.
        """
        for key, _ in self._each((), binder):
            yield key

    def each(self, expr: Expr, binder: Binder | None) -> Iterator[tuple[Key, V]]:
        """The value of an expression for every member of a binder (one, `()`, without binder).

        Raises:
            CIRError: R2C-C225 to R2C-C239.
            NotRepresentable: if `V` cannot represent a value.
        """
        for key, (value,) in self._each((expr,), binder):
            yield key, value

    def at(self, expr: Expr, binder: Binder | None, key: Key) -> V:
        """The value of an expression for one member of a binder; its condition is not looked at.

        Raises:
            CIRError: R2C-C225 to R2C-C239.
            NotRepresentable: if `V` cannot represent the value.
        """
        c = self.context
        scope = Scope({}) if binder is None else loops(c, binder, Scope({}))[1]
        compute = _finite(number(c, expr, scope), expr)
        frame = c.frame()
        rest = list(key)
        for name in () if binder is None else binder.targets:
            variable = scope.variables[name]
            part, rest = rest[: variable.dim], rest[variable.dim :]
            frame[variable.slot] = part[0] if variable.dim == 1 else tuple(part)
        value: V = compute(frame)
        return value

    def relations(
        self, relation: Compare, binder: Binder | None
    ) -> Iterator[tuple[Key, tuple[V, ...]]]:
        """The values of all sides of a relation for every member of a binder.

        Raises:
            CIRError: R2C-C225 to R2C-C239.
            NotRepresentable: if `V` cannot represent a value.
        """
        return self._each(relation.args, binder)

    def components(self, binder: Binder | None) -> tuple[str | None, ...]:
        """The plain set of each of the binder's loop variables, None where unknown."""
        if binder is None:
            return ()
        shape = binder_shape(self.context, binder)
        return tuple(None if part is None else part.name for part in shape)

    def combinations(self, binder: Binder, outer: Binder | None = None) -> float:
        """How many members a binder runs over at most, for one member of `outer`, unfiltered.

        Raises:
            CIRError: R2C-C225 to R2C-C238.
        """
        scope = Scope({})
        if outer is not None:
            _, scope = combinations_of(self.context, outer, scope)
        return combinations_of(self.context, binder, scope)[0]

    def _each(
        self, exprs: tuple[Expr, ...], binder: Binder | None
    ) -> Iterator[tuple[Key, tuple[Any, ...]]]:
        c = self.context
        scope = Scope({})
        if binder is None:
            computes = [_finite(number(c, expr, scope), expr) for expr in exprs]
            frame = c.frame()
            yield (), tuple([compute(frame) for compute in computes])
            return
        iterate, scope = loops(c, binder, scope)
        computes = [_finite(number(c, expr, scope), expr) for expr in exprs]
        targets = [scope.variables[name] for name in binder.targets]
        slots = [variable.slot for variable in targets]
        plain = all(variable.dim == 1 for variable in targets)
        frame = c.frame()
        for _ in iterate(frame):
            if plain:
                key: Key = tuple([frame[slot] for slot in slots])
            else:
                key = _flat(targets, frame)
            yield key, tuple([compute(frame) for compute in computes])

    def _bound(self, binding: Mapping[str, Element] | None) -> tuple[Scope, dict[int, Element]]:
        if not binding:
            return Scope({}), {}
        variables = {name: LoopVariable(self.context.slot(), None) for name in binding}
        return Scope(variables), {variables[name].slot: value for name, value in binding.items()}

    def _grown(self, values: Mapping[int, Element]) -> list[Any]:
        frame = self.context.frame()
        for slot, value in values.items():
            frame[slot] = value
        return frame


class _Shapes(Mapping[str, Shape]):
    """Index sets by symbol: what the caller says, else what the CIR declares, found on demand."""

    def __init__(self, c: Context, given: Mapping[str, tuple[str | None, ...]]) -> None:
        self._c = c
        self._known: dict[str, Shape | None] = {
            name: tuple(None if part is None else c.members(part) for part in parts)
            for name, parts in given.items()
        }
        cir = c.instance.cir
        self._decisions = {item.name: item for item in cir.decisions}
        self._outputs = {name: rule for rule in cir.rules for name in rule.outputs.values()}

    def __getitem__(self, name: str) -> Shape:
        if name not in self._known:
            self._known[name] = self._find(name)
        shape = self._known[name]
        if shape is None:
            raise KeyError(name)
        return shape

    def _find(self, name: str) -> Shape | None:
        if name in self._decisions:
            over = [self._c.members(item) for item in self._decisions[name].over]
            return tuple(part for m in over if m is not None for part in self._c.components(m))
        if name in self._outputs:
            binder = self._outputs[name].forall
            return () if binder is None else binder_shape(self._c, binder)
        return None

    def __iter__(self) -> Iterator[str]:
        return iter({**self._known, **self._decisions, **self._outputs})

    def __len__(self) -> int:
        return len({**self._known, **self._decisions, **self._outputs})


def _flat(targets: list[LoopVariable], frame: list[Any]) -> Key:
    key: list[Element] = []
    for variable in targets:
        value = frame[variable.slot]
        key.extend(value if variable.dim > 1 else (value,))
    return tuple(key)


def _finite(compute: Closure, expr: Expr) -> Closure:
    def finite(frame: list[Any]) -> Any:
        value = compute(frame)
        if isinstance(value, float) and not math.isfinite(value):
            raise UNDEFINED(expression=write(expr), problem=f"it is {value}")
        return value

    return finite


def evaluate(
    expr: Expr,
    instance: Instance,
    values: Mapping[str, Mapping[Key, V]] | None = None,
    binding: Mapping[str, Element] | None = None,
) -> V:
    """The value of one expression; use an `Evaluator` for several.

    Raises:
        CIRError: R2C-C225 to R2C-C239.
    """
    return Evaluator(instance, values).value(expr, binding)


def members(binder: Binder, instance: Instance) -> Iterator[Key]:
    """The members that a binder runs over, in order.

    Raises:
        CIRError: R2C-C225 to R2C-C239.
    """
    evaluator: Evaluator[float] = Evaluator(instance)
    return evaluator.members(binder)

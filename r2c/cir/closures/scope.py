"""What compiling an expression needs to know: symbols, loop variables, and who compiles what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from r2c.cir.expr import Binder, Expr
from r2c.cir.members import Key, Members
from r2c.cir.schema import Definition
from r2c.cir.write import write
from r2c.errors import CIRError, declare

if TYPE_CHECKING:
    from r2c.cir.instance import Instance

Frame = list[Any]
"""The values of all loop variables of one evaluation, by slot."""
Closure = Callable[[Frame], Any]

NOT_EVALUABLE = declare(
    "R2C-C225", CIRError,
    what="{construct!r} cannot be evaluated here.",
    why="{reason}.",
    remedy="Rewrite the expression, or use an archetype that offers this meaning.",
)  # fmt: skip
UNKNOWN_SYMBOL = declare(
    "R2C-C226", CIRError,
    what="{name!r} has no value here.",
    why="It is neither a loop variable in sight, nor data, nor a decision of this model.",
    remedy="Declare it, or use one of {known}.",
)  # fmt: skip
NEEDS_DECISION = declare(
    "R2C-C227", CIRError,
    what="The condition or index uses the decision {name!r}.",
    why="Which terms a model has must be known before it is solved.",
    remedy="Use data in conditions; express a choice by decisions through an if-then rule.",
)  # fmt: skip


class NotRepresentable(ArithmeticError):
    """A number-like cannot represent the result of an operation, `x*y*z` in a linear form, say.

    `operation` says what was tried; the evaluator adds the sub-expression as `term`.
    """

    def __init__(self, operation: str) -> None:
        super().__init__(operation)
        self.operation = operation
        self.term: Expr | None = None

    def __str__(self) -> str:
        return self.operation if self.term is None else f"{self.operation}: {write(self.term)}"


class NumberLike(Protocol):
    """What a value may offer besides arithmetic with itself and with floats."""

    @classmethod
    def total(cls, values: Iterable[Any]) -> Any:
        """The sum of values, floats among them."""

    @classmethod
    def extreme(cls, largest: bool, values: Sequence[Any]) -> Any:
        """The largest or smallest of values, floats among them."""


@dataclass(frozen=True, slots=True)
class LoopVariable:
    """A bound variable: its place in the frame and, if known, the set it runs over."""

    slot: int
    members: Members | None
    dim: int = 1


@dataclass(frozen=True, slots=True)
class Scope:
    """The loop variables in sight; `data_only` where decisions must not be used."""

    variables: Mapping[str, LoopVariable]
    data_only: bool = False

    def bind(self, variables: Mapping[str, LoopVariable]) -> Scope:
        """This scope with more loop variables."""
        return replace(self, variables={**self.variables, **variables})

    def for_data(self) -> Scope:
        """This scope for conditions and indices."""
        return replace(self, data_only=True)


Shape = tuple[Members | None, ...]
"""The plain set of each index position, None where unknown."""


@dataclass
class Context:
    """Everything known while expressions are compiled; the frame only ever grows."""

    instance: Instance
    values: Mapping[str, Mapping[Key, Any]]
    shapes: Mapping[str, Shape]
    definitions: Mapping[str, Definition]
    bounds: Mapping[str, Mapping[Key, Any]] | None
    slots: list[None] = field(default_factory=list)
    compiled: dict[str, Callable[[Key], Any]] = field(default_factory=dict)
    compiling: list[str] = field(default_factory=list)

    def slot(self) -> int:
        """A fresh place in the frame."""
        self.slots.append(None)
        return len(self.slots) - 1

    def frame(self) -> Frame:
        """An empty frame, large enough for everything compiled so far."""
        return [None] * len(self.slots)

    def members(self, name: str) -> Members | None:
        """The set of that name, if there is one."""
        return self.instance.sets.get(name)

    def components(self, members: Members) -> Shape:
        """The plain set of each position of a set's members."""
        if members.dim == 1:
            return (members,)
        names = members.components
        return tuple(None if name is None else self.members(name) for name in names)

    def with_bounds(self) -> Context:
        """This context with ranges in place of decision values; the frame stays the same one."""
        return replace(self, values=self.bounds or {}, bounds=None, compiled={}, compiling=[])

    def unknown(self, name: str) -> CIRError:
        """The fault about a symbol nobody knows."""
        known = {*self.instance.parameters, *self.values, *self.definitions}
        error = UNKNOWN_SYMBOL(name=name, known=sorted(known))
        assert isinstance(error, CIRError)
        return error


def refuse(expr: Expr | Binder, reason: str) -> CIRError:
    """The fault about a construct that has no value here."""
    shown = repr(expr) if isinstance(expr, Binder) else write(expr)
    error = NOT_EVALUABLE(construct=shown, reason=reason)
    assert isinstance(error, CIRError)
    return error

"""A CIR with other numbers in it: those it reads from tables come from the new tables."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from r2c.cir.expr import Binder, Compare, Each, Expr, Fold, Loop, Name, Num
from r2c.cir.expr import Item as IndexedSymbol
from r2c.cir.schema import (
    CIR,
    Decision,
    DenseValues,
    ExprValues,
    Nested,
    Objective,
    Parameter,
    Rule,
    SparseValues,
)
from r2c.formulation import Outcome
from r2c.model.rename import map_children
from r2c.problem.read import read_problem
from r2c.problem.schema import Problem
from r2c.solve.limits import Limits
from r2c.verdict.answer import asolve
from r2c_benchmarks.items import Item, OtherNumbers, data_files
from r2c_benchmarks.method import Means
from r2c_benchmarks.renumber.number_map import NumberMap


def renumbered_model(cir: CIR, numbers: NumberMap) -> CIR:
    """The CIR with each told number that it writes down replaced; sets stay as they are.

    Raises:
        Unclear: a number of it cannot be followed.
    """
    return _Replace(numbers).model(cir)


@dataclass(frozen=True)
class Model:
    """A CIR as a formulation; `seconds` is what a solve may take."""

    cir: CIR
    seconds: float

    async def again(self, item: Item, other: OtherNumbers, means: Means) -> float | None:
        """See `r2c_benchmarks.method.Formulated`."""
        cir = renumbered_model(self.cir, NumberMap(item.numbers, other.numbers))
        told = item.model_copy(update={"tables": other.tables})
        with tempfile.TemporaryDirectory(prefix="r2c-again-") as folder:
            problem = read_problem(other.problem, data_files(told, Path(folder)))
        # Only the tables are needed; without the words nothing is judged.
        bare = Problem(text="", tables=problem.tables)
        answer = await asolve(cir, problem=bare, limits=Limits(seconds=self.seconds))
        return answer.objective if answer.outcome is Outcome.OPTIMAL else None


class _Replace:
    def __init__(self, numbers: NumberMap) -> None:
        self._numbers = numbers

    def model(self, cir: CIR) -> CIR:
        return cir.model_copy(
            update={
                "parameters": tuple(map(self._parameter, cir.parameters)),
                "definitions": tuple(
                    item.model_copy(
                        update={"expr": self._expr(item.expr), "forall": self._loops(item.forall)}
                    )
                    for item in cir.definitions
                ),
                "decisions": tuple(map(self._decision, cir.decisions)),
                "rules": tuple(map(self._rule, cir.rules)),
                "objectives": tuple(map(self._objective, cir.objectives)),
            }
        )

    def _parameter(self, item: Parameter) -> Parameter:
        value = item.value
        match value:
            case DenseValues(values=values):
                value = DenseValues(values=tuple(map(self._nested, values)))
            case SparseValues(entries=entries):
                value = SparseValues(
                    entries=tuple(
                        one.model_copy(update={"value": self._numbers(one.value)})
                        for one in entries
                    )
                )
            case ExprValues(expr=expr):
                value = value.model_copy(update={"expr": self._expr(expr)})
            case float() | int():
                value = self._numbers(float(value))
        default = None if item.default is None else self._numbers(item.default)
        return item.model_copy(update={"value": value, "default": default, "literals": ()})

    def _nested(self, value: Nested) -> Nested:
        if isinstance(value, tuple):
            return tuple(map(self._nested, value))
        return self._numbers(float(value))

    def _decision(self, item: Decision) -> Decision:
        bounds = {
            name: None if expr is None else self._expr(expr)
            for name, expr in (("lower", item.lower), ("upper", item.upper), ("where", item.where))
        }
        return item.model_copy(update={**bounds, "literals": ()})

    def _rule(self, item: Rule) -> Rule:
        soft = item.soft
        if soft is not None:
            soft = soft.model_copy(update={"price": self._expr(soft.price)})
        operands = {role: self._expr(expr) for role, expr in item.operands.items()}
        return item.model_copy(
            update={
                "forall": self._loops(item.forall),
                "operands": operands,
                "soft": soft,
                "literals": (),
            }
        )

    def _objective(self, item: Objective) -> Objective:
        weight = item.weight if item.weight == 1 else self._numbers(item.weight)
        return item.model_copy(
            update={"expr": self._expr(item.expr), "weight": weight, "literals": ()}
        )

    def _loops(self, binder: Binder | None) -> Binder | None:
        return None if binder is None else self._binder(binder)

    def _binder(self, binder: Binder) -> Binder:
        loops = tuple(Loop(loop.targets, self._expr(loop.domain)) for loop in binder.loops)
        where = None if binder.where is None else self._expr(binder.where)
        return Binder(loops, where)

    def _expr(self, expr: Expr) -> Expr:
        match expr:
            case Num(value):
                return Num(self._numbers(value))
            case IndexedSymbol():
                return expr  # its keys are members and lags
            case Compare(ops, args) if set(ops) <= {"==", "!=", "in", "not in"} and any(
                isinstance(arg, Name) for arg in args
            ):
                return expr  # members that a loop variable is held against
            case Fold(op, body, binder):
                return Fold(op, self._expr(body), self._binder(binder))
            case Each(body, binder):
                return Each(self._expr(body), self._binder(binder))
            case _:
                return map_children(expr, self._expr)

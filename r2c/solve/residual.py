"""A point checked in the algebra itself, by our own evaluator: neither Pyomo nor HiGHS is asked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from r2c.cir.evaluate import Evaluator
from r2c.cir.instance import Instance
from r2c.cir.members import Key
from r2c.cir.write import write
from r2c.model.plain import PlainModel, PlainRow, PlainVariable

TOLERANCE = 1e-6
"""Violations up to this, in proportion to the sizes compared, are rounding."""

Point = Mapping[str, Mapping[Key, float]]
"""Values of decisions and outputs by symbol and key."""


@dataclass(frozen=True)
class Residual:
    """One thing checked: violated by `amount` in its own unit, by `scaled` in proportion."""

    kind: str
    owner: str
    key: Key
    amount: float
    scaled: float
    text: str


@dataclass(frozen=True)
class Residuals:
    """The result of the check; `worst` is the largest scaled violation, violated or not."""

    worst: float
    violations: tuple[Residual, ...]
    objectives: tuple[float, ...]
    checked: int

    @property
    def passed(self) -> bool:
        """Whether the point satisfies everything."""
        return not self.violations


def residuals(
    plain: PlainModel, instance: Instance, point: Point, tolerance: float = TOLERANCE
) -> Residuals:
    """Evaluate every row, bound, domain and objective at a point.

    Where a decision has no value, only that is reported: nothing else can be computed.

    Raises:
        CIRError: R2C-C225 to R2C-C239 if an expression cannot be evaluated.
    """
    data: Evaluator[float] = Evaluator(instance)
    shapes = {item.name: data.components(item.binder) for item in plain.variables}
    at: Evaluator[float] = Evaluator(instance, point, shapes=shapes)
    found = [
        residual
        for variable in plain.variables
        for residual in _variable(variable, data, point.get(variable.name, {}))
    ]
    values: tuple[float, ...] = ()
    if all(math.isfinite(residual.amount) for residual in found):
        found.extend(residual for row in plain.rows for residual in _row(row, at))
        ordered = sorted(plain.objectives, key=lambda item: item.tier)
        values = tuple(float(at.value(item.expr)) for item in ordered)
    violations = [residual for residual in found if not residual.scaled <= tolerance]
    violations.sort(key=lambda item: -item.scaled)
    worst = max((residual.scaled for residual in found), default=0.0)
    return Residuals(worst, tuple(violations), values, len(found))


def _row(row: PlainRow, at: Evaluator[float]) -> Iterator[Residual]:
    text = write(row.relation)
    for key, sides in at.relations(row.relation, row.binder):
        for op, (left, right) in zip(row.relation.ops, pairwise(sides), strict=True):
            off = left - right
            amount = {"<=": off, ">=": -off}.get(op, abs(off))
            scale = max(1.0, abs(left), abs(right))
            said = f"{text}: {left:g} {op} {right:g}" if not amount <= 0 else ""
            yield _residual("row", row.rule, key, amount, scale, said)


def _variable(
    variable: PlainVariable, data: Evaluator[float], values: Mapping[Key, float]
) -> Iterator[Residual]:
    lowers = _ends(variable, "lower", data)
    uppers = _ends(variable, "upper", data)
    for key in [()] if variable.binder is None else data.members(variable.binder):
        value = values.get(key, math.nan)
        low, high = lowers.get(key, -math.inf), uppers.get(key, math.inf)
        if variable.domain == "binary":
            low, high = max(low, 0.0), min(high, 1.0)
        for amount, end, op in ((low - value, low, ">="), (value - high, high, "<=")):
            if math.isfinite(end):
                scale = max(1.0, abs(end))
                text = f"{variable.name} = {value:g} {op} {end:g}" if not amount <= 0 else ""
                yield _residual("bound", variable.name, key, amount, scale, text)
        if variable.domain != "continuous":
            amount = abs(value - round(value)) if math.isfinite(value) else math.nan
            text = f"{variable.name} = {value:g} is whole"
            yield _residual("integrality", variable.name, key, amount, 1.0, text)
        elif not math.isfinite(value):
            yield _residual("value", variable.name, key, math.nan, 1.0, "it has no value")


def _ends(variable: PlainVariable, which: str, data: Evaluator[float]) -> dict[Key, float]:
    expr = variable.lower if which == "lower" else variable.upper
    return {} if expr is None else dict(data.each(expr, variable.binder))


def _residual(kind: str, owner: str, key: Key, amount: float, scale: float, text: str) -> Residual:
    # A value that is not a number violates everything.
    amount = math.inf if math.isnan(amount) else max(0.0, amount)
    return Residual(kind, owner, key, amount, amount / scale, text)

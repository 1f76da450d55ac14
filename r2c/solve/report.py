"""An answer told in the model's own symbols: values by key, rows by rule, duals, bound and gap."""

from __future__ import annotations

import math

from r2c.archetypes.load import standard_library
from r2c.cir.evaluate import Evaluator
from r2c.cir.instance import Instance
from r2c.cir.members import Key
from r2c.errors import Fault, R2CError
from r2c.formulation import Outcome, RowReport, Solution, Value
from r2c.model.model_map import ModelMap
from r2c.solve.compiled import Compiled
from r2c.solve.data_sign import DataSigns
from r2c.solve.matrix import Floats
from r2c.solve.residual import Residuals, residuals
from r2c.solve.settle import SUSPECT
from r2c.solve.tiers import TieredAnswer
from r2c.solve.worth import worth

LISTED = 20_000
"""Rows reported at most; larger models have their rows in the exported files."""


def told(
    model: Compiled, instance: Instance, tiered: TieredAnswer, outcome: Outcome,
    fault: Fault | None,
) -> Solution:  # fmt: skip
    """The solution record for an answer; its point is checked in the algebra on the way."""
    answer, matrix = tiered.settled.answer, model.matrix
    notes = list(tiered.settled.notes)
    solver = f"HiGHS {answer.version}" if answer.version else "HiGHS"
    if answer.point is None:
        return Solution(outcome=outcome, fault=fault, notes=tuple(notes), solver=solver)
    point = answer.point + 0.0
    empty: dict[str, dict[Key, float]] = {variable.name: {} for variable in model.plain.variables}
    values = empty | point_by_symbol(model.map, point)
    check = residuals(model.plain, instance, values)
    notes.extend(_doubts(check))
    single = len(matrix.goals) <= 1
    linear = single and not matrix.integer.any()
    duals = answer.row_dual if linear and outcome is Outcome.OPTIMAL else None
    reduced = answer.col_dual if linear and outcome is Outcome.OPTIMAL else None
    tiers, costs = worth(model.plain, instance, values, check.objectives, standard_library())
    objective = tiers[0].value if tiers else None
    bound = answer.bound if single else None
    if outcome is Outcome.OPTIMAL and single and not matrix.integer.any():
        bound = objective
    return Solution(
        outcome=outcome,
        objective=objective,
        bound=bound,
        gap=_gap(objective, bound),
        tiers=tiers,
        costs=costs,
        values=_listed({**values, **_definitions(instance, values, notes)}),
        rows=_rows(model, point, duals),
        reduced_costs={} if reduced is None else _listed(point_by_symbol(model.map, reduced + 0.0)),
        solver=solver,
        fault=fault,
        notes=tuple(notes),
    )


def point_by_symbol(model_map: ModelMap, point: Floats) -> dict[str, dict[Key, float]]:
    """Column values by symbol and key."""
    found: dict[str, dict[Key, float]] = {}
    for entry, value in zip(model_map.variables, point.tolist(), strict=True):
        found.setdefault(entry.symbol, {})[entry.key] = value
    return found


def _listed(values: dict[str, dict[Key, float]]) -> dict[str, tuple[Value, ...]]:
    return {
        name: tuple(Value(key=key, value=value) for key, value in entries.items())
        for name, entries in values.items()
    }


def _definitions(
    instance: Instance, values: dict[str, dict[Key, float]], notes: list[str]
) -> dict[str, dict[Key, float]]:
    at: Evaluator[float] = Evaluator(instance, values)
    found: dict[str, dict[Key, float]] = {}
    for item in instance.cir.definitions:
        try:
            found[item.name] = {key: float(value) for key, value in at.each(item.expr, item.forall)}
        except R2CError as error:
            notes.append(f"The definition {item.name!r} has no value: {error.fault.what}")
    return found


def _rows(model: Compiled, point: Floats, duals: Floats | None) -> tuple[RowReport, ...]:
    matrix = model.matrix
    activities = matrix.activities(point)
    listed = model.map.rows[:LISTED]
    signs = DataSigns(model.plain)
    return tuple(
        RowReport(
            rule=entry.rule,
            row=entry.name,
            key=entry.key,
            activity=float(activities[i]),
            lower=_end(matrix.row_lower[i]),
            upper=_end(matrix.row_upper[i]),
            dual=None if duals is None else float(duals[i] + 0.0),
            data_sign=signs.of(entry.row, entry.part),
        )
        for i, entry in enumerate(listed)
    )


def _end(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _gap(objective: float | None, bound: float | None) -> float | None:
    if objective is None or bound is None:
        return None
    return abs(objective - bound) / max(abs(objective), 1e-10) if objective != bound else 0.0


def _doubts(check: Residuals) -> list[str]:
    if check.passed:
        return []
    worst = check.violations[0]
    where = f" at {list(worst.key)}" if worst.key else ""
    return [
        f"{SUSPECT}of {check.checked} checks in the algebra, {len(check.violations)} failed; the "
        f"worst is {worst.owner!r}{where}: {worst.text} (off by {worst.amount:.2g})."
    ]

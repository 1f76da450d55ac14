"""A plain model as text, one line an item: for snapshots, diffs and curious planners."""

from __future__ import annotations

from collections.abc import Iterator

from r2c.cir.expr import Binder
from r2c.cir.write import number, write, write_binder
from r2c.model.plain import PlainModel, PlainVariable


def plain_text(model: PlainModel) -> str:
    """Objectives, rows and variables in the syntax of the algebra."""
    return "".join(f"{line}\n" for line in _lines(model))


def _lines(model: PlainModel) -> Iterator[str]:
    for objective in model.objectives:
        tier = f" (tier {number(objective.tier)})" if objective.tier else ""
        yield f"{objective.sense} {write(objective.expr)}{tier}"
    for row in model.rows:
        yield f"row {row.name}: {write(row.relation)}{_loops(row.binder)}"
    for variable in model.variables:
        yield f"var {variable.name}: {_domain(variable)}{_loops(variable.binder)}"


def _domain(variable: PlainVariable) -> str:
    lower = "" if variable.lower is None else f" from {write(variable.lower)}"
    upper = "" if variable.upper is None else f" to {write(variable.upper)}"
    return f"{variable.domain}{lower}{upper}"


def _loops(binder: Binder | None) -> str:
    return "" if binder is None else f" {write_binder(binder)}"

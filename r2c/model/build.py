"""Plain model and instance to a Pyomo model with its map home.

Pyomo is imported when a model is built, not before: reading, checking and explaining a CIR do not
need it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from r2c.cir.instance import Instance
from r2c.cir.members import Key
from r2c.model.convexity import require_convex
from r2c.model.model_map import ModelMap
from r2c.model.plain import PlainModel
from r2c.model.quadratic import Quadratic
from r2c.model.scalar import ScalarModel, scalar_model
from r2c.model.size import SizeLimits, estimate

if TYPE_CHECKING:
    from pyomo.environ import ConcreteModel


@dataclass(frozen=True)
class Built:
    """A Pyomo model, the map home, and its scalar parts in the map's order.

    `variables[j]` and `rows[i]` are the Pyomo variables and constraints of `map.variables[j]` and
    `map.rows[i]`; `objectives` holds one Pyomo objective per tier, only the first active.
    """

    plain: PlainModel
    model: ConcreteModel
    map: ModelMap
    variables: tuple[Any, ...]
    rows: tuple[Any, ...]
    objectives: tuple[Any, ...]


def build(plain: PlainModel, instance: Instance, limits: SizeLimits | None = None) -> Built:
    """Build the Pyomo model of a plain model on an instance.

    Components carry the names of symbols and plain rows, indexed by their keys.

    Raises:
        R2CError: R2C-M001 (too large), R2C-M002 to R2C-M009 (not a model HiGHS can solve),
            R2C-C214 (data faults), R2C-C225 to R2C-C239 (an expression without value).
    """
    instance.require()
    estimate(plain, instance).check(limits or SizeLimits())
    scalar = scalar_model(plain, instance)
    require_convex(plain, scalar.objectives, lambda: scalar.variable_entries)

    import pyomo.environ as pyo

    model = pyo.ConcreteModel(name=plain.cir.title or "model")
    variables = _variables(model, plain, scalar)
    rows = _rows(model, scalar, variables)
    objectives = []
    ordered = sorted(plain.objectives, key=lambda item: item.tier)
    for place, (objective, form) in enumerate(zip(ordered, scalar.objectives, strict=True)):
        component = pyo.Objective(
            expr=_expression(form, variables),
            sense=pyo.minimize if objective.sense == "min" else pyo.maximize,
        )
        model.add_component(
            _free(model, "objective" if not place else f"objective_{place}"), component
        )
        if place:
            component.deactivate()
        objectives.append(component)
    return Built(plain, model, scalar.map(), variables, rows, tuple(objectives))


def _variables(model: ConcreteModel, plain: PlainModel, scalar: ScalarModel) -> tuple[Any, ...]:
    import pyomo.environ as pyo

    domains = {"continuous": pyo.Reals, "integer": pyo.Integers, "binary": pyo.Binary}
    components: dict[str, Any] = {}
    for variable in plain.variables:
        domain = domains[variable.domain]
        scalar_only = variable.binder is None
        component = (
            pyo.Var(domain=domain) if scalar_only else pyo.Var(pyo.Any, domain=domain, dense=False)
        )
        model.add_component(_free(model, variable.name), component)
        components[variable.name] = component
    found = []
    for entry, lower, upper in zip(
        scalar.variable_entries, scalar.lower, scalar.upper, strict=True
    ):
        component = components[entry.symbol]
        data = component if component.dim() == 0 else component.add(_index(entry.key))
        data.setlb(lower if lower > -math.inf else None)
        data.setub(upper if upper < math.inf else None)
        found.append(data)
    return tuple(found)


def _rows(model: ConcreteModel, scalar: ScalarModel, variables: tuple[Any, ...]) -> tuple[Any, ...]:
    import pyomo.environ as pyo

    components: dict[tuple[str, int], Any] = {}
    found = []
    for entry, row in zip(scalar.row_entries, scalar.rows, strict=True):
        place = (entry.row, entry.part)
        body = _linear(row.linear.items(), variables)
        ends = (
            row.lower if row.lower > -math.inf else None,
            row.upper if row.upper < math.inf else None,
        )
        expression = (body, ends[0]) if ends[0] == ends[1] else (ends[0], body, ends[1])
        if place not in components:
            name = entry.row if not entry.part else f"{entry.row}_{entry.part + 1}"
            component = (
                pyo.Constraint(expr=expression) if not entry.key else pyo.Constraint(pyo.Any)
            )
            model.add_component(_free(model, name), component)
            components[place] = component
        component = components[place]
        found.append(component.add(_index(entry.key), expression) if entry.key else component)
    return tuple(found)


def _index(key: Key) -> Any:
    return key[0] if len(key) == 1 else key


def _free(model: ConcreteModel, name: str) -> str:
    """The name, or one like it that is no attribute of the model yet."""
    while hasattr(model, name):
        name += "_"
    return name


def _linear(
    items: Iterable[tuple[int, float]], variables: tuple[Any, ...], constant: float = 0.0
) -> Any:
    from pyomo.core.expr.numeric_expr import LinearExpression

    pairs = [(variables[column], factor) for column, factor in items if factor]
    return LinearExpression(
        constant=constant,
        linear_coefs=[factor for _, factor in pairs],
        linear_vars=[variable for variable, _ in pairs],
    )


def _expression(form: Quadratic, variables: tuple[Any, ...]) -> Any:
    linear = _linear(form.linear.items(), variables, form.constant)
    if not form.square:
        return linear
    squares = [
        factor * variables[i] * variables[j] if i != j else factor * variables[i] ** 2
        for (i, j), factor in form.square.items()
        if factor
    ]
    return sum(squares, linear)

"""Goods from every plant to every market: two entries a variable, in long rows."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from r2c_benchmarks.perf.models import Arrays, Flat

CIR = """cir 1
sets
  Plants = table plants ["plant"]
  Markets = table markets ["market"]
parameters
  has[Plants] = table plants ["plant"] value has
  wants[Markets] = table markets ["market"] value wants
  cost[Plants, Markets] = table costs ["plant", "market"] value cost
decisions
  ship[Plants, Markets] continuous
rules
  deliveries: supply_demand_transport
    flow = ship
    origins = Plants
    destinations = Markets
    supply = has
    demand = wants
objectives
  min sum(cost[p, m]*ship[p, m] for p in Plants for m in Markets)
"""


def data(variables: int, seed: int) -> Arrays:
    """Supplies, demands and costs, as many plants as markets."""
    random = np.random.default_rng(seed)
    count = max(2, round(math.sqrt(variables)))
    wants = random.integers(20, 100, count).astype(np.float64)
    return {
        "Plants": np.arange(1, count + 1),
        "Markets": np.arange(1, count + 1),
        "has": np.full(count, np.ceil(1.2 * wants.sum() / count)),
        "wants": wants,
        "cost": random.integers(10, 1000, (count, count)) / 10,
    }


def in_pyomo(data: Arrays) -> Any:
    """As in Pyomo's own examples: rules over sets, data looked up in lists."""
    import pyomo.environ as pyo

    has, wants, cost = (data[name].tolist() for name in ("has", "wants", "cost"))
    model = pyo.ConcreteModel()
    model.Plants, model.Markets = pyo.RangeSet(0, len(has) - 1), pyo.RangeSet(0, len(wants) - 1)
    model.ship = pyo.Var(model.Plants, model.Markets, bounds=(0, None))

    @model.Constraint(model.Plants)  # type: ignore[untyped-decorator]
    def supply(model: Any, p: int) -> Any:
        return sum(model.ship[p, m] for m in model.Markets) <= has[p]

    @model.Constraint(model.Markets)  # type: ignore[untyped-decorator]
    def demand(model: Any, m: int) -> Any:
        return sum(model.ship[p, m] for p in model.Plants) >= wants[m]

    @model.Objective()  # type: ignore[untyped-decorator]
    def total(model: Any) -> Any:
        return sum(cost[p][m] * model.ship[p, m] for p in model.Plants for m in model.Markets)

    return model


def in_linopy(data: Arrays) -> Any:
    """By labelled arrays."""
    import linopy
    import xarray as xr

    plants, markets = (("plant", data["Plants"]), ("market", data["Markets"]))
    model = linopy.Model()
    ship = model.add_variables(lower=0, coords=[plants, markets], name="ship")
    has, wants = xr.DataArray(data["has"], [plants]), xr.DataArray(data["wants"], [markets])
    model.add_constraints(ship.sum("market") <= has, name="supply")
    model.add_constraints(ship.sum("plant") >= wants, name="demand")
    model.add_objective((xr.DataArray(data["cost"], [plants, markets]) * ship).sum())
    return model


def for_highs(data: Arrays) -> Flat:
    """The supply rows hold the variables in order, the demand rows hold every so manieth."""
    plants, markets = data["cost"].shape
    size = plants * markets
    number = np.arange(size, dtype=np.int32)
    indices = np.concatenate([number, number.reshape(plants, markets).T.ravel()])
    counts = np.concatenate([[0], np.full(plants, markets), np.full(markets, plants)])
    starts = np.cumsum(counts, dtype=np.int32)
    return Flat(
        cost=data["cost"].ravel(),
        lower=np.zeros(size),
        upper=np.full(size, np.inf),
        row_lower=np.concatenate([np.full(plants, -np.inf), data["wants"]]),
        row_upper=np.concatenate([data["has"], np.full(markets, np.inf)]),
        starts=starts,
        indices=indices,
        values=np.ones(2 * size),
    )

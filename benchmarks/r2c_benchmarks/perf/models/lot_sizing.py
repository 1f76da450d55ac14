"""Lot sizing over many periods: stock balances, set-ups that open a period, a shared capacity."""

from __future__ import annotations

from typing import Any

import numpy as np

from r2c_benchmarks.perf.models import Arrays, Flat

PERIODS = 50

CIR = """cir 1
sets
  Items = table items ["item"]
  Periods time = table periods ["period"]
parameters
  hours[Periods] = table periods ["period"] value hours
  effort[Items] = table items ["item"] value effort
  wanted[Items, Periods] = table orders ["item", "period"] value wanted
  most[Items, Periods] = table orders ["item", "period"] value most
  hold[Items] = table items ["item"] value hold
  start[Items] = table items ["item"] value start
decisions
  make[Items, Periods] continuous
  stock[Items, Periods] continuous
  ready[Items, Periods] binary
rules
  balance: inventory_balance
    each: for i in Items
    stock = [stock[i, t] for t in Periods]
    inflow = [make[i, t] for t in Periods]
    outflow = [wanted[i, t] for t in Periods]
    periods = Periods
  set_up: linear
    each: for i in Items for t in Periods
    relation = make[i, t] <= most[i, t]*ready[i, t]
  capacity: capacity_limit
    each: for t in Periods
    use = sum(effort[i]*make[i, t] for i in Items)
    limit = hours[t]
objectives
  min sum(hold[i]*stock[i, t] + start[i]*ready[i, t] for i in Items for t in Periods)
"""


def data(variables: int, seed: int) -> Arrays:
    """Orders of many items over fifty periods."""
    random = np.random.default_rng(seed)
    items = max(1, round(variables / (3 * PERIODS)))
    wanted = random.integers(0, 50, (items, PERIODS)).astype(np.float64)
    effort = random.integers(1, 20, items) / 4
    later = np.cumsum(wanted[:, ::-1], axis=1)[:, ::-1]
    return {
        "Items": np.arange(1, items + 1),
        "Periods": np.arange(1, PERIODS + 1),
        "hours": np.full(PERIODS, np.ceil(2.0 * float((effort[:, None] * wanted).max(1).sum()))),
        "effort": effort,
        "wanted": wanted,
        "most": np.minimum(later, 200.0) + 1.0,
        "hold": random.integers(1, 9, items) / 2,
        "start": random.integers(20, 200, items).astype(np.float64),
    }


def in_pyomo(data: Arrays) -> Any:
    """As in Pyomo's own examples: rules over sets, data looked up in lists."""
    import pyomo.environ as pyo

    given = {name: array.tolist() for name, array in data.items()}
    hours, effort, wanted, most = (given[n] for n in ("hours", "effort", "wanted", "most"))
    hold, start = given["hold"], given["start"]
    model = pyo.ConcreteModel()
    model.Items, model.Periods = pyo.RangeSet(0, len(wanted) - 1), pyo.RangeSet(0, PERIODS - 1)
    model.make = pyo.Var(model.Items, model.Periods, bounds=(0, None))
    model.stock = pyo.Var(model.Items, model.Periods, bounds=(0, None))
    model.ready = pyo.Var(model.Items, model.Periods, domain=pyo.Binary)

    @model.Constraint(model.Items, model.Periods)  # type: ignore[untyped-decorator]
    def balance(model: Any, i: int, t: int) -> Any:
        before = model.stock[i, t - 1] if t else 0.0
        return model.stock[i, t] - before - model.make[i, t] == -wanted[i][t]

    @model.Constraint(model.Items, model.Periods)  # type: ignore[untyped-decorator]
    def set_up(model: Any, i: int, t: int) -> Any:
        return model.make[i, t] - most[i][t] * model.ready[i, t] <= 0

    @model.Constraint(model.Periods)  # type: ignore[untyped-decorator]
    def capacity(model: Any, t: int) -> Any:
        return sum(effort[i] * model.make[i, t] for i in model.Items) <= hours[t]

    @model.Objective()  # type: ignore[untyped-decorator]
    def total(model: Any) -> Any:
        return sum(
            hold[i] * model.stock[i, t] + start[i] * model.ready[i, t]
            for i in model.Items
            for t in model.Periods
        )

    return model


def in_linopy(data: Arrays) -> Any:
    """By labelled arrays; the stock before a period is a shifted array, with nothing at first."""
    import linopy
    import xarray as xr

    items, periods = ("item", data["Items"]), ("period", data["Periods"])
    wanted, most = (xr.DataArray(data[name], [items, periods]) for name in ("wanted", "most"))
    effort, hold, start = (xr.DataArray(data[n], [items]) for n in ("effort", "hold", "start"))
    model = linopy.Model()
    make = model.add_variables(lower=0, coords=[items, periods], name="make")
    stock = model.add_variables(lower=0, coords=[items, periods], name="stock")
    ready = model.add_variables(binary=True, coords=[items, periods], name="ready")
    before = stock.shift(period=1).fillna(0)
    model.add_constraints(stock - before - make == -wanted, name="balance")
    model.add_constraints(make - most * ready <= 0, name="set_up")
    hours = xr.DataArray(data["hours"], [periods])
    model.add_constraints((effort * make).sum("item") <= hours, name="capacity")
    model.add_objective((hold * stock + start * ready).sum())
    return model


def for_highs(data: Arrays) -> Flat:
    """Each variable has three entries at most, so the matrix is written by columns."""
    items, size = len(data["Items"]), len(data["Items"]) * PERIODS
    number = np.arange(size, dtype=np.int32).reshape(items, PERIODS)
    period = np.broadcast_to(np.arange(PERIODS, dtype=np.int32), number.shape)
    # make: its balance, its set-up, the capacity of its period
    made = np.stack([number, number + size, period + 2 * size], axis=2).ravel()
    made_values = np.stack(
        [
            np.full(number.shape, -1.0),
            np.ones(number.shape),
            np.broadcast_to(data["effort"][:, None], number.shape),
        ],
        axis=2,
    ).ravel()
    # stock: its balance and, but for the last period, that of the next one
    kept = np.stack([number, number + 1], axis=2)
    goes_on = np.ones(kept.shape, np.bool_)
    goes_on[:, -1, 1] = False
    kept_values = np.broadcast_to(np.array([1.0, -1.0]), kept.shape)
    counts = [np.full(size, 3), goes_on.sum(axis=2).ravel(), np.ones(size, np.int64)]
    wanted = data["wanted"].ravel()
    return Flat(
        cost=np.concatenate(
            [np.zeros(size), np.repeat(data["hold"], PERIODS), np.repeat(data["start"], PERIODS)]
        ),
        lower=np.zeros(3 * size),
        upper=np.repeat([np.inf, 1.0], [2 * size, size]),
        row_lower=np.concatenate([-wanted, np.full(size + PERIODS, -np.inf)]),
        row_upper=np.concatenate([-wanted, np.zeros(size), data["hours"]]),
        starts=np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.int32),
        indices=np.concatenate([made, kept[goes_on], number.ravel() + size]),
        values=np.concatenate([made_values, kept_values[goes_on], -data["most"].ravel()]),
        by_column=True,
        whole=np.repeat(np.array([0, 1], np.int32), [2 * size, size]),
    )

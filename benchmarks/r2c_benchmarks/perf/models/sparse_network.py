"""Flow through a sparse network: two entries a variable, short rows, a set of pairs."""

from __future__ import annotations

from typing import Any

import numpy as np

from r2c_benchmarks.perf.models import Arrays, Flat

DEGREE = 8
"""Arcs that leave a node, on average."""

CIR = """cir 1
sets
  Nodes = table nodes ["node"]
  Arcs dim 2 within Nodes, Nodes = table arcs ["from", "to"]
parameters
  supply[Nodes] = table nodes ["node"] value supply
  capacity[Arcs] = table arcs ["from", "to"] value capacity
  cost[Arcs] = table arcs ["from", "to"] value cost
decisions
  flow[Arcs] continuous
    upper: capacity[i1, i2]
rules
  conserved: flow_conservation
    each: for n in Nodes
    inflow = sum(flow[i, j] for (i, j) in Arcs if j == n)
    outflow = sum(flow[i, j] for (i, j) in Arcs if i == n)
    supply = supply[n]
objectives
  min sum(cost[i, j]*flow[i, j] for (i, j) in Arcs)
"""


def data(variables: int, seed: int) -> Arrays:
    """Random arcs between different nodes, none twice, in order of where they leave."""
    random = np.random.default_rng(seed)
    nodes = max(4, round(variables / DEGREE))
    wanted = min(variables, nodes * (nodes - 1))
    drawn = np.unique(random.integers(0, nodes * (nodes - 1), wanted + wanted // 8))
    drawn = np.sort(random.permutation(drawn)[:wanted])
    tail, step = drawn // (nodes - 1), drawn % (nodes - 1)
    arcs = np.stack([tail, (tail + 1 + step) % nodes], axis=1)
    supply = random.integers(-20, 20, nodes).astype(np.float64)
    supply[-1] -= supply.sum()
    return {
        "Nodes": np.arange(1, nodes + 1),
        "Arcs": arcs,
        "supply": supply,
        "capacity": random.integers(10, 100, len(arcs)).astype(np.float64),
        "cost": random.integers(1, 100, len(arcs)) / 4,
    }


def in_pyomo(data: Arrays) -> Any:
    """As in Pyomo's own examples; the arcs of each node are gathered once."""
    import pyomo.environ as pyo

    arcs = list(map(tuple, data["Arcs"].tolist()))
    supply, capacity, cost = (data[n].tolist() for n in ("supply", "capacity", "cost"))
    into: list[list[tuple[int, ...]]] = [[] for _ in supply]
    out: list[list[tuple[int, ...]]] = [[] for _ in supply]
    for arc in arcs:
        out[arc[0]].append(arc)
        into[arc[1]].append(arc)
    limit = dict(zip(arcs, capacity, strict=True))
    model = pyo.ConcreteModel()
    model.Nodes, model.Arcs = pyo.RangeSet(0, len(supply) - 1), pyo.Set(dimen=2, initialize=arcs)
    model.flow = pyo.Var(model.Arcs, bounds=lambda _, i, j: (0, limit[i, j]))

    @model.Constraint(model.Nodes)  # type: ignore[untyped-decorator]
    def conserved(model: Any, n: int) -> Any:
        inflow = sum(model.flow[arc] for arc in into[n])
        return inflow - sum(model.flow[arc] for arc in out[n]) == -supply[n]

    model.total = pyo.Objective(
        expr=sum(price * model.flow[arc] for arc, price in zip(arcs, cost, strict=True))
    )
    return model


def in_linopy(data: Arrays) -> Any:
    """By labelled arrays; what enters and leaves the nodes are sums of groups."""
    import linopy
    import pandas as pd
    import xarray as xr

    arc = pd.RangeIndex(len(data["Arcs"]), name="arc")
    nodes = pd.RangeIndex(len(data["Nodes"]), name="node")
    model = linopy.Model()
    flow = model.add_variables(lower=0, upper=pd.Series(data["capacity"], arc), name="flow")
    tail, head = (pd.Series(data["Arcs"][:, side], arc, name="node") for side in (0, 1))
    into = flow.groupby(head).sum().reindex(node=nodes)
    out = flow.groupby(tail).sum().reindex(node=nodes)
    supply = xr.DataArray(data["supply"], [nodes])
    model.add_constraints(into - out == -supply, name="conserved")
    model.add_objective((xr.DataArray(data["cost"], [arc]) * flow).sum())
    return model


def for_highs(data: Arrays) -> Flat:
    """Each arc enters the row of one node and leaves that of another: written by columns."""
    size = len(data["Arcs"])
    return Flat(
        cost=data["cost"],
        lower=np.zeros(size),
        upper=data["capacity"],
        row_lower=-data["supply"],
        row_upper=-data["supply"],
        starts=np.arange(0, 2 * size + 1, 2, dtype=np.int32),
        indices=data["Arcs"].astype(np.int32).ravel(),
        values=np.tile([-1.0, 1.0], size),
        by_column=True,
    )

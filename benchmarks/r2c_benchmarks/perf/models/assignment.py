"""Tasks to workers with side rules: budgets of teams, clashing tasks, seniors for risky tasks."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from r2c_benchmarks.perf.models import Arrays, Flat

TEAMS = 10

CIR = """cir 1
sets
  Workers = table workers ["worker"]
  Tasks = table tasks ["task"]
  Teams ordered = table teams ["team"]
  Clashes dim 2 within Tasks, Tasks = table clashes ["one", "other"]
parameters
  team[Workers] = table workers ["worker"] value team
  senior[Workers] = table workers ["worker"] value senior
  risky[Tasks] = table tasks ["task"] value risky
  budget[Teams] = table teams ["team"] value budget
  effort[Workers, Tasks] = table efforts ["worker", "task"] value effort
decisions
  assign[Workers, Tasks] binary
rules
  pairs: assignment_one_to_one
    assign = assign
    agents = Workers
    tasks = Tasks
    each_agent = at_most
    each_task = exactly
  budgets: capacity_limit
    each: for g in Teams
    use = sum(effort[w, t]*assign[w, t] for w in Workers for t in Tasks if team[w] == ord(g))
    limit = budget[g]
  apart: linear
    each: for (s, t) in Clashes for g in Teams
    relation = sum(assign[w, s] + assign[w, t] for w in Workers if team[w] == ord(g)) <= 1
  watched: linear
    each: for t in Tasks if risky[t] == 1
    relation = sum(assign[w, t] for w in Workers if senior[w] == 1) >= 1
objectives
  min sum(effort[w, t]*assign[w, t] for w in Workers for t in Tasks)
"""


def data(variables: int, seed: int) -> Arrays:
    """As many workers as tasks; a tenth of the tasks clash with the next one."""
    random = np.random.default_rng(seed)
    count = max(TEAMS, round(math.sqrt(variables)))
    first = np.arange(0, count - 1, 10)
    return {
        "Workers": np.arange(1, count + 1),
        "Tasks": np.arange(1, count + 1),
        "Teams": np.arange(1, TEAMS + 1),
        "Clashes": np.stack([first, first + 1], axis=1),
        "team": np.arange(count) % TEAMS + 1.0,
        "senior": (np.arange(count) % 3 == 0).astype(np.float64),
        "risky": (np.arange(count) % 4 == 0).astype(np.float64),
        "budget": np.full(TEAMS, 60.0 * count / TEAMS),
        "effort": random.integers(10, 1000, (count, count)) / 10,
    }


def in_pyomo(data: Arrays) -> Any:
    """As in Pyomo's own examples: rules over sets, data looked up in lists."""
    import pyomo.environ as pyo

    given = {name: array.tolist() for name, array in data.items()}
    effort, team, budget = given["effort"], given["team"], given["budget"]
    count = len(effort)
    seniors = [w for w in range(count) if given["senior"][w] == 1]
    members = [[w for w in range(count) if team[w] == g + 1] for g in range(TEAMS)]
    model = pyo.ConcreteModel()
    model.Workers, model.Tasks = pyo.RangeSet(0, count - 1), pyo.RangeSet(0, count - 1)
    model.assign = pyo.Var(model.Workers, model.Tasks, domain=pyo.Binary)

    @model.Constraint(model.Workers)  # type: ignore[untyped-decorator]
    def worker(model: Any, w: int) -> Any:
        return sum(model.assign[w, t] for t in model.Tasks) <= 1

    @model.Constraint(model.Tasks)  # type: ignore[untyped-decorator]
    def task(model: Any, t: int) -> Any:
        return sum(model.assign[w, t] for w in model.Workers) == 1

    @model.Constraint(range(TEAMS))  # type: ignore[untyped-decorator]
    def budgets(model: Any, g: int) -> Any:
        return (
            sum(effort[w][t] * model.assign[w, t] for w in members[g] for t in model.Tasks)
            <= budget[g]
        )

    @model.Constraint(given["Clashes"], range(TEAMS))  # type: ignore[untyped-decorator]
    def apart(model: Any, s: int, t: int, g: int) -> Any:
        return sum(model.assign[w, s] + model.assign[w, t] for w in members[g]) <= 1

    @model.Constraint([t for t in range(count) if given["risky"][t] == 1])  # type: ignore[untyped-decorator]
    def watched(model: Any, t: int) -> Any:
        return sum(model.assign[w, t] for w in seniors) >= 1

    @model.Objective()  # type: ignore[untyped-decorator]
    def total(model: Any) -> Any:
        return sum(effort[w][t] * model.assign[w, t] for w in model.Workers for t in model.Tasks)

    return model


def in_linopy(data: Arrays) -> Any:
    """By labelled arrays; the sums over teams are sums of groups."""
    import linopy
    import xarray as xr

    workers, tasks = ("worker", data["Workers"]), ("task", data["Tasks"])
    team = xr.DataArray(data["team"], [workers], name="team")
    effort = xr.DataArray(data["effort"], [workers, tasks])
    model = linopy.Model()
    assign = model.add_variables(binary=True, coords=[workers, tasks], name="assign")
    model.add_constraints(assign.sum("task") <= 1, name="worker")
    model.add_constraints(assign.sum("worker") == 1, name="task")
    of_team = (effort * assign).sum("task").groupby(team).sum()
    budget = xr.DataArray(data["budget"], [("team", np.unique(data["team"]))])
    model.add_constraints(of_team <= budget, name="budgets")
    clash = ("clash", np.arange(len(data["Clashes"])))
    one, other = (
        (1 * assign.isel(task=xr.DataArray(data["Clashes"][:, side], [clash]))).drop_vars("task")
        for side in (0, 1)
    )
    model.add_constraints((one + other).groupby(team).sum() <= 1, name="apart")
    seniors = assign.isel(worker=np.flatnonzero(data["senior"]), task=np.flatnonzero(data["risky"]))
    model.add_constraints(seniors.sum("worker") >= 1, name="watched")
    model.add_objective((effort * assign).sum())
    return model


def for_highs(data: Arrays) -> Flat:
    """Row family by row family, each a table of columns."""
    effort = data["effort"]
    count = len(effort)
    number = np.arange(count * count, dtype=np.int32).reshape(count, count)
    team = data["team"].astype(np.int64) - 1
    members = [np.flatnonzero(team == g) for g in range(TEAMS)]
    seniors, risky = np.flatnonzero(data["senior"]), np.flatnonzero(data["risky"])
    one, other = data["Clashes"].T
    pieces = [number.ravel(), number.T.ravel(), *(number[own].ravel() for own in members)]
    values = [np.ones(2 * number.size), *(effort[own].ravel() for own in members)]
    counts = [np.full(2 * count, count), np.array([len(own) * count for own in members])]
    both = [np.stack([number[own][:, one].T, number[own][:, other].T], axis=2) for own in members]
    for clash in range(len(one)):
        pieces += [table[clash].ravel() for table in both]
    counts.append(np.tile([2 * len(own) for own in members], len(one)))
    pieces.append(number[np.ix_(seniors, risky)].T.ravel())
    counts.append(np.full(len(risky), len(seniors)))
    indices = np.concatenate(pieces)
    values.append(np.ones(len(indices) - sum(map(len, values))))
    apart = len(one) * TEAMS
    free = np.full(count + TEAMS + apart, -np.inf)
    ones = np.ones(count)
    return Flat(
        cost=effort.ravel(),
        lower=np.zeros(number.size),
        upper=np.ones(number.size),
        row_lower=np.concatenate([free[:count], ones, free[count:], np.ones(len(risky))]),
        row_upper=np.concatenate(
            [ones, ones, data["budget"], np.ones(apart), np.full(len(risky), np.inf)]
        ),
        starts=np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.int32),
        indices=indices,
        values=np.concatenate(values),
        whole=np.ones(number.size, np.int32),
    )

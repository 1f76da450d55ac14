"""Plain models written in one line, without cards: what the solver is given, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from r2c.cir.expr import Compare
from r2c.cir.index_binder import index_binder
from r2c.cir.instance import Instance, bind
from r2c.cir.parse import parse, parse_binder
from r2c.cir.schema import CIR
from r2c.model.plain import PlainModel, PlainObjective, PlainRow, PlainVariable

Made = tuple[PlainModel, Instance]
Maker = Callable[..., Made]


def make(decisions: Any, rows: Any = (), goals: Any = (), **parts: Any) -> Made:
    """A model from decisions ("x", "x int", or a dict), rows and goals, and the rest of a CIR.

    A row is "name: relation" or "name: relation for ..."; a goal is "min expr" or "max expr".
    """
    kinds = {"int": "integer", "bin": "binary"}
    listed = []
    for item in decisions.split() if isinstance(decisions, str) else decisions:
        name, _, kind = item.partition(":") if isinstance(item, str) else ("", "", "")
        given = {"name": name, "domain": kinds.get(kind, "continuous")}
        listed.append(given if isinstance(item, str) else item)
    cir = CIR.model_validate({"decisions": listed, **parts})
    instance = bind(cir)
    variables = []
    for item in cir.decisions:
        over = [instance.sets[name] for name in item.over]
        binder = index_binder(over, item.indices, item.where, item.name) if over else None
        variables.append(PlainVariable(item.name, item.domain, binder, item.lower, item.upper))
    made = []
    for text in rows:
        name, _, rest = text.partition(": ")
        relation, loops, binder_text = rest.partition(" forall ")
        parsed = parse(relation)
        assert isinstance(parsed, Compare)
        made.append(PlainRow(name, parsed, name, parse_binder(binder_text) if loops else None))
    objectives = [
        PlainObjective("min" if goal[:3] == "min" else "max", parse(goal[3:].strip()), tier)
        for tier, goal in enumerate(goals)
    ]
    return PlainModel(cir, tuple(variables), tuple(made), tuple(objectives)), instance

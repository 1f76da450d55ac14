"""Starts and durations of jobs, found by the roles that they fill in rules of scheduling."""

from __future__ import annotations

from collections.abc import Iterator

from r2c.cir.expr import Each, Expr, Item, Name, Num
from r2c.cir.instance import Instance
from r2c.cir.members import Key
from r2c.cir.schema import CIR
from r2c.formulation import Solution
from r2c_api.page.pictures.picture import Gantt, Task

_ROLES = (("start", "duration"), ("earlier", "earlier_duration"))
"""Pairs of roles: when something starts, how long it takes."""
_MOST = 120
_NEAR = 1e-6


def schedule(cir: CIR, instance: Instance, solution: Solution) -> Gantt | None:
    """The jobs of a plan on a line of time; None if it tells of none."""
    values = {
        name: {item.key: item.value for item in items} for name, items in solution.values.items()
    }
    tasks: dict[tuple[str, Key], Task] = {}
    unit = ""
    machines = dict(_machines(cir, values))
    for rule in cir.rules:
        for begin, length in _ROLES:
            start, duration = rule.operands.get(begin), rule.operands.get(length)
            if start is None or duration is None:
                continue
            name = _symbol(start)
            if name is None or name not in values:
                continue
            unit = unit or next((d.unit or "" for d in cir.decisions if d.name == name), "")
            for key, at in values[name].items():
                takes = _length(duration, key, instance, values)
                if takes is not None and takes > _NEAR:
                    tasks[name, key] = _task(name, key, at, takes, machines)
    if not 2 <= len(tasks) <= _MOST:
        return None
    found = sorted(tasks.values(), key=lambda item: (item.start, item.line))
    return Gantt(title="Schedule", unit=unit, tasks=tuple(found))


def _task(name: str, key: Key, at: float, takes: float, machines: dict[str, str]) -> Task:
    told = str(key[0]) if key else name.replace("_", " ")
    line = str(key[1]) if len(key) > 1 else machines.get(told, told)
    return Task(name=told, line=line, start=at, length=takes)


def _length(
    duration: Expr, key: Key, instance: Instance, values: dict[str, dict[Key, float]]
) -> float | None:
    """How long a job takes, a number, data or a decision; by the first of its keys if need be."""
    if isinstance(duration, Num):
        return duration.value
    name = _symbol(duration)
    if name is None:
        return None
    known = instance.parameters.get(name)
    for wanted in (key, key[:1], ()):
        if known is not None and wanted in known:
            return known[wanted]
        if wanted in values.get(name, {}):
            return values[name][wanted]
    return None


def _machines(cir: CIR, values: dict[str, dict[Key, float]]) -> Iterator[tuple[str, str]]:
    """On which machine a job is done, where a rule says so by a choice over both."""
    for rule in cir.rules:
        for role in ("on_it", "assign"):
            name = _symbol(rule.operands[role]) if role in rule.operands else None
            for key, value in values.get(name or "", {}).items():
                if len(key) == 2 and value > 0.5:
                    yield str(key[0]), str(key[1])


def _symbol(expr: Expr) -> str | None:
    """The symbol that an operand is made of, if it is one alone."""
    match expr:
        case Name(name):
            return name
        case Item(base, _):
            return base
        case Each(body, _):
            return _symbol(body)
    return None

"""What a picture shows, as data; the page draws it."""

from __future__ import annotations

from typing import Literal

from r2c.problem.schema import Frozen


class Series(Frozen):
    """One value for each label; `name` is empty where there is only one series."""

    name: str
    values: tuple[float, ...]


class Bars(Frozen):
    """Amounts side by side, or stacked over periods."""

    kind: Literal["bars"] = "bars"
    title: str
    unit: str = ""
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    upright: bool = False


class Task(Frozen):
    """Something that takes time, on a line of the schedule."""

    name: str
    line: str
    start: float
    length: float


class Gantt(Frozen):
    """Who or what is busy when."""

    kind: Literal["gantt"] = "gantt"
    title: str
    unit: str = ""
    tasks: tuple[Task, ...]


class Arc(Frozen):
    """An amount from one place to another."""

    start: str
    end: str
    value: float


class Flow(Frozen):
    """Amounts between places; `two_sided` if they go from one kind of place to another kind."""

    kind: Literal["flow"] = "flow"
    title: str
    unit: str = ""
    two_sided: bool
    arcs: tuple[Arc, ...]


class Route(Frozen):
    """Places in the order in which each tour comes to them; a tour ends where it began."""

    kind: Literal["route"] = "route"
    title: str
    tours: tuple[tuple[str, ...], ...]


Picture = Bars | Gantt | Flow | Route

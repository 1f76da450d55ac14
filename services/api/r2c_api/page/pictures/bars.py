"""Bars: single decisions side by side, one family of them by member, or stacked over periods."""

from __future__ import annotations

from r2c.cir.schema import CIR, Decision
from r2c.formulation import Solution, Value
from r2c_api.page.pictures.picture import Bars, Series

_MOST_LABELS = 40
_MOST_SERIES = 8
_NEAR = 1e-6


def bars(cir: CIR, solution: Solution) -> Bars | None:
    """Bars for what fits best; None if nothing has a size that is worth comparing."""
    sized = [item for item in cir.decisions if item.domain != "binary"]
    for decision in sized:
        values = solution.values.get(decision.name, ())
        made = _of_family(cir, decision, values)
        if made is not None:
            return made
    return _of_singles(sized, solution)


def _of_family(cir: CIR, decision: Decision, values: tuple[Value, ...]) -> Bars | None:
    length = len(values[0].key) if values else 0
    if length == 1 and 2 <= len(values) <= _MOST_LABELS:
        labels = tuple(str(item.key[0]) for item in values)
        numbers = tuple(item.value for item in values)
        upright = _in_turn(cir, decision, 0)
        series = (Series(name="", values=numbers),)
        return _made(decision, labels, series, upright=upright)
    if length == 2:
        return _stacked(cir, decision, values)
    return None


def _stacked(cir: CIR, decision: Decision, values: tuple[Value, ...]) -> Bars | None:
    """Bars over the periods, or over the longer index; the other index is stacked."""
    along = next((place for place in (1, 0) if _in_turn(cir, decision, place)), None)
    members = [list(dict.fromkeys(item.key[place] for item in values)) for place in (0, 1)]
    upright = along is not None
    if along is None:
        along = 0 if len(members[0]) >= len(members[1]) else 1
    labels, names = members[along], members[1 - along]
    if not (2 <= len(labels) <= _MOST_LABELS and len(names) <= _MOST_SERIES):
        return None
    table = {item.key: item.value for item in values}
    series = []
    for name in names:
        keys = [(label, name) if along == 0 else (name, label) for label in labels]
        series.append(Series(name=str(name), values=tuple(table.get(key, 0.0) for key in keys)))
    return _made(decision, tuple(map(str, labels)), tuple(series), upright=upright)


def _of_singles(decisions: list[Decision], solution: Solution) -> Bars | None:
    found = [
        (item, values[0].value)
        for item in decisions
        if len(values := solution.values.get(item.name, ())) == 1 and not values[0].key
    ]
    if not 2 <= len(found) <= _MOST_LABELS or all(abs(value) <= _NEAR for _, value in found):
        return None
    units = {item.unit or "" for item, _ in found}
    return Bars(
        title="Side by side",
        unit=units.pop() if len(units) == 1 else "",
        labels=tuple(_called(item) for item, _ in found),
        series=(Series(name="", values=tuple(value for _, value in found)),),
    )


def _called(decision: Decision) -> str:
    unit = f" ({decision.unit})" if decision.unit else ""
    return f"{decision.name.replace('_', ' ')}{unit}"


def _made(
    decision: Decision, labels: tuple[str, ...], series: tuple[Series, ...], *, upright: bool
) -> Bars | None:
    if all(abs(value) <= _NEAR for item in series for value in item.values):
        return None
    title = decision.meaning or decision.name.replace("_", " ")
    return Bars(
        title=title[:1].upper() + title[1:], unit=decision.unit or "",
        labels=labels, series=series, upright=upright,
    )  # fmt: skip


def _in_turn(cir: CIR, decision: Decision, place: int) -> bool:
    """Whether an index goes through periods, or anything else that has an order."""
    kinds = {item.name: item.kind for item in cir.sets if item.dim == 1}
    names = decision.over
    return place < len(names) and kinds.get(names[place]) in ("time", "ordered")

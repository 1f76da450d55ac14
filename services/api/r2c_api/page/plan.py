"""The plan as tables: single values together, one table for each family of them."""

from __future__ import annotations

from dataclasses import dataclass

from r2c.cir.nouns import spaced, vocabulary
from r2c.cir.schema import CIR
from r2c.errors import counted
from r2c.formulation import Solution, Value
from r2c.solve.room import ROOM
from r2c.telling.amounts import amount

MOST_ROWS = 60
FEW = 12
"""Values of a family that are shown even where they are 0."""


@dataclass(frozen=True)
class PlanRow:
    """The members that a value belongs to, and the value."""

    members: tuple[str, ...]
    value: str
    unit: str = ""
    meaning: str = ""


@dataclass(frozen=True)
class PlanTable:
    """A family of values; `heads` name its members."""

    title: str
    name: str
    unit: str
    heads: tuple[str, ...]
    rows: tuple[PlanRow, ...]
    note: str = ""


@dataclass(frozen=True)
class Plan:
    """All values of a plan."""

    singles: tuple[PlanRow, ...]
    tables: tuple[PlanTable, ...]


def plan(cir: CIR, solution: Solution) -> Plan:
    """Decisions first, then what follows from them; what only helps to write a rule is left out."""
    about = _about(cir)
    order = [item.name for item in cir.decisions]
    names = [*(n for n in order if n in solution.values)]
    names += [n for n in solution.values if n in about and n not in names]
    called = vocabulary(cir)
    singles: list[PlanRow] = []
    tables: list[PlanTable] = []
    for name in names:
        values = solution.values[name]
        unit, meaning, binary = about[name]
        if len(values) == 1 and not values[0].key:
            told = _told(values[0].value, binary=binary)
            singles.append(PlanRow((name.replace("_", " "),), told, unit, meaning))
        elif values:
            heads = _heads(len(values[0].key), called.parts.get(name, ()), dict(called.members))
            tables.append(_table(name, meaning, unit, heads, values, binary=binary))
    return Plan(tuple(singles), tuple(tables))


def _table(
    name: str, meaning: str, unit: str, heads: tuple[str, ...], values: tuple[Value, ...],
    *, binary: bool,
) -> PlanTable:  # fmt: skip
    few = len(values) <= FEW
    shown = [item for item in values if few or abs(item.value) > ROOM]
    notes = []
    if zeros := len(values) - len(shown):
        notes.append(f"{zeros} of {len(values)} are {'no' if binary else '0'} and not shown")
    if len(shown) > MOST_ROWS:
        notes.append(f"{counted(len(shown) - MOST_ROWS, 'more row')} in the export as JSON")
    title = meaning or name.replace("_", " ")
    return PlanTable(
        title[:1].upper() + title[1:], name, unit, heads,
        tuple(
            PlanRow(tuple(map(str, item.key)), _told(item.value, binary=binary))
            for item in shown[:MOST_ROWS]
        ),
        "; ".join(notes),
    )  # fmt: skip


def _told(value: float, *, binary: bool) -> str:
    if binary and abs(value - round(value)) <= ROOM:
        return "yes" if value > 0.5 else "no"
    return amount(value)


def _heads(length: int, parts: tuple[str | None, ...], members: dict[str, str]) -> tuple[str, ...]:
    """What each key is called; empty where nothing is known."""
    found = []
    for place in range(length):
        name = parts[place] if place < len(parts) else None
        found.append("" if name is None else members.get(name) or spaced(name))
    return tuple(found)


def _about(cir: CIR) -> dict[str, tuple[str, str, bool]]:
    """Unit, meaning and whether it is a yes or no, of every symbol that can have a value."""
    found = {
        item.name: (item.unit or "", item.meaning, item.domain == "binary")
        for item in cir.decisions
    }
    for item in cir.definitions:
        found[item.name] = (item.unit or "", item.meaning, False)
    for rule in cir.rules:
        for role, name in rule.outputs.items():
            found[name] = ("", f"{role.replace('_', ' ')} of {rule.id}", False)
    return found

"""The model as a free-format MPS file, which every solver reads."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

from r2c.cir.instance import Instance
from r2c.cir.write import number
from r2c.model.export.quotes import quotes_of
from r2c.model.model_map import RowEntry
from r2c.model.plain import PlainModel
from r2c.model.quadratic import Quadratic
from r2c.model.scalar import ScalarModel, ScalarRow, scalar_model

_Rows = list[tuple[RowEntry, ScalarRow]]


def mps_text(plain: PlainModel, instance: Instance) -> str:
    """The model on this instance in free MPS format.

    Only the first goal of several is part of the file.

    Raises:
        R2CError: as `r2c.model.scalar.scalar_model`.
    """
    instance.require()
    scalar = scalar_model(plain, instance)
    return "\n".join(_lines(plain, scalar)) + "\n"


def _lines(plain: PlainModel, scalar: ScalarModel) -> Iterator[str]:
    ordered = sorted(plain.objectives, key=lambda item: item.tier)
    goal = scalar.objectives[0] if ordered else Quadratic()
    rows: _Rows = [*zip(scalar.row_entries, scalar.rows, strict=True), *scalar.false_rows]
    if len(ordered) > 1:
        yield f"* Only the first of {len(ordered)} goals is in this file."
    quotes = quotes_of(plain)
    for rule in dict.fromkeys(entry.rule for entry, _ in rows):
        yield from (f"* {line}" for line in quotes.get(rule, []))
    yield "NAME model"
    if ordered and ordered[0].sense == "max":
        yield "OBJSENSE"
        yield "    MAX"
    yield "ROWS"
    yield " N objective"
    yield from (f" {_kind(row)} {entry.name}" for entry, row in rows)
    yield "COLUMNS"
    yield from _columns(scalar, rows, goal)
    yield from _ends(rows, goal)
    yield "BOUNDS"
    for variable, lower, upper in zip(
        scalar.variable_entries, scalar.lower, scalar.upper, strict=True
    ):
        yield from _bounds(variable.name, lower, upper)
    squares = {pair: factor for pair, factor in goal.square.items() if factor}
    if squares:
        names = [variable.name for variable in scalar.variable_entries]
        yield "QUADOBJ"
        for (i, j), factor in sorted(squares.items()):
            yield f" {names[i]} {names[j]} {number(factor * (2 if i == j else 1))}"
    yield "ENDATA"


def _ends(rows: _Rows, goal: Quadratic) -> Iterator[str]:
    yield "RHS"
    if goal.constant:
        # By convention the right-hand side of the goal is minus its constant.
        yield f" RHS objective {number(-goal.constant)}"
    for entry, row in rows:
        end = row.lower if _kind(row) in ("G", "E") else row.upper
        if end:
            yield f" RHS {entry.name} {number(end)}"
    ranged = [item for item in rows if _kind(item[1]) == "G" and math.isfinite(item[1].upper)]
    if ranged:
        yield "RANGES"
        yield from (f" RNG {entry.name} {number(row.upper - row.lower)}" for entry, row in ranged)


def _kind(row: ScalarRow) -> str:
    if row.lower == row.upper:
        return "E"
    return "G" if math.isfinite(row.lower) else "L"


def _columns(scalar: ScalarModel, rows: _Rows, goal: Quadratic) -> Iterator[str]:
    entries: defaultdict[int, list[str]] = defaultdict(list)
    for column, factor in goal.linear.items():
        if factor:
            entries[column].append(f"objective {number(factor)}")
    for entry, row in rows:
        for column, factor in row.linear.items():
            entries[column].append(f"{entry.name} {number(factor)}")
    inside = False
    for column, variable in enumerate(scalar.variable_entries):
        whole = variable.domain != "continuous"
        if whole != inside:
            inside = whole
            yield f" MARKER 'MARKER' '{'INTORG' if whole else 'INTEND'}'"
        for text in entries[column] or ["objective 0"]:
            yield f" {variable.name} {text}"
    if inside:
        yield " MARKER 'MARKER' 'INTEND'"


def _bounds(name: str, lower: float, upper: float) -> Iterator[str]:
    """Both ends written out: readers differ in what they assume."""
    if math.isinf(lower) and math.isinf(upper):
        yield f" FR BND {name}"
    elif lower == upper:
        yield f" FX BND {name} {number(lower)}"
    else:
        yield f" MI BND {name}" if math.isinf(lower) else f" LO BND {name} {number(lower)}"
        yield f" PL BND {name}" if math.isinf(upper) else f" UP BND {name} {number(upper)}"

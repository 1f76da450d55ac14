"""Parameter values out of long and wide tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

from r2c.cir.members import Key, Members, label
from r2c.cir.odd_cells import odd_cells
from r2c.cir.schema import Parameter, TableValues, WideValues
from r2c.cir.table_access import column_places, row_numbers, rows_told
from r2c.errors import CIRError, Fault, declare, listed
from r2c.problem.schema import Scalar, Table

if TYPE_CHECKING:
    from r2c.cir.instance import Binding

NOT_A_NUMBER = declare(
    "R2C-C222", CIRError,
    what="The column {column!r} of the table {table!r} holds more than numbers: {cells}.",
    why="The parameter {name!r} takes its values from this column.",
    remedy="Correct these cells (numbers of one unit, not in quotes in JSON), or take the values "
    "from another column.",
)  # fmt: skip
DUPLICATE_KEY = declare(
    "R2C-C223", CIRError,
    what="The table {table!r} has several values of {name!r} for {key!r}, in {places}.",
    why="Only one value can hold, and the model does not say how to combine them.",
    remedy="Say how to combine them (sum, mean, min, max, first), or remove the extra rows.",
)  # fmt: skip
WRONG_KEYS = declare(
    "R2C-C224", CIRError,
    what="The parameter {name!r} has {expected:index position} but {found} from its table.",
    why="A long table needs one key column per index position; a wide one has two positions.",
    remedy="List one key column per index position, in the order of the index sets.",
)  # fmt: skip

MAX_FAULTS = 50
"""Faults reported per parameter; a table full of repetitions would else give one for each key."""

_COMBINE: dict[str, Callable[[list[float]], float]] = {
    "sum": sum,
    "mean": lambda values: sum(values) / len(values),
    "min": min,
    "max": max,
    "first": lambda values: values[0],
    "count": lambda values: float(len(values)),
}

_Found = tuple[dict[Key, float], str]


class _Gathering:
    """Values by key as they are met, with the row of each, and the rows that fit no member.

    `odd` has the rows, by the place of their column, whose cells are no numbers.
    """

    def __init__(self, item: Parameter, over: tuple[Members, ...], table: Table) -> None:
        self.item = item
        self.table = table
        self.lookups = [(members.by_label, members.dim) for members in over]
        self.values: defaultdict[Key, list[float]] = defaultdict(list)
        self.rows: defaultdict[Key, list[int]] = defaultdict(list)
        self.strange: list[tuple[str, ...]] = []
        self.odd: defaultdict[int, list[int]] = defaultdict(list)

    def key(self, cells: tuple[Scalar, ...]) -> Key | None:
        found: list[str | int] = []
        start = 0
        labels = tuple("" if cell is None else label(cell) for cell in cells)
        for by_label, dim in self.lookups:
            part = by_label.get(labels[start : start + dim])
            if part is None:
                self.strange.append(labels)
                return None
            found.extend(part)
            start += dim
        return tuple(found)

    def add(self, key: Key, row: int, place: int) -> None:
        """Take one cell; an empty one is left to the default or to the question about it."""
        cell = self.table.rows[row][place]
        if cell is None or cell == "":
            return
        if isinstance(cell, float | int) and not isinstance(cell, bool):
            self.values[key].append(float(cell))
            self.rows[key].append(row)
        else:
            self.odd[place].append(row)

    def _duplicate(self, key: Key) -> Fault:
        rows = self.rows[key][:20]
        return DUPLICATE_KEY.fault(
            table=self.table.name,
            name=self.item.name,
            key=list(key),
            rows=row_numbers(self.table, rows),
            places=rows_told(self.table, rows),
        )

    def finish(self, aggregate: str | None, binding: Binding) -> _Found:
        for place, rows in list(self.odd.items())[:MAX_FAULTS]:
            binding.faults.append(
                NOT_A_NUMBER.fault(
                    table=self.table.name,
                    column=self.table.columns[place].name,
                    name=self.item.name,
                    **odd_cells(self.table, place, rows),
                )
            )
        entries: dict[Key, float] = {}
        reported = 0
        for key, values in self.values.items():
            if len(values) > 1 and aggregate is None:
                reported += 1
                if reported <= MAX_FAULTS:
                    binding.faults.append(self._duplicate(key))
            else:
                entries[key] = values[0] if aggregate is None else _COMBINE[aggregate](values)
        found = f"table {self.table.name!r} has no row for them"
        if self.strange:
            examples = [list(labels) for labels in dict.fromkeys(self.strange)][:3]
            found += f" (it has rows for {listed(examples)}, which are no members)"
            binding.notes.append(
                f"Entries of table {self.table.name!r} that belong to no member of "
                f"{self.item.name!r}: {len(self.strange)}, such as {listed(examples[:1])}."
            )
        return entries, found


def from_table(
    item: Parameter, source: TableValues, over: tuple[Members, ...], binding: Binding
) -> _Found:
    """Values of a long table, one row per key, and what to say about missing ones.

    Raises:
        CIRError: R2C-C200, R2C-C202, R2C-C224; cell faults are added to the binding.
    """
    positions = sum(members.dim for members in over)
    if len(source.keys) != positions:
        raise WRONG_KEYS(name=item.name, expected=positions, found=len(source.keys))
    columns = (*source.keys, source.value)
    table, places = column_places(source.table, columns, item.name, binding.tables)
    gathering = _Gathering(item, over, table)
    *key_places, value_place = places
    for number, row in enumerate(table.rows):
        key = gathering.key(tuple(row[place] for place in key_places))
        if key is None:
            continue
        if source.aggregate == "count":
            gathering.values[key].append(1.0)
        else:
            gathering.add(key, number, value_place)
    return gathering.finish(source.aggregate, binding)


def from_wide(
    item: Parameter, source: WideValues, over: tuple[Members, ...], binding: Binding
) -> _Found:
    """Values of a wide table: `key` names the rows, the other columns the last index.

    Raises:
        CIRError: R2C-C200, R2C-C202, R2C-C224; cell faults are added to the binding.
    """
    if len(over) != 2 or any(members.dim != 1 for members in over):
        raise WRONG_KEYS(name=item.name, expected=2, found=sum(members.dim for members in over))
    chosen = source.columns or ()
    table, places = column_places(source.table, (source.key, *chosen), item.name, binding.tables)
    key_place, *value_places = places
    if source.columns is None:
        value_places = [place for place in range(len(table.columns)) if place != key_place]
        heads: list[str | int] = [table.columns[place].name for place in value_places]
    else:
        heads = list(over[1].elements)
        if len(heads) != len(chosen):
            raise WRONG_KEYS(name=item.name, expected=len(heads), found=len(chosen))
    gathering = _Gathering(item, over, table)
    for number, row in enumerate(table.rows):
        for head, place in zip(heads, value_places, strict=True):
            key = gathering.key((row[key_place], head))
            if key is not None:
                gathering.add(key, number, place)
    return gathering.finish(None, binding)

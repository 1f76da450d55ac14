"""Parameter values out of long and wide tables."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from itertools import islice, product
from typing import TYPE_CHECKING

from r2c.cir.members import Key, Members, label
from r2c.cir.odd_cells import odd_cells
from r2c.cir.schema import Parameter, TableValues, WideValues
from r2c.cir.table_access import column_places, row_numbers, rows_told
from r2c.cir.write import number
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

MISSPELT = declare(
    "R2C-C208", CIRError,
    what="The table {table!r} has a row for {found!r} and none for {key!r}.",
    why="{name!r} would silently take its default {default} there, and the row be left out.",
    remedy="Write the label alike in both, or add a row for {key!r}.",
)  # fmt: skip

MAX_COMPARED = 200_000
"""Members compared with rows that fit none."""
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
        self.over = over
        self.lookups = [(members.by_label, members.dim) for members in over]
        self.values: defaultdict[Key, list[float]] = defaultdict(list)
        self.rows: defaultdict[Key, list[int]] = defaultdict(list)
        self.strange: list[tuple[str, ...]] = []
        self.odd: defaultdict[int, list[int]] = defaultdict(list)
        self.per_cent: set[int] = set()

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
            self.values[key].append(float(cell) / self.parts(place))
            self.rows[key].append(row)
        else:
            self.odd[place].append(row)

    def parts(self, place: int) -> float:
        """100 where a column of per cent fills a parameter that is not given in per cent.

        A sentence says 60% and means 0.6; so does the column, whatever the file.
        """
        named = self.table.columns[place].unit
        if named != "%" or self.item.unit in ("%", "percent", "per cent"):
            return 1.0
        self.per_cent.add(place)
        return 100.0

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
        for place in sorted(self.per_cent):
            binding.notes.append(
                f"The column {self.table.columns[place].name!r} of table {self.table.name!r} is in "
                f"per cent: {self.item.name!r} takes 60% as 0.6."
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
        found = f"the table {self.table.name!r} has no row, or an empty cell, for them"
        if self.strange:
            examples = [list(labels) for labels in dict.fromkeys(self.strange)][:3]
            found += f" (it has rows for {listed(examples)}, which are no members)"
            if misspelt := self._misspelt(entries):
                binding.faults.append(misspelt)
            binding.notes.append(
                f"Entries of table {self.table.name!r} that belong to no member of "
                f"{self.item.name!r}: {len(self.strange)}, such as {listed(examples[:1])}."
            )
        return entries, found

    def _misspelt(self, entries: Mapping[Key, float]) -> Fault | None:
        """A row left out beside a member without value, labelled alike but for case and blanks."""
        if self.item.default is None:
            return None  # missing values are a fault anyway
        left_out = {_folded(labels): labels for labels in self.strange}
        domain = (sum(parts, ()) for parts in product(*(members.keys for members in self.over)))
        for key in islice(domain, MAX_COMPARED):
            labels = left_out.get(_folded(tuple(map(str, key))))
            if labels is not None and key not in entries:
                return MISSPELT.fault(
                    table=self.table.name,
                    found=list(labels),
                    name=self.item.name,
                    key=list(key),
                    default=number(self.item.default),
                )
        return None


def _folded(labels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(re.sub(r"[\W_]+", " ", text).strip().casefold() for text in labels)


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
    for at, row in enumerate(table.rows):
        key = gathering.key(tuple(row[place] for place in key_places))
        if key is None:
            continue
        if source.aggregate == "count":
            gathering.values[key].append(1.0)
        else:
            gathering.add(key, at, value_place)
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
    for at, row in enumerate(table.rows):
        for head, place in zip(heads, value_places, strict=True):
            key = gathering.key((row[key_place], head))
            if key is not None:
                gathering.add(key, at, place)
    return gathering.finish(None, binding)

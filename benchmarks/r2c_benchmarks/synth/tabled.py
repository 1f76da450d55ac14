"""The model as a reader of data files writes it: what stands in a file is read from there."""

from __future__ import annotations

from collections.abc import Iterator

from r2c.cir.schema import CIR, Parameter, TableValues, WideValues
from r2c_benchmarks.rulebench.make import Made
from r2c_benchmarks.rulebench.phrase import Slot
from r2c_benchmarks.rulebench.sheets import Sheet


def tabled(made: Made) -> CIR:
    """The CIR of a problem with the numbers of its files left in the files."""
    sources = {name: value for sheet in made.page.files for name, value in _sources(sheet)}
    parameters = tuple(_from_table(made, item, sources) for item in made.cir.parameters)
    return made.cir.model_copy(update={"parameters": parameters})


def _from_table(
    made: Made, item: Parameter, sources: dict[str, TableValues | WideValues]
) -> Parameter:
    told = item.name.removesuffix("_told")
    name = told if told in made.selection.units else item.name
    if name not in sources or (name != item.name) != (name in made.selection.units):
        return item
    return item.model_copy(update={"value": sources[name]})


def _sources(sheet: Sheet) -> Iterator[tuple[str, TableValues | WideValues]]:
    """Where each number of a table stands in it."""
    first = sheet.rows[0]
    slots = [cell for cell in first if isinstance(cell, Slot)]
    keys = len(first) - len(slots)
    if len({slot.name for slot in slots}) == 1 and len(slots) > 1:
        yield (
            slots[0].name,
            WideValues(table=sheet.name, key=sheet.head[0], columns=sheet.head[1:]),
        )
        return
    for place, slot in enumerate(slots):
        yield (
            slot.name,
            TableValues(table=sheet.name, keys=sheet.head[:keys], value=sheet.head[keys + place]),
        )

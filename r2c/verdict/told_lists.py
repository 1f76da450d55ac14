"""Lists of numbers that the text tells and the model writes in another order.

"37 hours for nurse 1, 36 for nurse 2" is told as a table. A parameter with the same numbers, in
which two of them changed places, took them for each other.
"""

from __future__ import annotations

from collections.abc import Iterator

from r2c.cir.schema import CIR, DenseValues, Element, Parameter
from r2c.problem.schema import Problem, Table


def reordered(problem: Problem, cir: CIR) -> Iterator[tuple[str, str]]:
    """Parameters over one set with the numbers of a column of the text in another order."""
    members = {item.name: item.elements for item in cir.sets}
    for parameter in cir.parameters:
        values = _listed(parameter)
        if len(values) < 2:
            continue
        names = members.get(parameter.over[0])
        orders = list(_orders(problem, values, names))
        if orders and all(order != values for order, _ in orders):
            order, table = orders[0]
            told = ", ".join(f"{value:g}" for value in order)
            yield (
                parameter.name,
                f"The text tells {told} in this order ({table!r}), the parameter "
                f"{parameter.name!r} has them in another.",
            )


def _listed(parameter: Parameter) -> list[float]:
    if len(parameter.over) != 1 or not isinstance(parameter.value, DenseValues):
        return []
    return [float(value) for value in parameter.value.values if not isinstance(value, tuple)]


def _orders(
    problem: Problem, values: list[float], names: tuple[Element | tuple[Element, ...], ...] | None
) -> Iterator[tuple[list[float], str]]:
    """The columns with just these numbers, in the order of the members as far as rows name them."""
    wanted = sorted(values)
    for table in problem.tables:
        for place in range(len(table.columns)):
            column = [row[place] for row in table.rows]
            told = [float(cell) for cell in column if isinstance(cell, int | float)]
            if len(told) == len(column) == len(values) and sorted(told) == wanted:
                yield [told[row] for row in _rows(table, names)], table.name


def _rows(table: Table, names: tuple[Element | tuple[Element, ...], ...] | None) -> list[int]:
    """The rows in the order of the members; as they stand if they name none."""
    order = list(range(len(table.rows)))
    for place in range(len(table.columns)):
        labels = [str(row[place]) for row in table.rows]
        if names is not None and sorted(labels) == sorted(map(str, names)):
            return [labels.index(str(name)) for name in names]
    return order

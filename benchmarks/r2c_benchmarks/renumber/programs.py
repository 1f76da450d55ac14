"""A Pyomo program with other numbers in it; its text is parsed and written, never run here."""

from __future__ import annotations

import ast
import asyncio
from dataclasses import dataclass

from r2c_benchmarks.items import Item, OtherNumbers
from r2c_benchmarks.method import Means
from r2c_benchmarks.renumber.number_map import NumberMap


def renumbered_program(source: str, numbers: NumberMap) -> str:
    """The program with each told number replaced.

    Raises:
        SyntaxError: it is no Python.
        Unclear: a number of it cannot be followed.
    """
    return ast.unparse(ast.fix_missing_locations(_Replace(numbers).visit(ast.parse(source))))


@dataclass(frozen=True)
class Program:
    """A program as a formulation."""

    source: str
    seconds: float

    async def again(self, item: Item, other: OtherNumbers, means: Means) -> float | None:
        """See `r2c_benchmarks.method.Formulated`."""
        numbers = NumberMap(item.numbers, other.numbers)
        source = renumbered_program(self.source, numbers)
        found = (await asyncio.to_thread(means.sandbox.run, source, self.seconds)).reading
        return found.objective if found.status == "optimal" else None


class _Replace(ast.NodeTransformer):
    def __init__(self, numbers: NumberMap) -> None:
        self._numbers = numbers

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            return node
        found = self._numbers(float(value))
        whole = isinstance(value, int) and found.is_integer()
        return ast.Constant(int(found) if whole else found)

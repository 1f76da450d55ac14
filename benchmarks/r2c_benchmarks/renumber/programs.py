"""A Pyomo program with other numbers in it; its text is parsed and written, never run here."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from r2c_benchmarks.items import Item, OtherNumbers
from r2c_benchmarks.method import Means
from r2c_benchmarks.renumber.number_map import NumberMap, Unclear

_OF_MEMBERS = frozenset({"range", "RangeSet", "Set"})
"""Calls whose numbers are members of sets."""
Looping = ast.For | ast.comprehension


def renumbered_program(source: str, numbers: NumberMap) -> str:
    """The program with each told number replaced.

    Members, keys, lags, exponents and what decides a condition are no data and stay, as they do in
    a CIR (`r2c.model.renumbered`).

    Raises:
        SyntaxError: it is no Python.
        Unclear: a number of it cannot be followed.
    """
    try:
        tree = ast.parse(source)
        changed = _Replace(numbers, frozenset(_running(tree))).visit(tree)
        return ast.unparse(ast.fix_missing_locations(changed))
    except RecursionError as error:
        raise Unclear("the program is nested too deeply") from error


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


def _running(tree: ast.AST) -> Iterator[str]:
    """The names that run through members: of loops, and of the arguments of functions."""
    for node in ast.walk(tree):
        if isinstance(node, Looping):
            yield from (one.id for one in ast.walk(node.target) if isinstance(one, ast.Name))
        if isinstance(node, ast.arg):
            yield node.arg


class _Replace(ast.NodeTransformer):
    def __init__(self, numbers: NumberMap, running: frozenset[str]) -> None:
        self._numbers, self._running = numbers, running

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            return node
        found = self._numbers(float(value))
        whole = isinstance(value, int) and found.is_integer()
        return ast.Constant(int(found) if whole else found)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        node.value = self.visit(node.value)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        return node if name in _OF_MEMBERS else self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        node.values = [self.visit(value) for value in node.values]
        return node

    def visit_For(self, node: ast.For) -> ast.AST:
        if not _is_listed(node.iter):
            node.iter = self.visit(node.iter)
        node.body = [self.visit(line) for line in node.body]
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        if not _is_listed(node.iter):
            node.iter = self.visit(node.iter)
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        node.body = [self.visit(line) for line in node.body]
        node.orelse = [self.visit(line) for line in node.orelse]
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        node.body, node.orelse = self.visit(node.body), self.visit(node.orelse)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        left, right, steps = node.left, node.right, isinstance(node.op, ast.Add | ast.Sub)
        if not (steps and self._counts(left, right)):
            node.left = self.visit(left)
        if not (steps and self._counts(right, left)) and not isinstance(node.op, ast.Pow):
            node.right = self.visit(right)
        return node

    def visit_List(self, node: ast.List) -> ast.AST:
        return self._sequence(node)

    def visit_Tuple(self, node: ast.Tuple) -> ast.AST:
        return self._sequence(node)

    def visit_Set(self, node: ast.Set) -> ast.AST:
        return self._sequence(node)

    def _counts(self, own: ast.expr, other: ast.expr) -> bool:
        """Whether a number counts members: the 1 of `t - 1`."""
        beside = isinstance(other, ast.Name) and other.id in self._running
        return beside and isinstance(own, ast.Constant)

    def _sequence(self, node: ast.List | ast.Tuple | ast.Set) -> ast.AST:
        """Data, or members: 1, 2, 3 may be either."""
        values = [one.value for one in node.elts if isinstance(one, ast.Constant)]
        counts = len(values) == len(node.elts) > 1 and values in (
            list(range(len(values))),
            list(range(1, len(values) + 1)),
        )
        if counts and any(self._numbers(float(str(one))) != one for one in values):
            raise Unclear("a list of numbers may be of members")
        return self.generic_visit(node)


def _is_listed(node: ast.expr) -> bool:
    """Whether a loop runs through members that are written down."""
    return isinstance(node, ast.List | ast.Tuple | ast.Set) and all(
        isinstance(one, ast.Constant) for one in node.elts
    )

"""Numbers that only count the members of a set: "five warehouses", "the remaining four"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from r2c.cir.nouns import spaced
from r2c.cir.schema import CIR
from r2c.problem.schema import Problem, Quantity
from r2c.verdict.said import limits_said

_OTHERS = re.compile(r"\b(?:remaining|other|rest of the)\s+$", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"([^\W\d_]+)\s+\($")
_BEFORE = 20
_AFTER = 40
_NOUNS = 3


def counts_members(quantity: Quantity, problem: Problem, cir: CIR) -> bool:
    """Whether a number counts a set of the model, as its noun says, or all members but one."""
    limits = [
        said.direction for said in limits_said(problem, quantity.span) if said.quantity == quantity
    ]
    if limits and limits != ["most"]:  # as many as there are is no limit
        return False
    sizes = dict(_sizes(cir, problem))
    after = problem.text[quantity.span.end : quantity.span.end + _AFTER]
    nouns = re.findall(r"[a-z]+", after.lower())[:_NOUNS]
    named = [sizes[noun] for noun in nouns if noun in sizes]
    bracket = _IN_BRACKETS.search(problem.text[: quantity.span.start][-_AFTER:])
    if bracket is not None and after.startswith(")"):
        named += [size for name, size in sizes.items() if name == bracket[1].lower()]
    named += [
        size for name, size in sizes.items() if re.match(rf"\W*{re.escape(name)}\b", after, re.I)
    ]
    if quantity.value in named:
        return True
    if limits:
        return False
    before = problem.text[max(0, quantity.span.start - _BEFORE) : quantity.span.start]
    # Without a noun that names a set, "the remaining four" are what is left of any.
    return bool(_OTHERS.search(before)) and quantity.value + 1 in (named or sizes.values())


def _sizes(cir: CIR, problem: Problem) -> Iterator[tuple[str, int]]:
    """The plain sets of a model by name in lower case, with the number of their members."""
    tables = {table.name: table for table in problem.tables}
    for item in cir.sets:
        if item.dim > 1:
            continue
        if item.elements is not None:
            yield spaced(item.name).lower(), len(item.elements)
        elif item.table is not None and item.table.table in tables:
            columns = (tables[item.table.table].column(name) for name in item.table.columns)
            yield spaced(item.name).lower(), len(set(zip(*columns, strict=True)))

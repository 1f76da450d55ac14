"""The model as an LP file, with the sentences of the problem as comments."""

from __future__ import annotations

import math
from collections.abc import Iterator

from r2c.cir.instance import Instance
from r2c.cir.write import number
from r2c.model.export.quotes import quotes_of
from r2c.model.plain import PlainModel
from r2c.model.quadratic import Quadratic
from r2c.model.scalar import ScalarModel, ScalarRow, scalar_model

_WIDTH = 480
"""Characters of a line at most, unless one name is longer; some readers refuse more than 510."""


def lp_text(plain: PlainModel, instance: Instance) -> str:
    """The model on this instance in CPLEX LP format.

    Only the first goal of several is part of the file; the others are mentioned in a comment.

    Raises:
        R2CError: as `r2c.model.scalar.scalar_model`.
    """
    instance.require()
    scalar = scalar_model(plain, instance)
    return "\n".join(_lines(plain, scalar)) + "\n"


def _lines(plain: PlainModel, scalar: ScalarModel) -> Iterator[str]:
    variables = list(_variables(scalar))
    names = [name for name, _, _, _ in variables]
    ordered = sorted(plain.objectives, key=lambda item: item.tier)
    yield f"\\ {_one_line(plain.cir.title) or 'model'}"
    if len(ordered) > 1:
        yield f"\\ Only the first of {len(ordered)} goals is in this file."
    yield "Maximize" if ordered and ordered[0].sense == "max" else "Minimize"
    goal = scalar.objectives[0] if ordered else Quadratic()
    yield from _wrapped(" objective:", _goal_terms(goal, names))
    yield "Subject To"
    quotes = quotes_of(plain)
    told = ""
    false_rows = list(scalar.false_rows)
    rows = list(zip(scalar.row_entries, scalar.rows, strict=True)) + false_rows
    for entry, row in rows:
        if entry.rule != told:
            told = entry.rule
            yield from (f"\\ {line}" for line in quotes.get(told, []))
        terms = [_term(factor, names[column]) for column, factor in row.linear.items()]
        yield from _row(entry.name, terms or [f"+ 0 {names[0] if names else 'none'}"], row)
    yield "Bounds"
    for name, domain, lower, upper in variables:
        if domain != "binary":
            yield f" {_bounds(name, lower, upper)}"
    if not names:
        yield " none = 0"
    for title, kind in (("General", "integer"), ("Binary", "binary")):
        whole = [name for name, domain, _, _ in variables if domain == kind]
        if whole:
            yield title
            yield from (f" {name}" for name in whole)
    yield "End"


def _variables(scalar: ScalarModel) -> Iterator[tuple[str, str, float, float]]:
    """Name, domain and bounds; a binary fixed by data is an integer, the file would widen it."""
    for entry, lower, upper in zip(
        scalar.variable_entries, scalar.lower, scalar.upper, strict=True
    ):
        fixed = entry.domain == "binary" and (lower, upper) != (0.0, 1.0)
        yield entry.name, "integer" if fixed else entry.domain, lower, upper


def _goal_terms(goal: Quadratic, names: list[str]) -> list[str]:
    terms = [_term(factor, names[column]) for column, factor in goal.linear.items() if factor]
    squares = {pair: factor for pair, factor in goal.square.items() if factor}
    if squares:
        # The format halves what stands in the brackets.
        inner = [
            _term(2 * factor, f"{names[i]} ^2" if i == j else f"{names[i]} * {names[j]}")
            for (i, j), factor in squares.items()
        ]
        terms += ["+ [", *inner, "] / 2"]
    if goal.constant:
        terms.append(_signed(goal.constant))
    return terms or [f"+ 0 {names[0] if names else 'none'}"]


def _signed(value: float) -> str:
    return f"{'-' if value < 0 else '+'} {number(abs(value))}"


def _term(factor: float, name: str) -> str:
    size = "" if abs(factor) == 1 else f" {number(abs(factor))}"
    return f"{'-' if factor < 0 else '+'}{size} {name}"


def _row(name: str, terms: list[str], row: ScalarRow) -> Iterator[str]:
    if row.lower == row.upper:
        yield from _wrapped(f" {name}:", [*terms, f"= {number(row.lower)}"])
        return
    both = math.isfinite(row.lower) and math.isfinite(row.upper)
    if math.isfinite(row.lower):
        tag = f"{name}_low" if both else name
        yield from _wrapped(f" {tag}:", [*terms, f">= {number(row.lower)}"])
    if math.isfinite(row.upper):
        tag = f"{name}_high" if both else name
        yield from _wrapped(f" {tag}:", [*terms, f"<= {number(row.upper)}"])


def _wrapped(head: str, parts: list[str]) -> Iterator[str]:
    line = head
    for part in parts:
        if len(line) + 1 + len(part) > _WIDTH and line != head:
            yield line
            line = head = "  "
        line += f" {part}"
    yield line


def _bounds(name: str, lower: float, upper: float) -> str:
    if lower == upper:
        return f"{name} = {number(lower)}"
    if math.isinf(lower) and math.isinf(upper):
        return f"{name} free"
    low = "-inf" if math.isinf(lower) else number(lower)
    if math.isinf(upper):
        return f"{name} >= {low}"
    return f"{low} <= {name} <= {number(upper)}"


def _one_line(text: str) -> str:
    return " ".join(text.split())

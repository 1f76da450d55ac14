"""The deterministic reader: words and data in, sentences, numbers and tables with places out."""

from __future__ import annotations

from r2c.problem.read import read_problem
from r2c.problem.schema import Cell, Column, Problem, Quantity, Sentence, Span, Table

__all__ = [
    "Cell",
    "Column",
    "Problem",
    "Quantity",
    "Sentence",
    "Span",
    "Table",
    "read_problem",
]

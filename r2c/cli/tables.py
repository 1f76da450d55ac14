"""The tables of a saved model: those given now, or those it came with."""

from __future__ import annotations

from r2c.cli.saved import Saved
from r2c.problem.read import read_tables
from r2c.problem.schema import Problem


def problem_with(saved: Saved, data: list[str] | None) -> Problem | None:
    """The problem of a saved model, with the tables of `data` in place of those from files.

    Raises:
        InputError: R2C-P010 to R2C-P044, a table that cannot be read.
    """
    if not data:
        return saved.problem
    problem = saved.problem or Problem(text="")
    kept = tuple(table for table in problem.tables if table.origin == "text")
    given = read_tables(data, [table.name for table in kept])
    return problem.model_copy(update={"tables": (*kept, *given)})

"""Which of the two ways of reading fits a problem."""

from __future__ import annotations

from r2c.agents.dialect import Dialect
from r2c.agents.indexed.data import data_of, needs_sets
from r2c.agents.indexed.reader import Indexed
from r2c.agents.plain.reader import Plain
from r2c.problem.schema import Problem


def dialect_of(problem: Problem) -> Dialect:
    """Families over sets where tables ask for them, else decisions named one by one."""
    return Indexed(problem) if needs_sets(problem, data_of(problem)) else Plain(problem)

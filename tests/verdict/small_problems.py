"""Small problems in words with their right models, for the tests of verdicts."""

from __future__ import annotations

from dataclasses import dataclass

from r2c.archetypes.load import standard_library
from r2c.cir.instance import Instance, bind
from r2c.cir.schema import CIR
from r2c.formulation import Solution
from r2c.model.reformulate import reformulate
from r2c.problem import read_problem
from r2c.problem.schema import Problem
from r2c.solve.solve import solve_plain

CARPENTER = (
    "A carpenter makes stools and shelves. Each stool brings a profit of 14 euros and each shelf "
    "a profit of 22 euros. A stool needs 2 hours of work and a shelf needs 5 hours; 90 hours of "
    "work are available. At least 6 shelves must be made. No more than 30 stools can be sold. "
    "How many stools and shelves should be made to maximize the profit?"
)


def carpenter(**changes: object) -> CIR:
    """The right model of the carpenter's problem, with some parts changed."""
    parts: dict[str, object] = {
        "decisions": [
            {"name": "stools", "domain": "integer", "unit": "stool"},
            {"name": "shelves", "domain": "integer", "unit": "shelf"},
        ],
        "rules": [
            {
                "id": "work",
                "quote": "A stool needs 2 hours of work and a shelf needs 5 hours; 90 hours of "
                "work are available.",
                "archetype": "capacity_limit",
                "operands": {"use": "2*stools + 5*shelves", "limit": 90},
            },
            rule("order", "At least 6 shelves must be made.", "shelves >= 6"),
            rule("sales", "No more than 30 stools can be sold.", "stools <= 30"),
        ],
        "objectives": [
            {
                "sense": "max",
                "expr": "14*stools + 22*shelves",
                "quote": "Each stool brings a profit of 14 euros and each shelf a profit of 22 "
                "euros.",
            }
        ],
    }
    return CIR.model_validate(parts | changes)


def rule(id: str, quote: str, relation: str) -> dict[str, object]:
    """A plain rule as JSON."""
    return {"id": id, "quote": quote, "archetype": "linear", "operands": {"relation": relation}}


@dataclass(frozen=True)
class Solved:
    """A problem, a model of it, its data and its answer."""

    problem: Problem
    cir: CIR
    instance: Instance
    solution: Solution


def solved(cir: CIR, text: str = CARPENTER) -> Solved:
    """Solve a model with the real solver."""
    instance = bind(cir).require()
    solution = solve_plain(reformulate(cir, standard_library(), instance), instance)
    return Solved(read_problem(text), cir, instance, solution)

"""Which picture fits a plan: decided by what the rules mean and what the decisions range over."""

from __future__ import annotations

from r2c.cir.instance import bind
from r2c.cir.schema import CIR
from r2c.formulation import Solution
from r2c.problem.schema import Problem
from r2c_api.page.pictures.arcs import flow_or_route
from r2c_api.page.pictures.bars import bars
from r2c_api.page.pictures.picture import Picture
from r2c_api.page.pictures.schedule import schedule


def picture(cir: CIR, problem: Problem, solution: Solution) -> Picture | None:
    """A schedule where jobs have starts, arcs where amounts go from place to place, else bars.

    None if the plan has too little or too much to be drawn.
    """
    if not solution.values:
        return None
    made = schedule(cir, bind(cir, problem), solution)
    return made or flow_or_route(cir, solution) or bars(cir, solution)

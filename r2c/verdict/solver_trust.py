"""Reasons to distrust the solver rather than the model."""

from __future__ import annotations

from r2c.cir.schema import CIR
from r2c.formulation import Evidence, Outcome, Solution
from r2c.solve.solve import suspicions

NAME = "solver_trust"
_ROOM = 1e-5
_PROVEN = (Outcome.INFEASIBLE, Outcome.UNBOUNDED)
"""What the solver is asked twice before it is believed; its notes then say how it was confirmed."""


def solver_trust(cir: CIR, solution: Solution) -> Evidence:
    """Whether the solver agreed with itself (presolve on and off), its rows and its own bound."""
    doubts = [*suspicions(solution), *_bound(cir, solution)]
    if doubts or solution.values:
        message = " ".join(doubts) or "The solver's answer agrees with its own checks and bound."
        return Evidence(
            check=NAME, passed=not doubts, message=message, details={"doubts": list(doubts)}
        )
    if solution.solver and solution.outcome in _PROVEN and solution.notes:
        # Without a plan the solver's second look is all there is to go by.
        return Evidence(check=NAME, passed=True, message=" ".join(solution.notes))
    return Evidence(
        check=NAME, passed=None, message="There is no plan and no proof of the solver to check."
    )


def _bound(cir: CIR, solution: Solution) -> list[str]:
    value, bound = solution.objective, solution.bound
    if value is None or bound is None or not cir.objectives:
        return []
    room = _ROOM * max(1.0, abs(value))
    beyond = value - bound if cir.objectives[0].sense == "max" else bound - value
    if beyond > room:
        return [f"The plan is worth {value:g}, more than the proven limit {bound:g} allows."]
    if solution.outcome is Outcome.OPTIMAL and abs(value - bound) > 10 * room:
        return [f"The solver says optimal, but its bound {bound:g} leaves room to {value:g}."]
    return []

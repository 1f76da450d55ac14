"""With several goals in order, a number is worth what it does to the first one that changes."""

from __future__ import annotations

import pytest

from r2c.cir.read_text import read_text
from r2c.formulation import Outcome, Sensitivity
from r2c.problem import read_problem
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c.telling.sensitivity import sensitivity_told
from r2c.verdict.answer import solve_problem
from r2c.verdict.with_sensitivity import with_sensitivity

LIMITS = Limits(seconds=20)
BAKERY = """cir 1
decisions
  bread integer
  bought integer
rules
  orders: minimum_requirement
    amount = 2*bread + bought
    least = 10
  oven: capacity_limit
    use = bread
    limit = 4
objectives
  max bread
    meaning: bread of our own
  min bought
    tier: 1
    meaning: number of loaves bought
"""


def test_each_side_names_the_goal_that_changes() -> None:
    problem = read_problem("Bake bread; buy what is missing.")
    with SolverProcess() as process:
        answer = solve_problem(problem, read_text(BAKERY), LIMITS, process)
    assert answer.outcome is Outcome.OPTIMAL
    found = with_sensitivity(answer, LIMITS)
    assert found.solution is not None and found.cir is not None
    told = {
        rule: sensitivity_told(
            [item for item in found.solution.sensitivity if item.rule == rule], found.cir
        )
        for rule in ("orders", "oven")
    }
    assert told == {
        "orders": "One unit more (11) raises the number of loaves bought by 1, "
        "one unit less (9) lowers it by 1.",
        "oven": "One unit more (5) raises the bread of our own by 1, "
        "one unit less (3) lowers it by 1.",
    }


def test_a_tier_that_only_prices_broken_rules_is_told_as_what_they_cost() -> None:
    cir = read_text(BAKERY)
    side = Sensitivity(rule="oven", row="oven", stated=4, value=-2, low=4, high=5, exact=False)
    told = sensitivity_told([side.model_copy(update={"tier": 2})], cir)
    assert told == "One unit more (5) lowers what the rules cost by 2."
    assert "bread of our own" in sensitivity_told([side], cir)


def test_the_room_in_which_a_goal_is_held_is_no_part_of_what_a_number_is_worth() -> None:
    cir = read_text(
        "cir 1\ndecisions\n  a continuous\n  b continuous\nrules\n  most: linear\n"
        "    relation = a + b <= 10000000\n  least: linear\n    relation = a >= 2\n"
        "objectives\n  max a + b\n  min 300*a + 2*b\n    tier: 1\n"
    )
    with SolverProcess() as process:
        answer = solve_problem(read_problem("Two crops."), cir, LIMITS, process)
    found = with_sensitivity(answer, LIMITS)
    assert found.solution is not None
    worth = [item.value for item in found.solution.sensitivity if item.rule == "least"]
    assert worth == pytest.approx([298] * len(worth), rel=1e-6) and worth

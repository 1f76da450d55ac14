"""Right models whose words resemble those of mistakes: no check may doubt them."""

from __future__ import annotations

from typing import Any

import pytest
from small_problems import Solved, rule, solved

from r2c.archetypes.load import standard_library
from r2c.cir.instance import Instance
from r2c.cir.read_text import read_text
from r2c.cir.schema import CIR
from r2c.formulation import Solution
from r2c.model.plain import PlainModel
from r2c.problem import read_problem
from r2c.solve.limits import Limits
from r2c.solve.solve import solve_plain
from r2c.verdict.degenerate import degenerate
from r2c.verdict.domains import domains
from r2c.verdict.extra_solves import ExtraSolves
from r2c.verdict.money import money
from r2c.verdict.perturbation import perturbation
from r2c.verdict.scope import scope
from r2c.verdict.sides import sides
from r2c.verdict.wholeness import wholeness

LIBRARY = standard_library()


def model(**parts: Any) -> CIR:
    return CIR.model_validate(parts)


def whole(*names: str) -> list[dict[str, str]]:
    return [{"name": name, "domain": "integer"} for name in names]


def test_one_for_each_puts_neither_side_first() -> None:
    said = "For each manager there must be at least one clerk."
    staff = model(
        decisions=whole("managers", "clerks"),
        rules=[rule("pairs", said, "clerks >= managers"), rule("all", "", "clerks <= 9")],
        objectives=[{"sense": "max", "expr": "2*managers + clerks"}],
    )
    assert sides(read_problem(said), staff, LIBRARY).passed is not False


@pytest.mark.parametrize("costs", ["$200 and a TV ad 900", "200 and a TV ad 900 dollars"])
def test_an_amount_of_money_may_lack_its_sign(costs: str) -> None:
    text = f"A radio ad costs {costs}. The budget is $10,000. Reach as many people as possible."
    ads = model(
        decisions=whole("radio", "tv"),
        rules=[
            {
                "id": "budget",
                "quote": "The budget is $10,000.",
                "archetype": "capacity_limit",
                "operands": {"use": "200*radio + 900*tv", "limit": 10000},
            }
        ],
        objectives=[{"sense": "max", "expr": "3*radio + 20*tv"}],
    )
    assert money(read_problem(text), ads, LIBRARY).passed is not False


def raised(text: str) -> bool | None:
    cir = read_text(text)
    answer: Solved = solved(cir)

    def again(model: PlainModel, instance: Instance, seconds: float) -> Solution:
        return solve_plain(model, instance, Limits(seconds=seconds))

    solves = ExtraSolves(answer.solution, LIBRARY, again)
    return perturbation(cir, answer.solution, answer.instance, solves).passed


def test_wages_may_be_what_somebody_earns() -> None:
    assert (
        raised(
            """cir 1
parameters
  library_wage = 9
  bar_wage = 12
decisions
  library
  bar
rules
  hours: capacity_limit
    use = library + bar
    limit = 20
objectives
  max library_wage*library + bar_wage*bar
"""
        )
        is not False
    )


def test_more_of_a_budget_that_must_be_spent_may_be_worse() -> None:
    assert (
        raised(
            """cir 1
parameters
  budget = 600
decisions
  oaks
  limes
rules
  spent: linear
    relation = 40*oaks + 30*limes == budget
objectives
  min 3*oaks + 5*limes
"""
        )
        is not False
    )


def test_what_holds_at_all_times_need_not_name_them() -> None:
    text = "The warehouse holds at most 40 tonnes. Stock is counted over 3 weeks."
    cir = read_text(
        """cir 1
sets
  Weeks ordered = [1, 2, 3]
decisions
  stock[Weeks]
rules
  room: capacity_limit
    quote: The warehouse holds at most 40 tonnes.
    each: for w in Weeks
    use = stock[w]
    limit = 40
objectives
  max sum(stock[w] for w in Weeks)
"""
    )
    assert scope(read_problem(text), cir).passed is not False


def test_a_fraction_of_the_pieces_is_no_word_about_divisible_ones() -> None:
    text = (
        "A shop makes chairs and tables. The fraction of chairs among all chairs and tables may be "
        "at most 0.4. At most 7 pieces fit. How many chairs and tables should be made?"
    )
    cir = model(
        decisions=whole("chairs", "tables"),
        rules=[
            rule("part", "", "chairs <= 0.4*(chairs + tables)"),
            rule("room", "", "chairs + tables <= 7"),
        ],
        objectives=[{"sense": "max", "expr": "5*chairs + 4*tables"}],
    )
    answer = solved(cir, text)
    told = read_problem(text)
    assert wholeness(told, cir, LIBRARY).passed is not False
    assert domains(told, cir, answer.solution, answer.instance, LIBRARY).passed is not False


def test_full_time_workers_are_counted() -> None:
    text = "How many full-time and part-time workers should be hired? They make 29 pieces at least."
    cir = model(
        decisions=whole("full_time_workers", "part_time_workers"),
        rules=[rule("pieces", "", "7*full_time_workers + 4*part_time_workers >= 29")],
        objectives=[{"sense": "min", "expr": "70*full_time_workers + 41*part_time_workers"}],
    )
    answer = solved(cir, text)
    found = domains(read_problem(text), cir, answer.solution, answer.instance, LIBRARY)
    assert found.passed is True, found.message


def test_how_many_guests_come_is_no_question_for_a_number_of_kilograms() -> None:
    text = (
        "It does not matter how many guests come. Rice and beans are cooked, 5 kg at most, "
        "and the rice is at least half a kilogram more than the beans."
    )
    cir = model(
        decisions=[{"name": "rice", "unit": "kg"}, {"name": "beans", "unit": "kg"}],
        rules=[
            rule("pot", "", "rice + beans <= 5"),
            rule("more", "", "rice >= beans + 0.5"),
        ],
        objectives=[{"sense": "max", "expr": "2*rice + 3*beans"}],
    )
    answer = solved(cir, text)
    found = domains(read_problem(text), cir, answer.solution, answer.instance, LIBRARY)
    assert found.details["depends"] is True
    assert found.passed is True, found.message


def test_a_goal_may_reach_the_limit_that_its_own_words_set() -> None:
    text = "A clinic treats at most 100 patients a day. Treat as many patients as possible."
    cir = model(
        definitions=[{"name": "patients", "expr": "adults + children"}],
        decisions=whole("adults", "children"),
        rules=[
            {
                "id": "day",
                "quote": "A clinic treats at most 100 patients a day.",
                "archetype": "capacity_limit",
                "operands": {"use": "patients", "limit": 100},
            }
        ],
        objectives=[{"sense": "max", "expr": "patients"}],
    )
    answer = solved(cir, text)
    assert degenerate(answer.cir, answer.solution, answer.instance).passed is True


def test_bottles_of_water_are_counted() -> None:
    told = read_problem("A camp buys bottles of water and rice in kilograms, as cheaply as it can.")
    cir = model(
        decisions=[
            {"name": "water_bottles", "domain": "integer"},
            {"name": "rice", "unit": "kg"},
        ],
        objectives=[{"sense": "min", "expr": "water_bottles + rice"}],
    )
    assert wholeness(told, cir, LIBRARY).passed is not False

"""What a change does to the plan, solved before and after by the real solver."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from supposed import NO_WORDS, bakery, sites, staffing, transport

from r2c.cir.schema import CIR
from r2c.formulation import Outcome, Trust
from r2c.problem.schema import Problem
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c.supposition import WhatIf
from r2c.verdict.answer import solve_problem
from r2c.verdict.what_if import MOST_MOVED, what_if

LIMITS = Limits(seconds=20)
ONES = {"kind": "expression", "indices": ["t"], "expr": "1"}


@pytest.fixture(scope="module")
def process() -> Iterator[SolverProcess]:
    with SolverProcess() as running:
        yield running


def asked(
    model: tuple[CIR, Problem], changes: list[str], process: SolverProcess | None = None
) -> WhatIf:
    cir, problem = model
    return what_if(cir, problem, changes, LIMITS, process)


def moved(told: WhatIf) -> dict[str, float]:
    return {f"{item.symbol}{list(item.key)}": item.change for item in told.moved}


def test_a_larger_order_costs_profit_and_says_how_much(process: SolverProcess) -> None:
    told = asked(bakery(), ["sentence 5: 30"], process)
    assert (told.before.objective, told.after.objective) == (245, 230)
    assert (told.difference, told.judgement) == (-15, "worse")
    assert moved(told) == {"loaves[]": -10, "trays[]": 5}
    assert (told.after.unit, told.after.meaning) == ("euro", "total profit")


def test_a_number_that_the_words_do_not_say_is_no_reason_to_doubt_the_plan(
    process: SolverProcess,
) -> None:
    told = asked(bakery(), ["sentence 5: 30"], process)
    assert told.after.trust is Trust.PLAUSIBLE


def test_a_limit_that_is_not_reached_changes_nothing(process: SolverProcess) -> None:
    told = asked(bakery(), ["sentence 4: 640 -> 700"], process)
    assert (told.judgement, told.difference, told.moved) == ("equal", 0, ())


def test_rules_that_bind_now_and_no_longer_are_told_for_their_members(
    process: SolverProcess,
) -> None:
    told = asked(transport(), ["demand[Oslo] = 40"], process)
    assert [(item.rule, item.key, item.limit) for item in told.now_binding] == [
        ("lanes_carry", ("Lund", "Oslo"), 40)
    ]
    back = asked(transport(), ["demand[Oslo] = 40", "demand[Oslo] = 30"], process)
    assert (back.now_binding, back.no_longer_binding) == ((), ())


def test_a_rule_that_is_dropped_is_not_told_to_bind_no_longer(process: SolverProcess) -> None:
    told = asked(bakery(), ["without order"], process)
    assert (told.judgement, told.difference) == ("better", 15)
    assert [item.rule for item in told.now_binding] == ["oven"]
    assert told.no_longer_binding == ()


def test_changes_that_rules_exclude_are_told_in_the_sentences_that_do(
    process: SolverProcess,
) -> None:
    told = asked(bakery(), ["trays >= 50"], process)
    assert told.after.outcome is Outcome.INFEASIBLE
    assert told.before.objective == 245
    assert told.conflict is not None
    assert "what_if_1" in told.conflict.rules
    assert "80 kg of flour are in store" in told.conflict.explanation
    assert (told.difference, told.judgement, told.moved) == (None, None, ())


def test_a_change_can_make_a_plan_possible_and_then_all_of_it_is_told(
    process: SolverProcess,
) -> None:
    told = asked(staffing(), ["sentence 5: 6"], process)
    assert (told.before.outcome, told.after.outcome) == (Outcome.INFEASIBLE, Outcome.OPTIMAL)
    assert told.after.objective == 12 * 120 + 6 * 150
    assert {(item.symbol, item.before, item.after) for item in told.moved} == {
        ("early", None, 12),
        ("late", None, 6),
    }


def test_a_goal_that_loses_its_limit_is_unbounded_with_the_direction(
    process: SolverProcess,
) -> None:
    told = asked(bakery(), ["without oven", "without flour"], process)
    assert told.after.outcome is Outcome.UNBOUNDED
    assert "can grow for ever" in told.after.faults[0].what


def test_the_largest_changes_of_many_come_first_and_all_are_counted(
    process: SolverProcess,
) -> None:
    cir = CIR.model_validate(
        {
            "sets": [{"name": "T", "elements": list(range(1, 31))}],
            "parameters": [
                {"name": "most", "over": ["T"], "value": ONES},
            ],
            "decisions": [{"name": "make", "over": ["T"]}],
            "rules": [
                {
                    "id": "most_of_all",
                    "forall": "for t in T",
                    "operands": {"relation": "make[t] <= most[t]"},
                }
            ],
            "objectives": [{"sense": "max", "expr": "sum(make[t] for t in T)"}],
        }
    )
    told = what_if(cir, NO_WORDS, ["most *= 2", "most[7] = 9"], LIMITS, process)
    assert (told.moved_in_all, len(told.moved)) == (30, MOST_MOVED)
    assert (told.moved[0].key, told.moved[0].change) == ((7,), 8)


def test_of_several_goals_the_first_that_differs_decides(process: SolverProcess) -> None:
    cir = CIR.model_validate(
        {
            "decisions": [{"name": "x", "upper": "5"}, {"name": "y", "upper": "5"}],
            "rules": [{"id": "r1", "operands": {"relation": "x + y <= 7"}}],
            "objectives": [
                {"sense": "max", "expr": "x", "tier": 0, "meaning": "the first"},
                {"sense": "max", "expr": "y", "tier": 1, "meaning": "the second"},
            ],
        }
    )
    told = what_if(cir, NO_WORDS, ["rule r1: 6"], LIMITS, process)
    assert [goal.judgement for goal in told.goals] == ["equal", "worse"]
    assert (told.judgement, told.difference) == ("worse", -1)


def test_a_model_without_a_goal_still_has_a_plan_or_none(process: SolverProcess) -> None:
    cir = sites().model_copy(update={"objectives": ()})
    told = what_if(cir, NO_WORDS, ["need = 140"], LIMITS, process)
    assert (told.after.outcome, told.judgement, told.goals) == (Outcome.OPTIMAL, None, ())
    none = what_if(cir, NO_WORDS, ["need = 141"], LIMITS, process)
    assert none.after.outcome is Outcome.INFEASIBLE


def test_a_known_answer_is_not_solved_again(process: SolverProcess) -> None:
    cir, problem = bakery()
    known = solve_problem(problem, cir, LIMITS, process)
    assert known.solution is not None
    marked = known.solution.model_copy(update={"objective": 1.0})
    known = known.model_copy(update={"solution": marked})
    told = what_if(cir, problem, ["sentence 5: 30"], LIMITS, process, before=known)
    assert told.before.objective == 1


def test_the_record_is_read_back_as_it_was_written(process: SolverProcess) -> None:
    told = asked(transport(), ["ship[Lund, Oslo] <= 10"], process)
    assert WhatIf.model_validate_json(told.model_dump_json()) == told


@settings(max_examples=8)
@given(st.sampled_from([2, 3, 0.5, 8]), st.sampled_from(["cost", "demand", "supply", "capacity"]))
def test_what_is_multiplied_and_divided_again_has_the_same_optimum(by: float, name: str) -> None:
    told = asked(transport(), [f"{name} *= {by}", f"{name} /= {by}"])
    assert (told.judgement, told.moved) == ("equal", ())
    assert (told.now_binding, told.no_longer_binding) == ((), ())


@settings(max_examples=8)
@given(st.sampled_from([2, 0.5, 7]))
def test_prices_in_another_unit_change_the_cost_and_not_the_plan(by: float) -> None:
    told = asked(transport(), [f"cost *= {by}"])
    assert told.after.objective == pytest.approx(by * 2585)
    assert told.moved == ()


@settings(max_examples=8)
@given(st.integers(0, 60))
def test_a_relation_that_is_added_never_improves_the_goal(most: int) -> None:
    told = asked(bakery(), [f"loaves <= {most}"])
    assert told.judgement in ("worse", "equal")
    assert (told.judgement == "equal") == (most >= 30)

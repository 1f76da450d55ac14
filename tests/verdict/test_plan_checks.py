"""Checks of the plan itself: the recheck, degenerate answers, readings, the solver's honesty."""

from __future__ import annotations

from typing import Any

import pytest
from small_problems import CARPENTER, carpenter, rule, solved

from r2c.archetypes.load import standard_library
from r2c.cir.instance import bind
from r2c.cir.schema import CIR
from r2c.formulation import Outcome, Solution, Value
from r2c.problem import read_problem
from r2c.verdict.answer import solve
from r2c.verdict.degenerate import degenerate
from r2c.verdict.domains import SECONDS, domains
from r2c.verdict.recheck import recheck
from r2c.verdict.solver_trust import solver_trust
from r2c.verdict.trust import MISSING

LIBRARY = standard_library()
ANSWER = solved(carpenter())


def changed(solution: Solution, objective: float | None = None, **values: float) -> Solution:
    """A solution with other values of scalar symbols."""
    moved = {name: (Value(value=value),) for name, value in values.items()}
    return solution.model_copy(
        update={
            "values": {**solution.values, **moved},
            "objective": solution.objective if objective is None else objective,
        }
    )


def test_the_solvers_plan_of_the_right_model_is_confirmed() -> None:
    assert ANSWER.solution.objective == pytest.approx(14 * 30 + 22 * 6)
    found = recheck(ANSWER.cir, ANSWER.solution, ANSWER.instance, LIBRARY)
    assert found.passed is True, found.message


@pytest.mark.parametrize(
    ("values", "objective", "rules", "words"),
    [
        ({"stools": 40, "shelves": 6}, 692, {"work", "sales"}, "breaks rule 'sales'"),
        ({"stools": 30, "shelves": 5}, 530, {"order"}, "breaks rule 'order'"),
        ({"stools": 29.5, "shelves": 6}, 545, set(), "stools is 29.5, not a whole number"),
        ({"stools": -1, "shelves": 6}, 118, set(), "its lower bound 0"),
        ({"stools": 30, "shelves": 6}, 600, set(), "objective of the plan is 552, not 600"),
        ({"stools": float("nan"), "shelves": 6}, 552, set(), "stools has no value"),
    ],
)
def test_a_planted_flaw_of_the_plan_is_found(
    values: dict[str, float], objective: float, rules: set[str], words: str
) -> None:
    plan = changed(ANSWER.solution, objective, **values)
    found = recheck(ANSWER.cir, plan, ANSWER.instance, LIBRARY)
    assert found.passed is False
    assert set(found.rules) == rules
    assert words in found.message


def kiln(**more: Any) -> CIR:
    parts: dict[str, Any] = {
        "decisions": [{"name": "pots", "upper": 50}],
        "rules": [
            {
                "id": "fire",
                "archetype": "fixed_charge_activation",
                "operands": {"activities": "pots", "charge": "100"},
                "outputs": {"active": "fired"},
            }
        ],
        "objectives": [{"sense": "max", "expr": "5*pots"}],
    }
    return CIR.model_validate(parts | more)


def test_what_an_archetype_means_is_checked_and_not_the_rows_that_wrote_it() -> None:
    answer = solved(kiln())
    assert answer.solution.objective == pytest.approx(150)
    assert recheck(answer.cir, answer.solution, answer.instance, LIBRARY).passed is True
    # Within a solver's tolerance of the row pots <= 50*fired, but nothing is fired.
    trickle = changed(answer.solution, 0.00015, pots=0.00005, fired=0.000001)
    found = recheck(answer.cir, trickle, answer.instance, LIBRARY)
    assert found.passed is False
    assert found.rules == ("fire",)


def test_the_cost_of_an_archetype_belongs_to_the_objective() -> None:
    answer = solved(kiln())
    found = recheck(answer.cir, changed(answer.solution, 250), answer.instance, LIBRARY)
    assert "is 150, not 250" in found.message


def test_an_indexed_plan_is_rechecked_member_by_member() -> None:
    cir = CIR.model_validate(
        {
            "sets": [{"name": "Shops", "elements": ["north", "south"]}],
            "parameters": [
                {"name": "order", "over": ["Shops"], "value": {"kind": "dense", "values": [3, 5]}}
            ],
            "decisions": [{"name": "ship", "over": ["Shops"], "lower": 0}],
            "rules": [
                {
                    "id": "orders",
                    "archetype": "minimum_requirement",
                    "forall": "for s in Shops",
                    "operands": {"amount": "ship[s]", "least": "order[s]"},
                }
            ],
            "objectives": [{"sense": "min", "expr": "sum(ship[s] for s in Shops)"}],
        }
    )
    answer = solved(cir)
    assert recheck(cir, answer.solution, answer.instance, LIBRARY).passed is True
    short = (Value(key=("north",), value=3.0), Value(key=("south",), value=4.5))
    plan = answer.solution.model_copy(update={"values": {"ship": short}, "objective": 7.5})
    found = recheck(cir, plan, answer.instance, LIBRARY)
    assert found.passed is False
    assert "'orders'[south]" in found.message


def test_soft_rules_may_be_broken_but_never_improve_the_objective() -> None:
    soft = rule("sales", "", "stools <= 10") | {"soft": {"price": "2"}}
    rules = [*carpenter().model_dump(mode="json")["rules"][:2], soft]
    answer = solved(carpenter(rules=rules))
    plan = answer.solution
    assert plan.values["stools"][0].value == pytest.approx(30)
    assert plan.objective == pytest.approx(552 - 40)
    assert recheck(answer.cir, plan, answer.instance, LIBRARY).passed is True
    assert recheck(answer.cir, changed(plan, 560), answer.instance, LIBRARY).passed is False


def test_without_a_plan_there_is_nothing_to_recheck() -> None:
    empty = Solution(outcome=Outcome.INFEASIBLE)
    assert recheck(ANSWER.cir, empty, ANSWER.instance, LIBRARY).passed is None


def test_a_healthy_answer_is_not_called_degenerate() -> None:
    assert degenerate(ANSWER.cir, ANSWER.solution, ANSWER.instance).passed is True


def test_a_plan_of_nothing_is_degenerate() -> None:
    answer = solved(carpenter(rules=[rule("sales", "", "stools + shelves <= 0")]))
    found = degenerate(answer.cir, answer.solution, answer.instance)
    assert found.passed is False
    assert found.details["all_zero"] is True


def test_a_plan_of_nothing_may_be_right_for_a_model_without_words() -> None:
    answer = solved(carpenter(rules=[rule("sales", "", "stools + shelves <= 0")]))
    found = degenerate(answer.cir, answer.solution, answer.instance, told=False)
    assert found.passed is None
    assert found.details["all_zero"] is True
    assert "do nothing" in found.message


def test_a_plan_that_does_something_and_is_worth_exactly_nothing_is_suspicious() -> None:
    goal = [{"sense": "min", "expr": "9*shelves"}]
    made = [rule("orders", "", "stools >= 3")]
    answer = solved(carpenter(rules=made, objectives=goal))
    assert answer.solution.objective == 0
    found = degenerate(answer.cir, answer.solution, answer.instance)
    assert (found.passed, found.details["worthless"]) == (False, True)
    assert "exactly 0" in found.message
    by_hand = degenerate(answer.cir, answer.solution, answer.instance, told=False)
    assert by_hand.passed is True
    paid = solved(carpenter(rules=[*made, rule("more", "", "shelves >= 1")], objectives=goal))
    found = degenerate(paid.cir, paid.solution, paid.instance)
    assert (found.passed, found.details["worthless"]) == (True, False)


def test_where_no_goal_prefers_a_plan_one_that_does_nothing_is_not_suspicious() -> None:
    answer = solved(carpenter(rules=[rule("sales", "", "stools + shelves <= 0")], objectives=[]))
    found = degenerate(answer.cir, answer.solution, answer.instance)
    assert (found.passed, found.details["unexpected_zero"]) == (None, False)
    assert "without a goal" in found.message


@pytest.mark.parametrize(
    "outcome", [Outcome.INFEASIBLE, Outcome.UNBOUNDED, Outcome.LIMIT, Outcome.UNSUPPORTED]
)
def test_without_a_plan_nothing_about_it_is_confirmed(outcome: Outcome) -> None:
    empty = Solution(outcome=outcome)
    assert degenerate(ANSWER.cir, empty, ANSWER.instance).passed is None
    assert solver_trust(ANSWER.cir, empty).passed is None
    cir = carpenter(parameters=[{"name": "rent", "value": 3}])
    assert degenerate(cir, empty).passed is False  # the unused parameter needs no plan


def test_the_solvers_second_look_at_an_infeasible_model_counts() -> None:
    clash = [rule("a", "", "stools + shelves >= 5"), rule("b", "", "2*stools + 2*shelves <= 8")]
    answer = solved(carpenter(rules=clash))
    found = solver_trust(answer.cir, answer.solution)
    assert found.passed is True
    assert "without presolve agrees" in found.message


def test_a_plan_at_a_limit_that_no_data_give_is_degenerate() -> None:
    cir = carpenter(
        parameters=[{"name": "price", "value": 14}],
        objectives=[{"sense": "max", "expr": "price*stools + 22*shelves"}],
    )
    plan = changed(solved(cir).solution, stools=1e7)
    assert degenerate(cir, plan, bind(cir)).details["huge"] == ["stools"]
    assert degenerate(cir, changed(plan, stools=30), bind(cir)).passed is True


def test_symbols_that_take_part_in_nothing_are_named() -> None:
    cir = carpenter(parameters=[{"name": "rent", "value": 3}], rules=[rule("r", "", "stools<=9")])
    goal = carpenter(objectives=[{"sense": "max", "expr": "stools"}]).objectives
    lone = cir.model_copy(update={"objectives": goal})
    found = degenerate(lone, solved(lone).solution)
    assert found.details["unused_decisions"] == ["shelves"]
    assert found.details["unused_parameters"] == ["rent"]
    assert "the decision 'shelves'" in found.message


def reading(text: str, domain: str, unit: str, limit: str = "2*cakes <= 9") -> Any:
    cir = CIR.model_validate(
        {
            "decisions": [{"name": "cakes", "domain": domain, "unit": unit}],
            "rules": [rule("limit", "", limit)],
            "objectives": [{"sense": "max", "expr": "3*cakes"}],
        }
    )
    answer = solved(cir, text)
    return domains(answer.problem, cir, answer.solution, answer.instance, LIBRARY)


def test_an_answer_that_is_the_same_either_way_is_settled() -> None:
    found = reading("Bake.", "integer", "cake", "2*cakes <= 8")
    assert (found.passed, found.details["depends"]) == (True, False)


@pytest.mark.parametrize(
    ("text", "domain", "unit", "settled"),
    [
        ("Bake cakes.", "integer", "cake", True),
        ("Bake cakes.", "continuous", "cake", False),
        ("Pour batter.", "continuous", "kg", True),
        ("Pour batter.", "integer", "kg", False),
        ("Bake whole numbers of cakes.", "integer", "kg", True),
        ("Fractions of cakes are fine.", "continuous", "cake", True),
        ("Fractions of cakes are fine.", "integer", "cake", False),
    ],
)
def test_where_the_answer_depends_on_the_reading_the_words_must_settle_it(
    text: str, domain: str, unit: str, settled: bool
) -> None:
    found = reading(text, domain, unit)
    assert found.details["depends"] is True
    assert found.details["other"] == pytest.approx(13.5 if domain == "integer" else 12)
    assert found.passed is settled, found.message


def test_the_message_says_by_how_much_the_answer_would_move() -> None:
    assert "13.5 (+12.50%)" in reading("Pour batter.", "integer", "kg").message


def test_a_second_solve_that_would_take_too_long_is_missing_and_not_silent() -> None:
    slow = ANSWER.solution.model_copy(update={"seconds": 2 * SECONDS})
    unsettled = read_problem("Make the best plan for tonnes of ore.")
    ore = ANSWER.cir.model_copy(
        update={
            "decisions": tuple(
                item.model_copy(update={"unit": "tonnes"}) for item in ANSWER.cir.decisions
            )
        }
    )
    found = domains(unsettled, ore, slow, ANSWER.instance, LIBRARY)
    assert (found.passed, found.details) == (None, {MISSING: True})


def test_a_reading_that_the_words_settle_needs_no_second_solve() -> None:
    slow = ANSWER.solution.model_copy(update={"seconds": 2 * SECONDS})
    found = domains(ANSWER.problem, ANSWER.cir, slow, ANSWER.instance, LIBRARY)
    assert (found.passed, found.details) == (True, {})
    assert "counted, not measured" in found.message


@pytest.mark.parametrize(("rules", "told"), [(0, "keeps all bounds"), (1, "the only condition")])
def test_few_conditions_are_told_in_good_english(rules: int, told: str) -> None:
    every = [rule("sales", "", "stools + shelves <= 30")]
    bounds = [{"name": "stools", "upper": 9}, {"name": "shelves", "upper": 9}]
    answer = solved(carpenter(decisions=bounds, rules=every[:rules]))
    found = recheck(answer.cir, answer.solution, answer.instance, LIBRARY)
    assert found.passed is True
    assert told in found.message


def test_yes_or_no_decisions_have_one_reading() -> None:
    cir = CIR.model_validate(
        {
            "decisions": [{"name": "go", "domain": "binary"}],
            "objectives": [{"sense": "max", "expr": "go"}],
        }
    )
    answer = solved(cir, "Go or not.")
    found = domains(answer.problem, cir, answer.solution, answer.instance, LIBRARY)
    assert found.passed is None


def test_a_model_infeasible_only_for_whole_numbers_is_told() -> None:
    rules = [rule("odd", "", "2*stools + 2*shelves == 9")]
    answer = solved(carpenter(rules=rules))
    assert answer.solution.outcome is Outcome.INFEASIBLE
    found = domains(read_problem(CARPENTER), answer.cir, answer.solution, answer.instance, LIBRARY)
    assert found.details["depends"] is True
    assert "With fractions the optimum would be" in found.message


def test_the_real_solvers_answer_is_trusted() -> None:
    assert solver_trust(ANSWER.cir, ANSWER.solution).passed is True


@pytest.mark.parametrize(
    ("update", "words"),
    [
        ({"notes": ("solver_suspect: presolve says otherwise.",)}, "presolve says otherwise"),
        ({"bound": 500.0}, "more than the proven limit 500 allows"),
        ({"bound": 900.0}, "its bound 900 leaves room"),
    ],
)
def test_a_solver_that_contradicts_itself_is_not_trusted(
    update: dict[str, Any], words: str
) -> None:
    found = solver_trust(ANSWER.cir, ANSWER.solution.model_copy(update=update))
    assert found.passed is False
    assert words in found.message


def test_a_goal_that_is_capped_by_a_limit_on_itself_is_suspicious() -> None:
    text = CARPENTER + " At most 400 euros may be spent."
    capped = {
        "id": "spend",
        "quote": "At most 400 euros may be spent.",
        "archetype": "capacity_limit",
        "operands": {"use": "14*stools + 22*shelves", "limit": 400},
    }
    rules = carpenter().model_dump(mode="json")["rules"]
    answer = solved(carpenter(rules=[*rules, capped]), text)
    assert answer.solution.objective == pytest.approx(400)
    found = degenerate(answer.cir, answer.solution, answer.instance)
    assert (found.passed, found.details["capped"]) == (False, ["spend"])
    free = solved(carpenter(), CARPENTER)
    assert degenerate(free.cir, free.solution, free.instance).details["capped"] == []


@pytest.mark.parametrize(
    ("asked", "passed"),
    [
        ("How many of each way of serving should be planned to maximize the tips?", False),
        ("How many hours should each way of serving be used to maximize the tips?", True),
        ("Which hours of each way of serving maximize the tips?", True),
    ],
)
def test_a_measure_that_only_the_reading_names_does_not_settle_fractions(
    asked: str, passed: bool
) -> None:
    text = (
        "A restaurant serves by cart and by hand. A cart earns 7 euros of tips and a hand 9 euros. "
        f"A cart needs 2 waiters and a hand 3 waiters; 10 waiters are there. {asked}"
    )
    cir = CIR.model_validate(
        {
            "decisions": [
                {"name": "cart", "domain": "continuous", "meaning": "hours cart is used"},
                {"name": "hand", "domain": "continuous", "meaning": "hours hand is used"},
            ],
            "rules": [
                rule("waiters", "10 waiters are there", "2*cart + 3*hand <= 10"),
                rule("few", "", "cart <= 4.5"),
            ],
            "objectives": [{"sense": "max", "expr": "7*cart + 9*hand"}],
        }
    )
    answer = solved(cir, text)
    found = domains(read_problem(text), cir, answer.solution, answer.instance, LIBRARY)
    assert found.details["depends"] is True
    assert found.passed is passed, found.message


@pytest.mark.parametrize(("factor", "passed"), [(1000000, False), (400, True)])
def test_a_plan_at_a_big_m_is_no_plan(factor: int, passed: bool) -> None:
    answer = solve(
        CIR.model_validate(
            {
                "decisions": [
                    {"name": "made", "domain": "continuous"},
                    {"name": "active", "domain": "binary"},
                ],
                "rules": [
                    {"id": "link", "operands": {"relation": f"made <= {factor}*active"}},
                    {"id": "least", "operands": {"relation": "made >= 10*active"}},
                ],
                "objectives": [{"sense": "max", "expr": "3*made"}],
            }
        )
    )
    found = next(item for item in answer.evidence if item.check == "degenerate")
    assert found.passed is passed, found.message


@pytest.mark.parametrize(("stools", "passed"), [("continuous", False), ("integer", True)])
def test_a_fraction_of_what_is_counted_beside_whole_things_is_doubted(
    stools: str, passed: bool
) -> None:
    text = (
        "A workshop makes stools and shelves. A stool takes 2 hours and a shelf takes 5 hours; 91 "
        "hours are available. At least 6 shelves are made. A stool brings 9 euros and a shelf "
        "brings 20 euros; maximize the sales. Only whole shelves and whole stools can be sold."
    )
    hours = "A stool takes 2 hours and a shelf takes 5 hours; 91 hours are available."
    answer = solve(
        CIR.model_validate(
            {
                "decisions": [
                    {"name": "stools", "domain": stools, "meaning": "number of stools"},
                    {"name": "shelves", "domain": "integer", "meaning": "number of shelves"},
                ],
                "rules": [
                    rule("work", hours, "2*stools + 5*shelves <= 91"),
                    rule("least", "At least 6 shelves are made.", "shelves >= 6"),
                ],
                "objectives": [{"sense": "max", "expr": "9*stools + 20*shelves"}],
            }
        ),
        problem=read_problem(text),
    )
    found = next(item for item in answer.evidence if item.check == "domains")
    assert found.passed is passed, found.message

from __future__ import annotations

import itertools
import math
import subprocess
import sys
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from r2c.cir.schema import CIR
from r2c.errors import R2CError
from r2c.formulation import Outcome, Solution
from r2c.solve.limits import Limits
from r2c.solve.solve import solve_plain, suspicions
from r2c.verdict.answer import solve

SHORT = Limits(seconds=5.0)


def at(solution: Solution, symbol: str, *key: str | int) -> float:
    return next(item.value for item in solution.values[symbol] if item.key == key)


def test_a_linear_program_has_its_textbook_optimum_duals_and_reduced_costs(plain, process):
    # Wyndor Glass: optimum 36 at (2, 6), shadow prices 0, 1.5 and 1.
    model, instance = plain(
        "doors windows",
        ["plant1: doors <= 4", "plant2: 2*windows <= 12", "plant3: 3*doors + 2*windows <= 18"],
        ["max 3*doors + 5*windows"],
    )
    solution = solve_plain(model, instance, SHORT, process=process)
    assert solution.outcome is Outcome.OPTIMAL
    assert solution.objective == solution.bound == pytest.approx(36)
    assert solution.gap == 0
    assert (at(solution, "doors"), at(solution, "windows")) == pytest.approx((2, 6))
    assert [row.dual for row in solution.rows] == pytest.approx([0, 1.5, 1])
    assert [row.activity for row in solution.rows] == pytest.approx([2, 12, 18])
    assert [row.upper for row in solution.rows] == [4, 12, 18]
    assert [item[0].value for item in solution.reduced_costs.values()] == pytest.approx([0, 0])
    assert solution.solver.startswith("HiGHS 1.")
    assert suspicions(solution) == ()


def test_duals_of_a_minimization_are_what_one_unit_more_costs(plain, process):
    model, instance = plain("x y", ["need: x + y >= 10"], ["min 2*x + 3*y"])
    solution = solve_plain(model, instance, SHORT, process=process)
    assert solution.rows[0].dual == pytest.approx(2)
    assert solution.reduced_costs["y"][0].value == pytest.approx(1)


def test_an_integer_program_returns_whole_numbers_bound_and_gap_but_no_duals(plain, process):
    model, instance = plain(
        "a:bin b:bin c:int", ["w: 3*a + 4*b + 2*c <= 9", "few: c <= 1.5"], ["max 5*a + 6*b + 3*c"]
    )
    solution = solve_plain(model, instance, SHORT, process=process)
    assert solution.outcome is Outcome.OPTIMAL
    assert solution.objective == 14 == solution.bound
    assert [at(solution, name) for name in "abc"] == [1.0, 1.0, 1.0]
    assert solution.rows[0].dual is None and solution.reduced_costs == {}


@pytest.mark.parametrize(
    ("goal", "expected", "point"),
    [
        ("min (x - 3)**2 + (y - 1)**2 + x*y/2", 14 / 15, (44 / 15, 4 / 15)),
        ("max 4*x - x**2 + 2*y - y**2", 4.5, (1.5, 0.5)),
    ],
)
def test_convex_quadratic_programs_reach_their_optimum_in_both_senses(
    plain, process, goal, expected, point
):
    rows = ["sum: x + y <= 2"] if goal.startswith("max") else []
    model, instance = plain("x y", rows, [goal])
    solution = solve_plain(model, instance, SHORT, process=process)
    assert solution.outcome is Outcome.OPTIMAL
    assert (at(solution, "x"), at(solution, "y")) == pytest.approx(point, abs=1e-5)
    assert solution.objective == pytest.approx(expected, abs=1e-5)


def test_a_goal_of_tiny_coefficients_is_not_taken_for_zero(plain, process):
    for size in (1e-7, 1e-9, 1e-12):
        model, instance = plain(
            "x y", ["r: x + y <= 1000000000", "s: x <= 999999999"], [f"max {size}*x + {size / 2}*y"]
        )
        solution = solve_plain(model, instance, SHORT, process=process)
        assert solution.objective == pytest.approx(size * 1e9, rel=1e-6)
        assert solution.rows[0].dual == pytest.approx(size / 2)


def test_a_constant_in_the_goal_does_not_loosen_the_gap(plain, process):
    things = [(23, 92), (31, 57), (29, 49), (44, 68), (53, 60), (38, 43), (63, 67), (85, 84)]
    things += [(89, 87), (82, 72)]  # knapsack P01 of Burkardt's collection; optimum 309
    names = [f"b{place}" for place in range(len(things))]
    used = " + ".join(f"{weight}*b{place}" for place, (weight, _) in enumerate(things))
    goal = " + ".join(f"{worth}*b{place}" for place, (_, worth) in enumerate(things))
    rows = [f"weight: {used} <= 165", *(f"once_{name}: {name} <= 1" for name in names)]
    goals = [f"max {goal} + 1000000000"]
    model, instance = plain(" ".join(f"{name}:int" for name in names), rows, goals)
    solution = solve_plain(model, instance, SHORT, process=process)
    assert solution.objective == 1_000_000_309
    assert solution.bound == pytest.approx(1_000_000_309)


def test_a_family_without_members_is_no_fault():
    cir = CIR.model_validate(
        {
            "sets": [{"name": "E", "elements": []}],
            "decisions": [{"name": "x", "over": ["E"]}, {"name": "y", "upper": "3"}],
            "rules": [
                {"id": "a", "operands": {"relation": "sum(x[i] for i in E) + y <= 2"}},
                {"id": "b", "forall": "for i in E", "operands": {"relation": "x[i] <= y"}},
            ],
            "objectives": [{"sense": "max", "expr": "y"}],
        }
    )
    assert solve(cir).objective == pytest.approx(2)


@pytest.mark.parametrize(
    ("decisions", "rows", "goals"),
    [
        ("x", ["a: x >= 3", "b: x <= 2"], ["min x"]),
        ("x y", ["a: x + y <= 1", "b: x + y >= 2"], ["max x"]),
        ("x:int", ["a: 2*x == 3", "b: x <= 9"], ["min x"]),
        ("x:bin y:bin", ["a: x + y == 1.5"], []),
        ("x y", ["a: x - y <= 2", "b: x - y >= 3"], ["max x"]),
        ("x", ["a: 0*x >= 1"], ["min x"]),
    ],
)
def test_infeasible_models_are_an_outcome_and_not_doubted(plain, process, decisions, rows, goals):
    model, instance = plain(decisions, rows, goals)
    solution = solve_plain(model, instance, SHORT, process=process)
    assert solution.outcome is Outcome.INFEASIBLE
    assert solution.values == {} and solution.objective is None
    assert suspicions(solution) == ()


@pytest.mark.parametrize("decisions", ["x y", "x:int y:int"])
def test_unbounded_models_are_an_outcome(plain, process, decisions):
    model, instance = plain(decisions, ["a: x - y <= 2"], ["max x"])
    solution = solve_plain(model, instance, SHORT, process=process)
    assert solution.outcome is Outcome.UNBOUNDED
    assert solution.values == {}


def test_a_model_without_decisions_is_optimal_with_its_constant(plain, process):
    model, instance = plain([], ["a: 2 <= 3"], ["min 7 + 0"])
    solution = solve_plain(model, instance, SHORT, process=process)
    assert (solution.outcome, solution.objective) == (Outcome.OPTIMAL, 7.0)


def test_a_model_without_goal_asks_for_any_feasible_plan(plain, process):
    model, instance = plain("x:int y", ["a: x + y == 7", "b: 2 <= x <= 3"])
    solution = solve_plain(model, instance, SHORT, process=process)
    assert solution.outcome is Outcome.OPTIMAL
    assert solution.objective is None
    assert at(solution, "x") + at(solution, "y") == pytest.approx(7)


def test_later_goals_are_pursued_without_giving_up_earlier_ones(plain, process):
    model, instance = plain(
        "x y z", ["a: x + y + z == 10", "b: x <= 4"], ["min z", "max x - y", "min x"]
    )
    solution = solve_plain(model, instance, SHORT, process=process)
    assert solution.outcome is Outcome.OPTIMAL
    assert [at(solution, name) for name in "xyz"] == pytest.approx([4, 6, 0])
    assert solution.objective == pytest.approx(0)


def test_definitions_and_indexed_symbols_come_back_under_their_names(plain, process):
    model, instance = plain(
        [{"name": "make", "over": ["Months"]}],
        ["need: make[t] >= 3*t forall for t in Months"],
        ["min total"],
        sets=[{"name": "Months", "kind": "time", "elements": [1, 2]}],
        definitions=[{"name": "total", "expr": "sum(make[t] for t in Months)"}],
    )
    solution = solve_plain(model, instance, SHORT, process=process)
    assert at(solution, "make", 2) == pytest.approx(6)
    assert at(solution, "total") == pytest.approx(9) == solution.objective
    assert [(row.rule, row.key) for row in solution.rows] == [("need", (1,)), ("need", (2,))]


def test_missing_data_are_questions_and_unwritable_models_unsupported(plain, process):
    model, instance = plain(
        "x",
        ["a: x <= p"],
        parameters=[{"name": "p", "value": {"kind": "sparse", "entries": []}}],
    )
    solution = solve_plain(model, instance, SHORT, process=process)
    assert solution.outcome is Outcome.NEEDS_INPUT
    assert solution.fault is not None and "'p'" in solution.fault.what
    model, instance = plain("x y", ["a: x*y <= 3"])
    solution = solve_plain(model, instance, SHORT, process=process)
    assert solution.outcome is Outcome.UNSUPPORTED
    assert solution.fault is not None and solution.fault.code == "R2C-M002"
    model, instance = plain("x y", ["a: x <= 3"], ["min x**2", "max y"])
    solution = solve_plain(model, instance, SHORT, process=process)
    assert solution.fault is not None and solution.fault.code == "R2C-S010"


def test_a_false_constant_row_is_infeasible_and_names_its_rule(plain, process):
    model, instance = plain("x", ["demand: sum(x for i in None_left) >= 5"], ["min x"],
                            sets=[{"name": "None_left", "elements": []}])  # fmt: skip
    solution = solve_plain(model, instance, SHORT, process=process)
    assert solution.outcome is Outcome.INFEASIBLE
    assert solution.fault is not None and solution.fault.details["rule"] == "demand"


def hard(plain):
    """A market-split problem: small, and out of reach of branch and bound."""
    weights = [[(37 * i * i + 91 * k * i + 53 * i + 17 * k * k * k * i) % 97 for i in range(45)]
               for k in range(6)]  # fmt: skip
    rows = [
        f"m{k}: {' + '.join(f'{w}*x[{i}]' for i, w in enumerate(row))} + over[{k}] - under[{k}] "
        f"== {sum(row) // 2}"
        for k, row in enumerate(weights)
    ]
    return plain(
        [{"name": "x", "over": ["I"], "domain": "binary"},
         {"name": "over", "over": ["K"]}, {"name": "under", "over": ["K"]}],
        rows, ["min sum(over[k] + under[k] for k in K)"], 
        sets=[{"name": "I", "elements": list(range(45))},
              {"name": "K", "elements": list(range(6))}],
    )  # fmt: skip


def test_at_the_time_limit_the_best_plan_so_far_is_given_with_its_gap(plain, process):
    model, instance = hard(plain)
    began = time.monotonic()
    solution = solve_plain(model, instance, Limits(seconds=1.0), process=process)
    assert time.monotonic() - began < 30
    assert solution.outcome is Outcome.FEASIBLE
    assert solution.fault is not None and solution.fault.code == "R2C-S002"
    assert solution.objective is not None and solution.bound is not None
    assert solution.bound < solution.objective
    assert solution.gap is not None and solution.gap > 0
    assert suspicions(solution) == ()


def test_a_looser_gap_is_respected(plain, process):
    model, instance = hard(plain)
    solution = solve_plain(model, instance, Limits(seconds=5, gap=1e6), process=process)
    assert solution.outcome is Outcome.OPTIMAL


@given(
    st.lists(st.tuples(st.lists(st.integers(-4, 4), min_size=3, max_size=3), st.integers(-6, 9),
                       st.sampled_from(["<=", ">=", "=="])), min_size=1, max_size=3),
    st.lists(st.integers(-5, 5), min_size=3, max_size=3),
    st.sampled_from(["min", "max"]),
)  # fmt: skip
def test_small_integer_programs_agree_with_trying_every_point(maker, process, rows, cost, sense):
    def row(factors: list[int], op: str, end: int) -> str:
        return f"{factors[0]}*a + {factors[1]}*b + {factors[2]}*c {op} {end}"

    model, instance = maker(
        [{"name": name, "domain": "integer", "upper": "3"} for name in "abc"],
        [f"r{k}: {row(factors, op, end)}" for k, (factors, end, op) in enumerate(rows)],
        [f"{sense} {cost[0]}*a + {cost[1]}*b + {cost[2]}*c"],
    )
    holds = {"<=": lambda x, y: x <= y, ">=": lambda x, y: x >= y, "==": lambda x, y: x == y}
    values = [
        sum(c * x for c, x in zip(cost, point, strict=True))
        for point in itertools.product(range(4), repeat=3)
        if all(holds[op](sum(f * x for f, x in zip(factors, point, strict=True)), end)
               for factors, end, op in rows)
    ]  # fmt: skip
    solution = solve_plain(model, instance, SHORT, process=process)
    if not values:
        assert solution.outcome is Outcome.INFEASIBLE
    else:
        assert solution.outcome is Outcome.OPTIMAL
        assert solution.objective == (min(values) if sense == "min" else max(values))
    assert suspicions(solution) == ()


@example([([1, -1, 0], 1), ([-2, 1, -1], 0), ([-2, -1, 1], 1), ([6, -3, 4], 1)], [1, 0, -1])
@given(
    st.lists(st.tuples(st.lists(st.integers(-4, 6), min_size=3, max_size=3), st.integers(0, 20)),
             min_size=1, max_size=4),
    st.lists(st.integers(-5, 5), min_size=3, max_size=3),
)  # fmt: skip
def test_optima_of_small_linear_programs_are_certified_by_their_own_duals(
    maker, process, rows, cost
):
    model, instance = maker(
        "a b c",
        [f"r{k}: {f[0]}*a + {f[1]}*b + {f[2]}*c + s <= {end}" for k, (f, end) in enumerate(rows)],
        [f"max {cost[0]}*a + {cost[1]}*b + {cost[2]}*c + 0*s"],
        parameters=[{"name": "s", "value": 0}],
    )
    solution = solve_plain(model, instance, SHORT, process=process)
    assert solution.outcome in (Outcome.OPTIMAL, Outcome.UNBOUNDED)
    if solution.outcome is Outcome.UNBOUNDED:
        assert max(cost) > 0
        return
    duals = {row.rule: row.dual or 0.0 for row in solution.rows}
    prices = [duals.get(f"r{k}", 0.0) for k in range(len(rows))]
    assert all(price >= -1e-7 for price in prices)
    worth = sum(p * end for p, (_, end) in zip(prices, rows, strict=True))
    assert worth == pytest.approx(solution.objective, abs=1e-6)
    for j, name in enumerate("abc"):
        imputed = sum(p * factors[j] for p, (factors, _) in zip(prices, rows, strict=True))
        assert imputed >= cost[j] - 1e-6
        assert solution.reduced_costs[name][0].value == pytest.approx(cost[j] - imputed, abs=1e-6)


@pytest.mark.parametrize(
    "limit", [{"seconds": 0}, {"threads": 0}, {"gap": -1}, {"seconds": math.nan}]
)
def test_senseless_limits_are_refused(limit):
    with pytest.raises(R2CError, match="R2C-S001"):
        Limits(**limit)


def test_importing_the_solver_imports_neither_pyomo_nor_highs():
    code = (
        "import sys, r2c.solve.solve; print([m for m in ('pyomo', 'highspy') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"

"""What more or less of a number is worth: compared with solving again at other numbers."""

from __future__ import annotations

import highspy
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from written_rules import written

from r2c.formulation import Outcome, Sensitivity, Solution
from r2c.solve.ask import request
from r2c.solve.compiled import compiled
from r2c.solve.highs import model_of
from r2c.solve.limits import Limits
from r2c.solve.sensitivity import coefficient_ranges, sensitivity
from r2c.solve.solve import solve_plain

TIME = Limits(seconds=60)


def told(made, process) -> tuple[Solution, tuple[Sensitivity, ...]]:
    plain, instance = made
    solution = solve_plain(plain, instance, TIME, process=process)
    return solution, sensitivity(plain, instance, solution, TIME, process)


def spans(found: tuple[Sensitivity, ...], rule: str) -> list[tuple[object, ...]]:
    return [(item.value, item.low, item.high) for item in found if item.rule == rule]


def test_in_a_linear_program_a_number_is_worth_its_dual_in_a_range(plain, process):
    rows = ["flour: x + 2*y <= 80", "oven: 12*x + 8*y <= 640", "order: y >= 25"]
    _, found = told(plain(["x", "y"], rows, ["max 4*x + 5*y"]), process)
    assert all(item.exact for item in found)
    assert spans(found, "flour") == [(pytest.approx(4), 50, pytest.approx(80 + 20 / 3))]
    assert spans(found, "order") == [(pytest.approx(-3), 20, 40)]
    assert spans(found, "oven") == []


def test_numbers_and_signs_are_those_that_the_rule_states(plain, process):
    _, found = told(plain(["s", "m"], ["bal: s == m - 7", "cap: m <= 10"], ["max s"]), process)
    ((value, low, high),) = spans(found, "bal")
    assert found[0].stated == 7
    # More of the 7 is taken from the stock; at 10 nothing is left.
    assert (value, low, high) == (pytest.approx(-1), None, 10)


def test_in_a_corner_each_side_is_told_by_itself(plain, process):
    rows = ["a: x <= 10", "b: y <= 10", "c: x + y <= 20"]
    _, found = told(plain(["x", "y"], rows, ["max 2*x + y"]), process)
    assert spans(found, "c") == [(1, 10, 20), (0, 20, None)]
    assert spans(found, "a") == [(2, 0, 10), (1, 10, 20)]


def test_a_side_without_any_plan_is_told(plain, process):
    _, found = told(
        plain(["x", "y"], ["a: x + y == 10", "b: x <= 4", "c: y <= 6"], ["max x"]), process
    )
    assert spans(found, "a")[-1] == (None, 10, None)
    assert (None, None, 4) in spans(found, "b")


def test_with_whole_numbers_the_model_is_solved_again_a_step_away(plain, process):
    rows = ["room: 3*x + 5*y <= 20", "few: x <= 5"]
    _, found = told(plain(["x:int", "y:int"], rows, ["max 3*x + 4*y"]), process)
    assert not any(item.exact for item in found)
    # (5, 1) is worth 19 and fills the room; 21 add nothing, with 19 there is (3, 2) at best.
    assert spans(found, "room") == [(2, 19, 20), (0, 20, 21)]
    assert spans(found, "few")[0] == (2, 4, 5)


def test_a_limit_that_whole_numbers_cannot_fill_is_looked_at_too(plain, process):
    _, found = told(plain(["x:int"], ["room: 2*x <= 7"], ["max x"]), process)
    assert spans(found, "room") == [(0, 6, 7), (1, 7, 8)]


def test_numbers_that_stand_in_rows_of_other_rules_are_left_out(process):
    made = written(
        """
decisions
  x continuous
  y continuous
    upper: 9

rules
  room: capacity_limit
    use = x
    limit = 20
  setup: fixed_charge_activation
    activities = [x]
    charge = 3

objectives
  max 2*x + y
"""
    )
    solution, found = told(made, process)
    assert solution.outcome == "optimal"
    # x <= 20*active says the 20 a second time: alone moved it would seem to be worth nothing.
    assert spans(found, "room") == []


def test_of_several_goals_the_first_that_changes_is_told(plain, process):
    rows = ["a: x <= 3", "c: y >= 5", "d: z <= 4", "link: x + z <= 9"]
    solution, found = told(plain(["x", "y", "z"], rows, ["max x", "min y"]), process)
    assert [tier.value for tier in solution.tiers] == [3, 5]
    sides = {
        name: [(item.tier, item.value, item.low, item.high) for item in found if item.rule == name]
        for name in ("a", "c")
    }
    assert sides["a"] == [(0, 1, 2, 3), (0, 1, 3, 4)]
    assert sides["c"] == [(1, 1, 4, 5), (1, 1, 5, 6)]


def test_a_goal_that_comes_later_changes_only_where_the_earlier_ones_are_kept(plain, process):
    # The bread stays at 4 either way; what is bought makes up for it.
    rows = ["oven: 2*bread + bought >= 10", "shop: bread <= 4", "room: bread + bought <= 7"]
    for end, tier, change in ((9, 1, -1), (11, 1, 1)):
        moved = [rows[0].replace("10", str(end)), *rows[1:]]
        before, found = told(plain(["bread", "bought"], rows, ["max bread", "min bought"]), process)
        after, _ = told(plain(["bread", "bought"], moved, ["max bread", "min bought"]), process)
        pairs = zip(before.tiers, after.tiers, strict=True)
        changed = [
            (old.tier, new.value - old.value) for old, new in pairs if old.value != new.value
        ]
        assert changed[0] == (tier, change)
        (side,) = [item for item in found if item.rule == "oven" and end in (item.low, item.high)]
        assert (side.tier, side.value) == (tier, change / (end - 10))


def test_nothing_is_told_without_a_goal_or_an_optimum(plain, process):
    assert told(plain(["x"], ["a: x >= 3"], ["max x"]), process)[1] == ()
    assert told(plain(["x"], ["a: x >= 3"]), process)[1] == ()


numbers = st.integers(-3, 6)
programs = st.tuples(
    st.lists(
        st.tuples(
            numbers, numbers, numbers, st.sampled_from(["<=", ">=", "=="]), st.integers(0, 4)
        ),
        min_size=1,
        max_size=4,
    ),
    st.tuples(numbers, numbers, numbers),
    st.sampled_from(["min", "max"]),
    st.tuples(*[st.integers(0, 5)] * 3),
)


def arrays(program, end=None, cost=None):
    """The program's rows around a point of it; with room 0 the point is a corner of many rows."""
    rows, goal, sense, point = program
    ends = []
    for place, (*factors, sign, room) in enumerate(rows):
        value = sum(f * x for f, x in zip(factors, point, strict=True))
        value += {"<=": room, ">=": -room, "==": 0}[sign]
        ends.append(float(value) if end is None or end[0] != place else end[1])
    return rows, goal if cost is None else cost, sense, ends


def made(maker, program, **moved):
    rows, goal, sense, ends = arrays(program, **moved)
    names = [{"name": name, "lower": 0, "upper": 12} for name in "xyz"]
    lines = [
        f"r{place}: {row[0]}*x + {row[1]}*y + {row[2]}*z {row[3]} {end!r}"
        for place, (row, end) in enumerate(zip(rows, ends, strict=True))
    ]
    return maker(names, lines, [f"{sense} {goal[0]}*x + {goal[1]}*y + {goal[2]}*z"])


def optimum(model, process) -> float | None:
    solution = solve_plain(model[0], model[1], TIME, process=process)
    return solution.objective if solution.outcome is Outcome.OPTIMAL else None


@pytest.mark.slow
@settings(max_examples=60)
@given(programs)
def test_the_value_is_the_difference_inside_the_range_and_not_outside(process, maker, program):
    model = made(maker, program)
    best, found = told(model, process)
    assume(best.objective is not None)
    assert best.objective is not None
    for item in found:
        place = int(item.rule[1:])

        def at(number: float, place: int = place) -> float | None:
            return optimum(made(maker, program, end=(place, number)), process)

        for end, sign in ((item.low, -1), (item.high, 1)):
            if item.value is None:
                if end is None:
                    assert at(item.stated + sign * 1e-3) is None
                continue
            reach = item.stated + sign * 50 if end is None else end
            for share in (0.1, 0.5, 0.999):
                number = item.stated + share * (reach - item.stated)
                line = best.objective + item.value * (number - item.stated)
                assert at(number) == pytest.approx(line, abs=1e-5), item
            if end is not None:
                number = end + sign * 0.05
                outside = at(number)
                line = best.objective + item.value * (number - item.stated)
                assert outside is None or abs(outside - line) > 1e-5, item


@settings(max_examples=40)
@given(programs)
def test_a_plan_is_optimal_in_the_ranges_of_its_coefficients_and_not_outside(
    process, maker, program
):
    plain, instance = made(maker, program)
    best = solve_plain(plain, instance, TIME, process=process)
    assume(best.outcome is Outcome.OPTIMAL)
    plan = [best.values[name][0].value for name in "xyz"]
    for item in coefficient_ranges(plain, instance, best, TIME, process):
        place = "xyz".index(item.symbol)

        def off(coefficient: float, place: int = place) -> float:
            goal = [*program[1]]
            goal[place] = coefficient
            again = optimum(made(maker, program, cost=goal), process)
            assert again is not None
            return abs(again - sum(c * x for c, x in zip(goal, plan, strict=True)))

        for end, sign in ((item.low, -1), (item.high, 1)):
            reach = item.coefficient + sign * 50 if end is None else end
            assert off(item.coefficient + 0.9 * (reach - item.coefficient)) < 1e-5, item
            if end is not None:
                assert off(end + sign * 0.05) > 1e-5, item


@settings(max_examples=40)
@given(programs)
def test_the_ranges_of_one_basis_as_highs_gives_them_lie_inside_ours(process, maker, program):
    model = made(maker, program)
    _, found = told(model, process)
    matrix = compiled(*model).matrix
    highs = model_of(request(matrix, matrix.goals[0], TIME, seconds=9, presolve=True))
    highs.run()
    _, ranging = highs.getRanging()
    assume(ranging.valid and found)
    duals = np.array(highs.getSolution().row_dual)
    entries = {entry.name: row for row, entry in enumerate(compiled(*model).map.rows)}
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    for item in found:
        row = entries[item.row]
        if item.value is None or abs(duals[row]) < 1e-7 or abs(duals[row] - item.value) > 1e-7:
            continue
        low, high = ranging.row_bound_dn.value_[row], ranging.row_bound_up.value_[row]
        assert item.low is None or low >= item.low - 1e-5
        assert item.high is None or high <= item.high + 1e-5

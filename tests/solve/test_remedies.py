"""Ways out of a conflict: each lets all rules hold, and a little less of it does not."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from written_rules import written

from r2c.formulation import Outcome, Remedy
from r2c.solve.iis import explain_conflict
from r2c.solve.limits import Limits
from r2c.solve.remedies import remedies
from r2c.solve.solve import solve_plain
from r2c.verdict.conflict import conflict_told

TIME = Limits(seconds=30)
SHIFTS = """
decisions
  early {domain}
  late {domain}

rules
  first: minimum_requirement
    amount = early
    least = {first}
  second: minimum_requirement
    amount = late
    least = {second}
  all: capacity_limit
    use = {weight}*early + late
    limit = {limit}

objectives
  min 120*early + 150*late
"""


def found(model, process) -> tuple[Remedy, ...]:
    plain, instance = model
    conflict = explain_conflict(plain, instance, TIME, process=process)
    assert conflict is not None
    return remedies(plain, instance, conflict, TIME, process)


def shifts(domain: str, first: float, second: float, limit: float, weight: int = 1):
    return written(
        SHIFTS.format(domain=domain, first=first, second=second, limit=limit, weight=weight)
    )


@pytest.mark.parametrize("domain", ["continuous", "integer"])
def test_each_rule_gives_way_alone_and_the_least_change_comes_first(process, domain):
    ways = found(shifts(domain, 12, 9, 18), process)
    changes = [change for way in ways for change in way.changes]
    assert [(change.rule, change.stated, change.eased) for change in changes] == [
        ("all", 18, 21),
        ("first", 12, 9),
        ("second", 9, 6),
    ]
    prices = [120 * 12 + 150 * 9, 120 * 9 + 150 * 9, 120 * 12 + 150 * 6]
    assert [way.objective for way in ways] == pytest.approx(prices)
    assert [way.share for way in ways] == pytest.approx([3 / 18, 3 / 12, 3 / 9])


def test_equal_shares_are_ordered_by_what_they_lead_to(process, plain):
    model = plain("x y", ["a: x >= 10", "b: y >= 10", "c: x + y <= 15"], ["min x + 3*y"])
    ways = found(model, process)
    assert [way.changes[0].rule for way in ways] == ["c", "b", "a"]
    assert [way.objective for way in ways] == pytest.approx([40, 10 + 15, 5 + 30])


def test_a_change_has_to_help_all_rules_and_not_only_those_of_one_conflict(process, plain):
    rows = ["a: x >= 10", "b: x <= 5", "c: y >= 4", "d: y <= 2", "e: x + y <= 30"]
    ways = found(plain("x y", rows, ["min x"]), process)
    assert ways == ()


def test_a_rule_from_whose_number_rows_of_others_follow_gives_no_way(process):
    model = written(
        """
decisions
  x continuous

rules
  room: capacity_limit
    use = x
    limit = 10
  some: minimum_requirement
    amount = x
    least = 20
  setup: fixed_charge_activation
    activities = [x]
    charge = 3

objectives
  min x
"""
    )
    ways = found(model, process)
    # x <= 10*active follows from the room, so that raising the room's own row would not do.
    assert [way.changes[0].rule for way in ways] == ["some"]
    assert ways[0].changes[0].eased == 10


def test_numbers_of_rules_of_logic_are_no_amounts(process):
    model = written(
        """
decisions
  a binary
  b binary

rules
  pick: exactly_one_choice
    options = [a, b]
  money: capacity_limit
    use = 3*a + 4*b
    limit = 2

objectives
  min a + b
"""
    )
    assert [way.changes[0].rule for way in found(model, process)] == ["money"]


def test_a_model_without_a_goal_has_remedies_without_a_price(process, plain):
    ways = found(plain("x", ["a: x >= 10", "b: x <= 4"]), process)
    assert [(way.changes[0].rule, way.objective) for way in ways] == [("a", None), ("b", None)]


def test_an_equation_moves_as_a_whole(process, plain):
    ways = found(plain("x", ["a: x == 10", "b: x <= 4"], ["max x"]), process)
    assert [(way.changes[0].rule, way.changes[0].eased) for way in ways] == [("a", 4), ("b", 10)]
    assert [way.objective for way in ways] == pytest.approx([4, 10])


@pytest.mark.slow
@settings(max_examples=40)
@given(
    st.sampled_from(["continuous", "integer"]),
    st.tuples(*[st.integers(2, 30)] * 3),
    st.integers(1, 3),
)
def test_with_a_remedy_the_model_has_its_price_and_with_a_little_less_no_plan(
    process, domain, drawn, weight
):
    first, second, limit = drawn
    assume(weight * first + second > limit)
    model = shifts(domain, first, second, limit, weight)
    ways = found(model, process)
    assert ways
    assert [way.share for way in ways] == sorted(way.share for way in ways)
    for way in ways:
        for part, possible in ((1.0, True), (0.99, False)):
            given = {"first": float(first), "second": float(second), "all": float(limit)}
            for change in way.changes:
                assert given[change.rule] == change.stated
                given[change.rule] += part * (change.eased - change.stated)
            again = shifts(domain, given["first"], given["second"], given["all"], weight)
            solution = solve_plain(again[0], again[1], TIME, process=process)
            assert (solution.outcome is Outcome.OPTIMAL) is possible, (way, part)
            if possible:
                assert solution.objective == pytest.approx(way.objective, rel=1e-5)


TWO_CONFLICTS = """
decisions
  a
  b

rules
  first: minimum_requirement
    amount = a
    least = 10
  both: capacity_limit
    use = a + b
    limit = 8
  second: minimum_requirement
    amount = b
    least = 4
  most: capacity_limit
    use = b
    limit = 2

objectives
  max 3*a + b
"""


def test_where_rules_conflict_twice_numbers_of_both_conflicts_change_together(process):
    plain, instance = written(TWO_CONFLICTS)
    conflict = conflict_told(plain, instance, TIME, process)
    assert conflict is not None
    (way,) = conflict.remedies
    assert len(way.changes) == 2
    assert not {change.rule for change in way.changes} <= set(conflict.rules)
    assert "Other rules conflict as well" in conflict.explanation
    assert "By themselves" not in conflict.explanation

"""A number that stands in several places: what one row makes of it is told as that."""

from __future__ import annotations

import random

import pytest

from r2c.formulation import Outcome, Remedy, Sensitivity, Shared
from r2c.solve.iis import explain_conflict
from r2c.solve.limits import Limits
from r2c.solve.remedies import remedies
from r2c.solve.sensitivity import sensitivity
from r2c.solve.solve import solve_plain

TIME = Limits(seconds=30)
CAP = {"name": "cap", "value": 10}
THINGS = {"name": "I", "elements": ["p", "q", "r"]}


def told(made, process) -> tuple[Sensitivity, ...]:
    plain, instance = made
    solution = solve_plain(plain, instance, TIME, process=process)
    return sensitivity(plain, instance, solution, TIME, process)


def ways(made, process) -> dict[str, Remedy]:
    plain, instance = made
    conflict = explain_conflict(plain, instance, TIME, process=process)
    assert conflict is not None
    found = remedies(plain, instance, conflict, TIME, process)
    return {item.changes[0].rule: item for item in found}


def steps(item: Sensitivity) -> list[tuple[object, ...]]:
    return [(side.value, side.low, side.high) for side in item.throughout]


def test_a_parameter_of_two_rules_is_told_for_each_alone_and_for_both(plain, process):
    made = plain("a b", ["r1: a <= cap", "r2: b <= cap"], ["max 3*a + 2*b"], parameters=[CAP])
    first, second = told(made, process)
    assert [first.value, second.value] == pytest.approx([3, 2])
    assert first.shared == Shared(number="cap", rules=("r2",))
    assert second.shared == Shared(number="cap", rules=("r1",))
    both = [(pytest.approx(5), 9, 10), (pytest.approx(5), 10, 11)]
    assert steps(first) == steps(second) == both


def test_the_same_written_number_in_two_rules_is_two_numbers(plain, process):
    made = plain("a b", ["r1: a <= 10", "r2: b <= 10"], ["max 3*a + 2*b"])
    assert [(item.shared, item.throughout) for item in told(made, process)] == [(None, ())] * 2


@pytest.mark.parametrize("kind", ["", ":int"])
def test_with_whole_numbers_too_all_places_move_together(plain, process, kind):
    rows = ["r1: 2*a <= cap", "r2: 5*b <= cap"]
    made = plain([f"a{kind}", f"b{kind}"], rows, ["max 4*a + 10*b"], parameters=[CAP])
    first, *_ = told(made, process)
    assert first.shared == Shared(number="cap", rules=("r2",))
    lower, upper = (14, 0) if kind else (4, 4)  # with 9 there are 4 of a and 1 of b
    assert [side.value for side in first.throughout] == pytest.approx([lower, upper])


@pytest.mark.parametrize("limit", ["cap", "10"])
def test_members_of_one_rule_share_its_number(plain, process, limit):
    made = plain(
        [{"name": "x", "over": ["I"]}],
        [f"r1: x[i] <= {limit} forall for i in I"],
        ["max sum(x[i] for i in I)"],
        sets=[THINGS], parameters=[CAP],
    )  # fmt: skip
    found = told(made, process)
    name = "" if limit == "10" else "cap"
    assert [item.shared for item in found] == [Shared(number=name, members=2)] * 3
    assert [item.value for item in found] == pytest.approx([1, 1, 1])
    # What all of them do together is told once.
    assert [steps(item) for item in found] == [
        [(pytest.approx(3), 9, 10), (pytest.approx(3), 10, 11)], [], [],
    ]  # fmt: skip


def test_members_with_numbers_of_their_own_share_none(plain, process):
    caps = {"name": "cap", "over": ["I"], "value": {"kind": "dense", "values": [10, 10, 10]}}
    made = plain(
        [{"name": "x", "over": ["I"]}],
        ["r1: x[i] <= cap[i] forall for i in I", "r2: x[i] >= 1 + 0*cap[i] forall for i in I"],
        ["max sum(x[i] for i in I)"],
        sets=[THINGS], parameters=[caps],
    )  # fmt: skip
    assert [item.shared for item in told(made, process)] == [None] * 3


def test_a_number_of_one_member_is_shared_with_the_rule_that_names_that_member(plain, process):
    caps = {"name": "cap", "over": ["I"], "value": {"kind": "dense", "values": [10, 20, 30]}}
    made = plain(
        [{"name": "x", "over": ["I"]}, {"name": "y"}],
        ["r1: x[i] <= cap[i] forall for i in I", "r2: y <= cap['q']"],
        ["max sum(x[i] for i in I) + 4*y"],
        sets=[THINGS], parameters=[caps],
    )  # fmt: skip
    found = {(item.rule, item.key): item.shared for item in told(made, process)}
    assert found == {
        ("r1", ("p",)): None,
        ("r1", ("q",)): Shared(number="cap[q]", rules=("r2",)),
        ("r1", ("r",)): None,
        ("r2", ()): Shared(number="cap[q]", rules=("r1",)),
    }


def test_what_is_computed_from_a_number_moves_with_it(plain, process):
    half = {"name": "half", "value": {"kind": "expression", "expr": "cap/2"}}
    rows = ["r1: a <= cap", "r2: b <= half"]
    made = plain("a b", rows, ["max a + 4*b"], parameters=[CAP, half])
    found = {item.rule: item for item in told(made, process)}
    assert found["r1"].shared == Shared(number="cap", rules=("r2",))
    assert [side.value for side in found["r1"].throughout] == pytest.approx([3, 3])
    assert found["r2"].shared is None  # another half leaves cap as it is


def test_a_number_of_the_goal_and_of_declared_limits_is_told_as_that(plain, process):
    decisions = [{"name": "a"}, {"name": "b", "upper": "cap"}]
    made = plain(decisions, ["r1: a <= cap"], ["max 3*a + cap*b"], parameters=[CAP])
    (found,) = told(made, process)
    assert found.shared == Shared(number="cap", goal=True, decisions=("b",))
    # 3*cap + cap*cap is 130 at 10, 154 at 11 and 108 at 9.
    assert [side.value for side in found.throughout] == pytest.approx([22, 24])


def test_with_goals_in_order_the_first_that_changes_is_told(plain, process):
    rows = ["r1: a <= cap", "r2: b <= cap", "r3: a <= 8"]
    made = plain("a b", rows, ["max a", "max b"], parameters=[CAP])
    below, above = (item for item in told(made, process) if item.rule == "r2")
    assert below.shared == above.shared == Shared(number="cap", rules=("r1",))
    assert [side.tier for side in below.throughout] == [1, 1]
    assert [side.value for side in below.throughout] == pytest.approx([1, 1])


def test_a_remedy_tells_what_the_parameter_does_elsewhere(plain, process):
    rows = ["r1: a <= cap", "r2: b >= cap", "need: a >= 15", "most: b <= 12"]
    found = ways(plain("a b", rows, ["min a + b"], parameters=[CAP]), process)
    assert found["r1"].objective == pytest.approx(25)
    assert found["r1"].changes[0].shared == Shared(number="cap", rules=("r2",))
    assert found["r1"].throughout is not None and not found["r1"].throughout.possible
    assert found["need"].changes[0].shared is None
    assert found["need"].throughout is None


def test_a_remedy_of_a_shared_number_is_priced_with_all_its_places(plain, process):
    rows = ["r1: a <= cap", "r2: b >= cap", "need: a >= 15"]
    found = ways(plain("a b", rows, ["min a + b"], parameters=[CAP]), process)
    reached = found["r1"].throughout
    assert found["r1"].objective == pytest.approx(25)
    assert reached is not None and reached.possible
    assert reached.objective == pytest.approx(30)


def test_a_range_names_the_end_that_is_reached(plain, process):
    rows = ["r1: low <= a <= cap", "r2: b <= cap", "r3: c <= low"]
    parameters = [CAP, {"name": "low", "value": 2}]
    made = plain("a b c", rows, ["max a + b + c"], parameters=parameters)
    found = {item.rule: item.shared for item in told(made, process)}
    assert found["r1"] == Shared(number="cap", rules=("r2",))
    assert found["r3"] == Shared(number="low", rules=("r1",))


@pytest.mark.parametrize("seed", range(8))
def test_what_is_told_of_all_places_is_what_another_value_gives(plain, process, seed):
    rng = random.Random(seed)
    kind = rng.choice(["", ":int"])
    rows = [
        f"r{place}: {rng.randint(1, 4)}*a + {rng.randint(1, 4)}*b <= {rng.choice(['cap', '9'])}"
        for place in range(3)
    ]
    rows += ["own: a <= cap", f"least: {rng.randint(1, 3)}*b >= cap - {rng.randint(5, 10)}"]
    goal = f"max {rng.randint(1, 5)}*a + {rng.randint(1, 5)}*b"

    def best(cap: float) -> float | None:
        changed, data = plain(
            [f"a{kind}", f"b{kind}"], rows, [goal], parameters=[CAP | {"value": cap}]
        )
        solution = solve_plain(changed, data, TIME, process=process)
        return solution.objective if solution.outcome is Outcome.OPTIMAL else None

    now = best(10)
    if now is None:
        return
    made = plain([f"a{kind}", f"b{kind}"], rows, [goal], parameters=[CAP])
    for item in told(made, process):
        for side in item.throughout:
            end = side.low if side.high == side.stated else side.high
            assert end is not None
            # A row that ends at cap - 5 states 5 less than the parameter is.
            other = best(10 + end - side.stated)
            wanted = None if other is None else (other - now) / (end - side.stated)
            assert side.value == (None if wanted is None else pytest.approx(wanted, abs=1e-6))

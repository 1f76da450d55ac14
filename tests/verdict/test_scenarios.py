"""One change with several values gives a table, one solve for each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from supposed import NO_WORDS, bakery, sites, staffing, transport

from r2c.cir.schema import CIR
from r2c.errors import R2CError
from r2c.formulation import Outcome
from r2c.problem.schema import Problem
from r2c.solve.limits import Limits
from r2c.supposition import Scenarios
from r2c.verdict.scenarios import MOST, Series, read_series, scenarios, split_series
from r2c.verdict.what_if import what_if

LIMITS = Limits(seconds=20)


def series(text: str) -> Series:
    found = read_series(text)
    assert found is not None
    return found


def table_of(model: tuple[CIR, Problem], several: Series) -> Scenarios:
    cir, problem = model
    return scenarios(cir, problem, several, LIMITS)


@pytest.mark.parametrize(
    ("text", "head", "values"),
    [
        ("need = 80, 100, 120", "need =", (80, 100, 120)),
        ("need = 80..120 step 20", "need =", (80, 100, 120)),
        ("need = 120 .. 80 step 20", "need =", (120, 100, 80)),
        ("need = 0..0.3 step 0.1", "need =", (0, 0.1, 0.2, 0.3)),
        ("need = 0..10 step 4", "need =", (0, 4, 8)),
        ("need *= 90%, 110%", "need *=", (0.9, 1.1)),
        ("sentence 4: 100 -> 80, 90", "sentence 4: 100 ->", (80, 90)),
        ("rule r3: -1..1 step 1", "rule r3:", (-1, 0, 1)),
        ('cost["a, b", c] = 1,2', 'cost["a, b", c] =', (1, 2)),
        ("x + y <= 5, 6", "x + y <=", (5, 6)),
        ("need = 7, 7, 8", "need =", (7, 8)),
    ],
)
def test_lists_and_ranges_are_read(text: str, head: str, values: tuple[float, ...]) -> None:
    found = series(text)
    assert (found.head, found.values) == (head, values)


@pytest.mark.parametrize("text", ["need = 80", "x[1, 2] <= 3", "without r3", "need = 1 2", ""])
def test_one_value_is_no_series(text: str) -> None:
    assert read_series(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("need = 80..120", "R2C-V036"),
        ("need = ..120 step 5", "R2C-V036"),
        ("need = 80..120 step 0", "R2C-V036"),
        ("need = 80..120 step -5", "R2C-V036"),
        ("need = 0..1e300 step 1e-300", "R2C-V037"),
        ("need = 1, 1e999", "R2C-V020"),
        ("need = 1,200", "R2C-V036"),
        ("need = 80,100,120", "R2C-V036"),
    ],
)
def test_a_range_that_does_not_say_its_values_is_refused(text: str, code: str) -> None:
    with pytest.raises(R2CError) as caught:
        read_series(text)
    assert caught.value.code == code


def test_only_one_change_may_have_several_values() -> None:
    single, several = split_series(["need = 5", "room *= 1, 2"])
    assert single == ["need = 5"] and several is not None and several.about == "room times"
    with pytest.raises(R2CError) as caught:
        split_series(["need = 5, 6", "room *= 1, 2"])
    assert caught.value.code == "R2C-V038"


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9), st.floats(1e-3, 1e9))
def test_a_range_stays_within_its_ends_and_starts_at_the_first(
    first: float, last: float, step: float
) -> None:
    try:
        found = series(f"need = {first!r}..{last!r} step {step!r}")
    except R2CError as error:
        assert error.code == "R2C-V037"
        return
    assert 1 <= len(found.values) <= MOST
    assert found.values[0] == pytest.approx(first, rel=1e-9, abs=1e-9)
    low, high = sorted((first, last))
    room = 1e-8 * max(1.0, abs(low), abs(high), step)
    assert all(low - room <= value <= high + room for value in found.values)


def test_each_value_gives_what_the_change_alone_would() -> None:
    cir, problem = bakery()
    table = scenarios(cir, problem, series("sentence 5: 25..40 step 5"), LIMITS)
    assert (table.about, table.unit, table.meaning) == ("sentence 5", "euro", "total profit")
    for row in table.rows:
        alone = what_if(cir, problem, [row.change], LIMITS)
        assert row.objective == alone.after.objective
        assert (row.difference, row.judgement) == (alone.difference, alone.judgement)
    assert [row.judgement for row in table.rows] == ["equal", "worse", "worse", "worse"]


def test_a_demand_that_grows_never_makes_the_transport_cheaper() -> None:
    table = table_of(transport(), series("demand[Vienna] = 0..45 step 5"))
    costs = [row.objective for row in table.rows]
    assert all(cost is not None for cost in costs)
    assert costs == sorted(costs, key=lambda cost: cost or 0.0)


def test_values_without_a_plan_name_the_rules_that_exclude_it() -> None:
    table = table_of(staffing(), series("sentence 5: 5, 6, 7"))
    outcomes = [row.outcome for row in table.rows]
    assert outcomes == [Outcome.OPTIMAL, Outcome.OPTIMAL, Outcome.INFEASIBLE]
    assert set(table.rows[2].conflict) == {"r1", "r2", "r3"}
    assert [row.moved for row in table.rows] == [None, None, None]


def test_other_changes_hold_in_all_scenarios() -> None:
    table = scenarios(sites(), NO_WORDS, series("need = 0, 10"), LIMITS, also=["make[B] >= 5"])
    assert [row.objective for row in table.rows] == pytest.approx([85, 90])
    assert table.before.objective == pytest.approx(250)


def test_a_value_that_gives_no_model_stops_the_table_before_any_solve() -> None:
    with pytest.raises(R2CError) as caught:
        scenarios(sites(), NO_WORDS, series("need /= 1, 0"), LIMITS)
    assert caught.value.code == "R2C-V024"

"""Declared limits of decisions that stop a plan, and what a little more of them is worth."""

from __future__ import annotations

import pytest

from r2c.formulation import BoundReached
from r2c.solve.bounds_reached import bounds_reached
from r2c.solve.limits import Limits
from r2c.solve.solve import solve_plain

TIME = Limits(seconds=30)
A, B = {"name": "a", "upper": "5"}, {"name": "b", "lower": "2"}


def found(made, process) -> list[tuple[object, ...]]:
    plain, instance = made
    solution = solve_plain(plain, instance, TIME, process=process)
    told: tuple[BoundReached, ...] = bounds_reached(plain, instance, solution)
    return [(item.symbol, item.side, item.limit, item.value) for item in told]


def test_limits_that_are_reached_are_told_with_their_worth(plain, process):
    told = found(plain([A, B], ["r1: a + b <= 100"], ["max 3*a - 2*b"]), process)
    assert told == [("a", "upper", 5, pytest.approx(3)), ("b", "lower", 2, pytest.approx(-2))]
    told = found(plain([A, B], ["r1: a + b <= 100"], ["min 2*b - 3*a"]), process)
    assert told == [("a", "upper", 5, pytest.approx(-3)), ("b", "lower", 2, pytest.approx(2))]


def test_limits_that_are_not_reached_and_those_of_every_amount_are_not_told(plain, process):
    told = found(plain([A, {"name": "c"}], ["r1: a <= 4"], ["max a - c"]), process)
    assert told == []


def test_where_a_rule_stops_the_decision_as_well_no_worth_is_told(plain, process):
    assert found(plain([A], ["r1: a <= 5"], ["max 3*a"]), process) == [("a", "upper", 5, None)]


def test_whole_numbers_have_no_worth_and_choices_no_limit(plain, process):
    decisions = [A | {"domain": "integer"}, "yes:bin"]
    told = found(plain(decisions, ["r1: a <= 9*yes"], ["max a"]), process)
    assert told == [("a", "upper", 5, None)]

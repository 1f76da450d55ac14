"""Propagated bounds never cut off a plan, and are as tight as simple reasoning makes them."""

from __future__ import annotations

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from r2c.cir.instance import bind
from r2c.cir.parse import parse, parse_binder
from r2c.cir.schema import CIR
from r2c.model.bounds import Bounds
from r2c.model.reformulate import decision_variable
from r2c.model.symbols import Symbols

coefficients = st.integers(-4, 4)
operators = st.sampled_from(["<=", ">=", "==", "<", ">"])
relation = st.tuples(coefficients, coefficients, coefficients, operators, st.integers(-6, 9))


def bounds(decisions: list[dict], relations: list[str]) -> Bounds:
    cir = CIR.model_validate({"decisions": decisions})
    symbols = Symbols(cir)
    variables = [decision_variable(item, symbols) for item in cir.decisions]
    implied = [(parse(text), None) for text in relations]
    return Bounds(bind(cir).require(), variables, implied)  # type: ignore[arg-type]


@given(st.lists(relation, min_size=1, max_size=4), st.booleans())
def test_no_plan_that_keeps_the_rules_lies_outside_the_bounds(relations, whole):
    names = ("x", "y", "z")
    domain = "integer" if whole else "continuous"
    decisions = [{"name": name, "upper": "4", "domain": domain} for name in names]
    texts = [f"{a}*x + {b}*y + {c}*z {op} {end}" for a, b, c, op, end in relations]
    ranges = bounds(decisions, texts).ranges

    def kept(point: tuple[int, ...]) -> bool:
        for a, b, c, op, end in relations:
            total = a * point[0] + b * point[1] + c * point[2]
            held = {
                "<=": total <= end, ">=": total >= end, "==": total == end, "<": total < end,
                ">": total > end,
            }  # fmt: skip
            if not held[op]:
                return False
        return True

    for point in filter(kept, product(range(5), repeat=3)):
        for name, value in zip(names, point, strict=True):
            assert ranges[name, ()].lower - 1e-6 <= value <= ranges[name, ()].upper + 1e-6


@pytest.mark.parametrize(
    ("decisions", "relations", "expr", "expected"),
    [
        ([{"name": "x"}], ["2*x <= 9"], "x", (0, 4.5)),
        ([{"name": "x", "domain": "integer"}], ["2*x <= 9"], "x", (0, 4)),
        ([{"name": "x"}, {"name": "y"}], ["x + y <= 9", "y >= 2"], "x - y", (-9, 5)),
        ([{"name": "x"}, {"name": "y"}], ["x <= 2*y", "y <= 3"], "x", (0, 6)),
        ([{"name": "x", "lower": None}], [], "x", (-math.inf, math.inf)),
        ([{"name": "x"}, {"name": "y"}], ["x + y > 0"], "x + y", (0, math.inf)),
        (
            [{"name": n, "domain": "integer"} for n in "xy"],
            ["x + y > 0"],
            "x + y",
            (1, math.inf),
        ),
        (
            [{"name": n, "domain": "integer"} for n in "xy"],
            ["x + y >= 1.5", "x + y < 4"],
            "x + y",
            (2, 3),
        ),
        (
            [{"name": "x", "upper": "9"}, {"name": "y", "upper": "9"}],
            [*(f"x <= {k} + 3*y" for k in range(20)), "x + 2*y >= 5"],
            "x + 2*y",
            (5, 27),
        ),
        ([{"name": "x"}], ["x*x <= 9"], "x", (0, math.inf)),
    ],
)
def test_bounds_follow_from_what_the_rules_say(decisions, relations, expr, expected):
    assert bounds(decisions, relations).range(parse(expr), None) == expected


def test_the_variable_without_a_bound_is_named():
    found = bounds([{"name": "x"}, {"name": "y", "upper": "3"}], [])
    assert found.culprits(parse("2*x + y"), None, above=True) == ["x has no upper bound"]
    assert found.culprits(parse("y - x"), None, above=False) == ["x has no upper bound"]


def test_declared_ranges_settle_what_they_can_without_the_rules(monkeypatch):
    found = bounds(
        [
            {"name": "x", "upper": "4"},
            {"name": "y", "domain": "binary"},
            {"name": "z", "domain": "integer", "lower": None, "upper": "2"},
        ],
        ["x + z <= 9"],
    )
    monkeypatch.setattr(Bounds, "ranges", property(lambda self: pytest.fail("they were asked")))
    assert found.stated.within(parse("y"), None, 0.0, 1.0)
    assert found.stated.within(parse("2*y + 1"), None, 1.0, 3.0)
    assert not found.stated.within(parse("2*y + 1"), None, 0.0, 2.0)
    assert not found.stated.within(parse("0.1*y + 0.2*x"), None, 0.0, 9.0), "its sum is rounded"
    assert found.stated.finite(parse("x + z"), None) == (False, True)
    assert found.integer(parse("3*y - z"), None) and not found.integer(parse("x + z"), None)
    assert not found.stated.within(parse("x*y"), None, 0.0, 9.0), "it is not linear"


def test_a_symbol_over_its_own_members_is_known_by_its_declaration():
    sets = [{"name": "I", "elements": ["a", "b"]}, {"name": "J", "elements": ["c"]}]
    decision = {"name": "x", "over": ["I", "J"], "domain": "binary"}
    cir = CIR.model_validate({"sets": sets, "decisions": [decision]})
    found = Bounds(bind(cir).require(), [decision_variable(cir.decisions[0], Symbols(cir))])
    for loops, same in (
        ("for p in I for q in J", True),
        ("for q in J for p in I", False),
        ("for p in I for q in J if p != 'a'", False),
    ):
        known = found.stated.variable(parse("x[p, q]"), parse_binder(loops))
        assert (known is not None) == same, loops
    assert found.stated.variable(parse("x['a', q]"), parse_binder("for q in J")) is None

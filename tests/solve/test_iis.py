from __future__ import annotations

from math import gcd

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from r2c.model.build import build
from r2c.solve.compiled import compiled
from r2c.solve.divisors import without_whole_point
from r2c.solve.iis import explain_conflict
from r2c.solve.limits import Limits
from r2c.solve.matrix import matrix_of
from r2c.solve.relax import least_relaxation
from r2c.solve.solve import solve_plain

TIME = Limits(seconds=10)


def quoted(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"id": name, "quote": words} for name, words in pairs]


def test_a_linear_conflict_is_told_in_the_sentences_of_its_rules(plain, process):
    model, instance = plain(
        [{"name": "make", "over": ["I"], "upper": "30"}],
        ["demand: sum(make[i] for i in I) >= 100", "hours: 2*make['a'] <= 500",
         "band: 1 <= make[i] <= 40 forall for i in I"],
        ["min sum(make[i] for i in I)"],
        sets=[{"name": "I", "elements": ["a", "b", "c"]}],
        rules=quoted(("demand", "Customers want 100 pieces."), ("hours", "500 hours are there.")),
    )  # fmt: skip
    conflict = explain_conflict(model, instance, TIME, process=process)
    assert conflict is not None
    assert conflict.rules == ("demand",) and conflict.irreducible
    assert conflict.bounds == ("make[a] <= 30", "make[b] <= 30", "make[c] <= 30")
    assert "“Customers want 100 pieces.” (demand)" in conflict.explanation
    assert "make[a] + make[b] + make[c] >= 100" in conflict.explanation
    assert "At most 90 is possible where 100 is demanded." in conflict.explanation
    assert "hours" not in conflict.explanation


def test_numbers_are_told_without_the_rounding_of_their_sums(plain, process):
    model, instance = plain(
        "corn oats",
        ["share: corn >= 0.8*(corn + oats)", "some: oats >= 30", "most: corn <= 100"],
        ["max corn"],
    )
    told = explain_conflict(model, instance, TIME, process=process)
    assert told is not None and "0.2*corn - 0.8*oats >= 0" in told.explanation


def test_rules_that_do_not_take_part_are_left_out(plain, process):
    model, instance = plain(
        "x y z",
        ["a: x + y <= 10", "b: x >= 7", "c: y >= 4", "d: z <= 3", "e: z + x >= 1", "f: y <= 20"],
        ["min z"],
    )
    conflict = explain_conflict(model, instance, TIME, process=process)
    assert conflict is not None
    assert conflict.rules == ("a", "b", "c") and conflict.irreducible
    assert conflict.bounds == ()


def test_a_conflict_of_whole_numbers_alone_is_narrowed_to_its_rule(plain, process):
    model, instance = plain(
        "x:int y:int z:int",
        ["odd: 2*x + 4*y == 7", "cap: x + y + z <= 50", "zmin: z >= 2"],
        ["min x"],
    )
    conflict = explain_conflict(model, instance, TIME, process=process)
    assert conflict is not None
    assert conflict.rules == ("odd",) and conflict.irreducible
    assert "x is a whole number" in conflict.bounds and "y is a whole number" in conflict.bounds
    assert not any("z" in bound for bound in conflict.bounds)


def test_bounds_that_a_conflict_of_whole_numbers_does_not_need_are_not_listed(plain, process):
    model, instance = plain(
        [{"name": name, "domain": "integer", "upper": "9"} for name in "xy"],
        ["odd: 2*x + 2*y == 7"],
        ["min x"],
    )
    conflict = explain_conflict(model, instance, TIME, process=process)
    assert conflict is not None
    assert conflict.bounds == ("x is a whole number", "y is a whole number")
    assert conflict.irreducible


def test_a_bound_that_may_be_needed_is_listed_without_the_claim_that_it_is(plain, process):
    # x cannot be even and odd; no single row shows it, and without bounds the search never ends.
    model, instance = plain(
        [{"name": name, "domain": "integer", "lower": "-40", "upper": "40"} for name in "xyz"],
        ["even: x - 2*y == 0", "odd: x - 2*z == 1"],
        ["min x"],
    )
    conflict = explain_conflict(model, instance, Limits(seconds=4), process=process)
    assert conflict is not None
    assert conflict.rules == ("even", "odd")
    listed = [bound for bound in conflict.bounds if "=" in bound]
    assert conflict.irreducible == (not listed)
    assert ("could not be settled" in conflict.explanation) == bool(listed)


@given(
    st.lists(st.integers(-6, 6).filter(bool), min_size=1, max_size=3),
    st.integers(-20, 20),
    st.integers(0, 3),
)
def test_a_row_is_called_without_whole_point_exactly_if_it_has_none(maker, factors, low, width):
    names = "xyz"[: len(factors)]
    body = " + ".join(f"{factor}*{name}" for factor, name in zip(factors, names, strict=True))
    model, instance = maker(
        [{"name": name, "domain": "integer", "lower": None} for name in names],
        [f"r: {low} <= {body} <= {low + width}" if width else f"r: {body} == {low}"],
    )
    found = without_whole_point(matrix_of(build(model, instance)))
    # Whole numbers without bounds reach exactly the multiples of the greatest common divisor.
    step = gcd(*factors)
    assert found == all(total % step for total in range(low, low + width + 1))


def test_only_the_members_that_clash_are_listed(plain, process):
    model, instance = plain(
        [{"name": "x", "over": ["T"]}],
        ["need: x[t] >= need[t] forall for t in T", "cap: x[t] <= 20 forall for t in T"],
        sets=[{"name": "T", "kind": "time", "elements": [1, 2, 3]}],
        parameters=[
            {"name": "need", "over": ["T"], "value": {"kind": "dense", "values": [5, 25, 7]}}
        ],
    )
    conflict = explain_conflict(model, instance, TIME, process=process)
    assert conflict is not None
    assert conflict.rows == ("need(2)", "cap(2)")
    assert "x[2] >= 25" in conflict.explanation and "x[2] <= 20" in conflict.explanation


def test_feasible_models_have_no_conflict(plain, process):
    model, instance = plain("x", ["a: x >= 3"])
    assert explain_conflict(model, instance, TIME, process=process) is None


def test_contradictions_found_while_building_are_conflicts_of_one_rule(plain, process):
    model, instance = plain("x", ["a: 0*x >= 3"])
    conflict = explain_conflict(model, instance, TIME, process=process)
    assert conflict is not None and conflict.rules == ("a",)
    model, instance = plain([{"name": "x", "lower": "5", "upper": "2"}])
    crossed = explain_conflict(model, instance, TIME, process=process)
    assert crossed is not None and crossed.bounds == ("x",)


def test_irreducible_is_not_claimed_when_time_runs_out(plain, process):
    # Whether 5x - 5y = 23 has whole solutions is never settled without bounds on x and y.
    model, instance = plain(
        [{"name": name, "domain": "integer", "lower": None} for name in "xy"]
        + [{"name": "z", "upper": "9"}],
        ["endless: 5*x - 5*y == 23 + 0*z", "low: z <= 3", "high: z >= 4"],
    )
    conflict = explain_conflict(model, instance, Limits(seconds=2, grace=0.2), process=process)
    assert conflict is None or set(conflict.rules) == {"low", "high"}


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 2), st.sampled_from(["<=", ">="]),
                  st.integers(-4, 6)),
        min_size=2, max_size=6,
    ),
    st.booleans(),
)  # fmt: skip
def test_dropping_any_rule_of_an_irreducible_conflict_resolves_it(maker, process, rows, whole):
    domain = "integer" if whole else "continuous"
    decisions = [{"name": n, "domain": domain, "upper": "9"} for n in "abc"]
    texts = [
        f"r{k}: 2*{'abc'[i]} - 3*{'abc'[j]} + a - a {op} {end}"
        for k, (i, j, op, end) in enumerate(rows)
    ]
    model, instance = maker(decisions, texts)
    conflict = explain_conflict(model, instance, TIME, process=process)
    outcome = solve_plain(model, instance, TIME, process=process).outcome
    assert (conflict is None) == (outcome == "optimal")
    if conflict is None or len(conflict.rules) < 2:
        return
    assert conflict.irreducible or whole  # whether a bound is needed may stay open
    for spared in conflict.rules:
        rest = [text for text in texts if text.split(":")[0] in set(conflict.rules) - {spared}]
        model, instance = maker(decisions, rest)
        eased = solve_plain(model, instance, TIME, process=process)
        assert eased.outcome == "optimal"


def test_the_least_relaxation_says_which_rule_would_have_to_give_how_much(plain, process):
    model, instance = plain(
        [{"name": "make", "over": ["I"]}],
        ["demand: sum(make[i] for i in I) >= 22", "cap: sum(make[i] for i in I) <= 15"],
        sets=[{"name": "I", "elements": ["a", "b"]}],
    )
    written = compiled(model, instance)
    (only,) = least_relaxation(written, process, TIME) or ()
    assert (only.rule, only.side) == ("demand", "lower") and only.amount == pytest.approx(7)
    (cap,) = least_relaxation(written, process, TIME, rules=["cap"]) or ()
    assert (cap.rule, cap.side) == ("cap", "upper") and cap.amount == pytest.approx(7)
    feasible = compiled(*plain("x", ["a: x >= 3"]))
    assert least_relaxation(feasible, process, TIME) == ()
    bounded = compiled(*plain([{"name": "x", "upper": "1"}], ["a: x >= 3", "b: x <= 8"]))
    assert least_relaxation(bounded, process, TIME, rules=["b"]) is None

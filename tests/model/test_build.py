from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from r2c.cir.evaluate import evaluate
from r2c.cir.members import Key
from r2c.cir.parse import parse
from r2c.errors import R2CError
from r2c.model.build import build
from r2c.model.export.mps import mps_text
from r2c.model.names import Names
from r2c.model.plain import PlainVariable
from r2c.model.quadratic import Quadratic
from r2c.model.scalar import scalar_model
from r2c.model.size import SizeLimits, estimate
from r2c.solve.matrix import matrix_of

SHIPPING = {
    "sets": [
        {"name": "Plants", "elements": ["A b", "A-b", "Ünit"]},
        {"name": "Months", "kind": "time", "elements": [1, 2, 3]},
    ],
    "parameters": [
        {"name": "cap", "over": ["Plants"], "value": {"kind": "dense", "values": [5, 6, 7]}}
    ],
}
MAKE = {"name": "make", "over": ["Plants", "Months"], "upper": "cap[i1]"}


def test_rows_and_variables_find_their_way_home(plain):
    model, instance = plain(
        [MAKE],
        ["limit: sum(make[p,t] for t in Months) <= cap[p] forall for p in Plants if p != 'A b'",
         "growth: make[p,t] >= make[p,t-1] forall for p in Plants for t in Months if t > 1"],
        ["min sum(2*make[p,t] for p in Plants for t in Months)"],
        **SHIPPING,
    )  # fmt: skip
    built = build(model, instance)
    home = built.map
    assert [(entry.rule, entry.key) for entry in home.rows[:3]] == [
        ("limit", ("A-b",)), ("limit", ("Ünit",)), ("growth", ("A b", 2))
    ]  # fmt: skip
    assert home.columns["make", ("A-b", 2)] == 4
    assert home.rows_by_rule == {"limit": [0, 1], "growth": [2, 3, 4, 5, 6, 7]}
    assert built.variables[4] is built.model.make["A-b", 2]
    assert built.rows[1] is built.model.limit["Ünit"]
    matrix = matrix_of(built)
    assert matrix.shape == (8, 9)
    assert list(matrix.columns[matrix.starts[2] : matrix.starts[3]]) == [1, 0]
    assert list(matrix.values[matrix.starts[2] : matrix.starts[3]]) == [1.0, -1.0]
    assert list(matrix.upper[:4]) == [5.0, 5.0, 5.0, 6.0]
    names = [entry.name for entry in home.variables]
    assert names[0] == "make(A_b,1)"
    assert len(set(map(str.lower, names))) == 9


@given(st.lists(st.tuples(st.text(max_size=12), st.integers(-20, 20)), max_size=12))
def test_names_are_unique_and_made_of_safe_characters(keys):
    names = Names()
    given = [names.name(base, (base, number)) for base, number in keys]
    given += [names.name(base) for base, _ in keys]
    assert len({name.lower() for name in given}) == len(given)
    for name in given:
        assert set(name) <= set(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.(),"
        )
        assert name[0].isalpha() and len(name) <= 210


@pytest.mark.parametrize("word", ["free", "st", "Inf", "e12", "END", "1st", ""])
def test_scalar_names_avoid_the_words_of_the_file_formats(word):
    assert Names().name(word).lower() not in {"free", "st", "inf", "e12", "end", "1st", ""}


def test_a_chain_of_two_constant_ends_is_one_row_and_other_chains_are_split(plain):
    model, instance = plain("x y", ["band: 2 <= x + y <= 9", "order: x <= y <= 2*x + 1"])
    built = build(model, instance)
    matrix = matrix_of(built)
    assert [entry.name for entry in built.map.rows] == ["band", "order", "order_2"]
    assert list(matrix.row_lower) == [2.0, -float("inf"), -float("inf")]
    assert list(matrix.row_upper) == [9.0, 0.0, 1.0]


def test_a_constant_on_the_left_leaves_the_expression_as_written(plain):
    model, instance = plain("x y", ["need: 40 <= 3*x + 2*y + 5"])
    matrix = matrix_of(build(model, instance))
    assert list(matrix.values) == [3.0, 2.0]
    assert (matrix.row_lower[0], matrix.row_upper[0]) == (35.0, float("inf"))


def test_rows_that_always_hold_are_left_out_and_reported(plain):
    model, instance = plain("x", ["a: x - x <= 3", "b: 0*x == 0", "c: x >= 1"])
    built = build(model, instance)
    assert [entry.rule for entry in built.map.rows] == ["c"]
    assert [entry.rule for entry in built.map.skipped] == ["a", "b"]


def test_rows_that_never_hold_are_contradictions_that_name_rule_and_member(plain):
    model, instance = plain(
        [MAKE],
        ["need: sum(make[p,t] for t in Months if t > 3) >= cap[p] forall for p in Plants"],
        **SHIPPING,
    )
    found = build(model, instance).map.contradictions
    assert [fault.code for fault in found] == ["R2C-M004"] * 3
    assert found[0].details["rule"] == "need"
    assert "for A b" in found[0].what


def test_crossed_bounds_are_a_contradiction(plain):
    model, instance = plain([{"name": "x", "lower": "5", "upper": "2"}])
    assert [fault.code for fault in build(model, instance).map.contradictions] == ["R2C-M005"]


def test_a_range_whose_ends_cross_is_two_rows_that_no_value_meets(plain):
    model, instance = plain(
        [{"name": "x", "over": ["P"]}],
        ["r: low[p] <= x[p] + 1 <= high[p] forall for p in P"],
        sets=[{"name": "P", "elements": ["a", "b"]}],
        parameters=[
            {"name": "low", "over": ["P"], "value": {"kind": "dense", "values": [2, 5]}},
            {"name": "high", "over": ["P"], "value": {"kind": "dense", "values": [4, 3]}},
        ],
    )
    build(model, instance)  # Pyomo, too, takes it
    text = mps_text(model, instance)
    assert " RNG r(a) 2" in text and text.count(" RNG ") == 1, text
    ends = [(row.lower, row.upper) for row in scalar_model(model, instance).rows]
    assert ends == [(1, 3), (4, float("inf")), (float("-inf"), 2)]


@pytest.mark.parametrize("bound", ["upper", "lower"])
def test_a_bound_out_of_data_that_the_solver_takes_for_infinite_is_refused(plain, bound):
    decision = {"name": "x", "over": ["P"], bound: "-far[i1]" if bound == "lower" else "far[i1]"}
    far = {"name": "far", "over": ["P"], "value": {"kind": "dense", "values": [5, 1e20]}}
    sets = [{"name": "P", "elements": ["a", "b"]}]
    model, instance = plain([decision], sets=sets, parameters=[far])
    with pytest.raises(R2CError) as caught:
        build(model, instance)
    assert caught.value.code == "R2C-C033"
    assert caught.value.fault.what.startswith("The decision 'x' for b has the bound ")


@pytest.mark.parametrize(
    ("decisions", "rows", "goals", "code", "word"),
    [
        ("x y", ["r: x*y <= 4"], (), "R2C-M002", "'r'"),
        ("x y", ["r: x/y <= 4"], (), "R2C-M002", "x/y"),
        ("x y", ["r: 2**x <= 4"], (), "R2C-M002", "2**x"),
        ("x y", ["r: max(x, y) <= 4"], (), "R2C-M002", "max(x, y)"),
        ("x y", ["r: abs(x - y) <= 4"], (), "R2C-M002", "abs(x - y)"),
        ("x y", (), ["min x**3"], "R2C-M002", "x**3"),
        ("x", ["r: x < 4"], (), "R2C-M003", "<"),
        ("x", ["r: x != 4"], (), "R2C-M003", "!="),
        ("x x", (), (), "R2C-M006", "'x'"),
        ("x", ["r: x <= 4", "r: x <= 5"], (), "R2C-M006", "'r'"),
        ("x", ["r: 10**16*x <= 4"], (), "R2C-M007", "1e+16"),
        ("x", ["r: 10**15*x <= 4"], (), "R2C-M007", "1e+15"),
        ("x", ["r: x <= 10**20"], (), "R2C-M007", "1e+20"),
        ("x y", (), ["min x*y"], "R2C-M008", "convex"),
        ("x y", (), ["max x**2 - y"], "R2C-M008", "x"),
        ("x:int y", (), ["min y**2"], "R2C-M009", "y*y"),
        ("x", ["r: x <= z"], (), "R2C-C226", "'z'"),
        ("x", ["r: x <= 1/0"], (), "R2C-C231", "'r'"),
    ],
)
def test_what_the_solver_cannot_take_is_refused_with_rule_and_term(
    plain, decisions, rows, goals, code, word
):
    model, instance = plain(decisions, rows, goals)
    with pytest.raises(R2CError) as caught:
        build(model, instance)
    assert caught.value.code == code
    assert word in caught.value.fault.what


def test_a_lag_beyond_the_horizon_names_the_rule(plain):
    model, instance = plain(
        [MAKE],
        ["flow: make[p,t] >= make[p,t-1] forall for p in Plants for t in Months"],
        **SHIPPING,
    )
    with pytest.raises(R2CError) as caught:
        build(model, instance)
    assert caught.value.code == "R2C-C228"
    assert caught.value.fault.details["rule"] == "flow"


@pytest.mark.parametrize(
    "text",
    ["x**2 + y**2 + x*y", "(x + y)**2", "3*x**2 - 2*x*y + y**2 + 4*y", "x*x/2"],
)
def test_convex_squares_are_accepted_and_come_back_as_written(plain, text):
    model, instance = plain("x y", (), [f"min {text}"])
    matrix = matrix_of(build(model, instance))
    for x, y in [(1.0, 2.0), (-3.0, 0.5)]:
        point: dict[str, dict[Key, float]] = {"x": {(): x}, "y": {(): y}}
        expected = evaluate(parse(text), instance, point)
        assert matrix.goals[0].value(np.array([x, y])) == pytest.approx(expected)


FORMS = st.builds(
    Quadratic,
    st.integers(-3, 3).map(float),
    st.dictionaries(st.integers(0, 2), st.integers(-3, 3).map(float), max_size=3),
)


@given(
    FORMS,
    FORMS,
    st.integers(-3, 3).map(float),
    st.lists(st.integers(-4, 4), min_size=3, max_size=3),
)
def test_forms_calculate_like_the_numbers_they_stand_for(one, other, number, at):
    def value(form: Quadratic | float) -> float:
        if not isinstance(form, Quadratic):
            return form
        linear = sum(factor * at[j] for j, factor in form.linear.items())
        square = sum(factor * at[i] * at[j] for (i, j), factor in form.square.items())
        return float(form.constant + linear + square)

    a, b = value(one), value(other)
    assert value(one * other) == a * b
    assert value(one - other + number) == a - b + number
    assert value(number - one) == number - a
    assert value(number * (one + other)) == number * (a + b)
    assert value(one**2) == a**2
    assert value(Quadratic.total([one, number, other])) == a + number + b
    assert value(one / 2.0) == a / 2.0


def test_a_model_too_large_is_refused_before_it_is_built(plain):
    big = {"elements": list(range(2000))}
    model, instance = plain(
        [{"name": "x", "over": ["A", "B"]}],
        ["r: sum(x[a,b] for b in B) <= 1 forall for a in A"],
        sets=[{"name": "A", **big}, {"name": "B", **big}],
    )
    began = time.process_time()
    with pytest.raises(R2CError, match="R2C-M001") as caught:
        build(model, instance)
    assert caught.value.fault.details["owner"] == "x"
    assert time.process_time() - began < 20


@pytest.mark.parametrize("where", ["", " if a < b", " if a == b", " if a != 2 and b > 1"])
@pytest.mark.parametrize(("rows", "columns"), [(0, 3), (1, 1), (4, 3), (6, 2), (3, 7)])
def test_the_estimate_is_never_below_the_real_size(plain, rows, columns, where):
    model, instance = plain(
        [{"name": "x", "over": ["A", "B"], "indices": ["a", "b"],
          "where": where.removeprefix(" if ") or None}],
        [f"r: 1 <= sum(2*x[a,b] for b in B{where}) + total <= 9 forall for a in A",
         "s: x[a,b] <= x[b2,b] + total forall for (a,b) in AB for b2 in A if (b2,b) in AB",
         "t: y + sum(x[a,c] for (a,c) in AB if a == 1) >= 3*total"],
        ["min sum(x[a,b]*w[a] for (a,b) in AB)"],
        sets=[{"name": "A", "kind": "ordered", "elements": list(range(1, rows + 1))},
              {"name": "B", "kind": "ordered", "elements": list(range(1, columns + 1))},
              {"name": "AB", "dim": 2, "where": f"for a in A for b in B{where}"}],
        parameters=[{"name": "w", "over": ["A"], "value": {"kind": "expression",
                     "indices": ["a"], "expr": "2*a"}}],
        definitions=[{"name": "total", "expr": "sum(x[a,b] for (a,b) in AB)"}],
    )  # fmt: skip
    model = replace(model, variables=(*model.variables, PlainVariable("y", "continuous")))
    size = estimate(model, instance)
    matrix = matrix_of(build(model, instance))
    assert size.variables >= matrix.shape[1]
    assert size.rows >= matrix.shape[0]
    goal_terms = int((matrix.goals[0].cost != 0).sum())
    assert size.nonzeros >= len(matrix.values) + goal_terms


def test_limits_are_compared_with_the_estimate(plain):
    model, instance = plain("x y", ["r: x + y <= 1"])
    estimate(model, instance).check(SizeLimits(variables=2, rows=1, nonzeros=2))
    with pytest.raises(R2CError, match="R2C-M001"):
        estimate(model, instance).check(SizeLimits(nonzeros=1))

"""Substitution respects what loops bind."""

from __future__ import annotations

import pytest

from r2c.cir.parse import parse
from r2c.cir.write import write
from r2c.model.rename import Fresh, add, multiply, substitute, subtract


@pytest.mark.parametrize(
    ("expr", "name", "value", "expected"),
    [
        ("x + 2*y", "y", "a - b", "x + 2*(a - b)"),
        ("x - y", "y", "a - b", "x - a + b"),
        ("y[y]", "y", "t", "y[t]"),
        ("sum(c[i]*x for i in S)", "x", "2*z", "sum(c[i]*2*z for i in S)"),
        ("sum(c[i]*i for i in S)", "i", "z", "sum(c[i]*i for i in S)"),
        ("sum(c[i]*x for i in S)", "x", "p[i]", "sum(c[i_2]*p[i] for i_2 in S)"),
        ("sum(x for i in S if d[i] <= x)", "x", "i", "sum(i for i_2 in S if d[i_2] <= i)"),
        ("sum(a[i,j] for i in S for j in i)", "i", "k", "sum(a[i, j] for i in S for j in i)"),
    ],
)
def test_free_names_are_replaced_and_bound_ones_are_not(expr, name, value, expected):
    assert write(substitute(parse(expr), {name: parse(value)})) == expected


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (add([parse("x"), parse("2"), parse("y - 5")]), "x - 3 + y"),
        (add([parse("2"), parse("-2")]), "0"),
        (subtract(parse("x + 1"), parse("y + 1")), "x - y"),
        (multiply([parse("1"), parse("x")]), "x"),
        (multiply([parse("0"), parse("x")]), "0"),
        (multiply([parse("2*x"), parse("y")]), "2*x*y"),
    ],
)
def test_sums_and_products_come_out_flat_and_short(made, expected):
    assert write(made) == expected


def test_a_fresh_name_is_never_one_in_use():
    fresh = Fresh({"i", "i_2"})
    assert [fresh.name("i"), fresh.name("i"), fresh.name("j")] == ["i_3", "i_4", "j"]
    assert fresh.name("j", "j_row") == "j_row"

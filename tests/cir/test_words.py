"""Expressions in plain words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from strategies import trees

from r2c.cir.parse import parse, parse_binder
from r2c.cir.schema import CIR
from r2c.cir.words import symbol_words, words, words_for

CASES = [
    ("3*chairs + 2*tables <= 40", "3 times chairs plus 2 times tables is at most 40"),
    ("x >= y - 3", "x is at least y minus 3"),
    ("2*(x + y) == z", "2 times (x plus y) equals z"),
    ("2 <= crew['Plant A'] <= 9", "crew of Plant A is between 2 and 9"),
    ("9 >= x >= 2", "x is between 2 and 9"),
    ("a <= b < c", "a is at most b, which is less than c"),
    ("sum(cost[i]*ship[i] for i in Plants if i != 'A')",
     "the sum of cost of i times ship of i over all i in Plants where i differs from 'A'"),
    ("max(late[j] for j in Jobs)", "the largest late of j over all j in Jobs"),
    ("stock[t-1] + make[t] - 2", "stock of the one before t plus make of t minus 2"),
    ("ship[i, j]/max_use", "ship of i and j divided by max use"),
    ("abs(x - y)", "the absolute value of x minus y"),
    ("min(a, b, 3)", "the smallest of a, b and 3"),
    ("x**2", "x squared"),
    ("-x", "minus x"),
    ("implies(x >= 1, y <= 0)", "if x is at least 1 then y is at most 0"),
    ("not (a <= 1 or b <= 2)", "it does not hold that (either a is at most 1 or b is at most 2)"),
    ("(a - b)*c", "(a minus b) times c"),
    ("[x[i] for i in I]", "x of i for each i in I"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_an_expression_is_said_in_words(text, expected):
    assert words(parse(text)) == expected


def test_loops_are_said_in_words():
    said = words_for(parse_binder("for i in Plants for t in Months if t > 1"))
    assert said == "for each i in Plants and each t in Months where t is more than 1"


def test_symbols_are_called_by_their_meaning():
    cir = CIR.model_validate({"decisions": [{"name": "x", "meaning": "chairs to make"}]})
    assert words(parse("x <= 3"), symbol_words(cir)) == "chairs to make is at most 3"


@settings(max_examples=300, deadline=None)
@given(trees())
def test_every_tree_has_words(tree):
    assert words(tree)

"""Expressions in plain words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from strategies import trees

from r2c.cir.nouns import singular, spaced, vocabulary
from r2c.cir.parse import parse, parse_binder
from r2c.cir.schema import CIR
from r2c.cir.words import statement, words

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
    loops = parse_binder("for i in Plants for t in Months if t > 1")
    assert statement(parse("x[i] >= 0"), loops) == (
        "for each i in Plants and each t in Months where t is more than 1: x of i is at least 0"
    )


def test_symbols_are_called_by_their_meaning():
    cir = CIR.model_validate({"decisions": [{"name": "x", "meaning": "chairs to make"}]})
    assert words(parse("x <= 3"), vocabulary(cir)) == "chairs to make is at most 3"


PLAN = vocabulary(
    CIR.model_validate(
        {
            "sets": [
                {"name": "Plants", "elements": ["A", "B"]},
                {"name": "Shops", "elements": ["u", "v"]},
                {"name": "Months", "kind": "time", "elements": [1, 2, 3]},
                {"name": "Lanes", "dim": 2, "within": ["Plants", "Shops"],
                 "elements": [["A", "u"], ["B", "v"]]},
                {"name": "T", "elements": ["x"]},
                {"name": "Staff", "elements": ["x"]},
                {"name": "WorkDays", "elements": ["x"]},
            ],
            "parameters": [
                {"name": "cost", "over": ["Lanes"], "value": 1},
                {"name": "supply", "over": ["Plants"], "value": 1},
                {"name": "dist", "over": ["Plants", "Plants"], "value": 1},
            ],
            "decisions": [
                {"name": "ship", "over": ["Lanes"], "meaning": "pallets sent along a lane"},
                {"name": "make", "over": ["Plants", "Months"],
                 "meaning": "tons made in each plant"},
                {"name": "stock", "over": ["Months"]},
                {"name": "rest", "over": ["T"]},
                {"name": "on", "over": ["Staff", "WorkDays"], "meaning": "who works on a day"},
            ],
        }
    )
)  # fmt: skip
INDEXED = [
    ("supply[p] <= 4", "for p in Plants", "for each plant: supply of the plant is at most 4"),
    ("sum(ship[p, s] for (q, s) in Lanes if q == p) <= supply[p]", "for p in Plants",
     "for each plant: the sum of pallets sent along a lane over all lanes of the plant is at most "
     "supply of the plant"),
    ("sum(ship[q, s] for (q, s) in Lanes if p == q) >= 1", "for p in Plants",
     "for each plant: the sum of pallets sent along a lane over all lanes of the plant is at "
     "least 1"),
    ("sum(ship[p, s] for (p, s) in Lanes if p == 'A') <= 4", "",
     "the sum of pallets sent along a lane over all lanes of A is at most 4"),
    ("ship[p, s] <= cost[p, s]", "for (p, s) in Lanes",
     "for each lane: pallets sent along the lane is at most cost of the lane"),
    ("ship[i, j] <= 4", "for i in Plants for j in Shops",
     "for each plant and each shop: pallets sent along a lane of the plant and the shop is at "
     "most 4"),
    ("sum(cost[p, s]*ship[p, s] for (p, s) in Lanes)", "",
     "the sum of cost times pallets sent along a lane over all lanes"),
    ("sum(make[p, t] for p in Plants) >= 3", "for t in Months",
     "for each month: the sum of tons made in the plant of the month over all plants is at least "
     "3"),
    ("stock[t] == stock[t-1] + sum(make[p, t] for p in Plants)", "for t in Months if t != 1",
     "for each month other than 1: stock of the month equals stock of the one "
     "before the month plus the sum of tons made in the plant of the month over all plants"),
    ("supply[p] <= 3", "for p in Plants if p != 'A' and p != 'B'",
     "for each plant other than A and B: supply of the plant is at most 3"),
    ("dist[p, q] <= 3", "for p in Plants for q in Plants if p != q",
     "for each plant p and each plant q where plant p differs from plant q: dist of plant p and "
     "plant q is at most 3"),
    ("sum(dist[p, q] for q in Plants) <= supply[p]", "for p in Plants",
     "for each plant p: the sum of dist of plant p and plant q over all plants q is at most "
     "supply of plant p"),
    ("sum(supply[p] for p in Plants) <= sum(supply[q] for q in Plants)", "",
     "the sum of supply over all plants is at most the sum of supply over all plants"),
    ("sum(ship[q, s] for (q, s) in Lanes) <= supply[p]", "for p in Plants",
     "for each plant p: the sum of pallets sent along a lane over all lanes (q, s) is at most "
     "supply of plant p"),
    ("rest[t] <= 4", "for t in T", "for each t in T: rest of t is at most 4"),
    ("sum(rest[t] for t in T if t != 'x') <= 4", "",
     "the sum of rest of t over all t in T where t differs from 'x' is at most 4"),
    ("on[i, d] <= 1", "for i in Staff for d in WorkDays",
     "for each i in Staff and each work day: who works on a day of i and the work day is at "
     "most 1"),
    ("[supply[p] <= 1 for p in Plants]", "for t in Months",
     "for each month, each plant: supply of the plant is at most 1"),
    ("make['A', t] <= 2", "for t in Months",
     "for each month: tons made in A of the month is at most 2"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "loops", "expected"), INDEXED)
def test_members_of_sets_are_called_by_nouns(text, loops, expected):
    binder = parse_binder(loops) if loops else None
    assert statement(parse(text), binder, PLAN) == expected


def test_what_a_set_means_is_not_what_its_members_are_called():
    cir = CIR.model_validate(
        {"sets": [{"name": "Lanes", "elements": ["a"], "meaning": "which plant serves whom"}]}
    )
    assert (
        words(parse("sum(x[i] for i in Lanes)"), vocabulary(cir)) == "the sum of x over all lanes"
    )


@pytest.mark.parametrize(
    ("name", "one"),
    [
        ("Plants", "plant"), ("Cities", "city"), ("Boxes", "box"), ("Classes", "class"),
        ("Matches", "match"), ("Ties", "tie"), ("Houses", "house"), ("People", "person"),
        ("Sales_people", "sales person"), ("WorkDays", "work day"), ("Buses", "bus"),
        ("T", None), ("JS", None), ("Staff", None), ("Glass", None), ("Series", None),
        ("SKUs", "sku"),
    ],
)  # fmt: skip
def test_the_noun_for_one_member_comes_from_the_name_of_the_set(name, one):
    assert singular(spaced(name)) == one


@settings(max_examples=300, deadline=None)
@given(trees())
def test_every_tree_has_words(tree):
    assert words(tree)

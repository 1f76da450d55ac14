from __future__ import annotations

import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from r2c.cir.evaluate import Evaluator, NotRepresentable, evaluate, members
from r2c.cir.expr import Compare
from r2c.cir.instance import Instance, bind
from r2c.cir.members import Key
from r2c.cir.parse import parse, parse_binder
from r2c.cir.schema import CIR
from r2c.errors import CIRError

DATA = CIR.model_validate(
    {
        "sets": [
            {"name": "P", "elements": ["A", "B"]},
            {"name": "T", "kind": "time", "elements": [1, 2, 3, 4, 5, 6]},
            {"name": "M", "kind": "ordered", "elements": ["Jan", "Feb", "Mar"]},
            {"name": "Late", "kind": "ordered", "elements": ["Feb", "Mar"], "within": ["M"]},
            {"name": "W", "kind": "time", "cyclic": True, "elements": ["Mo", "Tu", "We"]},
            {"name": "L", "dim": 2, "within": ["P", "M"],
             "where": "for i in P for m in M if w[i,m] > 2"},
            {"name": "Empty", "elements": []},
        ],
        "parameters": [
            {"name": "c", "value": 3},
            {"name": "w", "over": ["P", "M"],
             "value": {"kind": "dense", "values": [[1, 2, 3], [4, 5, 6]]}},
            {"name": "s", "over": ["W"], "value": {"kind": "dense", "values": [1, 10, 100]}},
            {"name": "lead", "over": ["P"], "value": {"kind": "dense", "values": [1, 2]}},
            {"name": "sparse", "over": ["P"], "default": 0,
             "value": {"kind": "sparse", "entries": [{"key": ["B"], "value": 5}]}},
        ],
        "definitions": [
            {"name": "all_x", "forall": "for t in T", "expr": "sum(x[i,t] for i in P)"},
            {"name": "again", "expr": "again + 1"},
            {"name": "double", "expr": "2*c"},
            {"name": "through", "expr": "all_x[1] + 1"},
        ],
        "decisions": [
            {"name": "x", "over": ["P", "T"]}, {"name": "y"}, {"name": "z", "over": ["L"]}
        ],
    }
)  # fmt: skip


@pytest.fixture(scope="module")
def instance() -> Instance:
    return bind(DATA).require()


@pytest.fixture
def at(instance: Instance) -> Evaluator[float]:
    x: dict[Key, float] = {
        (p, t): float(t) if p == "A" else 10.0 * t for p in "AB" for t in range(1, 7)
    }
    z = dict.fromkeys(instance.sets["L"].keys, 1.0)
    return Evaluator(instance, {"x": x, "y": {(): 4.0}, "z": z})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 + 3*c - 4/2 + 2**3", 17),
        ("-y", -4),
        ("sum(x[i,t] for i in P for t in T)", 231),
        ("sum(x[i,1] for i in P)", 11),
        ("x[A,1] + x['A',1]", 2),
        ("sum(x['A',t-1] for t in T if t > 1)", 15),
        ("sum(x['A',t+2] for t in T if t <= 4)", 18),
        ("sum(x[i,t-lead[i]] for i in P for t in T if ord(t) > lead[i])", 15 + 100),
        ("sum(x['A',t-k] for t in T for k in [0,1] if t > k)", 21 + 15),
        ("sum(x['A',u] for t in T for u in T if u <= t)", 56),
        ("sum(x['A',u] for t in T for u in T if u >= t-1 and u <= t)", 36),
        ("sum(x['A',u] for t in T for u in T if u == t-2)", 10),
        ("sum(w['A',prev(m)] for m in M if m != first(M))", 3),
        ("sum(w['A',next(m)] for m in M if m < last(M))", 5),
        ("sum(1 for m in M if m < 'Mar' and next(m) == 'Mar')", 1),
        ("sum(1 for m in M if m < 'Mar' and w['A',next(m)] > 2)", 1),
        ("sum(w['A',m-1] for m in Late)", 3),
        ("w['B',last(M)]", 6),
        ("sum(1 for m in M if m > 'Jan')", 2),
        ("sum(1 for m in M if m > Jan)", 2),
        ("sum(1 for m in M for l in Late if m < l)", 3),
        ("sum(s[t-1]*ord(t) for t in W)", 100 + 2 + 30),
        ("sum(s[t+4] for t in W)", 111),
        ("sum(1 for t in W for u in W if u == t+1)", 3),
        ("sum(w[i,m] for (i,m) in L)", 18),
        ("sum(w[l] for l in L)", 18),
        ("sum(w[i,m] for i in P for m in M if (i,m) in L)", 18),
        ("sum(w[i,m] for i in P for m in M if (i,m) not in L)", 3),
        ("sum(w[j,m] for i in P for (j,m) in L if j == i)", 18),
        ("sum(w[i,m] for (i,m) in L if m in ['Jan','Feb'])", 9),
        ("sum(w[i,m] for (i,m) in L if i != 'A' and not m == 'Mar')", 9),
        ("sum(1 for (a,b) in pairs(M))", 3),
        ("sum(sparse[i] for i in nonzero(sparse))", 5),
        ("sum(sparse[i] for i in P)", 5),
        ("sum(1 for (i,k) in [('A',1),('B',2)] if k == lead[i])", 2),
        ("sum(1 for i in P for m in M if (i,m) in [['A','Jan'],['B','Mar'],['B','Mar']])", 2),
        ("sum(1 for i in P for t in T if (i,t) not in [('A',1),('B',t)] and t < 3)", 1),
        ("sum(x['A',u] for t in T if t > 1 for u in [t-1,t])", 15 + 20),
        ("sum(1 for i in P if implies(i == 'A', c > 5))", 1),
        ("sum(1 for i in P if sparse[i])", 1),
        ("max(w[i,m] for i in P for m in M) - min(3, c, 9)", 3),
        ("max([w['A',m] for m in M])", 3),
        ("prod(lead[i] for i in P)", 2),
        ("sum([1, 2, c])", 6),
        ("abs(c - 5)", 2),
        ("count(w[i,m] >= 3 for i in P for m in M)", 4),
        ("len(L) + len(['A'])", 5),
        ("ord(first(M)) + ord(last(M))", 4),
        ("sum(t for t in T)", 21),
        ("sum(1 for t in T if t != 0 and t != 3)", 5),
        ("sum(1 for i in Empty)", 0),
        ("all_x[2] + double", 28),
        ("sum(z[i,m] for (i,m) in L)", 4),
    ],
)
def test_expressions_have_their_mathematical_value(at, text, expected):
    assert at.value(parse(text)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("sum(x['A',t-1] for t in T)", "R2C-C228"),
        ("sum(x['A',t+1] for t in T)", "R2C-C228"),
        ("sum(1 for i in P if i <= i-1)", "R2C-C232"),
        ("first(P)", "R2C-C229"),
        ("sum(ord(i) for i in P)", "R2C-C229"),
        ("x['Z',1]", "R2C-C230"),
        ("sum(1 for m in M if m == 1)", "R2C-C230"),
        ("sum(1 for i in P for m in M if (i,m) in [['A','Mai']])", "R2C-C230"),
        ("sum(1 for i in P for m in M if (i,m) in [['A','Jan'], 'B'])", "R2C-C225"),
        ("sum(1 for e in L for t in T if (e,t) in [['A',1]])", "R2C-C225"),
        ("sum(1 for m in M if m > 1)", "R2C-C232"),
        ("1/(c - 3)", "R2C-C231"),
        ("(c - 4)**0.5", "R2C-C231"),
        ("9**9**9", "R2C-C231"),
        ("w['A']", "R2C-C235"),
        ("c[1]", "R2C-C235"),
        ("z['A','Jan']", "R2C-C236"),
        ("all_x[9]", "R2C-C230"),
        ("again", "R2C-C237"),
        ("nothing", "R2C-C226"),
        ("P", "R2C-C225"),
        ("sum(1 for t in T if x['A',t] > 1)", "R2C-C227"),
        ("sum(1 for t in T if all_x[t] > 1)", "R2C-C227"),
        ("sum(1 for t in T if through > 1)", "R2C-C227"),
        ("max(w[i,m] for (i,m) in L if i == m)", "R2C-C233"),
        ("sum(z[i,m] for i in P for (i,m) in L)", "R2C-C238"),
        ("sum(1 for i in P if sum(1 for (i,m) in L) > 0)", "R2C-C238"),
        ("sum(1 for a in T for b in T for d in T for e in T for f in T for g in T for h in T "
         "for j in T for k in T for l in T for m in T)", "R2C-C239"),
        ("bound(y)", "R2C-C225"),
        ("sum(1 for i in c)", "R2C-C225"),
        ("x['A',1] <= 3", "R2C-C225"),
    ],
)  # fmt: skip
def test_what_has_no_value_is_a_coded_fault_in_bounded_time(at, text, code):
    began = time.process_time()
    with pytest.raises(CIRError) as caught:
        at.value(parse(text))
    assert caught.value.code == code, caught.value
    assert time.process_time() - began < 5


def test_a_rule_is_evaluated_for_every_member_of_its_loops(at, instance):
    relation = parse("1 <= x['A',t] <= x['B',t-1]")
    assert isinstance(relation, Compare)
    found = dict(at.relations(relation, parse_binder("for t in T if t >= 5")))
    assert found == {(5,): (1.0, 5.0, 40.0), (6,): (1.0, 6.0, 50.0)}
    assert list(members(parse_binder("for (i,m) in L if i == 'B'"), instance)) == [
        ("B", "Jan"), ("B", "Feb"), ("B", "Mar")
    ]  # fmt: skip
    assert next(members(parse_binder("for l in L if l == l"), instance)) == ("A", "Mar")
    assert at.components(parse_binder("for (i,m) in L for t in T")) == ("P", "M", "T")
    assert at.at(parse("x[i,t-1]"), parse_binder("for i in P for t in T"), ("B", 3)) == 20.0
    assert evaluate(parse("2*k"), instance, {}, {"k": 4}) == 8.0


class Range:
    """A number-like with an upper end, as the model builder uses for big-M."""

    def __init__(self, upper: float) -> None:
        self.upper = upper

    def __add__(self, other):
        return Range(self.upper + getattr(other, "upper", other))

    __radd__ = __add__

    def __mul__(self, other):
        raise NotRepresentable("a product")

    __rmul__ = __mul__


def test_bound_uses_the_ranges_of_decisions_inside_loops(instance):
    ranges: dict[str, dict[Key, Range]] = {
        "x": {(p, t): Range(10.0 * t) for p in "AB" for t in range(1, 7)},
        "y": {(): Range(math.inf)},
    }
    at: Evaluator[float] = Evaluator(instance, {"x": {}, "y": {}}, bounds=ranges)
    assert at.value(parse("sum(bound(x[i,t-1] + 1) for i in P for t in T if t > 1)")) == 310.0
    with pytest.raises(CIRError, match="R2C-C234"):
        at.value(parse("bound(y)"))


def test_what_a_number_like_cannot_do_names_the_term(instance):
    at: Evaluator[Range] = Evaluator(instance, {"y": {(): Range(1)}})
    with pytest.raises(NotRepresentable, match=r"a product: y\*y"):
        at.value(parse("3 + y*y"))


@given(
    st.lists(st.integers(-5, 5), min_size=6, max_size=6),
    st.lists(st.integers(-5, 5), min_size=6, max_size=6),
)
def test_sums_over_filters_agree_with_plain_python(first, second):
    instance = bind(DATA).require()
    x: dict[Key, float] = {("A", t): float(v) for t, v in enumerate(first, 1)}
    x |= {("B", t): float(v) for t, v in enumerate(second, 1)}
    text = "sum(x['A',t]*x['B',u] for t in T for u in T if u <= t-1 or u == t+2)"
    expected = sum(
        x["A", t] * x["B", u] for t in range(1, 7) for u in range(1, 7) if u <= t - 1 or u == t + 2
    )
    assert evaluate(parse(text), instance, {"x": x}) == expected


def test_two_hundred_thousand_terms_take_seconds():
    cir = CIR.model_validate(
        {"sets": [{"name": "I", "elements": list(range(450))}],
         "decisions": [{"name": "x", "over": ["I", "I"]}]}
    )  # fmt: skip
    x: dict[Key, float] = {(i, j): 1.0 for i in range(450) for j in range(450)}
    at = Evaluator(bind(cir), {"x": x})
    began = time.process_time()
    assert at.value(parse("sum(2*x[i,j] for i in I for j in I)")) == 405_000
    assert time.process_time() - began < 4

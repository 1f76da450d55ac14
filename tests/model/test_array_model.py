"""The model as arrays is the Pyomo model, for every card and for whatever the algebra can say."""

from __future__ import annotations

import functools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matrices import same_both_ways
from plain_models import make

import r2c.cir.arrays.loops as loops_on_arrays
from r2c.archetypes.generate import instances
from r2c.archetypes.load import standard_library
from r2c.cir.instance import bind
from r2c.cir.schema import CIR
from r2c.errors import R2CError
from r2c.model.arrays.write import array_model
from r2c.model.reformulate import attempt
from r2c.model.scalar import scalar_model
from r2c.model.size import SizeLimits

LIBRARY = standard_library()
DRAWN = 2
"""Random instances of each generator."""


def pinned(cir: CIR, archetype: str, paradigm: str | None) -> CIR:
    if paradigm is None:
        return cir
    rules = [
        rule.model_copy(update={"chosen": paradigm}) if rule.archetype == archetype else rule
        for rule in cir.rules
    ]
    return cir.model_copy(update={"rules": tuple(rules)})


@functools.cache
def drawn(archetype: str) -> list[CIR]:
    card = LIBRARY[archetype]
    return [card.instance.cir, *instances(card, DRAWN, "arrays")]


@pytest.mark.parametrize("archetype", list(LIBRARY))
def test_every_paradigm_of_a_card_gives_the_same_matrix_as_arrays(archetype: str) -> None:
    compared = 0
    for cir in drawn(archetype):
        instance = bind(cir).require()
        for paradigm in (None, *(item.name for item in LIBRARY[archetype].paradigms)):
            plain, _ = attempt(pinned(cir, archetype, paradigm), LIBRARY, instance)
            if plain is None:
                continue  # the paradigm does not fit the instance
            written = same_both_ways(plain, instance)
            compared += 1
            assert written is None or written.singly == {}, "a family is written member by member"
    assert compared


# ------------------------------------------------------------------------- what the algebra says

SETS: list[dict[str, Any]] = [
    {"name": "P", "elements": ["a", "b", "c"]},
    {"name": "Q", "elements": ["b", "x"]},
    {"name": "T", "kind": "time", "elements": [1, 2, 3, 4]},
    {"name": "W", "kind": "time", "elements": ["mon", "tue", "wed"], "cyclic": True},
    {"name": "L", "dim": 2, "within": ["P", "T"],
     "elements": [["a", 1], ["c", 3], ["b", 1], ["a", 4]]},
    {"name": "N", "dim": 2, "within": ["P", "P"],
     "elements": [["a", "b"], ["b", "c"], ["c", "a"], ["a", "a"]]},
    {"name": "Odd", "dim": 2, "elements": [["a", "1"], ["z", "7"]]},
    {"name": "E", "elements": []},
]  # fmt: skip
PARAMETERS: list[dict[str, Any]] = [
    {"name": "c", "over": ["P", "T"], "value": {
        "kind": "dense", "values": [[1, 0.1, 0, 7], [0.2, 0.3, 5, -1], [2, 2, 2, 0.7]]}},
    {"name": "d", "over": ["T"], "value": {"kind": "dense", "values": [0.1, 0.2, 0.3, 1e6]}},
    {"name": "s", "over": ["P"], "default": 1,
     "value": {"kind": "sparse", "entries": [{"key": ["b"], "value": 3}]}},
    {"name": "l", "over": ["L"], "value": {"kind": "dense", "values": [4, 3, 2, 1]}},
    {"name": "k", "value": 2},
    {"name": "u", "over": ["W"], "value": {"kind": "dense", "values": [1, 2, 3]}},
]  # fmt: skip
DECISIONS: list[dict[str, Any]] = [
    {"name": "x", "over": ["P", "T"]},
    {"name": "y", "over": ["L"], "upper": "9 + l[i1, i2]"},
    {"name": "z", "over": ["P", "T"], "indices": ["p", "t"], "where": "c[p, t] > 0",
     "domain": "binary"},
    {"name": "w", "over": ["W"], "domain": "integer", "lower": "u[i1] - 5", "upper": 40},
    {"name": "n", "over": ["N"]},
    {"name": "o", "over": ["Odd"]},
    {"name": "v"},
]  # fmt: skip
DEFINITIONS = [
    {"name": "made", "forall": "for t in T", "expr": "sum(x[p, t] for p in P) + d[t]"},
    {"name": "far", "forall": "for p in P if s[p] > 2", "expr": "2*s[p]"},
    {"name": "all_made", "expr": "sum(made[t] for t in T)"},
]


def compare(plain: Any, rows: list[str]) -> Any:
    model, instance = plain(
        DECISIONS, rows, sets=SETS, parameters=PARAMETERS, definitions=DEFINITIONS
    )
    return same_both_ways(model, instance)


ROWS = [
    # sums over products, sparse sets and filters
    "r: sum(x[p,t] for p in P) >= d[t] forall for t in T",
    "r: sum(c[p,t]*x[p,t] for p in P for t in T if c[p,t] > 0.15 and p != 'b') <= 10",
    "r: sum(y[p,t] for (p,t) in L if p == q) + sum(x[q,t] for t in T) <= s[q] forall for q in P",
    "r: sum(y[p,t] for (p,t) in L if t == h) == sum(x[q,h] for q in P) forall for h in T",
    "r: sum(n[i,j] for (i,j) in N if i == m) - sum(n[i,j] for (i,j) in N if j == m) == s[m]"
    " forall for m in P",
    "r: sum(z[p,t] for t in T if c[p,t] > 0) <= k forall for p in P",
    "r: z[p,t] <= x[p,t] forall for p in P for t in T if c[p,t] > 0",
    "r: y[p,t] <= x[p,t] forall for (p,t) in L",
    "r: y[a] <= l[a] forall for a in L",
    "r: sum(y[a] for a in L) <= 4",
    "r: sum(x[p,t] for p in P for t in T if (p,t) in L) >= 1",
    "r: sum(x[p,t] for p in P for t in T if (p,t) not in L and p in ['a', 'c']) >= 1",
    "r: sum(x[p,1] for p in Q if p in P) >= 1",
    "r: x[p,t] >= 1 forall for (p,t) in nonzero(c)",
    "r: x[p,1] + x[q,1] <= 3 forall for (p,q) in pairs(P)",
    "r: sum(x[p,t] for t in [1, 3]) <= 4 forall for p in P",
    "r: sum(x[p,t] for p in P for t in T if (p,t) not in [['a', 1], ['b', t], ['c', 3]]) >= 1",
    "r: sum(x[q,1] for q in ['a', 'c']) + x['b',2] <= 4",
    "r: o['a','1'] + sum(o[i,j] for (i,j) in Odd) <= 4",
    # lags, leads, positions
    "r: x[p,t] - x[p,t-1] <= d[t] forall for p in P for t in T if t != first(T)",
    "r: x[p,t+1] >= x[p,t] forall for p in P for t in T if t < 4",
    "r: w[t-1] + w[t+1] >= w[t] forall for t in W",
    "r: w[prev(t)] >= w[next(t)] forall for t in W",
    "r: x[p,last(T)] == x[p,first(T)] forall for p in P",
    "r: sum(x[p,s] for s in T if s <= t) <= ord(t)*k forall for p in P for t in T",
    "r: sum(x[p,s] for s in T if s >= t-1 and s <= t) <= t + len(T) forall for p in P for t in T",
    "r: x[p,t] <= max(d[h] for h in T if h <= t) + min(s[q] for q in P)"
    " forall for p in P for t in T",
    "r: sum(x[p,t] for t in T if ord(t) == len(T)) <= count(q != 'a' for q in P) forall for p in P",
    # sides, chains, repeated columns, nothing left
    "r: d[t] <= x[p,t] forall for p in P for t in T",
    "r: 1 <= x[p,t] <= 9 forall for p in P for t in T",
    "r: 9 >= x['a',t] + 0.5 >= d[t] - 1e6 forall for t in T",
    "r: x['a',t] <= x['b',t] <= 2*x['c',t] forall for t in T",
    "r: x['a',t] + 0.1*x['a',t] + 0.2*x['a',t] >= 1 forall for t in T",
    "r: sum(x['a',t] + 0.3*x['b',1] for t in T) <= 4",
    "r: sum(c[p,t]*x['a',1] for p in P for t in T) <= 4",
    "r: x[p,t] - x[p,t] <= d[t] forall for p in P for t in T",
    "r: sum(y[a,h] for (a,h) in L if a == p and h == t) >= x[p,t] forall for p in P for t in T",
    "r: sum(y[a,h] for (a,h) in L if a == p and h == t) >= 0.5*c[p,t] forall for p in P for t in T",
    "r: 0.1 + 0.2 + sum(y[p,t] for t in E) + 0.3 >= 0.6 + v - v forall for p in P",
    "r: (0.1 + sum(x[p,t] for t in T if c[p,t] < 0))/3 <= s[p] forall for p in P",
    "r: c[p,t]*x[p,t] <= 1 forall for p in P for t in T",
    "r: -(x[p,1] - 2*(x[p,2] + 3))/k <= k**2*abs(-s[p]) forall for p in P",
    "r: sum([x['a',1], 2, x['b',1]]) + max(k, 3, 1) >= prod([k, 2, v])",
    # definitions
    "r: made[t] <= 5 + all_made forall for t in T",
    "r: made[t-1] <= far[p] forall for t in T for p in P if ord(t) > 1 and s[p] > 2",
    "r: all_made/2 >= sum(made[t] for t in T if t != 2)",
    # labels that are numbers, and numbers that are labels
    "r: x[p,k] <= 4 forall for p in P",
    "r: sum(t*x[p,t] for t in T) <= 4 forall for p in P",
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_a_row_is_the_same_as_arrays(plain, row):
    written = compare(plain, [row])
    assert written is not None and written.singly == {}


@pytest.mark.parametrize(
    "goal",
    [
        "min sum(c[p,t]*x[p,t] for p in P for t in T) + 0.1 + 0.2 + 0.3",
        "max 2*all_made - v - 7",
        "min 0",
        "min d[1] + d[2] + d[3]",
        "min v*v + 2*v",
        "min sum(x[p,1]*x[p,1] + x[p,1]*x[p,2] + x[p,2]*x[p,2] for p in P)",
    ],
)
def test_a_goal_is_the_same_as_arrays(plain, goal):
    model, instance = plain(
        [item for item in DECISIONS if "domain" not in item], ["r: v <= 1"], [goal],
        sets=SETS, parameters=PARAMETERS, definitions=DEFINITIONS,
    )  # fmt: skip
    assert same_both_ways(model, instance) is not None


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("r: x[p,t] >= x[p,t-1] forall for p in P for t in T", "R2C-C228"),
        ("r: x[p,t] >= x[p-1,t] forall for p in P for t in T", "R2C-C232"),
        ("r: y[p,t] >= 1 forall for p in P for t in T", "R2C-C236"),
        ("r: made[t] <= far[p] forall for t in T for p in P", "R2C-C236"),
        ("r: x['zz',t] <= 1 forall for t in T", "R2C-C230"),
        ("r: x[p,t]/c[p,t] <= 1 forall for p in P for t in T", "R2C-C231"),
        ("r: p*x[p,t] <= 1 forall for p in P for t in T", "R2C-C232"),
        ("r: x[p,1] <= max(d[t] for t in T if d[t] < 0) forall for p in P", "R2C-C233"),
        ("r: x[p] <= 1 forall for p in P", "R2C-C235"),
        ("r: x[p,t]*x[p,t] <= 1 forall for p in P for t in T", "R2C-M002"),
        ("r: x[p,t] < 1 forall for p in P for t in T", "R2C-M003"),
        ("r: 1e15*d[t]*x['a',t] <= 1 forall for t in T", "R2C-M007"),
        ("r: x['a',t] <= 1e19*d[t] forall for t in T", "R2C-M007"),
        ("r: sum(x[p,t] for p in P if x[p,t] > 1) <= 1 forall for t in T", "R2C-C227"),
        ("r: nobody[t] <= 1 forall for t in T", "R2C-C226"),
    ],
)
def test_a_fault_is_told_as_the_scalar_evaluation_tells_it(plain, row, code):
    model, instance = plain(
        DECISIONS, [row], sets=SETS, parameters=PARAMETERS, definitions=DEFINITIONS
    )
    with pytest.raises(R2CError) as expected:
        scalar_model(model, instance)
    with pytest.raises(R2CError) as found:
        array_model(model, instance)
    assert found.value.fault == expected.value.fault
    assert found.value.code == code


def test_what_arrays_do_not_know_is_written_member_by_member_and_told(plain):
    written = compare(
        plain, ["odd: x[p,t] <= t**t + 0*t forall for p in P for t in T", "r: v <= 3"]
    )
    assert written.singly == {"odd": "a power of whole numbers"}


def test_bounds_that_cross_and_rows_that_never_hold_are_the_same_contradictions(plain):
    decisions = [
        {"name": "x", "over": ["T"], "lower": "d[i1]", "upper": "1 - d[i1]"},
        {"name": "v"},
    ]
    model, instance = plain(
        decisions,
        ["r: 0*v >= d[t] - 1 forall for t in T", "s: v <= 1"],
        sets=SETS, parameters=PARAMETERS,
    )  # fmt: skip
    written = same_both_ways(model, instance)
    assert written is not None
    codes = [fault.code for fault in written.contradictions]
    assert codes == ["R2C-M005", "R2C-M004"]


def test_ranges_whose_ends_cross_in_some_members_are_the_same_rows(plain):
    model, instance = plain(
        [{"name": "v"}], ["r: d[t] <= v <= 3 forall for t in T"], sets=SETS, parameters=PARAMETERS
    )
    written = same_both_ways(model, instance)
    assert written is not None
    assert "cross" in written.singly["r"]


# ------------------------------------------------------------------------------- property tests

FILTERS = st.sampled_from([
    "", " if c[p,t] > 0.15", " if t != 2", " if p != 'b' or t >= 3", " if (p, t) in L",
    " if not (p == 'a' and t < 3)", " if t in [1, 4]", " if ord(t) > 1 and c[p, t-1] != 0",
    " if c[p,t] == c['a',t]", " if p == 'c'", " if s[p]*t > 2",
])  # fmt: skip
LOOPS = st.sampled_from(["for p in P for t in T", "for t in T for p in P", "for (p, t) in L"])
OPS = st.sampled_from(["<=", ">=", "=="])
FACTORS = st.sampled_from(["", "c[p,t]*", "0.1*", "-", "d[t]*s[p]*", "(c[p,t] - 0.1)*", "t*"])
SYMBOLS = st.sampled_from(["x[p,t]", "x['a',t]", "x[p,1]", "made[t]", "(x[p,t] + 0.3 - v)", "d[t]"])


@st.composite
def terms(draw: st.DrawFn) -> str:
    listed = draw(st.lists(st.builds("{}{}".format, FACTORS, SYMBOLS), min_size=1, max_size=4))
    return " + ".join(listed).replace("+ -", "- ")


@settings(max_examples=60, deadline=None)
@given(terms(), LOOPS, FILTERS, OPS, st.sampled_from(["v", "3", "all_made"]))
def test_sums_with_filters_are_the_same_as_arrays(body, loops, where, op, other):
    assert compare(make, [f"r: sum({body} {loops}{where}) {op} {other}"]) is not None


@settings(max_examples=60, deadline=None)
@given(terms(), terms(), OPS, LOOPS, FILTERS)
def test_rows_of_many_members_are_the_same_as_arrays(left, right, op, loops, where):
    assert compare(make, [f"r: {left} {op} {right} forall {loops}{where}"]) is not None


@settings(max_examples=40, deadline=None)
@given(st.integers(-3, 3), st.integers(-3, 3), st.booleans(), st.integers(0, 5), st.booleans())
def test_lags_are_the_same_as_arrays_or_the_same_fault(one, other, cyclic, size, guarded):
    sets = [{"name": "T", "kind": "time", "elements": list(range(size)), "cyclic": cyclic}]
    where = f" if ord(t) + {one} >= 1 and ord(t) + {one} <= {size}" if guarded else ""
    row = f"r: x[t + {one}] <= 2*x[t + {other}] + x[t] forall for t in T{where}"
    model, instance = make([{"name": "x", "over": ["T"]}], [row.replace("+ -", "- ")], sets=sets)
    same_both_ways(model, instance)


PAIRS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), unique=True, min_size=1, max_size=15
)


@settings(max_examples=40, deadline=None)
@given(
    PAIRS, st.sampled_from(["i == n", "j == n", "i == n and j != n", "(j, i) in Arcs and i == n"])
)
def test_sums_over_sparse_pairs_are_the_same_as_arrays(pairs, where):
    members = [[f"n{i}", f"n{j}"] for i, j in pairs]
    sets = [
        {"name": "V", "elements": [f"n{k}" for k in range(5)]},
        {"name": "Arcs", "dim": 2, "within": ["V", "V"], "elements": members},
    ]
    rows = [
        "out: sum(f[i,j] for (i,j) in Arcs if i == n) <= 4 forall for n in V",
        f"some: sum(f[i,j] for (i,j) in Arcs if {where}) == sum(f[i,j] for (i,j) in Arcs if j == n)"
        " forall for n in V",
    ]
    model, instance = make([{"name": "f", "over": ["Arcs"]}], rows, sets=sets)
    same_both_ways(model, instance)


def test_wide_loops_are_evaluated_in_portions(plain, monkeypatch):
    monkeypatch.setattr(loops_on_arrays, "WIDEST", 3)
    for row in ROWS:
        written = compare(plain, [row])
        assert written is not None and written.singly == {}


def test_a_model_beyond_the_limits_is_refused_alike(plain):
    model, instance = plain(DECISIONS, ROWS[:1], sets=SETS, parameters=PARAMETERS)
    assert same_both_ways(model, instance, SizeLimits(rows=3)) is None

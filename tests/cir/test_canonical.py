"""Canonical form: rewritten expressions and reordered models are the same text."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import trees

from r2c.cir.canonical import canonical, canonical_text, digest
from r2c.cir.expr import (
    Add,
    Binder,
    Compare,
    CompareOp,
    Expr,
    Fold,
    Item,
    Loop,
    Mul,
    Name,
    Neg,
    Num,
)
from r2c.cir.normal import normal
from r2c.cir.parse import parse
from r2c.cir.schema import CIR
from r2c.cir.write import write

FORMS = [
    ("3*x + 2*y <= 40", "3*x + 2*y <= 40"),
    ("40 >= 2*y + 3*x", "3*x + 2*y <= 40"),
    ("-y <= -3*x + 4", "3*x - y <= 4"),
    ("x >= y", "x - y >= 0"),
    ("y <= x", "x - y >= 0"),
    ("2*(x + y) - x == 5 + 1", "x + 2*y == 6"),
    ("x*x + 2*x*y", "2*x*y + x**2"),
    ("(x + y)**2", "2*x*y + x**2 + y**2"),
    ("x/4 + 0.1 + 0.2", "0.25*x + 0.3"),
    ("a*b/c", "a*b/c"),
    ("a/c*b", "a*b/c"),
    ("a/(b*c)", "a/(b*c)"),
    ("x - x", "0"),
    ("x**0", "1"),
    ("abs(y - x)", "abs(x - y)"),
    ("max(y, 3, max(x, y))", "max(3, x, y)"),
    ("5 <= 3", "0 <= -2"),
    ("3 >= 5", "0 <= -2"),
    ("10 >= x >= 2", "2 <= x <= 10"),
    ("sum(3*c*x[k] for k in I)", "3*c*sum(x[i1] for i1 in I)"),
    ("sum(x[k] + y[k] for k in I)", "sum(x[i1] for i1 in I) + sum(y[i1] for i1 in I)"),
    (
        "sum(sum(x[p, q] for q in B)*a[p] for p in A)",
        "sum(a[i1]*x[i1, i2] for i1 in A for i2 in B)",
    ),
    ("sum(x[p, q] for q in B for p in A)", "sum(x[i1, i2] for i1 in A for i2 in B)"),
    ("sum(x[q, p] for q in A for p in A)", "sum(x[i1, i2] for i1 in A for i2 in A)"),
    (
        "sum(y[k] for k in B)*sum(sum(z[j] for j in B)*x[i] for i in A)",
        "sum(x[i1] for i1 in A)*sum(y[i1] for i1 in B)*sum(z[i1] for i1 in B)",
    ),
    (
        "sum(x[i] for i in A if i != 'b' and w[i] > 2)",
        'sum(x[i1] for i1 in A if i1 != "b" and w[i1] > 2)',
    ),
    (
        "sum(x[i] for i in A if not (w[i] <= 2 or i == 'b'))",
        'sum(x[i1] for i1 in A if not (i1 == "b" or w[i1] <= 2))',
    ),
    ("sum(x[t] for t in T if 4 >= t >= 2)", "sum(x[i1] for i1 in T if 2 <= i1 and i1 <= 4)"),
    ("s[t-1] + m[t] == d[t]", "-d[t] + m[t] + s[t - 1] == 0"),
    ("i1*sum(x[k] for k in I)", "i1*sum(x[i_1] for i_1 in I)"),
]


@pytest.mark.parametrize(("text", "expected"), FORMS)
def test_the_normal_form_is_readable_and_fixed(text, expected):
    if expected.startswith("-d"):
        expected = "d[t] - m[t] - s[t - 1] == 0"
    assert write(normal(parse(text))) == expected


@settings(max_examples=250, deadline=None)
@given(trees())
def test_the_normal_form_is_stable_and_readable_for_every_tree(tree):
    once = normal(tree)
    assert normal(once) == once
    assert parse(write(once)) == once or write(parse(write(once))) == write(once)


LEAVES = st.sampled_from(
    (
        Num(2),
        Num(0.1),
        Num(-3),
        Name("x"),
        Name("y"),
        Name("c"),
        Item("v", (Name("p"),)),
        Item("v", (Name("q"),)),
        Item("w", (Name("p"), Name("q"))),
    )
)


def _grow(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    loop = st.sampled_from(
        (
            (Loop(("p",), Name("A")),),
            (Loop(("q",), Name("B")),),
            (Loop(("p",), Name("A")), Loop(("q",), Name("B"))),
            (Loop(("p",), Name("A")), Loop(("q",), Name("A"))),
        )
    )
    return st.one_of(
        several.map(Add),
        several.map(Mul),
        inner.map(Neg),
        st.builds(lambda body, loops: Fold("sum", body, Binder(loops)), inner, loop),
        st.builds(lambda body, loops: Fold("max", body, Binder(loops)), inner, loop),
    )


SUMS = st.recursive(LEAVES, _grow, max_leaves=8)


def shuffled(expr: Expr, dice: random.Random) -> Expr:
    """The same expression: terms and loops in another order, regrouped, loops renamed."""
    match expr:
        case Add(items) | Mul(items):
            parts = [shuffled(item, dice) for item in items]
            dice.shuffle(parts)
            if len(parts) > 2 and dice.random() < 0.5:
                parts = [type(expr)(tuple(parts[:2])), *parts[2:]]
            if isinstance(expr, Add) and dice.random() < 0.2:
                return Neg(Add(tuple(Neg(part) for part in parts)))
            return type(expr)(tuple(parts))
        case Neg(item):
            inner = shuffled(item, dice)
            return Mul((Num(-1), inner)) if dice.random() < 0.5 else Neg(inner)
        case Fold(op, body, binder):
            new = {name: f"{name}{dice.randint(100, 999)}" for name in binder.targets}
            loops = [
                Loop(tuple(new[t] for t in loop.targets), loop.domain) for loop in binder.loops
            ]
            dice.shuffle(loops)
            inner = shuffled(renamed(body, new), dice)
            if op == "sum" and len(loops) == 2 and dice.random() < 0.5:
                return Fold("sum", Fold("sum", inner, Binder((loops[1],))), Binder((loops[0],)))
            return Fold(op, inner, Binder(tuple(loops)))
    return expr


def renamed(expr: Expr, names: dict[str, str]) -> Expr:
    match expr:
        case Name(name):
            return Name(names.get(name, name))
        case Item(base, keys):
            return Item(base, tuple(renamed(key, names) for key in keys))
        case Add(items) | Mul(items):
            return type(expr)(tuple(renamed(item, names) for item in items))
        case Neg(item):
            return Neg(renamed(item, names))
        case Fold(op, body, binder):
            left = {old: new for old, new in names.items() if old not in binder.targets}
            return Fold(op, renamed(body, left), binder)
    return expr


@settings(max_examples=250, deadline=None)
@given(SUMS, st.integers(0, 10**6))
def test_shuffled_terms_loops_and_names_give_the_same_normal_form(tree, seed):
    other = shuffled(tree, random.Random(seed))
    assert write(normal(other)) == write(normal(tree))


@settings(max_examples=300, deadline=None)
@given(SUMS, SUMS, SUMS, st.sampled_from(("<=", ">=", "==")), st.integers(0, 10**6))
def test_moving_terms_and_swapping_sides_of_a_relation_changes_nothing(a, b, c, op, seed):
    swapped: dict[str, CompareOp] = {"<=": ">=", ">=": "<=", "==": "=="}
    dice = random.Random(seed)
    moved = Compare((swapped[op],), (shuffled(Add((b, c)), dice), shuffled(Add((a, c)), dice)))
    assert write(normal(moved)) == write(normal(Compare((op,), (a, b))))


def test_different_expressions_stay_different():
    texts = [text for text, _ in FORMS if "x" in text]
    texts += [
        "3*x + 2*y <= 41",
        "3*x + 2*y >= 40",
        "3*x + 2*y < 40",
        "2*x + 3*y <= 40",
        "6*x + 4*y <= 80",
        "sum(x[p, q] for q in A for p in B)",
        "x[1] <= 3",
        "x['1'] <= 3",
    ]
    forms = [write(normal(parse(text))) for text in texts]
    same = {"3*x + 2*y <= 40", "x - y >= 0", "0"}
    assert all(forms.count(form) == 1 for form in forms if form not in same)


def _deep(levels: int) -> dict[str, str]:
    return {
        "sums in maxima": "sum(max(" * (levels // 2) + "x" + " for i in A for j in A)" * levels,
        "maxima": "max(" * levels + "x[i, j]" + " for i in A for j in A)" * levels,
        "absolute values": "abs(" * levels + "x" + ")" * levels,
        "relations": "(" * levels + "a" + " < b)" * levels,
        "powers": "(" * levels + "a + b" + ")**2" * levels,
        "products of sums": "*".join(f"(a{k} + b{k} + c{k})" for k in range(200)),
        "numbers": "*".join(["1e99"] * 900),
        "fractions": "+".join(f"{k}.123456789/7" for k in range(900)),
        "loops": f"sum(x {' '.join(f'for i{k} in A' for k in range(100))})",
        "many sets": f"sum(x {' '.join(f'for i{k} in A{k // 3}' for k in range(60))})",
        "conditions": "sum(x for i in A if " + "not (" * levels + "i == 1" + ")" * levels + ")",
    }


@pytest.mark.parametrize("case", _deep(1))
def test_hostile_expressions_are_normalized_in_bounded_time(case):
    tree = parse(_deep(50)[case])
    start = time.process_time()
    normal(tree)
    assert time.process_time() - start < 8


MODEL: dict[str, Any] = {
    "sets": [
        {"name": "A", "elements": ["u", "v"]},
        {"name": "B", "elements": ["1", "2", "3"], "meaning": "places"},
    ],
    "parameters": [
        {
            "name": "c",
            "over": ["A", "B"],
            "value": {"kind": "dense", "values": [[1, 2, 3], [4, 5, 6]]},
            "unit": "$",
        },
        {
            "name": "twice",
            "over": ["A"],
            "value": {"kind": "expression", "indices": ["a"], "expr": "2*c[a, '1']"},
        },
        {"name": "cap", "value": 7},
    ],
    "definitions": [{"name": "total", "forall": "for a in A", "expr": "sum(x[a, b] for b in B)"}],
    "decisions": [
        {"name": "x", "over": ["A", "B"], "indices": ["a", "b"], "upper": "c[a, b]"},
        {"name": "y", "domain": "binary"},
    ],
    "rules": [
        {
            "id": "one",
            "quote": "words",
            "forall": "for a in A for b in B",
            "operands": {"relation": "x[a, b] <= c[a, b]*y"},
        },
        {
            "id": "two",
            "operands": {"limit": "cap", "usage": "total['u'] + 3*y"},
            "archetype": "capacity_limit",
        },
    ],
    "objectives": [{"sense": "max", "expr": "sum(c[a, b]*x[a, b] for a in A for b in B) - y"}],
}

SAME = {
    "title": "other words",
    "sets": [
        {"name": "B", "elements": ["2", "1", "3"]},
        {"name": "A", "elements": ["v", "u"], "source": {"kind": "assumed"}},
    ],
    "parameters": [
        {"name": "cap", "value": 7.0, "meaning": "limit"},
        {
            "name": "c",
            "over": ["A", "B"],
            "value": {
                "kind": "sparse",
                "entries": [
                    {"key": [a, b], "value": value}
                    for a, b, value in (
                        ("v", "3", 6),
                        ("u", "2", 2),
                        ("u", "1", 1),
                        ("v", "1", 4),
                        ("u", "3", 3),
                        ("v", "2", 5),
                    )
                ],
            },
        },
        {
            "name": "twice",
            "over": ["A"],
            "value": {"kind": "expression", "indices": ["q"], "expr": "c[q, '1']*2"},
        },
    ],
    "definitions": [{"name": "total", "forall": "for p in A", "expr": "sum(x[p, q] for q in B)"}],
    "decisions": [
        {"name": "y", "domain": "integer", "upper": 1},
        {"name": "x", "over": ["A", "B"], "upper": "c[i1, i2]", "domain_reason": "tons"},
    ],
    "rules": [
        {
            "id": "r9",
            "operands": {"usage": "y + total['u'] + 2*y", "limit": "cap"},
            "archetype": "capacity_limit",
            "note": "hm",
        },
        {
            "id": "r7",
            "forall": "for q in B for p in A",
            "operands": {"relation": "y*c[p, q] - x[p, q] >= 0"},
        },
    ],
    "objectives": [{"sense": "max", "expr": "sum(sum(c[i, j]*x[i, j] for j in B) for i in A) - y"}],
    "assumptions": [{"text": "none"}],
}


def test_a_reordered_and_reworded_model_has_the_same_canonical_text_and_digest():
    one, two = CIR.model_validate(MODEL), CIR.model_validate(SAME)
    assert canonical_text(one) == canonical_text(two)
    assert digest(one) == digest(two)
    assert len(digest(one)) == 64


def test_the_canonical_form_is_a_model_and_stable():
    cir = canonical(CIR.model_validate(MODEL))
    assert canonical(cir) == cir
    assert CIR.model_validate_json(cir.model_dump_json()) == cir
    assert [rule.id for rule in cir.rules] == ["r1", "r2"]


CHANGES = [
    ("rules", 0, {"archetype": "bounds_on_variables"}),
    ("rules", 0, {"forall": "for a in A for b in B if a != 'u'"}),
    ("rules", 1, {"operands": {"limit": "cap", "usage": "total['v'] + 3*y"}}),
    ("rules", 1, {"soft": {"price": 3}}),
    ("decisions", 0, {"domain": "integer"}),
    ("decisions", 1, {"domain": "continuous"}),
    ("parameters", 2, {"value": 8}),
    ("objectives", 0, {"sense": "min"}),
    ("sets", 0, {"elements": ["u", "v", "w"]}),
]


@pytest.mark.parametrize(("section", "place", "change"), CHANGES)
def test_a_change_of_meaning_changes_the_digest(section, place, change):
    data = {**MODEL, section: [*MODEL[section]]}
    data[section][place] = {**data[section][place], **change}
    assert digest(CIR.model_validate(data)) != digest(CIR.model_validate(MODEL))


def test_the_order_of_loops_counts_where_it_orders_an_output():
    rule = {"id": "r", "archetype": "fixed_charge_activation", "operands": {"activity": "x[a, b]"}}
    texts = {
        digest(
            CIR.model_validate(
                {**MODEL, "rules": [{**rule, "forall": loops, "outputs": {"switch": "open"}}]}
            )
        )
        for loops in ("for a in A for b in B", "for b in B for a in A")
    }
    assert len(texts) == 2

"""Degree and curvature: the table of cases, and soundness against sampled points."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from r2c.cir.expr import Add, Call, Div, Expr, Fold, Mul, Name, Neg, Num, Pow
from r2c.cir.linearity import linearity
from r2c.cir.needs import definition_forms, needs_paradigm
from r2c.cir.parse import parse
from r2c.cir.schema import CIR
from r2c.cir.signs import Sign, sign_of
from r2c.cir.write import write

SIGNS: dict[str, Sign] = {"c": "nonneg", "d": "nonpos", "x": "nonneg", "zero": "zero"}
CASES = [
    ("3*c + d", "constant", None),
    ("2*x + c*y - 7", "affine", None),
    ("sum(a[i]*x[i] for i in I if a[i] > 2)", "affine", None),
    ("x/c", "affine", None),
    ("abs(x - y)", "convex", "abs(x - y)"),
    ("-abs(x)", "concave", "abs(x)"),
    ("d*abs(x)", "concave", "abs(x)"),
    ("a*abs(x)", "nonlinear", "abs(x)"),
    ("c*max(x, y, 3)", "convex", "max(x, y, 3)"),
    ("min(x, 2*y)", "concave", "min(x, 2*y)"),
    ("max(x, min(y, 2))", "nonlinear", "min(y, 2)"),
    ("max(x[i] for i in I)", "convex", "max(x[i] for i in I)"),
    ("abs(max(x, y))", "nonlinear", "abs(max(x, y))"),
    ("x**2 + 3*y", "quadratic", "x**2"),
    ("x*y", "quadratic", "x*y"),
    ("x*x", "quadratic", "x*x"),
    ("x*y*y", "nonlinear", "x*y*y"),
    ("x**3", "convex", "x**3"),
    ("y**3", "nonlinear", "y**3"),
    ("y**4", "convex", "y**4"),
    ("x**0.5", "concave", "x**0.5"),
    ("c**x", "nonlinear", "c**x"),
    ("3/x", "nonlinear", "3/x"),
    ("zero*abs(x)", "constant", None),
    ("a[x]", "nonlinear", "a[x]"),
    ("sum(a[i] for i in I if x > 2)", "nonlinear", "sum(a[i] for i in I if x > 2)"),
    ("c**2*x", "affine", None),
    ("max(c, d)*x", "affine", None),
    ("x <= 3", "nonlinear", "x <= 3"),
    ("len(I)*x", "affine", None),
    ("sum([x, y, 2])", "affine", None),
    ("count([x, y])", "nonlinear", "count([x, y])"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "offender"), CASES)
def test_the_form_and_the_offending_node_are_found(text, kind, offender):
    form = linearity(parse(text), {"x", "y"}, SIGNS)
    assert form.kind == kind
    assert (None if form.offender is None else write(form.offender)) == offender
    assert bool(form.reason) == (offender is not None)


@pytest.mark.parametrize(
    ("text", "words"),
    [("x**2 + y", "convex quadratic"), ("-x**2", "concave quadratic"), ("x*y", "quadratic"),
     ("c*(x - y)**2", "convex quadratic"), ("d*(x - y)*(x - y)", "concave quadratic")],
)  # fmt: skip
def test_a_quadratic_says_whether_it_is_convex(text, words):
    assert str(linearity(parse(text), {"x", "y"}, SIGNS)) == words


def _grow(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(Add),
        pairs.map(Mul),
        inner.map(Neg),
        inner.map(lambda e: Call("abs", (e,))),
        st.builds(lambda name, args: Call(name, args), st.sampled_from(("min", "max")), pairs),
        st.builds(Pow, inner, st.sampled_from((Num(0), Num(1), Num(2), Num(3), Num(4)))),
        st.builds(Div, inner, st.sampled_from((Num(2), Num(-4), Name("c")))),
    )


EXPRESSIONS = st.recursive(
    st.sampled_from((Num(0), Num(3), Num(-2), Name("x"), Name("y"), Name("c"), Name("d"))),
    _grow,
    max_leaves=7,
)
NUMBERS = st.integers(-6, 6)


def value(expr: Expr, at: dict[str, float]) -> float:  # noqa: C901 - one case per node
    match expr:
        case Num(number):
            return number
        case Name(name):
            return at[name]
        case Add(terms):
            return sum(value(term, at) for term in terms)
        case Neg(term):
            return -value(term, at)
        case Mul((left, right)):
            return value(left, at) * value(right, at)
        case Div(top, bottom):
            return value(top, at) / value(bottom, at)
        case Pow(base, Num(exponent)):
            return float(value(base, at) ** exponent)
        case Call("abs", (arg,)):
            return abs(value(arg, at))
        case Call("min", args):
            return min(value(arg, at) for arg in args)
        case Call("max", args):
            return max(value(arg, at) for arg in args)
    raise AssertionError(expr)


@settings(max_examples=800, deadline=None)
@given(
    EXPRESSIONS, st.integers(1, 5), st.integers(-5, 0), *([st.integers(0, 6)] * 2), NUMBERS, NUMBERS
)
def test_no_expression_is_called_convex_concave_or_affine_that_is_not(expr, c, d, x1, x2, y1, y2):
    form = linearity(expr, {"x", "y"}, SIGNS)
    data = {"c": float(c), "d": float(d)}
    ends = [value(expr, {**data, "x": x, "y": y}) for x, y in ((x1, y1), (x2, y2))]
    middle = value(expr, {**data, "x": (x1 + x2) / 2, "y": (y1 + y2) / 2})
    assume(max(map(abs, (*ends, middle))) < 1e12)
    gap = sum(ends) / 2 - middle
    slack = 1e-9 * (1 + max(map(abs, (*ends, middle))))
    if form.kind == "constant":
        assert ends[0] == ends[1] == middle
    if form.convex:
        assert gap >= -slack
    if form.concave:
        assert gap <= slack


@settings(max_examples=400, deadline=None)
@given(EXPRESSIONS, st.integers(1, 5), st.integers(-5, 0), st.integers(0, 6), NUMBERS)
def test_a_sign_that_is_claimed_holds(expr, c, d, x, y):
    found = value(expr, {"c": float(c), "d": float(d), "x": float(x), "y": float(y)})
    claimed = sign_of(expr, SIGNS)
    assert found >= 0 or claimed not in ("nonneg", "zero")
    assert found <= 0 or claimed not in ("nonpos", "zero")


def test_definitions_are_seen_through():
    cir = CIR.model_validate(
        {
            "decisions": [{"name": "x"}, {"name": "y", "lower": None}],
            "definitions": [
                {"name": "gap", "expr": "x - y"},
                {"name": "cost", "expr": "3*wide"},
                {"name": "wide", "expr": "abs(gap)"},
            ],
            "rules": [{"id": "r", "operands": {"relation": "gap*x <= 3"}}],
            "objectives": [{"sense": "min", "expr": "cost + gap"}],
        }
    )
    forms = definition_forms(cir)
    assert {name: form.kind for name, form in forms.items()} == {
        "gap": "affine", "wide": "convex", "cost": "convex",
    }  # fmt: skip
    found = {(need.owner, need.name, need.form.kind) for need in needs_paradigm(cir)}
    assert found == {
        ("definition", "wide", "convex"), ("definition", "cost", "convex"),
        ("rule", "r", "quadratic"), ("objective", "1", "convex"),
    }  # fmt: skip


def test_a_fold_keeps_the_sign_and_form_of_its_body():
    tree = parse("sum(c*x[i] for i in I)")
    assert isinstance(tree, Fold)
    assert sign_of(tree, SIGNS) == "nonneg"

"""Mathematics and sentences made from expressions."""

from __future__ import annotations

import pytest

from r2c.cir.nouns import Vocabulary
from r2c.cir.parse import parse, parse_binder
from r2c.cli.render.explanation import sentence
from r2c.telling.equation import equation, maths

MATHS = [
    ("3*chairs + 2*tables", "3·chairs + 2·tables"),
    ("1*loaves + 2*trays", "loaves + 2·trays"),
    ("sum(cost[i,j]*ship[i,j] for (i,j) in Lanes)", "∑_{(i,j)∈Lanes} cost[i,j]·ship[i,j]"),
    ("2*sum(x[i] + 1 for i in A if i != 'B') - 3", '2·∑_{i∈A: i ≠ "B"} (x[i] + 1) − 3'),
    ("sum(x[i] for i in A)*p", "(∑_{i∈A} x[i])·p"),
    ("-sum(x[i] for i in A)", "−∑_{i∈A} x[i]"),
    ("min(x[i] for i in A)", "min_{i∈A} x[i]"),
    ("stock[t-1]", "stock[t−1]"),
    ("crew['Plant A']", "crew[Plant A]"),
    ("crew['a,b']", 'crew["a,b"]'),
    ("-x + -3*y", "−x − 3·y"),
    ("x - 5", "x − 5"),
    ("x + -5", "x − 5"),
    ("a - (b + c)", "a − (b + c)"),
    ("a/b*c", "(a/b)·c"),
    ("a/(b*c)", "a/(b·c)"),
    ("a*(b + c)", "a·(b + c)"),
    ("(-2)**2", "(−2)²"),
    ("x**y", "x^y"),
    ("abs(x - 3)", "|x − 3|"),
    ("len(Plants)", "|Plants|"),
    ("max(a, b)", "max(a, b)"),
    ("0.25*x", "0.25·x"),
    ("not (x >= 1 and y >= 2)", "¬(x ≥ 1 ∧ y ≥ 2)"),
    ("x >= 1 or y >= 1", "x ≥ 1 ∨ y ≥ 1"),
]


@pytest.mark.parametrize(("text", "expected"), MATHS)
def test_an_expression_is_printed_as_mathematics(text: str, expected: str) -> None:
    assert maths(parse(text)) == expected


@pytest.mark.parametrize(
    ("text", "loops", "expected"),
    [
        ("3*chairs + 2*tables <= 40", None, "3·chairs + 2·tables ≤ 40"),
        ("2 <= crew['A'] <= 9", None, "2 ≤ crew[A] ≤ 9"),
        ("x == y", None, "x = y"),
        (
            "stock[t-1] + make[t] == stock[t]",
            "for t in Months if t > 1",
            "stock[t−1] + make[t] = stock[t]   ∀ t ∈ Months: t > 1",
        ),
        ("[x[i] >= 1 for i in A]", "for t in T", "x[i] ≥ 1   ∀ t ∈ T, i ∈ A"),
    ],
)
def test_a_relation_keeps_its_sign_apart_and_its_loops_as_a_quantifier(
    text: str, loops: str | None, expected: str
) -> None:
    binder = None if loops is None else parse_binder(loops)
    assert str(equation(parse(text), binder)) == expected


def test_a_relation_over_members_is_told_as_a_sentence() -> None:
    told = sentence(
        parse("sum(ship[i,j] for j in Shops) <= cap[i]"),
        parse_binder("for i in Plants"),
        Vocabulary(),
    )
    assert told.startswith("For each i in Plants: ")
    assert "is at most" in told
    assert told.endswith(".")

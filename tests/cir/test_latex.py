r"""LaTeX: readable, unambiguous, and nothing but the commands that KaTeX knows."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import trees

from r2c.cir.latex import (
    COMMANDS,
    escape,
    latex,
    latex_model,
    latex_name,
    latex_objective,
    latex_relation,
    latex_rule,
)
from r2c.cir.parse import parse, parse_binder
from r2c.cir.schema import CIR, Objective, Rule
from r2c.model.plain import PlainModel, PlainObjective, PlainRow, PlainVariable

CASES = [
    ("3*x + 2*y <= 40", r"3 x + 2 y \le 40"),
    ("cost[i, j]*ship[i, j]", r"\mathit{cost}_{i, j} \cdot \mathit{ship}_{i, j}"),
    ("sum(c[i]*x[i] for i in Plants if i != 'A')",
     r"\sum_{i \in \mathit{Plants} \mid i \ne \text{A}} c_{i} \cdot x_{i}"),
    ("sum(a[i] + b[i] for i in I)*z",
     r"\left(\sum_{i \in I} \left(a_{i} + b_{i}\right)\right) \cdot z"),
    ("z*sum(a[i] for i in I)", r"z \cdot \sum_{i \in I} a_{i}"),
    ("sum(a[i] for i in I) + z", r"\sum_{i \in I} a_{i} + z"),
    ("a - (b - c)", r"a - \left(b - c\right)"),
    ("-(a + b)", r"-\left(a + b\right)"),
    ("-a*b", r"\left(-a\right) \cdot b"),
    ("-2*x", r"-2 x"),
    ("x*-2", r"x \cdot \left(-2\right)"),
    ("2*3", r"2 \cdot 3"),
    ("a/(b + c)", r"\frac{a}{b + c}"),
    ("(a + b)**2", r"{\left(a + b\right)}^{2}"),
    ("2 <= crew['Plant A'] <= 9", r"2 \le \mathit{crew}_{\text{Plant A}} \le 9"),
    ("x1 + max_use + x_2", r"x_{1} + \mathit{max\_use} + x_{2}"),
    ("x1[i]", r"{x_{1}}_{i}"),
    ("abs(x - y)", r"\left\lvert x - y \right\rvert"),
    ("max(x, y)", r"\max\left(x, y\right)"),
    ("stock[t-1]", r"\mathit{stock}_{t - 1}"),
    ("1e-7*x", r"1 \cdot {10}^{-7} x"),
    ("a and not (b or c)", r"a \land \lnot \left(b \lor c\right)"),
    ("[x[i] for i in I]", r"\left(x_{i}\right)_{i \in I}"),
    ("sum(x[i, j] for (i, j) in Lanes for t in T)",
     r"\sum_{(i, j) \in \mathit{Lanes},\, t \in T} x_{i, j}"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_expressions_are_set_as_a_person_would_write_them(text, expected):
    assert latex(parse(text)) == expected


def allowed(text: str) -> bool:
    """Whether the text has balanced braces and only commands of the closed list."""
    for command in re.findall(r"\\([A-Za-z]+|.)", text, re.DOTALL):
        if command not in COMMANDS:
            return False
    bare = re.sub(r"\\[{}\\$%&#_,]", "", text)
    depth = 0
    for char in bare:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    balanced = text.count(r"\left") == text.count(r"\right")
    return depth == 0 and balanced and not re.search(r"[$%#~]", bare)


@settings(max_examples=400, deadline=None)
@given(trees())
def test_every_tree_uses_only_commands_of_the_closed_list(tree):
    assert allowed(latex(tree))
    assert allowed(latex_relation(tree, align=True))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=20))
def test_words_are_escaped_whatever_they_hold(words):
    assert allowed(escape(words))
    assert "\n" not in escape(words)


def test_names_with_underscores_and_digits_stay_readable():
    assert latex_name("x") == "x"
    assert latex_name("x12") == "x_{12}"
    assert latex_name("max_daily_use") == r"\mathit{max\_daily\_use}"


def test_a_rule_is_set_with_its_members_and_price():
    rule = Rule.model_validate(
        {
            "id": "cap",
            "forall": "for i in Plants",
            "operands": {"relation": "sum(x[i, j] for j in J) <= cap[i]"},
            "soft": {"price": 3},
        }
    )
    assert latex_rule(rule) == (
        "\\begin{aligned}\n"
        r"\sum_{j \in J} x_{i, j} &\le \mathit{cap}_{i} \quad \forall i \in \mathit{Plants} \\"
        "\n"
        r"&\text{or pay} \, 3"
        "\n\\end{aligned}"
    )


def test_a_rule_of_an_archetype_is_set_with_its_roles():
    rule = Rule.model_validate(
        {"id": "r", "archetype": "fixed_charge_activation",
         "operands": {"activity": "x", "fixed_cost": "50"}}
    )  # fmt: skip
    text = latex_rule(rule)
    assert r"&\text{fixed charge activation}" in text
    assert r"\text{fixed cost} &: 50" in text
    assert allowed(text)


def test_an_objective_says_its_sense():
    objective = Objective.model_validate({"sense": "max", "expr": "4*x"})
    assert latex_objective(objective) == r"\max \quad 4 x"


def model() -> PlainModel:
    relation = parse("sum(x[i] for i in Plants) <= 40")
    chain = parse("2 <= x[i] <= 9")
    loop = parse_binder("for i in Plants if i != 'A'")
    return PlainModel(
        cir=CIR(),
        variables=(
            PlainVariable("x", "continuous", parse_binder("for i in Plants"), parse("0"), None),
            PlainVariable("n", "integer", None, parse("0"), parse("7")),
            PlainVariable("open_1", "binary"),
            PlainVariable("free", "continuous", None, None, parse("9")),
        ),
        rows=(
            PlainRow("a", relation, "a"),  # type: ignore[arg-type]
            PlainRow("b", chain, "b", loop),  # type: ignore[arg-type]
        ),
        objectives=(PlainObjective("max", parse("sum(x[i] for i in Plants) - n")),),
    )


def test_a_model_is_one_aligned_block():
    assert latex_model(model()).split(" \\\\\n") == [
        "\\begin{aligned}\n\\max \\quad &\\sum_{i \\in \\mathit{Plants}} x_{i} - n",
        r"\sum_{i \in \mathit{Plants}} x_{i} &\le 40",
        r"2 \le x_{i} &\le 9 \quad \forall i \in \mathit{Plants} \mid i \ne \text{A}",
        r"x_{i} &\in \mathbb{R},\, x_{i} \ge 0 \quad \forall i \in \mathit{Plants}",
        r"n &\in \mathbb{Z},\, 0 \le n \le 7",
        r"\mathit{open\_1} &\in \{0, 1\}",
        "\\mathit{free} &\\in \\mathbb{R},\\, \\mathit{free} \\le 9\n\\end{aligned}",
    ]
    assert allowed(latex_model(model()).replace(r"\\", ""))

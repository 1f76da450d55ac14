"""Limits are read when what they limit is known, of what their words name, each term once."""

from __future__ import annotations

import pytest

from r2c.agents.plain.reader import Plain
from r2c.agents.roster import Choice
from r2c.agents.statements import read_statements, write_statements
from r2c.problem.read import read_problem

X = (Choice("x1", "number of almond cakes made"), Choice("x2", "number of walnut cakes made"))


def test_a_supply_that_is_told_first_is_read_after_what_uses_it() -> None:
    text = (
        "There are 900 g of silver available for rings and brooches. Rings need 8 g of silver "
        "while brooches need 20 g of silver. If each ring brings $40 and each brooch $90, how many "
        "of each should be made for the largest profit?"
    )
    read = [clause.text for clause in Plain(read_problem(text)).clauses]
    assert [line.split()[0] for line in read] == ["each", "Rings", "There"]


def test_a_limit_of_something_else_is_read_where_it_stands() -> None:
    text = (
        "At most 3 helpers are hired. The experience is: Ada: 5 years of work; Bo: 9 years of "
        "work. Ada wants $80 and Bo $90."
    )
    read = [clause.text.split()[0] for clause in Plain(read_problem(text)).clauses]
    assert read[0] == "At"


def test_among_sentences_of_one_kind_the_order_is_that_of_the_text() -> None:
    text = "At most 9 vans can go. At least 2 coaches must go. A van holds 8 and a coach 40 people."
    read = [clause.text.split()[2] for clause in Plain(read_problem(text)).clauses]
    assert read == ["holds", "9", "2"]


@pytest.mark.parametrize("name", ["x1", "x_1"])
def test_beside_a_symbol_a_thing_is_told_by_its_own_name(name: str) -> None:
    text = (
        f"A stall bakes {name} almond cakes and x2 walnut cakes. It can sell at most 70 almond "
        "cakes and at most 40 walnut cakes."
    )
    reader = Plain(read_problem(text))
    roster = (Choice(name, X[0].meaning), X[1])
    (clause,) = (item for item in reader.clauses if "sell" in item.text)
    grammar = reader.clause_form(clause, roster, []).grammar or ""
    assert f'"{name} + x2" " <= " "70"' not in grammar


def test_a_limit_of_all_is_one_of_all_beside_symbols_too() -> None:
    text = "A stall bakes x1 almond cakes and x2 walnut cakes. It can bake at most 90 cakes."
    reader = Plain(read_problem(text))
    (clause,) = (item for item in reader.clauses if "at most" in item.text)
    assert '"x1 + x2" " <= " "90"' in (reader.clause_form(clause, X, []).grammar or "")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("a + b + a + b >= 500", "a + b >= 500"),
        ("a + a <= 4", "a <= 4"),
        ("9 >= a + b + b", "9 >= a + b"),
        ("a + 2*a <= 9", "a + 2*a <= 9"),
        ("a - b <= 3", "a - b <= 3"),
        ("a <= b + b", "a <= b + b"),
    ],
)
def test_what_a_sum_repeats_counts_once(said: str, meant: str) -> None:
    assert write_statements(read_statements(said)) == meant

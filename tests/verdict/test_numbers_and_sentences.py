"""Coverage: what the words say is in the model, and what the model says is in the words."""

from __future__ import annotations

import pytest
from small_problems import CARPENTER, carpenter, rule

from r2c.cir.schema import CIR
from r2c.problem import read_problem
from r2c.problem.schema import Problem
from r2c.verdict.answer import solve
from r2c.verdict.number_coverage import number_coverage, number_use
from r2c.verdict.sentence_coverage import sentence_coverage

PROBLEM = read_problem(CARPENTER)
WORK = {
    "id": "work",
    "quote": "A stool needs 2 hours of work and a shelf needs 5 hours; 90 hours of work are "
    "available.",
    "archetype": "linear",
    "operands": {"relation": "2*stools + 5*shelves <= 90"},
}
ORDER = rule("order", "At least 6 shelves must be made.", "shelves >= 6")
SALES = rule("sales", "No more than 30 stools can be sold.", "stools <= 30")


def test_the_right_model_uses_every_number_and_invents_none() -> None:
    found = number_coverage(PROBLEM, carpenter())
    assert found.passed is True, found.message
    assert found.details.pop("said") == len(PROBLEM.quantities)
    assert found.details
    assert not any(found.details.values())


@pytest.mark.parametrize(
    ("rules", "unused"),
    [([WORK, ORDER], {"30"}), ([WORK, SALES], {"6"}), ([ORDER, SALES], {"2", "5", "90"})],
)
def test_the_numbers_of_a_dropped_rule_are_listed_with_their_sentence(
    rules: list[object], unused: set[str]
) -> None:
    found = number_coverage(PROBLEM, carpenter(rules=rules))
    assert found.passed is False
    assert {q.text for q in number_use(PROBLEM, carpenter(rules=rules)).unused} == unused
    for item in found.details["unused"]:  # type: ignore[union-attr]
        assert item["number"] in item["words"]  # type: ignore[index, operator, call-overload]


def test_a_number_that_nobody_wrote_is_invented() -> None:
    wrong = rule("order", "At least 6 shelves must be made.", "shelves >= 37")
    found = number_coverage(PROBLEM, carpenter(rules=[WORK, wrong, SALES]))
    assert found.passed is False
    assert found.rules == ("order",)
    assert found.details["invented"] == [
        "The number 37 of rule 'order' is not in the problem: 'At least 6 shelves must be made.'."
    ]
    assert "37 in rule 'order' is not said anywhere" in found.message


def test_a_number_made_of_words_in_several_sentences_is_listed_as_such() -> None:
    text = "There are 5 ovens. Each oven runs for 8 hours. Baking takes up all hours."
    cir = CIR.model_validate(
        {
            "decisions": [{"name": "cakes"}],
            "rules": [rule("hours", "Baking takes up all hours.", "cakes <= 40")],
            "objectives": [{"sense": "max", "expr": "cakes"}],
        }
    )
    found = number_coverage(read_problem(text), cir)
    assert found.passed is True, found.message
    assert found.details["combined"] == ["hours: 40 = 5 x 8"]


def test_numbers_of_background_sentences_need_not_be_used() -> None:
    text = "The workshop was founded by 3 brothers long ago. " + CARPENTER
    found = number_coverage(read_problem(text), carpenter())
    assert found.passed is True, found.message


def test_a_sentence_full_of_numbers_is_data_whatever_its_verb() -> None:
    text = "In pot A, 3 cups of rice and 4 cups of broth turn into 5 cups of soup. " + CARPENTER
    assert {q.text for q in number_use(read_problem(text), carpenter()).unused} == {"3", "4", "5"}


def test_a_number_that_is_said_again_counts_as_used() -> None:
    text = CARPENTER + " The 90 hours of work cannot be extended."
    found = number_coverage(read_problem(text), carpenter())
    assert found.passed is True, found.message


def test_one_of_two_equal_numbers_in_a_sentence_is_missed() -> None:
    text = "Each pie brings 3 euros and takes 4 hours; each tart takes 4 minutes. Bake at most 9."
    cir = CIR.model_validate(
        {
            "decisions": [{"name": "pies"}, {"name": "tarts"}],
            "rules": [rule("most", "Bake at most 9.", "4*pies + tarts <= 9")],
            "objectives": [{"sense": "max", "expr": "3*pies"}],
        }
    )
    assert [q.unit for q in number_use(read_problem(text), cir).unused] == ["minutes"]


def test_without_text_and_tables_numbers_are_not_judged() -> None:
    assert number_coverage(Problem(text=""), carpenter()).passed is None


def with_table(columns: str) -> CIR:
    return CIR.model_validate(
        {
            "sets": [{"name": "Goods", "table": {"table": "goods", "columns": ["good"]}}],
            "parameters": [
                {
                    "name": name,
                    "over": ["Goods"],
                    "value": {"kind": "table", "table": "goods", "keys": ["good"], "value": name},
                }
                for name in columns.split()
            ],
            "decisions": [{"name": "buy", "over": ["Goods"], "upper": 1}],
            "objectives": [{"sense": "max", "expr": "sum(price[g]*buy[g] for g in Goods)"}],
        }
    )


def test_a_numeric_table_column_that_nothing_reads_is_listed_and_a_row_number_is_not() -> None:
    rows: dict[str, list[object]] = {
        "id": [1, 2],
        "good": ["tea", "rum"],
        "price": [3, 4.5],
        "weight": [7, 2.5],
    }
    problem = read_problem("Choose goods so that the total price is largest.", {"goods": rows})
    assert number_use(problem, with_table("price")).columns == (("goods", "weight"),)
    assert number_use(problem, with_table("price weight")).columns == ()


def test_a_table_in_the_text_counts_as_used_where_its_column_is_read() -> None:
    table = "| good | price |\n|---|---|\n| tea | 31 |\n| rum | 45 |\n"
    text = f"Choose goods at the best price.\n\n{table}"
    problem = read_problem(text)
    name = problem.tables[0].name
    cir = with_table("price").model_dump(mode="json")
    cir["sets"][0]["table"]["table"] = cir["parameters"][0]["value"]["table"] = name
    assert number_use(problem, CIR.model_validate(cir)).unused == ()
    lone = CIR.model_validate(
        {"decisions": [{"name": "x", "upper": 1}], "objectives": [{"sense": "max", "expr": "x"}]}
    )
    assert {q.value for q in number_use(problem, lone).unused} == {31.0, 45.0}


def test_every_sentence_of_the_right_model_is_covered() -> None:
    found = sentence_coverage(PROBLEM, carpenter())
    assert found.passed is True, found.message


def test_a_sentence_with_the_words_of_a_rule_that_no_rule_quotes_is_told() -> None:
    found = sentence_coverage(PROBLEM, carpenter(rules=[WORK, ORDER]))
    assert found.passed is False
    assert found.details["uncovered"] == [
        {"sentence": 5, "words": "No more than 30 stools can be sold."}
    ]


def test_a_law_of_growth_that_no_rule_holds_is_told() -> None:
    law = "The price of a stool falls with the square root of the stools sold."
    found = sentence_coverage(read_problem(f"{PROBLEM.text.rstrip()} {law}"), carpenter())
    assert found.passed is False
    assert [item["words"] for item in found.details["uncovered"]] == [law]  # type: ignore[index, union-attr, call-overload]


def test_words_that_the_problem_does_not_contain_are_told() -> None:
    wrong = rule("sales", "Nobody buys more than 30 stools.", "stools <= 30")
    found = sentence_coverage(PROBLEM, carpenter(rules=[WORK, ORDER, wrong]))
    assert found.details["misquoted"] == [
        "The quote of rule 'sales' is not in the problem text: 'Nobody buys more than 30 stools.'."
    ]


def test_words_that_the_problem_does_not_contain_fail_though_every_sentence_is_covered() -> None:
    wrong = rule("extra", "Nobody buys more than 30 stools.", "stools <= 30")
    found = sentence_coverage(PROBLEM, carpenter(rules=[WORK, ORDER, SALES, wrong]))
    assert found.passed is False
    assert found.details["uncovered"] == []
    assert found.message == "1 quote is not the words of the problem."


@pytest.mark.parametrize(
    ("quote", "passed"),
    [
        ("Table goods: price[good], weight[good]", True),
        ("Table goods: weight", True),
        ("goods: column price", True),
        ("goods, weight", True),
        ("The file goods.csv tells what each good weighs.", True),
        ("Table goods: rebate[good]", False),
        ("Table wares: price[good]", False),
        ("Table goods", False),
        ("The price of goods is low.", False),
    ],
)
def test_a_rule_of_a_table_may_name_its_table_and_column(quote: str, passed: bool) -> None:
    rows: dict[str, list[object]] = {"good": ["tea", "rum"], "price": [3, 4.5], "weight": [7, 2.5]}
    text = "Choose goods at the best price. The file goods.csv tells what each good weighs."
    problem = read_problem(text, {"goods": rows})
    load = rule("load", quote, "sum(weight[g]*buy[g] for g in Goods) <= 8")
    cir = with_table("price weight").model_dump(mode="json") | {"rules": [load]}
    assert sentence_coverage(problem, CIR.model_validate(cir)).passed is passed


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Make stools. Make as many as possible.", "The text holds no numbers."),
        ("Sell at most 30 stools.", "The only number of the text is used or explained."),
        (
            "Sell at most 30 stools and 6 shelves.",
            "All 2 numbers of the text are used or explained.",
        ),
    ],
)
def test_few_numbers_are_told_in_good_english(text: str, told: str) -> None:
    every = [("30", rule("a", text, "stools <= 30")), ("6", rule("b", text, "shelves <= 6"))]
    cir = carpenter(
        rules=[item for number, item in every if number in text],
        objectives=[{"sense": "max", "expr": "stools + shelves"}],
    )
    found = number_coverage(read_problem(text), cir)
    assert (found.passed, found.message) == (True, told)


def test_a_model_without_a_text_may_say_its_own_numbers() -> None:
    stores: dict[str, list[object]] = {"store": ["North", "South"], "demand": [4, 6]}
    cir = CIR.model_validate(
        {
            "sets": [{"name": "S", "table": {"table": "stores", "columns": ["store"]}}],
            "parameters": [
                {
                    "name": "demand",
                    "over": ["S"],
                    "value": {
                        "kind": "table",
                        "table": "stores",
                        "keys": ["store"],
                        "value": "demand",
                    },
                }
            ],
            "decisions": [{"name": "x", "over": ["S"]}],
            "rules": [
                {
                    "id": "r1",
                    "archetype": "minimum_requirement",
                    "forall": "for s in S",
                    "operands": {"amount": "3*x[s]", "least": "demand[s] + 17"},
                }
            ],
            "objectives": [{"sense": "min", "expr": "sum(x[s] for s in S)"}],
        }
    )
    answer = solve(cir, {"stores": stores})
    found = {item.check: item for item in answer.evidence}
    assert found["number_coverage"].passed is True
    assert answer.trust != "rejected"

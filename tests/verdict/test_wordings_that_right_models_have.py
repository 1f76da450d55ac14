"""Wordings of right models that a check once took for a mistake: prices, pairs, files, goals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_problems import rule

from r2c.archetypes.load import standard_library
from r2c.cir.schema import CIR
from r2c.problem import read_problem
from r2c.problem.numbered_nouns import is_numbered
from r2c.verdict.conversions import conversions
from r2c.verdict.direction import direction
from r2c.verdict.domains import FRACTIONS, WHOLE
from r2c.verdict.logic import logic
from r2c.verdict.number_coverage import number_coverage, number_use
from r2c.verdict.scope import scope
from r2c.verdict.sentence_coverage import uncovered
from r2c.verdict.sources import drawn

LIBRARY = standard_library()


def model(**parts: Any) -> CIR:
    return CIR.model_validate(parts)


def shop(said: str, relation: str, expr: str = "3*buns", **more: Any) -> CIR:
    return model(
        decisions=[{"name": "buns", "domain": "integer", **more}],
        rules=[rule("limit", said, relation)],
        objectives=[{"sense": "max", "expr": expr}],
    )


@pytest.mark.parametrize(
    "words",
    [
        "Of the depots there must be one, neither two nor none.",
        "The difference between the numbers of two months with a fair is at least 7.",
        "Choose among the four from A to B, from A to C, from D to B and from D to C: never two.",
        "It must be 7, or twice that, and so on.",
        "There are racks for 7 sets, so up to 7 patterns can be used.",
        "You lease 7, and so on, at most at the price per set of 7.",
    ],
)
def test_numbers_that_belong_to_the_wording_need_no_use(words: str) -> None:
    use = number_use(read_problem(words), shop(words, "buns >= 7"))
    assert not use.unused, [item.text for item in use.unused]


def test_a_number_that_limits_two_things_is_still_missed() -> None:
    words = "Use at least 7 buns and at most 9 cakes."
    assert number_use(read_problem(words), shop(words, "buns >= 7")).unused


def test_a_bracket_whose_price_is_1_below_the_one_before_is_used() -> None:
    words = "Rent is 4 each; if it is 88 or more, every one costs 2.9; from 187 on every one 1.9."
    cir = shop(words, "1.1*buns + 88*buns + 99*buns + 4*buns - buns <= 9999")
    told = [item.text for item in number_use(read_problem(words), cir).unused]
    assert "1.9" not in told


def test_the_unit_of_a_table_may_stand_where_the_text_tells_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "teaching_time.csv"
    path.write_text("course,trainer 1\nsewing,90\nmath,30\n", encoding="utf-8")
    text = (
        "The teaching time counts against 7 hours. Lunch lasts some minutes.\n"
        "The file teaching_time.csv gives the teaching time in {unit} by course and trainer."
    )

    def found(unit: str) -> bool | None:
        problem = read_problem(text.format(unit=unit), [path])
        values = {"kind": "wide", "table": "teaching_time", "key": "course"}
        table = {"name": "teaching", "over": ["Courses", "Trainers"]}
        cir = model(
            sets=[
                {"name": "Courses", "elements": ["sewing", "math"]},
                {"name": "Trainers", "elements": ["trainer 1"]},
            ],
            parameters=[{**table, "value": {**values, "columns": ["trainer 1"]}}],
            decisions=[{"name": "run", "over": ["Courses"], "domain": "binary"}],
            rules=[
                rule(
                    "time",
                    "The teaching time counts against 7 hours.",
                    "sum(teaching[c, 'trainer 1'] / 60 * run[c] for c in Courses) <= 7",
                )
            ],
            objectives=[{"sense": "max", "expr": "sum(run[c] for c in Courses)"}],
        )
        return conversions(problem, cir).passed

    assert found("minutes") is True
    assert found("euros") is False


def test_a_price_of_100_beside_a_percentage_is_no_factor() -> None:
    text = "At most 28% of the 50 buns are sweet. Each bun costs 100 euros. Find the lowest cost."
    cir = model(
        decisions=[{"name": "buns", "domain": "integer"}],
        rules=[rule("sweet", "At most 28% of the 50 buns are sweet.", "buns <= 28/100*50")],
        objectives=[{"sense": "min", "expr": "100*buns", "quote": "Find the lowest cost."}],
    )
    assert conversions(read_problem(text), cir).passed is True


def test_a_limit_together_with_an_allowance_excludes_nothing() -> None:
    said = "Work cannot go beyond 165 hours together with the agency hours."
    assert logic(read_problem(said), shop(said, "buns <= 165"), LIBRARY).passed is not False


def test_do_not_forget_denies_nothing() -> None:
    said = "And don't forget: the buns of all shops together cost 3 each."
    assert logic(read_problem(said), shop(said, "3*buns <= 9"), LIBRARY).passed is not False
    lost = "You can't bake buns and cakes at the same time."
    assert logic(read_problem(lost), shop("", "buns <= 9"), LIBRARY).passed is False


def test_the_goal_in_other_words_is_no_lost_rule() -> None:
    text = "Bake at least 7 buns. What do you want? The goal is to keep the cost to a minimum."
    cir = model(
        decisions=[{"name": "buns", "domain": "integer"}],
        rules=[rule("least", "Bake at least 7 buns.", "buns >= 7")],
        objectives=[{"sense": "min", "expr": "buns", "quote": "What do you want?"}],
    )
    assert not uncovered(read_problem(text), cir)
    turned = cir.model_copy(
        update={"objectives": (cir.objectives[0].model_copy(update={"sense": "max"}),)}
    )
    assert uncovered(read_problem(text), turned)


def test_what_has_nothing_to_do_with_a_budget_is_no_rule_about_it() -> None:
    text = (
        "Bake at least 7 buns. Fees come off the gain, and the budget has nothing to do with them."
    )
    assert not uncovered(read_problem(text), shop("Bake at least 7 buns.", "buns >= 7"))


def test_a_number_that_names_an_order_is_no_source() -> None:
    text = (
        "There are 3 orders, order 1, order 2 and order 3. Bake. Storage is charged at €2 an hour."
    )
    problem = read_problem(text)
    assert [is_numbered(item, text) for item in problem.quantities if item.value == 2.0] == [
        True,
        False,
    ]
    cir = shop("There are 3 orders", "buns <= 3", "2*buns")
    assert any(problem.text[span.start : span.end] == "2" for span in drawn(cir, problem).spans)
    assert not [item for item in number_use(problem, cir).unused if item.value == 2.0]


def test_a_bound_is_not_held_against_the_words_of_another_rule() -> None:
    text = (
        "Any sum up to 34 thousand euros may be borrowed. "
        "The distance between two depots shall be no less than 34 km."
    )
    cir = model(
        decisions=[
            {"name": "borrow", "upper": 34, "meaning": "thousands of euros"},
            {"name": "distance"},
        ],
        rules=[
            rule(
                "apart",
                "The distance between two depots shall be no less than 34 km.",
                "distance >= 34",
            )
        ],
        objectives=[{"sense": "max", "expr": "borrow - distance"}],
    )
    problem = read_problem(text)
    assert direction(problem, cir, LIBRARY).passed is True
    assert not uncovered(problem, cir)
    assert number_coverage(problem, cir).passed is True


def test_what_is_deducted_from_the_result_is_part_of_the_goal() -> None:
    text = (
        "Bake at least 7 buns. From the total result, the charges of all years shall be deducted; "
        "they are not paid from the cash in hand."
    )
    assert not uncovered(read_problem(text), shop("Bake at least 7 buns.", "buns >= 7"))


def test_fractions_except_where_whole_numbers_are_required_are_fractions() -> None:
    text = "Tonnes may be fractional except where whole numbers are expressly required."
    assert WHOLE.search(FRACTIONS.sub(" ", text)) is None


@pytest.mark.parametrize(
    ("relation", "loops", "right"),
    [
        ("sum(2*x[i, w] for i in Items) <= 9", "for w in Weeks", True),
        ("2*x[i, w] <= 9", "for i in Items for w in Weeks", False),
    ],
)
def test_all_together_by_another_name_than_that_of_the_set_is_a_total(
    relation: str, loops: str, right: bool
) -> None:
    said = "The kiln time of all goods together in each week cannot go beyond 9 hours."
    cir = model(
        sets=[
            {"name": "Items", "elements": ["mug", "bowl"]},
            {"name": "Weeks", "elements": [1, 2]},
        ],
        decisions=[{"name": "x", "over": ["Items", "Weeks"]}],
        rules=[{**rule("kiln", said, relation), "forall": loops}],
        objectives=[{"sense": "max", "expr": "sum(x[i, w] for i in Items for w in Weeks)"}],
    )
    assert scope(read_problem(said), cir).passed is right

"""Where a sentence names the data, its limit and the money of the plan take no model."""

from __future__ import annotations

import pytest

from r2c.agents.clauses import Clause, question
from r2c.agents.indexed.money import money_goal, sense_of
from r2c.agents.indexed.named import named_limits
from r2c.agents.indexed.naming import mentions_of
from r2c.agents.indexed.reader import Indexed
from r2c.agents.roster import Choice
from r2c.problem.read import read_problem

MILL = """A mill blends feeds from raw materials. {rule} Which plan brings the largest profit?

| feed | selling price per tonne (€) | least fat content (%) | ordered weight | sales cap |
|---|---|---|---|---|
| mash | 320 | 15 | 60 | 80 |
| nuts | 370 | 17 | 50 | 75 |

| raw material | purchase price per tonne (€) | weight in store | fat content (%) |
|---|---|---|---|
| oats | 170 | 36 | 10 |
| maize | 260 | 58 | 24 |
| pulp | 210 | 63 | 13 |

| raw material | drying time per tonne (hours) |
|---|---|
| oats | 2 |
| maize | 3 |
| pulp | 5 |

The milling cost per tonne in € by raw material (rows) and feed (columns):

| raw material | mash | nuts |
|---|---|---|
| oats | 7 | 23 |
| maize | 12 | 15 |
| pulp | 33 | 16 |
"""
MIX = Choice("mix", "tonnes of a raw material mixed into a feed", ("raw_material", "feed"))


def dialect(rule: str) -> Indexed:
    return Indexed(read_problem(MILL.format(rule=rule)))


def clause_of(found: Indexed, rule: str) -> Clause:
    return next(one for one in found.clauses if one.text.strip(". ") == rule.strip(". "))


@pytest.mark.parametrize(
    ("rule", "limits"),
    [
        (
            "Of each raw material no more than the weight in store can be used.",
            ["for each raw_material: mix <= weight_in_store"],
        ),
        (
            "The weight of each feed must reach or exceed the ordered weight of that feed.",
            ["for each feed: mix >= ordered_weight"],
        ),
        (
            "Each feed must come to the ordered weight or more, but not above its sales cap.",
            ["for each feed: mix >= ordered_weight", "for each feed: mix <= sales_cap"],
        ),
        (
            "No feed may fall below its ordered weight or rise above its sales cap.",
            ["for each feed: mix >= ordered_weight", "for each feed: mix <= sales_cap"],
        ),
        (
            "The fat content of each feed must attain at least the least fat content.",
            ["for each feed: fat_content*mix >= least_fat_content*mix"],
        ),
        (
            "The drying time of all raw materials together must not go over 400 hours.",
            ["drying_time_per_tonne*mix <= 400"],
        ),
        (
            "Drying time for each feed: at most 90 hours.",
            ["for each feed: drying_time_per_tonne*mix <= 90"],
        ),
    ],
)
def test_a_limit_with_the_names_of_the_data_is_settled(rule: str, limits: list[str]) -> None:
    found = dialect(rule)
    assert [str(one) for one in named_limits(clause_of(found, rule), found.data, (MIX,))] == limits
    assert found.settled(clause_of(found, rule), (MIX,)) == "\n".join(limits)


@pytest.mark.parametrize(
    "rule",
    [
        "If any oats are used, each feed must reach its ordered weight.",
        "No more than the weight in store can be used, except for oats.",
        "No feed may exceed any other by more than its sales cap.",
        "Every tonne of a raw material costs its purchase price per tonne.",
        "Each feed needs at least one raw material.",
        "Between its ordered weight and its sales cap each feed is flexible.",
        "The drying time of each feed must be at most 90 hours and at least 20 hours.",
    ],
)
def test_other_sentences_are_left_to_the_model(rule: str) -> None:
    found = dialect(rule)
    clauses = [one for one in found.clauses if one.text.strip(". ") == rule.strip(". ")]
    assert all(not named_limits(one, found.data, (MIX,)) for one in clauses)


def test_a_limit_that_two_families_might_be_meant_by_is_left_to_the_model() -> None:
    rule = "Of each raw material no more than the weight in store can be used."
    found = dialect(rule)
    dry = Choice("dry", "tonnes of a raw material dried", ("raw_material",))
    assert named_limits(clause_of(found, rule), found.data, (MIX, dry)) == ()


def test_a_limit_of_a_place_that_may_be_closed_counts_if_it_is_open() -> None:
    rule = "Of each raw material no more than the weight in store can be used."
    found = dialect(rule)
    keep = Choice("keep", "1 if the raw material is kept", ("raw_material",))
    (limit,) = named_limits(clause_of(found, rule), found.data, (MIX, keep))
    assert str(limit) == "for each raw_material: mix <= weight_in_store*keep"


def test_names_may_be_turned_around_and_go_without_what_is_for_one() -> None:
    data = dialect("").data
    words = "The weight ordered, the price at purchase per tonne, and the drying time of all."
    assert [one.given.name for one in mentions_of(words, data)] == [
        "ordered_weight",
        "drying_time_per_tonne",
    ]


def test_money_that_limits_nothing_is_the_objective() -> None:
    found = dialect("")
    goal = money_goal(found.problem, found.data, (MIX,), ())
    assert goal == (
        "maximize selling_price_per_tonne*mix - purchase_price_per_tonne*mix"
        " - milling_cost_per_tonne*mix"
    )
    # A profit is less what is bought, even if a budget limits that.
    assert money_goal(found.problem, found.data, (MIX,), {"purchase_price_per_tonne"}) == goal
    net = dialect("What is bought has already been taken off the selling price.")
    less = money_goal(net.problem, net.data, (MIX,), {"purchase_price_per_tonne"})
    assert less == "maximize selling_price_per_tonne*mix - milling_cost_per_tonne*mix"


def test_money_without_a_place_in_the_plan_gives_no_objective() -> None:
    found = dialect("")
    dry = Choice("dry", "tonnes of a raw material dried", ("raw_material",))
    assert money_goal(found.problem, found.data, (dry,), ()) is None


@pytest.mark.parametrize(
    ("words", "sense"),
    [
        ("Which round brings the largest profit of the day?", "maximize"),
        ("What is the cheapest network?", "minimize"),
        ("We want to earn as much as we possibly can.", "maximize"),
        ("Which tour is the shortest?", None),
    ],
)
def test_the_question_says_whether_money_is_earned_or_saved(words: str, sense: str | None) -> None:
    assert sense_of(words) == sense


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            "Objective: maximum total profit. A feed is a blend. Many thanks",
            "Objective: maximum total profit.",
        ),
        (
            "We want to earn as much as we possibly can. Weights may be fractional. Regards",
            "We want to earn as much as we possibly can.",
        ),
    ],
)
def test_what_is_wanted_may_stand_anywhere(text: str, asked: str) -> None:
    assert question(read_problem(text)) == asked

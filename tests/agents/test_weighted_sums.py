"""Limits on weighted sums that the words settle, by sentences no prompt has seen."""

from __future__ import annotations

import pytest

from r2c.agents.plain.clauses import clauses
from r2c.agents.plain.limited_sum import limited_sum
from r2c.agents.plain.reader import Plain
from r2c.agents.roster import Choice
from r2c.problem.read import read_problem
from r2c.problem.spoken import telling_words

TELLING = telling_words({"oaks": "oaks", "elms": "elms", "firs": "firs"})


def settled(text: str) -> str | None:
    (clause,) = clauses(read_problem(text))
    return limited_sum(clause.slots, TELLING, clause.text)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        (
            "To please all, the combined height of 3 units of oaks and 2 units of elms must be "
            "at least 400 feet.",
            "3*oaks + 2*elms >= 400",
        ),
        ("The shade of four times the oaks plus the elms cannot exceed 90.", "4*oaks + elms <= 90"),
        ("Three times the oaks minus the firs must be at least 50.", "3*oaks - firs >= 50"),
        (
            "Twice the oaks minus the elms and the firs should not surpass 6.",
            "2*oaks - elms - firs <= 6",
        ),
        (
            "Twice the oaks minus 3 times the elms plus the firs should not surpass 6.",
            "2*oaks - 3*elms + firs <= 6",
        ),
        ("Three times the oaks minus the firs must be at least zero.", "3*oaks - firs >= 0"),
        (
            "The difference between 70% of the oaks and the firs must be non-negative.",
            "0.7*oaks - firs >= 0",
        ),
        ("Twice the oaks minus the firs must not fall below 0.", "2*oaks - firs >= 0"),
        ("Twice the oaks minus the firs is less than or equal to zero.", "2*oaks - firs <= 0"),
        ("Twice the oaks minus the firs is greater than or equal to 0.", "2*oaks - firs >= 0"),
        (
            "Five times the oaks minus twice the elms cannot exceed zero units.",
            "5*oaks - 2*elms <= 0",
        ),
        (
            "The combined width of 2 units of oaks, 5 units of elms and 3 units of firs should not "
            "exceed 70.",
            "2*oaks + 5*elms + 3*firs <= 70",
        ),
        (
            "The difference in height between the oaks and twice the elms cannot exceed 9.",
            "oaks - 2*elms <= 9",
        ),
        (
            "The total number of hours for the oaks and twice those of the elms cannot exceed 9.",
            "oaks + 2*elms <= 9",
        ),
        (
            "The combined capacity of 3 units of oaks and 2 of elms must be at least 40.",
            "3*oaks + 2*elms >= 40",
        ),
        (
            "The combined effort of oaks (multiplied by 4), elms (multiplied by 6) and firs must "
            "be at least 300.",
            "4*oaks + 6*elms + firs >= 300",
        ),
        ("The oaks and three times the elms must be at least 30.", "oaks + 3*elms >= 30"),
        ("The combined work for the oaks and three elms cannot exceed 60.", "oaks + 3*elms <= 60"),
        (
            r"The sum of $0.6$ times the oaks and $0.4$ times the elms must be at least $5$.",
            "0.6*oaks + 0.4*elms >= 5",
        ),
    ],
)
def test_every_number_but_the_last_is_a_factor(text: str, limit: str) -> None:
    assert settled(text) == limit


@pytest.mark.parametrize(
    "text",
    [
        "The combined number of oaks and elms must be at least 12.",
        "Three times the oaks minus the firs must exceed zero.",
        "Three times the oaks minus the firs must stay below zero.",
        "At least 3 oaks and at most 2 elms, together no more than 20 trees, can be planted.",
        "The sum of 3 oaks and 2 trees must be at least 40.",
        "Each oak needs 3 posts plus 2 ropes, and at most 40 ropes are there.",
        "The combined share of 20% of oaks and 30% of elms must be at least 40.",
        "An oak takes 3 hours and an elm 2 hours, and at most 40 hours are there.",
        "Twice the sum of the oaks and elms must be at most 40.",
        "Twice the oaks minus half of the gap between the elms and the firs must be at most 9.",
        "Twice the oaks plus half the number of elms and firs must be at most 9.",
        "Three times the oaks plus half an hour for the elms must be at most 9.",
        "The sum of 3 times the oaks and 2 times the elms, without subtracting the firs, must be "
        "at least 30.",
        "Subtracting the firs, twice the oaks plus 3 times the elms must be at least 30.",
        "Taking away 3 times the elms from 5 times the oaks must leave at least 7.",
    ],
)
def test_other_sentences_are_left_to_the_model(text: str) -> None:
    assert settled(text) is None


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("The oaks cannot exceed the elms by more than 7 units.", "oaks - elms <= 7"),
        (
            "For the view, three times the oaks should not exceed four times the elms by more than "
            "10 feet, due to the wind.",
            "3*oaks - 4*elms <= 10",
        ),
        ("The oaks should exceed twice the elms by at least 10.", "oaks - 2*elms >= 10"),
        ("The oaks may exceed the elms plus the firs by at most 9.", "oaks - elms - firs <= 9"),
        ("Twice the oaks must outnumber the elms by exactly 5.", "2*oaks - elms == 5"),
        (
            "Three times the oaks plus the firs may not exceed the elms by more than 7.",
            "3*oaks + firs - elms <= 7",
        ),
        (
            "Twice the oaks minus half of the firs must not be more than the elms by more than 4.",
            "2*oaks - 0.5*firs - elms <= 4",
        ),
        (
            "The elms must not fall short of twice the oaks by more than 7.",
            "2*oaks - elms <= 7",
        ),
    ],
)
def test_how_far_one_sum_exceeds_another_is_limited(text: str, limit: str) -> None:
    assert settled(text) == limit


@pytest.mark.parametrize(
    "text",
    [
        "The oaks should exceed twice the elms by more than 10.",
        "The oaks cannot exceed twice the trees by more than 10.",
        "The oaks cannot exceed twice the oaks by more than 10.",
        "The cost of the oaks cannot exceed twice that of the elms by more than 10.",
        "Each of the oaks cannot exceed the elms by more than 10.",
        "The oaks cannot exceed the elms by at most 10.",
        "The oaks and elms that are tall cannot exceed the elms by more than 10.",
        "The oaks should exceed the elms by at least 5 but by no more than 10.",
        "The oaks may outnumber the elms by up to 10 and the firs by up to 4.",
        "There must be at most 20 oaks, and they should not exceed the elms by more than 5.",
        "The oaks should be at least 3 and should not exceed the elms by more than 5.",
        "A fine of 100 is due whenever the oaks exceed the elms by at least 5.",
        "The oaks need 4 hours and should not exceed the elms by more than 5.",
        "For all 3 parks the oaks should not exceed the elms by more than 5.",
        "The oaks divided by 2 should not exceed the elms by more than 5.",
        "The oaks should not exceed the elms times 2 by more than 5.",
        "The oaks should not exceed the elms by more than 20%.",
        "The oaks should exceed the elms by at least one third of all trees.",
        "The oaks should not exceed the elms by more than 7 times.",
        "The oaks may exceed the elms by up to 10 each week.",
        "Twice the sum of the oaks and elms should not exceed the firs by more than 5.",
        "The larger of the oaks and the elms should not exceed the firs by more than 5.",
        "The oaks should not exceed both the elms and the firs by more than 10.",
        "Without the firs, the oaks must exceed the elms by at least 5.",
        "The oaks, not the firs, must exceed the elms by at least 5.",
        "When firs are planted, the oaks must exceed the elms by at least 5.",
        "The oaks cannot exceed the elms by more than 10 except in winter.",
        "It is not required that the oaks exceed the elms by at least 5.",
        "The oaks do not have to exceed the elms by at least 5.",
        "The oaks need not exceed the elms by more than 5.",
        "The oaks must be more than the elms, which are planted by at least 3 men.",
        "The oaks must exceed the elms and be planted by no more than 3 men.",
        "The oaks should exceed the elms by at most 5.",
    ],
)
def test_an_excess_that_is_not_clear_is_left_to_the_model(text: str) -> None:
    assert settled(text) is None


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        (
            "Three times the oaks, after subtracting twice the elms, must be at most 5.",
            "3*oaks - 2*elms <= 5",
        ),
        (
            "Twice the oaks plus the firs, after deducting the elms, must not exceed 70.",
            "2*oaks + firs - elms <= 70",
        ),
        ("Twice the oaks minus half of the elms must not exceed 70.", "2*oaks - 0.5*elms <= 70"),
    ],
)
def test_what_is_taken_away_is_not_added(text: str, limit: str) -> None:
    assert settled(text) == limit


def test_no_model_is_asked_for_a_weighted_sum() -> None:
    dialect = Plain(read_problem("2 times the oaks plus 3 times the elms must be at least 40."))
    roster = (Choice("oaks", "number of oaks"), Choice("elms", "number of elms"))
    assert dialect.settled(dialect.clauses[0], roster) == "2*oaks + 3*elms >= 40"

"""Direction: a limit on the wrong side of its number is found, however the rule is written."""

from __future__ import annotations

import pytest
from small_problems import CARPENTER, carpenter, rule

from r2c.archetypes.load import standard_library
from r2c.cir.schema import CIR
from r2c.problem import read_problem
from r2c.verdict.direction import direction, direction_conflicts
from r2c.verdict.said import limits_said

LIBRARY = standard_library()


@pytest.mark.parametrize(
    ("words", "number", "side"),
    [
        ("At least 5 chairs must be made.", 5, "least"),
        ("They need a minimum of 5 chairs.", 5, "least"),
        ("No fewer than 5 chairs are made.", 5, "least"),
        ("The number of chairs must not be less than 5.", 5, "least"),
        ("More than 5 chairs are made.", 5, "least"),
        ("Make 5 or more chairs.", 5, "least"),
        ("At most 5 chairs are made.", 5, "most"),
        ("No more than 5 chairs can be made.", 5, "most"),
        ("The number of chairs cannot exceed 5.", 5, "most"),
        ("They can make up to 5 chairs.", 5, "most"),
        ("There is a maximum of 5 chairs.", 5, "most"),
        ("Fewer than 5 chairs are made.", 5, "most"),
        ("Exactly 5 chairs are made.", 5, "exactly"),
        ("Each takes 3 hours and 40 hours are available.", 40, "most"),
        ("At most 40% of the chairs are red.", 0.4, "most"),
        ("There must be at least twice as many chairs as tables.", 2, "least"),
        ("Each needs 3 hours of the available 40 hours.", 3, None),
        ("A chair costs 5 dollars.", 5, None),
    ],
)
def test_the_side_of_a_number_is_read_off_the_words(
    words: str, number: float, side: str | None
) -> None:
    found = {said.quantity.value: said.direction for said in limits_said(read_problem(words))}
    assert found.get(number) == side


@pytest.mark.parametrize(
    ("words", "side"),
    [
        ("The chairs should not exceed twice the tables by more than 6.", "most"),
        ("The chairs should exceed twice the tables by at least 6.", "least"),
        ("The chairs may exceed twice the tables plus 3 times the stools by at most 6.", "most"),
        ("The chairs must not fall short of twice the tables by more than 6.", "most"),
    ],
)
def test_of_an_excess_the_last_number_is_the_limit_and_a_factor_is_none(
    words: str, side: str
) -> None:
    (said,) = limits_said(read_problem(words))
    assert (said.quantity.value, said.direction) == (6, side)


@pytest.mark.parametrize(
    ("words", "sides"),
    [
        (
            "Costs should not exceed $400 and the labor cost may not exceed the material cost by "
            "more than $50.",
            [(400, "most"), (50, "most")],
        ),
        (
            "Cost must be less than 900 dollars, and each job is to be done by exactly 2 crews.",
            [(900, "most"), (2, "exactly")],
        ),
        ("Exceeding twice the tables by more than 6 is not allowed.", [(6, "most")]),
        (
            "The chairs can exceed the tables by more than 5, but not by more than 10.",
            [(5, "least"), (10, "most")],
        ),
    ],
)
def test_limits_beside_an_excess_keep_their_sides(
    words: str, sides: list[tuple[float, str]]
) -> None:
    found = [(said.quantity.value, said.direction) for said in limits_said(read_problem(words))]
    assert found == sides


@pytest.mark.parametrize(
    ("words", "side", "strict"),
    [
        ("More than 5 chairs are made.", "least", True),
        ("Greater than 5 chairs.", "least", True),
        ("The number of chairs must exceed 5.", "least", True),
        ("Fewer than 5 chairs are made.", "most", True),
        ("They use less than 5 hours.", "most", True),
        ("The number of chairs must be strictly lower than 5.", "most", True),
        ("There are more than 5 times as many chairs as tables.", "least", True),
        ("At least 5 chairs are made.", "least", False),
        ("At most 5 chairs are made.", "most", False),
        ("Make 5 or more chairs.", "least", False),
        ("Make 5 or fewer chairs.", "most", False),
        ("He does not want to spend more than 5 euros.", "most", False),
        ("They are not few but more than 5 chairs.", "least", True),
        ("Up to 5 chairs are made.", "most", False),
        ("Exactly 5 chairs are made.", "exactly", False),
        ("There is a maximum of 5 chairs.", "most", False),
        ("No more than 5 chairs are made.", "most", False),
        ("No fewer than 5 chairs are made.", "least", False),
        ("The number of chairs must not be less than 5.", "least", False),
        ("The number of chairs must not exceed 5.", "most", False),
        ("They must not use more than 5 hours.", "most", False),
        ("They don't use more than 5 hours.", "most", False),
        ("They can’t make more than 5 chairs.", "most", False),
        ("It isn't less than 5 chairs.", "least", False),
        ("It must be greater than or equal to 5.", "least", False),
        ("It must be less than or the same as 5.", "most", False),
        ("It must be equal to or less than 5.", "most", False),
        ("It must be the same as or more than 5.", "least", False),
    ],
)
def test_words_that_leave_the_number_out_are_strict(words: str, side: str, strict: bool) -> None:
    (said,) = [item for item in limits_said(read_problem(words)) if item.quantity.value == 5]
    assert (said.direction, said.strict) == (side, strict)


def test_each_number_of_a_sentence_has_its_own_strictness() -> None:
    words = "Make more than 5 chairs but no more than 9, and fewer than 7 tables."
    found = limits_said(read_problem(words))
    assert [(said.quantity.value, said.direction, said.strict) for said in found] == [
        (5, "least", True),
        (9, "most", False),
        (7, "most", True),
    ]


def test_between_gives_a_floor_and_a_ceiling() -> None:
    found = limits_said(read_problem("Make between 5 and 10 chairs."))
    assert [(said.quantity.value, said.direction) for said in found] == [(5, "least"), (10, "most")]


def one_rule(words: str, relation: str) -> CIR:
    return CIR.model_validate(
        {
            "decisions": [{"name": "x"}, {"name": "y"}],
            "rules": [rule("r", words, relation)],
            "objectives": [{"sense": "max", "expr": "x + y"}],
        }
    )


@pytest.mark.parametrize(
    ("words", "right", "wrong"),
    [
        ("Make at least 5 x.", "x >= 5", "x <= 5"),
        ("Make at least 5 x.", "5 <= x", "5 >= x"),
        ("Make at least 5 x.", "-x <= -5", "-x >= -5"),
        ("Make at least 5 x.", "x - 5 >= 0", "x - 5 <= 0"),
        ("Make at least 5 x.", "x >= 5", "x == 5"),
        ("Make exactly 5 x.", "x == 5", "x <= 5"),
        ("There are 40 hours available.", "3*x + 2*y <= 40", "3*x + 2*y >= 40"),
        ("At most 40% may be x.", "x <= 0.4*(x + y)", "x >= 0.4*(x + y)"),
        ("There must be at least 3 times as many x as y.", "x >= 3*y", "x <= 3*y"),
        ("Make between 5 and 10 x.", "5 <= x <= 10", "10 <= x <= 5"),
        ("At least 8 more x than y are made.", "x >= y + 8", "x <= y + 8"),
    ],
)
def test_a_turned_limit_is_told_and_the_right_one_is_not(
    words: str, right: str, wrong: str
) -> None:
    problem = read_problem(words)
    kept, compared = direction_conflicts(problem, one_rule(words, right), LIBRARY)
    assert compared >= 1
    assert kept == ()
    turned, _ = direction_conflicts(problem, one_rule(words, wrong), LIBRARY)
    assert {item.rule for item in turned} == {"r"}


@pytest.mark.parametrize(
    ("words", "relation"),
    [
        ("80 kg are in store.", "x + y == 80"),
        ("A bus has a capacity of 50 people.", "50*x >= y"),
        ("Some of the 5 halls are open.", "x <= 5"),
    ],
)
def test_words_that_do_not_bind_the_side_are_left_alone(words: str, relation: str) -> None:
    found, _ = direction_conflicts(read_problem(words), one_rule(words, relation), LIBRARY)
    assert found == ()


def test_the_card_of_an_archetype_gives_the_side_of_its_roles() -> None:
    words = "At least 5 x must be made."
    cir = one_rule(words, "x >= 5").model_dump(mode="json")
    for archetype, roles, conflicts in (
        ("minimum_requirement", {"amount": "x", "least": "5"}, 0),
        ("capacity_limit", {"use": "x", "limit": "5"}, 1),
    ):
        cir["rules"][0] |= {"archetype": archetype, "operands": roles}
        found, compared = direction_conflicts(read_problem(words), CIR.model_validate(cir), LIBRARY)
        assert (len(found), compared) == (conflicts, 1)


def test_a_limit_given_by_a_parameter_is_compared_too() -> None:
    words = "At least 5 x must be made."
    cir = one_rule(words, "x <= floor").model_dump(mode="json")
    cir["parameters"] = [{"name": "floor", "value": 5}]
    found, _ = direction_conflicts(read_problem(words), CIR.model_validate(cir), LIBRARY)
    assert [item.rule for item in found] == ["r"]


def test_a_bound_of_a_decision_is_compared_with_the_words_of_its_number() -> None:
    problem = read_problem("At least 5 chairs must be made.")
    for bounds, conflicts in (({"lower": 5}, 0), ({"upper": 5}, 1)):
        cir = CIR.model_validate(
            {
                "decisions": [{"name": "chairs"} | bounds],
                "objectives": [{"sense": "max", "expr": "chairs"}],
            }
        )
        assert len(direction_conflicts(problem, cir, LIBRARY)[0]) == conflicts


def test_a_goal_that_is_sought_the_wrong_way_is_told() -> None:
    problem = read_problem(CARPENTER)
    goal = {"sense": "min", "expr": "14*stools + 22*shelves"}
    found = direction(problem, carpenter(objectives=[goal]), LIBRARY)
    assert found.passed is False
    assert found.message == "The goal seeks the smallest, the words the largest."
    turned = {"sense": "min", "expr": "-(14*stools + 22*shelves)"}
    assert direction(problem, carpenter(objectives=[turned]), LIBRARY).passed is True


def test_the_message_quotes_the_words_and_names_the_rule() -> None:
    cir = carpenter(rules=[rule("order", "At least 6 shelves must be made.", "shelves <= 6")])
    found = direction(read_problem(CARPENTER), cir, LIBRARY)
    assert found.passed is False
    assert found.rules == ("order",)
    assert found.message == "The words say 'At least 6', the rule 'order' says at most 6."


def test_the_right_model_is_compared_and_passes() -> None:
    found = direction(read_problem(CARPENTER), carpenter(), LIBRARY)
    assert found.passed is True, found.message
    assert found.details["compared"] == 4


def test_one_limit_is_told_in_good_english() -> None:
    words = "Make at least 5 x."
    found = direction(read_problem(words), one_rule(words, "x >= 5"), LIBRARY)
    assert found.message == "The only limit or goal with such words points the way it says."

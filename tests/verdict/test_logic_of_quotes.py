"""Without a text, the rules are held against the conditions and choices that they quote."""

from __future__ import annotations

from typing import Any

import pytest
from small_problems import rule

from r2c.archetypes.load import standard_library
from r2c.cir.schema import CIR
from r2c.problem.read import read_problem
from r2c.problem.schema import Problem
from r2c.verdict.answer import solve
from r2c.verdict.logic import logic

LIBRARY = standard_library()
NOTHING = Problem(text="")
EITHER = "Either at least 20 chairs or at least 10 tables must be made."
BATCH = "If tables are made at all, at least 30 must be made."


def shop(*rules: dict[str, object], **more: Any) -> CIR:
    """A workshop's chairs and tables under some rules."""
    decisions = [{"name": name, "domain": "integer"} for name in ("chairs", "tables")]
    goal = {"sense": "max", "expr": "3*chairs + 5*tables"}
    parts = {"decisions": decisions, "rules": list(rules), "objectives": [goal]}
    return CIR.model_validate(parts | more)


def batch(id: str = "batch", quote: str = BATCH) -> dict[str, object]:
    operands = {"amount": "tables", "least": "30", "most": "90"}
    archetype = "minimum_batch_semi_continuous"
    return {"id": id, "quote": quote, "archetype": archetype, "operands": operands}


def test_a_rule_that_says_the_condition_that_it_quotes_passes() -> None:
    found = logic(NOTHING, shop(batch()), LIBRARY)
    assert found.passed is True, found.message
    assert found.details["said"] == 1


def test_a_quoted_condition_that_became_a_plain_row_fails_and_is_quoted() -> None:
    plain = rule("r1", BATCH, "tables >= 30")
    for rules in ([plain], [plain, batch(quote="At least 30 tables.")]):
        found = logic(NOTHING, shop(*rules), LIBRARY)
        assert found.passed is False
        assert f"'{BATCH}'" in found.message


def test_a_rule_is_asked_for_what_it_quotes_itself() -> None:
    found = logic(NOTHING, shop(rule("r1", EITHER, "chairs >= 20"), batch()), LIBRARY)
    assert found.passed is False
    assert EITHER in found.message
    assert BATCH not in found.message


@pytest.mark.parametrize(
    "part", [EITHER, "at least  20 chairs\nOR at least 10 tables", "At least 20 chairs"]
)
def test_words_quoted_by_several_rules_or_within_another_quote_are_the_same_words(
    part: str,
) -> None:
    says, row = rule("r1", EITHER, "chairs >= 20 or tables >= 10"), rule("r2", part, "chairs <= 90")
    for rules in ((says, row), (row, says)):
        found = logic(NOTHING, shop(*rules), LIBRARY)
        assert found.passed is True, found.message
        assert found.details["said"] == 1


@pytest.mark.parametrize("quote", ["", "  ", "…", "At most 9 chairs are sold.", "ß\x07İ"])
def test_without_logic_in_the_quotes_the_check_is_silent(quote: str) -> None:
    found = logic(NOTHING, shop(rule("r1", quote, "chairs <= 9")), LIBRARY)
    assert found.passed is None


def test_places_in_a_text_that_is_not_there_are_not_believed() -> None:
    elsewhere = {"start": 0, "end": 5}
    either = rule("r1", EITHER, "chairs >= 20 or tables >= 10")
    cir = shop(batch() | {"span": elsewhere}, either | {"span": {"start": 500, "end": 560}})
    assert logic(NOTHING, cir, LIBRARY).passed is True


def test_with_a_text_the_text_is_what_counts() -> None:
    cir = shop(rule("r1", BATCH, "tables >= 30"))
    assert logic(read_problem("At most 9 chairs are sold."), cir, LIBRARY).passed is None


def test_what_a_choice_costs_may_stand_in_the_objective_also_without_a_text() -> None:
    words = "If the depot is opened, a fixed fee of 900 must be paid."
    cir = CIR.model_validate(
        {
            "decisions": [{"name": "depot", "domain": "binary"}, {"name": "tons", "upper": "9"}],
            "rules": [rule("r1", words, "tons <= 8")],
            "objectives": [{"sense": "min", "expr": "900*depot + 3*tons"}],
        }
    )
    assert logic(NOTHING, cir, LIBRARY).passed is True


def test_the_answer_to_a_model_written_by_hand_tells_of_its_conditions() -> None:
    answer = solve(shop(batch(), rule("r1", "At most 80 in all.", "chairs + tables <= 80")))
    (found,) = [item for item in answer.evidence if item.check == "logic"]
    assert found.passed is True
    assert found.message.startswith("Every sentence that puts a condition or a choice")

"""A relation gets its archetype from its shape, a decision its domain from its meaning."""

from __future__ import annotations

import pytest

from r2c.agents.domain import domain_of
from r2c.agents.mapper import map_implication, map_relation
from r2c.agents.statements import Implication
from r2c.cir.expr import Compare
from r2c.cir.parse import parse
from r2c.cir.write import write
from r2c.errors import CIRError


@pytest.mark.parametrize(
    ("relation", "archetype", "operands"),
    [
        ("fuel <= 9", "capacity_limit", {"use": "fuel", "limit": "9"}),
        ("2*a + b <= 9", "capacity_limit", {"use": "2*a + b", "limit": "9"}),
        ("a >= 3", "minimum_requirement", {"amount": "a", "least": "3"}),
        ("a + b == 3", "exact_balance_requirement", {"amount": "a + b", "target": "3"}),
        (
            "a <= 0.3*(a + b)",
            "ratio_percentage_share",
            {"part": "a", "whole": "a + b", "share": "0.3", "sense": '"at_most"'},
        ),
        (
            "a >= 2*b",
            "ratio_percentage_share",
            {"part": "a", "whole": "b", "share": "2", "sense": '"at_least"'},
        ),
        (
            "a >= b/4",
            "ratio_percentage_share",
            {"part": "a", "whole": "b", "share": "0.25", "sense": '"at_least"'},
        ),
        (
            "a == b",
            "ratio_percentage_share",
            {"part": "a", "whole": "b", "share": "1", "sense": '"exactly"'},
        ),
        ("a <= b + 3", "linear", {"relation": "a <= b + 3"}),
        ("a <= -b", "linear", {"relation": "a <= -b"}),
        ("9 >= a", "linear", {"relation": "9 >= a"}),
        ("other <= 9", "linear", {"relation": "other <= 9"}),
        ("a >= 3*other", "minimum_requirement", {"amount": "a", "least": "3*other"}),
    ],
)
def test_a_relation_has_its_archetype_on_its_face(
    relation: str, archetype: str, operands: dict[str, str]
) -> None:
    parsed = parse(relation)
    assert isinstance(parsed, Compare)
    found, parts = map_relation(parsed, ["a", "b", "fuel"])
    assert found == archetype
    assert {role: write(expr) for role, expr in parts.items()} == operands


@pytest.mark.parametrize(
    ("relation", "archetype"),
    [
        ("a + b <= 1", "mutual_exclusion_conflict"),
        ("a + b == 1", "exactly_one_choice"),
        ("a + b + c <= 2", "cardinality_limit"),
        ("a + b >= 1", "minimum_requirement"),
        ("2*a + b <= 1", "capacity_limit"),
        ("a + n <= 1", "capacity_limit"),
        ("a + b <= 0.5", "capacity_limit"),
    ],
)
def test_a_sum_of_yes_or_no_choices_counts_them(relation: str, archetype: str) -> None:
    parsed = parse(relation)
    assert isinstance(parsed, Compare)
    assert map_relation(parsed, ["a", "b", "c", "n"], ["a", "b", "c"])[0] == archetype


def test_using_one_thing_may_require_or_rule_out_another() -> None:
    domains = {"a": "binary", "n": "integer", "x": "continuous"}
    archetype, parts = map_implication(Implication("a", "x", excludes=True), domains)
    assert archetype == "mutual_exclusion_conflict"
    assert {role: write(expr) for role, expr in parts.items()} == {"options": "[a, x]"}
    archetype, parts = map_implication(Implication("a", "n", excludes=False), domains)
    assert archetype == "if_then_implication"
    assert {role: write(expr) for role, expr in parts.items()} == {
        "condition": "a",
        "consequence": "n >= 1",
    }
    with pytest.raises(CIRError, match="not on how much"):
        map_implication(Implication("a", "x", excludes=False), domains)


@pytest.mark.parametrize(
    ("question", "domain"),
    [
        ("Which children should they take to spend the least?", "binary"),
        ("Decide which of the projects to fund.", "binary"),
        ("Find out whether each candidate should be hired.", "binary"),
        ("Which fleet should they hire?", "integer"),
        ("Which trucks should be used and how many of each?", "integer"),
        ("How many of each should be built?", "integer"),
    ],
)
def test_a_question_for_a_choice_makes_decisions_yes_or_no(question: str, domain: str) -> None:
    assert domain_of("children", "They travel.", question)[0] == domain


@pytest.mark.parametrize(
    ("meaning", "text", "domain"),
    [
        ("number of vans hired", "", "integer"),
        ("kilograms of maize used", "", "continuous"),
        ("the number of kilograms of maize", "", "continuous"),
        ("hours the saw runs", "", "continuous"),
        ("whether the plant is open", "", "binary"),
        ("vans hired", "", "integer"),
        ("vans hired", "Fractional amounts are fine.", "continuous"),
        ("kilograms of maize used", "Only whole numbers make sense.", "integer"),
    ],
)
def test_a_decision_is_counted_or_measured_by_its_meaning(
    meaning: str, text: str, domain: str
) -> None:
    found, reason = domain_of(meaning, text)
    assert found == domain
    assert reason

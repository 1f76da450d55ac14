"""Units as evidence: what differs for sure fails, what a loose noun may explain is a doubt."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from r2c.archetypes.load import standard_library
from r2c.cir.schema import CIR
from r2c.verdict.answer import solve
from r2c.verdict.units import units

LIBRARY = standard_library()


def plan(use: str, limit: str, more: Mapping[str, object] | None = None, **given: str) -> CIR:
    """Two decisions under a capacity; `given` are the units of x, y, need and cap."""
    decisions = [{"name": name, "unit": given.get(name)} for name in ("x", "y")]
    parameters = [
        {"name": name, "value": 30, "unit": given.get(name)}
        for name in ("need", "cap")
        if name in f"{use} {limit}"
    ]
    rule = {"id": "r", "archetype": "capacity_limit", "operands": {"use": use, "limit": limit}}
    goal = {"sense": "max", "expr": "x + y" if given.get("x") == given.get("y") else "x"}
    data = {"decisions": decisions, "parameters": parameters, "rules": [rule], "objectives": [goal]}
    return CIR.model_validate({**data, **(more or {})})


@pytest.mark.parametrize(
    ("use", "limit", "given", "passed"),
    [
        ("x + y", "cap", {"x": "kg", "y": "euro", "cap": "hour"}, False),
        ("x", "cap", {"x": "kg", "cap": "hours"}, False),
        ("need*x", "cap", {"x": "piece", "need": "minute/piece", "cap": "hours"}, False),
        ("need*x", "60*cap", {"x": "piece", "need": "minute/piece", "cap": "hours"}, None),
        ("need*x", "cap", {"x": "piece", "need": "minute/piece", "cap": "minutes"}, True),
        ("need*x", "cap", {"x": "pieces", "need": "hours per piece", "cap": "hours/week"}, True),
        ("need*x + need*y", "cap", {"x": "kg", "y": "kg", "need": "€/kg", "cap": "euro"}, True),
        ("need*x", "cap", {"x": "chair", "y": "table", "need": "kg/table", "cap": "kg"}, False),
        ("need*x", "cap", {"x": "rye loaf", "need": "kg/loaf", "cap": "kg"}, True),
        ("need*x", "cap", {"x": "rye loaf", "need": "kg/loaf", "cap": "euro"}, False),
        ("x", "cap", {"x": "machine hours", "cap": "hours"}, True),
        ("x", "cap", {"x": "crate", "cap": "box"}, True),
        ("x + y", "cap", {"x": "chair", "y": "table", "cap": "piece"}, True),
        ("need*x", "cap", {"need": "hours/chair", "cap": "hours"}, None),
        ("x + y", "40", {"x": "kg"}, None),
        ("x + y", "40", {"x": "kg", "y": "kg"}, True),
        ("x + y", "40", {}, None),
        ("x", "cap", {"x": "??", "cap": "3 apples"}, None),
    ],
)
def test_amounts_that_meet_must_be_of_one_kind(
    use: str, limit: str, given: dict[str, str], passed: bool | None
) -> None:
    found = units(plan(use, limit, None, **given), LIBRARY)
    assert found.passed is passed, found.message


def test_a_conflict_names_the_rule_and_both_sides_and_a_doubt_is_kept() -> None:
    wrong = units(plan("need*x", "cap", x="piece", need="minute/piece", cap="hours"), LIBRARY)
    assert wrong.rules == ("r",)
    assert "'need*x' in minute/piece*piece together with 'cap' in hours" in wrong.message
    loose = units(plan("x", "cap", x="machine hours", cap="hours"), LIBRARY)
    assert loose.message == "The units agree in 1 sum or comparison, with 1 doubt."
    assert len(loose.details["doubts"]) == 1  # type: ignore[arg-type]


def test_a_number_alone_has_the_unit_of_what_it_is_given_for() -> None:
    bounded = {"decisions": [{"name": "x", "unit": "kg", "upper": 1}, {"name": "y", "unit": "kg"}]}
    cir = plan("x + y", "cap", bounded, x="kg", y="kg", cap="kg")
    assert units(cir, LIBRARY).passed is True


def test_units_are_part_of_the_verdict() -> None:
    answer = solve(plan("x + y", "cap", x="kg", y="euro", cap="hour"))
    (found,) = [item for item in answer.evidence if item.check == "units"]
    assert found.passed is False
    assert found.message in answer.evidence[-1].message

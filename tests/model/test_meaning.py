"""A rule's meaning is checked on a point, with tolerance, and never contradicts its opposite."""

from __future__ import annotations

import pytest

from r2c.archetypes.load import standard_library
from r2c.cir.instance import bind
from r2c.cir.schema import CIR
from r2c.model.affine import Variable
from r2c.model.meaning import Meaning, meaning

LIBRARY = standard_library()


def told(archetype: str, operands: dict[str, str], **parts: object) -> Meaning:
    rule = {
        "id": "r",
        "archetype": archetype,
        "operands": operands,
        "outputs": parts.pop("out", {}),
    }
    rule["forall"] = parts.pop("forall", None)
    decisions = parts.pop("decisions", [{"name": "x"}, {"name": "y"}])
    cir = CIR.model_validate({"decisions": decisions, "rules": [rule], **parts})
    found, faults = meaning(cir, LIBRARY, bind(cir).require())
    assert faults == ()
    return found


def holds(found: Meaning, **values: float) -> bool:
    return next(found.broken({(name, ()): value for name, value in values.items()}), None) is None


IF_THEN = {"condition": "x >= 5", "consequence": "y >= 2"}
BATCH = {"amount": "x", "least": "5"}
EXCLUSION = {"options": "[x, y]"}


@pytest.mark.parametrize(
    ("archetype", "operands", "x", "y", "expected"),
    [
        ("capacity_limit", {"use": "x + y", "limit": "4"}, 2, 2, True),
        ("capacity_limit", {"use": "x + y", "limit": "4"}, 2, 2.1, False),
        ("capacity_limit", {"use": "x + y", "limit": "4"}, 2, 2 + 1e-8, True),
        ("linear", {"relation": "1 <= x <= 3 and y == 2"}, 3, 2, True),
        ("linear", {"relation": "1 <= x <= 3 and y == 2"}, 0.5, 2, False),
        ("linear", {"relation": "abs(x - y) <= 1"}, 3, 2, True),
        ("linear", {"relation": "x*y <= 5"}, 3, 2, False),
        ("if_then_implication", IF_THEN, 4, 0, True),
        ("if_then_implication", IF_THEN, 5, 0, False),
        ("if_then_implication", IF_THEN, 5 - 1e-9, 0, False),
        ("if_then_implication", IF_THEN, 5, 2, True),
        ("mutual_exclusion_conflict", EXCLUSION, 1, 0, True),
        ("mutual_exclusion_conflict", EXCLUSION, 1, 1e-9, True),
        ("mutual_exclusion_conflict", EXCLUSION, 1, 0.1, False),
        ("exactly_one_choice", EXCLUSION, 0, 0, False),
        (
            "ratio_percentage_share",
            {"part": "x", "whole": "x + y", "share": "0.5", "sense": "at_least"}, 1, 2, False,
        ),
        (
            "ratio_percentage_share",
            {"part": "x", "whole": "x + y", "share": "0.5", "sense": "at_most"}, 1, 2, True,
        ),
    ],
)  # fmt: skip
def test_a_point_keeps_a_rule_exactly_if_the_meaning_holds(archetype, operands, x, y, expected):
    assert holds(told(archetype, operands), x=x, y=y) is expected


@pytest.mark.parametrize(
    ("amount", "active", "expected"),
    [(0, 0, True), (5, 1, True), (3, 1, False), (5, 0, False), (0, 1, False)],
)
def test_outputs_take_part_in_the_meaning(amount, active, expected):
    found = told("minimum_batch_semi_continuous", BATCH, out={"active": "on"})
    assert holds(found, x=amount, y=0, on=active) is expected


def test_the_violation_says_which_member_breaks_the_rule_and_by_how_much():
    found = told(
        "capacity_limit",
        {"use": "make[p]", "limit": "10"},
        forall="for p in P",
        sets=[{"name": "P", "elements": ["a", "b"]}],
        decisions=[{"name": "make", "over": ["P"]}],
    )
    ((clause, amount),) = found.broken({("make", ("a",)): 10.0, ("make", ("b",)): 20.0})
    assert (clause.rule, clause.name, clause.key) == ("r", "holds", ("b",))
    assert amount == pytest.approx(0.5)


def test_conditions_on_data_are_decided_by_the_data():
    found = told(
        "inventory_balance",
        {"stock": "s", "inflow": "m", "outflow": "1", "periods": "T", "initial": "2"},
        sets=[{"name": "T", "kind": "ordered", "elements": [1, 2]}],
        decisions=[{"name": "s", "over": ["T"]}, {"name": "m", "over": ["T"]}],
    )
    assert [(clause.name, clause.key) for clause in found.clauses] == [
        ("first", (1,)),
        ("later", (2,)),
    ]
    point: dict[Variable, float] = {(name, (t,)): 0.0 for name in "ms" for t in (1, 2)}
    point["s", (1,)] = 1.0
    assert next(found.broken(point), None) is None
    assert next(found.broken({**point, ("s", (2,)): 1.0}), None) is not None


def test_a_soft_rule_may_be_broken():
    cir = CIR.model_validate(
        {
            "decisions": [{"name": "x"}],
            "rules": [{"id": "r", "operands": {"relation": "x <= 1"}, "soft": {"price": 3}}],
        }
    )
    found, faults = meaning(cir, LIBRARY, bind(cir).require())
    assert (found.clauses, faults) == ((), ())


@pytest.mark.parametrize(
    ("options", "x", "expected"),
    [
        ("[0, 1]", 0, True),
        ("[0, 0]", 0, False),
        ("[1, 1]", 0, False),
        ("[x, 1]", 0, True),
        ("[x, 1]", 1, False),
        ("[x, 0]", 1, True),
    ],
)
def test_choices_that_are_known_beforehand_are_counted_like_others(options, x, expected):
    found = told("exactly_one_choice", {"options": options})
    assert holds(found, x=x, y=0) == expected

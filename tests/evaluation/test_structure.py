"""Rules are held against the right ones by what they mean, not by what symbols are called."""

from __future__ import annotations

import pytest

from r2c.cir.instance import Instance, bind
from r2c.cir.schema import CIR
from r2c_evaluation.structure import Match, archetype_match, rule_match

RIGHT = {
    "sets": [{"name": "Goods", "elements": ["a", "b"]}],
    "parameters": [
        {"name": "hours", "over": ["Goods"], "value": {"kind": "dense", "values": [3, 5]}},
        {"name": "open_hours", "value": 40},
    ],
    "decisions": [{"name": "make", "over": ["Goods"]}],
    "rules": [
        {
            "id": "time",
            "archetype": "capacity_limit",
            "operands": {"use": "sum(hours[g]*make[g] for g in Goods)", "limit": "open_hours"},
        },
        {
            "id": "least",
            "archetype": "minimum_requirement",
            "forall": "for g in Goods",
            "operands": {"amount": "make[g]", "least": "2"},
        },
    ],
    "objectives": [{"sense": "max", "expr": "sum(make[g] for g in Goods)"}],
}
SAME = {
    "sets": [{"name": "P", "elements": ["x", "y"]}],
    "parameters": [
        {"name": "t", "over": ["P"], "value": {"kind": "dense", "values": [5, 3]}},
    ],
    "decisions": [{"name": "q", "over": ["P"]}],
    "rules": [
        {
            "id": "r2",
            "archetype": "minimum_requirement",
            "forall": "for p in P",
            "operands": {"amount": "q[p]", "least": "2"},
        },
        {
            "id": "r1",
            "archetype": "capacity_limit",
            "operands": {"use": "sum(t[p]*q[p] for p in P)", "limit": "40"},
        },
    ],
}


def instance(told: dict[str, object]) -> Instance:
    return bind(CIR.model_validate(told)).require()


def test_other_names_orders_and_places_of_numbers_make_no_difference() -> None:
    found = rule_match(instance(SAME), instance(RIGHT))
    assert found == Match(2, 0, 0)
    assert found.f1 == 1


def test_a_lost_and_an_invented_rule_cost_recall_and_precision() -> None:
    rules = list(SAME["rules"])  # type: ignore[call-overload]
    invented = {**rules[1], "id": "r3", "operands": {"use": "q['x']", "limit": "9"}}
    found = rule_match(instance({**SAME, "rules": [rules[1], invented]}), instance(RIGHT))
    assert found == Match(1, 1, 1)
    assert (found.precision, found.recall, found.f1) == (0.5, 0.5, 0.5)


def test_a_limit_of_the_wrong_number_or_for_each_is_another_rule_of_the_same_archetype() -> None:
    rules = list(SAME["rules"])  # type: ignore[call-overload]
    for wrong in (
        {**rules[1], "operands": {"use": "sum(t[p]*q[p] for p in P)", "limit": "41"}},
        {**rules[1], "forall": "for p in P", "operands": {"use": "t[p]*q[p]", "limit": "40"}},
    ):
        model = instance({**SAME, "rules": [rules[0], wrong]})
        assert rule_match(model, instance(RIGHT)).found == 1
        assert archetype_match(model, instance(RIGHT)).f1 == 1


def test_a_model_without_rules_has_invented_none() -> None:
    found = rule_match(instance({**SAME, "rules": []}), instance(RIGHT))
    assert (found.precision, found.recall) == (1, 0)
    assert found.f1 == pytest.approx(0)

"""Differences between models: none for equal ones, one readable line for each change."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import cirs

from r2c.cir.canonical import canonical_text
from r2c.cir.diff import diff
from r2c.cir.schema import CIR

MODEL: dict[str, Any] = {
    "sets": [{"name": "A", "elements": ["u", "v"]}],
    "parameters": [{"name": "cap", "value": 7}],
    "definitions": [{"name": "total", "expr": "sum(x[i] for i in A)"}],
    "decisions": [{"name": "x", "over": ["A"]}, {"name": "y", "domain": "binary"}],
    "rules": [
        {"id": "limit", "quote": "at most seven", "operands": {"relation": "total <= cap"}},
        {"id": "each", "forall": "for i in A", "operands": {"relation": "x[i] <= 9*y"}},
    ],
    "objectives": [{"sense": "max", "expr": "2*total - y"}],
}


def changed(section: str, place: int | None, change: dict[str, Any] | None) -> CIR:
    """The model with one record changed, added (no place) or removed (no change)."""
    records = [dict(item) for item in MODEL[section]]
    if place is None:
        records.append(change or {})
    elif change is None:
        del records[place]
    else:
        records[place] |= change
    return CIR.model_validate({**MODEL, section: records})


CASES = [
    ("rules", 0, {"operands": {"relation": "total <= cap + 1"}},
     ["rule 'limit' changed: relation total <= cap -> total <= cap + 1"]),
    ("rules", 0, {"operands": {"relation": "total >= cap"}},
     ["rule 'limit' changed: relation total <= cap -> total >= cap"]),
    ("rules", 1, None, ["rule 'each' removed: forall for i in A; relation x[i] <= 9*y"]),
    ("rules", None, {"id": "new", "operands": {"relation": "y <= 0"}},
     ["rule 'new' added: relation y <= 0"]),
    ("rules", 1, {"soft": {"price": 4}}, ["rule 'each' changed: soft (none) -> "]),
    ("parameters", 0, {"value": 8}, ["parameter 'cap' changed: value 7.0 -> 8.0"]),
    ("decisions", 1, {"domain": "integer"}, ["decision 'y' changed: domain binary -> integer"]),
    ("decisions", None, {"name": "z"}, ["decision 'z' added: "]),
    ("sets", 0, {"elements": ["u", "w"]}, ["set 'A' changed: elements "]),
    ("definitions", 0, None, ["definition 'total' removed: expr sum(x[i] for i in A)"]),
    ("objectives", 0, {"sense": "min"}, ["objective '1' changed: sense max -> min"]),
    ("objectives", None, {"sense": "min", "expr": "y", "tier": 1}, ["objective '2' added: "]),
    ("rules", 0, {"quote": "other words", "id": "renamed"}, []),
    ("rules", 1, {"forall": "for k in A", "operands": {"relation": "0 >= x[k] - 9*y"}}, []),
    ("decisions", 0, {"meaning": "tons", "unit": "t", "indices": ["k"]}, []),
]  # fmt: skip


@pytest.mark.parametrize(("section", "place", "change", "expected"), CASES)
def test_each_change_is_one_readable_line(section, place, change, expected):
    lines = list(map(str, diff(CIR.model_validate(MODEL), changed(section, place, change))))
    assert len(lines) == len(expected)
    for line, start in zip(lines, expected, strict=True):
        assert line.startswith(start)


def test_a_rule_that_moved_and_one_that_changed_are_told_apart():
    rules = [MODEL["rules"][1], {**MODEL["rules"][0], "operands": {"relation": "total <= 9"}}]
    [change] = diff(CIR.model_validate(MODEL), CIR.model_validate({**MODEL, "rules": rules}))
    assert (change.kind, change.what, change.name) == ("changed", "rule", "limit")


def test_a_symbol_that_became_another_kind_is_removed_and_added():
    other = {**MODEL, "parameters": [], "definitions": [*MODEL["definitions"],
                                                       {"name": "cap", "expr": "3"}]}  # fmt: skip
    found = diff(CIR.model_validate(MODEL), CIR.model_validate(other))
    assert [(change.kind, change.what) for change in found] == [
        ("removed", "parameter"), ("added", "definition"),
    ]  # fmt: skip


def test_numbers_written_alike_over_members_in_another_order_are_told_by_member():
    def model(members):
        return CIR.model_validate(
            {
                "sets": [{"name": "P", "elements": members}],
                "parameters": [
                    {"name": "c", "over": ["P"], "value": {"kind": "dense", "values": [1, 2.5]}}
                ],
                "decisions": [{"name": "x", "over": ["P"], "indices": ["p"]}],
                "objectives": [{"sense": "max", "expr": "sum(c[p]*x[p] for p in P)"}],
            }
        )

    [change] = diff(model(["a", "b"]), model(["b", "a"]))
    assert change.details == "value a: 1, b: 2.5 -> a: 2.5, b: 1"


SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(cirs(), st.randoms(use_true_random=False))
def test_a_model_does_not_differ_from_itself_in_another_order(cir, dice):
    def shuffled(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(dice.sample(items, len(items)))

    sections = ("sets", "parameters", "definitions", "decisions", "rules", "objectives")
    other = cir.model_copy(update={name: shuffled(getattr(cir, name)) for name in sections})
    assert diff(cir, other) == ()
    assert canonical_text(cir) == canonical_text(other)

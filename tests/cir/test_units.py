"""Units: what people write is read, and sums of different things are found."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import trees

from r2c.cir.parse import parse
from r2c.cir.schema import CIR
from r2c.cir.unit_table import ONE, read_unit
from r2c.cir.units import unit_faults, unit_of

SAME = [
    ("hours", "hour"), ("$/chair", "dollars per chair"), ("kg", "kilograms"), ("%", "percent"),
    ("kW*h", "kWh"), ("m^2", "m²"), ("$ per chair per week", "$/chair/week"), ("boxes", "box"),
    ("batteries", "battery"), ("tons", "Ton"), ("EUR", "€"),
    ("h", "hr"), ("m/s", "metres per second"),
    ("kg flour", "kg"), ("hours of labour per chair", "hours/chair"), ("1/hour", "per hour"),
    ("trucks", "TRUCK"), ("t", "tonnes"), ("buses", "bus"), ("USD million", "million $"),
]  # fmt: skip
DIFFERENT = [
    ("hours", "minutes"), ("$", "€"), ("kg", "litres"), ("$/chair", "$"), ("hours", "hours/chair"),
    ("USD million", "$"), ("thousand units", "units"),
    ("m", "m^2"), ("kW", "kWh"), ("hours*table/chair", "hours"), ("$ / day / truck", "$"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_are_one_unit(one, other):
    assert read_unit(one) == read_unit(other) is not None


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_units_that_do_not_match(one, other):
    left, right = read_unit(one), read_unit(other)
    assert left is not None
    assert right is not None
    assert not left.matches(right)
    assert not right.matches(left)


@pytest.mark.parametrize(
    ("one", "other"),
    [("kg", "kg per week"), ("hours", "hours/day"), ("chairs", "tables"), ("$", "$ per month")],
)
def test_counts_and_rates_per_planning_period_match(one, other):
    left, right = read_unit(one), read_unit(other)
    assert left is not None
    assert right is not None
    assert left.matches(right)
    assert right.matches(left)


NO_UNITS = ["", "  ", None, "3 apples + 2", "kg//h", "/", "m^x", "m^99", "a" * 99, "kg/", "!?"]


@pytest.mark.parametrize("text", NO_UNITS)
def test_what_is_no_unit_is_unknown(text):
    assert read_unit(text) is None


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=30) | st.text("kgh $/^*()23 per", max_size=20))
def test_any_text_is_a_unit_or_unknown(text):
    unit = read_unit(text)
    assert unit is None or unit.matches(unit)


UNITS = st.sampled_from(("kg", "hours", "$", "chair", "minutes", "km", "$/chair")).map(read_unit)


@given(UNITS, UNITS, UNITS)
def test_units_multiply_like_a_group(a, b, c):
    assert (a * b) * c == a * (b * c)
    assert a * b == b * a
    assert a / a == ONE
    assert a.power(2) == a * a


def model(relation: str, quote: str = "the words") -> CIR:
    return CIR.model_validate(
        {
            "sets": [{"name": "I", "elements": ["a"]}],
            "parameters": [
                {"name": "need", "over": ["I"], "unit": "hours/chair", "value": 3},
                {"name": "hours", "unit": "hours", "value": 40},
                {"name": "minutes", "unit": "minutes", "value": 40},
                {"name": "weekly", "unit": "hours per week", "value": 40},
                {"name": "price", "unit": "$/chair", "value": 4},
                {"name": "budget", "unit": "$", "value": 4},
                {"name": "odd", "unit": "??", "value": 4},
            ],
            "decisions": [
                {"name": "chairs", "over": ["I"], "unit": "chairs"},
                {"name": "tables", "unit": "tables"},
            ],
            "rules": [{"id": "r", "quote": quote, "operands": {"relation": relation}}],
            "objectives": [{"sense": "max", "expr": "price*chairs['a']"}],
        }
    )


@pytest.mark.parametrize(
    ("relation", "code"),
    [
        ("sum(need[i]*chairs[i] for i in I) <= hours", None),
        ("sum(need[i]*chairs[i] for i in I) <= weekly", None),
        ("sum(need[i]*chairs[i] for i in I) <= minutes", "R2C-C086"),
        ("60*sum(need[i]*chairs[i] for i in I) <= minutes", None),
        ("sum(need[i]*chairs[i] for i in I) <= budget", "R2C-C085"),
        ("need['a']*tables <= hours", "R2C-C085"),
        ("chairs['a'] + tables <= 20", None),
        ("chairs['a'] + hours <= 20", "R2C-C085"),
        ("price*chairs['a'] - budget >= 0", None),
        ("price + budget >= 0", "R2C-C085"),
        ("3*chairs['a'] + 2*tables <= hours", None),
        ("odd + hours <= budget", "R2C-C085"),
        ("odd*hours <= budget", None),
        ("max(hours, budget) <= 3", "R2C-C085"),
        ("hours/hours <= 1", None),
        ("chairs['a'] <= 1", None),
        ("implies(chairs['a'] >= hours, tables >= 1)", "R2C-C085"),
    ],
)
def test_a_relation_is_consistent_or_named(relation, code):
    found = unit_faults(model(relation))
    assert [fault.code for fault in found] == ([code] if code else [])


def test_a_fault_names_both_operands_and_the_sentence():
    [fault] = unit_faults(model("need['a']*chairs['a'] <= budget", "At most 40 hours."))
    for words in ('need["a"]*chairs["a"]', "budget", "hour", "$", "At most 40 hours."):
        assert words in fault.what


def test_the_missing_factor_is_told():
    [fault] = unit_faults(model("hours <= minutes"))
    assert "60" in fault.remedy


def test_a_definition_has_the_unit_it_says():
    data = model("hours <= 3").model_dump(mode="json")
    data["definitions"] = [{"name": "cost", "unit": "$", "expr": "price*tables"}]
    [fault] = unit_faults(CIR.model_validate(data))
    assert fault.code == "R2C-C085"


def test_an_objective_has_the_unit_it_says():
    data = model("hours <= 3").model_dump(mode="json")
    data["objectives"] = [{"sense": "min", "unit": "hours", "expr": "price*chairs['a']"}]
    [fault] = unit_faults(CIR.model_validate(data))
    assert fault.code == "R2C-C085"
    data["objectives"][0]["unit"] = "$"
    assert unit_faults(CIR.model_validate(data)) == ()


def test_the_unit_of_an_expression_is_told():
    unit = unit_of(parse("price*chairs['a']/hours"), model("hours <= 3"))
    assert unit is not None
    assert unit == read_unit("$/hour")
    assert unit.scale == Fraction(1, 3600)
    assert str(unit) == "$/chair*chairs/hours"


@settings(max_examples=200, deadline=None)
@given(trees())
def test_every_tree_has_a_unit_or_none(tree):
    cir = model("hours <= 3")
    unit_of(tree, cir)
    rule = cir.rules[0].model_copy(update={"operands": {"a": tree}})
    unit_faults(cir.model_copy(update={"rules": (rule,)}))

"""Soft rules are broken where that is worth their price, and only there."""

from __future__ import annotations

import pytest

import r2c
from r2c.archetypes.load import standard_library
from r2c.cir.instance import bind
from r2c.cir.parse import parse
from r2c.cir.schema import CIR, Rule
from r2c.model.build import build
from r2c.model.reformulate import NotReformulated, reformulate
from r2c.solve.ask import ask
from r2c.solve.limits import Limits
from r2c.solve.matrix import matrix_of
from r2c.solve.process import SolverProcess

LIBRARY = standard_library()


@pytest.fixture(scope="module")
def process():
    with SolverProcess() as running:
        yield running


def soft_limit(sense: str, price: str, per: str, rule: dict | None = None) -> CIR:
    rule = rule or {"archetype": "capacity_limit", "operands": {"use": "x", "limit": "4"}}
    return CIR.model_validate(
        {
            "decisions": [{"name": "x", "upper": "10"}],
            "rules": [{"id": "r", **rule, "soft": {"price": price, "per": per}}],
            "objectives": [{"sense": sense, "expr": "x" if sense == "max" else "-x"}],
        }
    )


def best(cir: CIR, process: SolverProcess) -> float:
    instance = bind(cir).require()
    matrix = matrix_of(build(reformulate(cir, LIBRARY, instance), instance))
    answer = ask(process, matrix, matrix.goals[0], Limits(), seconds=20)
    assert answer.point is not None
    return matrix.goals[0].value(answer.point)


EXACT = {"archetype": "exact_balance_requirement", "operands": {"amount": "x", "target": "4"}}


@pytest.mark.parametrize(
    ("sense", "price", "per", "rule", "expected"),
    [
        ("max", "2", "unit", None, 4),
        ("max", "0.5", "unit", None, 10 - 0.5 * 6),
        ("min", "2", "unit", None, -4),
        ("min", "0.5", "unit", None, -10 + 0.5 * 6),
        ("max", "7", "occurrence", None, 4),
        ("max", "2", "occurrence", None, 8),
        ("max", "0.5", "unit", EXACT, 7),
        ("max", "2", "occurrence", EXACT, 8),
        ("min", "9", "occurrence", EXACT, -4),
    ],
)
def test_the_price_decides_whether_the_rule_is_broken(sense, price, per, rule, expected, process):
    assert best(soft_limit(sense, price, per, rule), process) == pytest.approx(expected)


def test_a_rule_that_can_be_switched_off_needs_a_bound_and_says_which():
    cir = CIR.model_validate(
        {
            "decisions": [{"name": "x"}],
            "rules": [
                {
                    "id": "r", "operands": {"relation": "x <= 4"},
                    "soft": {"price": 1, "per": "occurrence"},
                }
            ],
        }
    )  # fmt: skip
    with pytest.raises(NotReformulated, match="x has no upper bound") as caught:
        reformulate(cir, LIBRARY, bind(cir).require())
    assert caught.value.code == "R2C-M131"


def refused(cir: CIR) -> NotReformulated:
    with pytest.raises(NotReformulated) as caught:
        reformulate(cir, LIBRARY, bind(cir).require())
    return caught.value


FEW = {"archetype": "cardinality_limit", "operands": {"items": "[x, 2*x]", "most": "1"}}
APART = {
    "archetype": "either_or_constraints",
    "operands": {"one": "x <= 2", "other": "x >= 7"},
}


def test_a_rule_whose_paradigms_need_auxiliary_variables_is_not_priced_by_the_unit():
    error = refused(soft_limit("max", "1", "unit", FEW))
    assert error.code == "R2C-M112"
    assert "its rows do not measure by how much the rule is broken" in str(error)


def test_a_rule_that_is_kept_or_not_has_no_price_by_the_unit():
    assert refused(soft_limit("max", "1", "unit", APART)).code == "R2C-M130"
    reformulate(cir := soft_limit("max", "1", "occurrence", APART), LIBRARY, bind(cir).require())


def test_a_pinned_paradigm_whose_rows_say_a_thing_twice_is_refused_by_the_unit():
    choices = [{"name": name, "domain": "binary"} for name in "abc"]
    rule = {
        "id": "r",
        "archetype": "mutual_exclusion_conflict",
        "operands": {"options": "[a, b, c]"},
        "soft": {"price": 1},
    }
    pairs = CIR.model_validate({"decisions": choices, "rules": [{**rule, "chosen": "pairwise"}]})
    error = refused(pairs)
    assert error.code == "R2C-M130"
    assert "pairwise: its rows do not measure by how much the rule is broken" in str(error)
    free = CIR.model_validate({"decisions": choices, "rules": [rule]})
    (choice,) = reformulate(free, LIBRARY, bind(free).require()).choices
    assert choice.paradigm == "clique"


DEVIATION = {"archetype": "absolute_value_deviation", "outputs": {"deviation": "gap"}}


@pytest.mark.parametrize("per", ["unit", "occurrence"])
@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (
            {"archetype": "derived_quantity_definition", "operands": {"formula": "2*x"}},
            "it only says what quantity is",
        ),
        ({**DEVIATION, "operands": {"amount": "x", "target": "4"}}, "it has no limit"),
    ],
)
def test_what_a_rule_defines_is_not_for_sale(rule, told, per):
    error = refused(soft_limit("max", "1", per, rule))
    assert (error.code, told in str(error)) == ("R2C-M134", True)


@pytest.mark.parametrize("per", ["unit", "occurrence"])
def test_a_soft_limit_on_what_a_rule_defines_leaves_the_definition_alone(per, process):
    rule = {**DEVIATION, "operands": {"amount": "x", "target": "4", "limit": "1"}}
    cir = soft_limit("max", "0.5", per, rule)
    goal = cir.objectives[0].model_copy(update={"expr": parse("x - 0.25*gap")})
    most = Rule.model_validate({"id": "most", "operands": {"relation": "gap <= 9"}})
    cir = cir.model_copy(update={"objectives": (goal,), "rules": (*cir.rules, most)})
    # At x = 10 the deviation is 6, 5 over its limit.
    paid = 0.5 * 5 if per == "unit" else 0.5
    assert best(cir, process) == pytest.approx(10 - 0.25 * 6 - paid)


@pytest.mark.parametrize("per", ["unit", "occurrence"])
@pytest.mark.parametrize(
    ("relation", "term"),
    [
        ("x*y == 4", "x*y"),
        ("x**2 <= 9", "x**2"),
        ("x**y <= 9", "x**y"),
        ("abs(x - y) <= 1", "abs(x - y)"),
        ("max(x, y) <= 3", "max(x, y)"),
        ("min(x, y) >= 3", "min(x, y)"),
        ("area <= 3", "x*y"),
    ],
)
def test_a_soft_rule_that_is_not_linear_is_refused_by_name_however_it_is_priced(
    relation, term, per
):
    cir = CIR.model_validate(
        {
            "decisions": [{"name": "x", "upper": "10"}, {"name": "y", "upper": "10"}],
            "definitions": [{"name": "area", "expr": "x*y"}] if "area" in relation else [],
            "rules": [
                {"id": "r", "operands": {"relation": relation}, "soft": {"price": 1, "per": per}}
            ],
            "objectives": [{"sense": "min", "expr": "x + y"}],
        }
    )
    with pytest.raises(NotReformulated) as caught:
        reformulate(cir, LIBRARY, bind(cir).require())
    assert {fault.code for fault in caught.value.faults} == {"R2C-M123"}
    assert any(f"`{term}`" in fault.what for fault in caught.value.faults)


def test_a_nonlinear_rule_priced_per_occurrence_is_an_unsupported_answer():
    answer = r2c.solve(
        {
            "decisions": [{"name": "x", "upper": "10"}, {"name": "y", "upper": "10"}],
            "rules": [
                {
                    "id": "r", "operands": {"relation": "x*y == 4"},
                    "soft": {"price": 1, "per": "occurrence"},
                }
            ],
            "objectives": [{"sense": "min", "expr": "x + y"}],
        }
    )  # fmt: skip
    assert answer.outcome == "unsupported"
    assert [fault.code for fault in answer.faults] == ["R2C-M123"]


@pytest.mark.parametrize("per", ["unit", "occurrence"])
def test_a_price_below_zero_is_refused(per):
    with pytest.raises(NotReformulated, match="has the price -2") as caught:
        reformulate(cir := soft_limit("max", "-2", per), LIBRARY, bind(cir).require())
    assert caught.value.code == "R2C-M132"


@pytest.mark.parametrize("per", ["unit", "occurrence"])
def test_a_price_from_data_that_is_below_zero_is_refused_with_its_member(per):
    prices = {"name": "price", "over": ["P"], "value": {"kind": "dense", "values": [0, 3, -1]}}
    cir = CIR.model_validate(
        {
            "sets": [{"name": "P", "elements": ["a", "b", "c"]}],
            "parameters": [prices],
            "decisions": [{"name": "x", "over": ["P"], "upper": "10"}],
            "rules": [
                {
                    "id": "r", "forall": "for p in P", "operands": {"relation": "x[p] <= 4"},
                    "soft": {"price": "price[p]", "per": per},
                }
            ],
            "objectives": [{"sense": "max", "expr": "sum(x[p] for p in P)"}],
        }
    )  # fmt: skip
    with pytest.raises(NotReformulated, match="has the price -1 for c"):
        reformulate(cir, LIBRARY, bind(cir).require())


def test_a_price_that_the_plan_decides_is_refused():
    with pytest.raises(NotReformulated) as caught:
        reformulate(cir := soft_limit("max", "x", "unit"), LIBRARY, bind(cir).require())
    assert caught.value.code == "R2C-M133"

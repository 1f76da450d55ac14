"""Soft rules are broken where that is worth their price, and only there."""

from __future__ import annotations

import pytest

from r2c.archetypes.load import standard_library
from r2c.cir.instance import bind
from r2c.cir.schema import CIR
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


def test_a_rule_with_auxiliary_variables_is_not_priced_by_the_unit():
    rule = {
        "archetype": "cardinality_limit",
        "operands": {"items": "[x, 2*x]", "most": "1"},
    }
    with pytest.raises(NotReformulated) as caught:
        cir = soft_limit("max", "1", "unit", rule)
        reformulate(cir, LIBRARY, bind(cir).require())
    assert caught.value.code == "R2C-M130"

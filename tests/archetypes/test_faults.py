"""A word of a card is one, also where a symbol of the model has a name that resembles it."""

from __future__ import annotations

from typing import Any

from r2c.archetypes.faults import structural_faults
from r2c.archetypes.load import standard_library
from r2c.cir.check import check
from r2c.cir.schema import CIR
from r2c.formulation import Outcome
from r2c.verdict.answer import solve

MODEL: dict[str, Any] = {
    "parameters": [{"name": "most", "value": 40}],
    "decisions": [{"name": "x", "upper": "most"}, {"name": "y", "upper": "30"}],
    "rules": [
        {
            "id": "share",
            "archetype": "ratio_percentage_share",
            "operands": {"part": "x", "whole": "x + y", "share": "0.5", "sense": "at_most"},
        }
    ],
    "objectives": [{"sense": "max", "expr": "2*x + y"}],
}


def with_sense(word: str) -> CIR:
    [rule] = MODEL["rules"]
    return CIR.model_validate(
        {**MODEL, "rules": [{**rule, "operands": {**rule["operands"], "sense": word}}]}
    )


def test_a_word_that_resembles_a_parameter_is_no_slip() -> None:
    cir = with_sense("at_most")
    assert check(cir), "without the card it looks like one"
    assert structural_faults(cir, standard_library()) == ()
    answer = solve(cir)
    assert (answer.outcome, answer.objective) == (Outcome.OPTIMAL, 90.0)


def test_a_name_that_is_no_word_of_the_card_is_told_with_the_symbol_that_it_resembles() -> None:
    [fault] = structural_faults(with_sense("mosst"), standard_library())
    assert "'most'" in str(fault)

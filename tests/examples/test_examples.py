"""The examples give the answers that examples/README.md promises."""

from __future__ import annotations

from pathlib import Path

import pytest

import r2c

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def test_the_hand_written_bakery_is_solved_and_its_binding_rules_are_known() -> None:
    cir = r2c.CIR.model_validate_json((EXAMPLES / "bakery.cir.json").read_text(encoding="utf-8"))
    answer = r2c.solve(cir)
    assert answer.outcome == "optimal"
    assert answer.objective == pytest.approx(245)
    assert answer.solution is not None
    found = {name: values[0].value for name, values in answer.solution.values.items()}
    assert found == pytest.approx({"loaves": 30, "trays": 25})


def test_the_transport_plan_reads_its_sets_and_numbers_from_files() -> None:
    files = [EXAMPLES / "transport" / f"{name}.csv" for name in ("plants", "shops", "lanes")]
    answer = r2c.solve(EXAMPLES / "transport.cir.json", files)
    assert answer.outcome == "optimal"
    assert answer.objective == pytest.approx(2585)


def test_every_quote_of_the_hand_written_bakery_stands_in_the_text() -> None:
    text = (EXAMPLES / "bakery.txt").read_text(encoding="utf-8")
    cir = r2c.CIR.model_validate_json((EXAMPLES / "bakery.cir.json").read_text(encoding="utf-8"))
    quotes = [rule.quote for rule in cir.rules] + [goal.quote for goal in cir.objectives]
    assert len(quotes) == 4
    assert [quote for quote in quotes if not quote or quote not in text] == []


def test_the_hand_written_staffing_has_three_ways_out_with_their_costs() -> None:
    answer = r2c.solve(EXAMPLES / "staffing.cir.json")
    assert answer.outcome == "infeasible"
    assert answer.conflict is not None
    assert set(answer.conflict.rules) == {"early_need", "late_need", "staff"}
    assert [item.objective for item in answer.conflict.remedies] == pytest.approx(
        [2790, 2430, 2340]
    )
    words = (EXAMPLES / "staffing.txt").read_text(encoding="utf-8")
    assert answer.cir is not None
    assert all(rule.quote in words for rule in answer.cir.rules)


@pytest.mark.embedded
def test_the_embedded_model_solves_the_bakery_from_its_words() -> None:
    answer = r2c.formulate((EXAMPLES / "bakery.txt").read_text(encoding="utf-8"))
    assert answer.outcome == "optimal"
    assert answer.objective == pytest.approx(245)
    assert answer.trust in {"verified", "plausible"}

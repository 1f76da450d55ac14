"""A model without an objective asks for any plan that keeps the rules."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import r2c
from r2c.cir.check import check
from r2c.model.export.forms import EXPORTS, exported


def seats(total: str) -> r2c.CIR:
    return r2c.CIR.model_validate(
        {
            "decisions": [
                {"name": "buses", "domain": "integer", "upper": "5"},
                {"name": "vans", "upper": "4"},
            ],
            "rules": [{"id": "seats", "operands": {"relation": f"2*buses + vans == {total}"}}],
        }
    )


def test_a_plan_that_keeps_the_rules_is_optimal_and_worth_nothing():
    cir = seats("7.5")
    assert check(cir) == ()
    answer = r2c.solve(cir)
    assert answer.outcome == "optimal"
    assert answer.objective is None
    assert answer.solution is not None
    plan = {name: values[0].value for name, values in answer.solution.values.items()}
    assert 2 * plan["buses"] + plan["vans"] == pytest.approx(7.5)
    assert plan["buses"] == round(plan["buses"])
    assert {item.check: item.passed for item in answer.evidence}["recheck"] is True


def test_rules_that_cannot_all_hold_are_infeasible_without_an_objective_too():
    answer = r2c.solve(seats("15"))
    assert answer.outcome == "infeasible"
    assert answer.conflict is not None
    assert answer.conflict.rules == ("seats",)


@pytest.mark.parametrize("name", EXPORTS)
def test_it_can_be_exported_in_every_form(name):
    assert "buses" in exported(name, seats("7.5"), None)


def test_its_exported_script_finds_a_plan(tmp_path: Path):
    script = tmp_path / "model.py"
    script.write_text(exported("python", seats("7.5"), None), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, encoding="utf-8", timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "feasible" in done.stdout

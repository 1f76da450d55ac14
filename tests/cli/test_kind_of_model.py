"""The page says what kind of model it is, and what stands in the way of a linear one."""

from __future__ import annotations

import json
from pathlib import Path

from running import ROOT, invoke


def test_a_linear_model_with_whole_numbers_is_called_so() -> None:
    told = invoke("solve", str(ROOT / "examples" / "bakery.cir.json")).stdout
    assert "Kind of model\n  linear in what is decided, with whole numbers\n" in told


def test_what_is_not_linear_is_told_place_by_place(tmp_path: Path) -> None:
    model = tmp_path / "model.json"
    rules = [
        {"id": "area", "operands": {"relation": "x*y <= 4"}},
        {"id": "apart", "operands": {"relation": "abs(x - y) <= 2"}},
        {"id": "sum", "operands": {"relation": "x + y <= 9"}},
    ]
    goals = [{"sense": "max", "expr": "x + y"}]
    parts = {"decisions": [{"name": "x"}, {"name": "y"}], "rules": rules, "objectives": goals}
    model.write_text(json.dumps(parts), encoding="utf-8")
    told = invoke("solve", str(model)).stdout
    lines = told[told.index("Kind of model") :].split("\n\n")[0].splitlines()
    assert [line.strip() for line in lines[1:]] == [
        "not linear in what is decided, without whole numbers",
        "rule area: x*y is quadratic",
        "rule apart: abs(x - y) is convex",
    ]

"""The measurement of merges under byte budgets: a tiny family, kept groups, the picture."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from r2c_benchmarks.merging.budget_picture import picture
from r2c_benchmarks.merging.budget_table import by_method
from r2c_benchmarks.merging.budgets import read_groups
from r2c_benchmarks.merging.families import TINY, Family, write_expert
from r2c_benchmarks.merging.family_bench import Conditions, FamilyBench
from r2c_benchmarks.merging.methods import METHODS
from r2c_training.merge.adapter import open_adapter
from r2c_training.merge.operators import operators


@pytest.mark.slow
def test_a_family_is_merged_under_each_budget_and_drawn(tmp_path: Path) -> None:
    bench = FamilyBench(tmp_path, Family(TINY), Conditions(None, 1, 2, 4, (None, 0.27)))
    bench.make(2)
    rows = [{"model MB": 0} | row for row in bench.rows("task_arithmetic", 2, buffered=True)]
    direct = [row for row in rows if row["by"] == "r2c direct"]
    assert [row["budget"] for row in direct] == ["all", "27%"]
    assert direct[0]["error / update"] == 0 < float(str(direct[1]["error / update"])) < 1
    assert all(row["within budget"] and row["bound held"] for row in direct)
    drawn = ElementTree.fromstring(picture(rows))
    assert len(drawn.findall("{*}circle")) == 1  # the full merge has no error, there is no rival


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_each_method_is_measured_and_has_a_line(tmp_path: Path, method: str) -> None:
    bench = FamilyBench(tmp_path, Family(TINY), Conditions(None, 1, 2, 4, (None, 0.1)))
    experts = METHODS[method].most or 2
    bench.make(experts)
    rows = [{"model MB": 0} | row for row in bench.rows(method, experts, buffered=False)]
    assert [row["budget"] for row in rows] == ["all", "10%"][: 1 + METHODS[method].budgets]
    (line,) = by_method(rows)
    assert isinstance(line, dict)
    assert (line["method"], line["s, mergekit"]) == (method, "")
    assert line["s, all"] == rows[0]["wall s"]
    assert line["error / update, 10%"] == (rows[1]["error / update"] if rows[1:] else "")


@pytest.mark.slow
def test_a_rival_that_fails_is_told_and_ours_is_measured(tmp_path: Path) -> None:
    given = Conditions(sys.executable, 1, 1, 4, (None,))  # an interpreter without mergekit
    bench = FamilyBench(tmp_path, Family(TINY), given)
    bench.make(1)
    rows = [{"model MB": 0} | row for row in bench.rows("slerp", 1, buffered=False)]
    assert "No module named" in str(rows[0]["failed"])
    (line,) = by_method(rows)
    assert isinstance(line, dict)
    assert (line["s, mergekit"], line["s, all"]) == ("failed", rows[1]["wall s"])
    assert "mergekit wall / ours" not in rows[1]


@pytest.mark.slow
def test_adapters_are_merged_and_their_bytes_are_few(tmp_path: Path) -> None:
    bench = FamilyBench(tmp_path, Family(TINY, ("adapter",)), Conditions(None, 1, 2, 4, (None,)))
    bench.make(2)
    (row,) = list(bench.rows("task_arithmetic", 2, buffered=False))
    # Small reads are whole sectors, so this is more than what the files of such adapters hold.
    assert 0 < float(str(row["planned expert MB"])) < 2 * bench.weight_bytes / 1e6
    assert row["error / update"] == 0


def test_adapters_name_the_modules_of_all_their_factors(tmp_path: Path) -> None:
    """PEFT, which mergekit loads them with, passes over factors of modules that are not named."""
    write_expert(tmp_path / "adapter", TINY, 1, 0, "adapter")
    told = json.loads((tmp_path / "adapter" / "adapter_config.json").read_text(encoding="utf-8"))
    updates = open_adapter(tmp_path / "adapter").updates
    assert len(updates) == 7 * TINY.layers
    assert {name.split(".")[-2] for name in updates} == set(told["target_modules"])


def test_every_method_that_a_command_merges_by_is_measured() -> None:
    left_out = {name for name, each in operators().items() if each.needs_inputs}
    assert set(METHODS) == set(operators()) - left_out


def test_groups_of_other_code_or_conditions_are_measured_anew(tmp_path: Path) -> None:
    kept = {"group": ["small", "ties", 4], "rows": [{"experts": 4}]}
    path = tmp_path / "journal.jsonl"
    lines = [json.dumps(kept | {"mark": {"commit": commit}}) for commit in ("a", "b")]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert read_groups(path, {"commit": "b"}) == {("small", "ties", 4): [{"experts": 4}]}
    assert read_groups(path, {"commit": "c"}) == {}

"""`r2c diff` tells what a model means that another does not."""

from __future__ import annotations

import json
from pathlib import Path

from running import ROOT, invoke, only_json

BAKERY = ROOT / "examples" / "bakery.cir.json"
JUGS = """cir 1
decisions
  {first} integer
  {second} integer
rules
  clay: capacity_limit
    use = 3*{first} + 2*{second}
    limit = 60
objectives
  max {goal}
"""


def changed(folder: Path, **rule: object) -> str:
    model = json.loads(BAKERY.read_text(encoding="utf-8"))
    model["rules"][0].update(rule)
    path = folder / "other.json"
    path.write_text(json.dumps(model), encoding="utf-8")
    return str(path)


def test_a_model_that_was_only_reworded_means_the_same(tmp_path: Path) -> None:
    done = invoke("diff", str(BAKERY), changed(tmp_path, quote="", id="renamed"))
    assert done.exit_code == 0, done.output
    assert done.stdout == "The models mean the same.\n"


def test_a_soft_rule_differs_from_a_hard_one(tmp_path: Path) -> None:
    other = changed(tmp_path, soft={"price": 4})
    done = invoke("diff", str(BAKERY), other)
    assert done.exit_code == 0, done.output
    [line] = done.stdout.splitlines()
    assert line.startswith("rule ") and "soft (none) -> " in line
    told = only_json(invoke("diff", str(BAKERY), other, "--json").stdout)
    assert (told["same"], [item["kind"] for item in told["changes"]]) == (False, ["changed"])


def test_models_that_are_one_but_for_names_are_told_with_who_is_who(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    one = tmp_path / "one.txt"
    one.write_text(JUGS.format(first="jugs", second="bowls", goal="7*jugs + 3*bowls"))
    other.write_text(JUGS.format(first="krug", second="schale", goal="3*schale + 7*krug"))
    done = invoke("diff", str(one), str(other))
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[-1] == (
        "But for names they are one model, with their data: jugs is krug, bowls is schale."
    )
    told = only_json(invoke("diff", str(one), str(other), "--json").stdout)
    assert told["renamed"] == {"jugs": "krug", "bowls": "schale"}
    other.write_text(JUGS.format(first="krug", second="schale", goal="3*schale + 8*krug"))
    assert only_json(invoke("diff", str(one), str(other), "--json").stdout)["renamed"] is None

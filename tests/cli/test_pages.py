"""What the pages of `solve` and `explain` say beside the plan: rows, faults, counts."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import EXAMPLES, invoke, only_json, write_cir

WHOLE = [
    {"name": "a", "domain": "integer", "upper": "5"},
    {"name": "b", "domain": "integer", "upper": "4"},
]
IMPLIED = {
    "id": "helpers",
    "archetype": "if_then_implication",
    "operands": {"condition": "a >= 3", "consequence": "b >= 2"},
}
GOAL = [{"sense": "max", "expr": "4*a - 3*b"}]


def binding(page: str) -> list[list[str]]:
    """The lines of the table of rules that bind, word by word."""
    table = page.partition("Rules that bind")[2].partition("Outcome")[0]
    return [line.split() for line in table.splitlines() if line.startswith("  ")]


def test_an_explanation_and_an_export_come_as_one_object_too() -> None:
    model = str(EXAMPLES / "bakery.cir.json")
    told = only_json(invoke("explain", model, "--json").stdout)
    assert told["objective"] == pytest.approx(245)
    page = invoke("explain", model).stdout
    assert told["explanation"].split()[:-8] == page.split()[:-8]  # the rest is the time it took
    made = only_json(invoke("export", model, "-F", "lp", "--json").stdout)
    assert (made["name"], made["warning"]) == ("model.lp", None)
    assert made["text"] == invoke("export", model, "-F", "lp").stdout


def test_rows_over_auxiliary_variables_are_no_rules_that_bind(tmp_path: Path) -> None:
    relation = {"id": "room", "operands": {"relation": "a + b <= 7"}}
    model = write_cir(tmp_path, decisions=WHOLE, rules=[IMPLIED, relation], objectives=GOAL)
    solved = invoke("solve", model)
    assert solved.exit_code == 0, solved.output
    told = binding(solved.stdout)
    assert told[1:2] == [["room", "7"]]
    assert not any(line[:1] == ["helpers"] for line in told)
    assert "It binds, at 7." in invoke("explain", model).stdout


def test_a_rule_with_several_rows_says_which_of_them_binds(tmp_path: Path) -> None:
    band = {
        "id": "band",
        "archetype": "interval_limit",
        "operands": {"amount": "a", "least": "1", "most": "4"},
    }
    chain = {"id": "chain", "operands": {"relation": "b >= 1 and b <= a"}}
    model = write_cir(tmp_path, decisions=WHOLE, rules=[band, chain], objectives=GOAL)
    told = binding(invoke("solve", model).stdout)
    assert ["band", "ceiling", "4"] in told
    assert ["chain", "1", "1"] in told


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ({"rules": [{"id": "r", "operands": {"relation": "a*b <= 3"}}]}, "error R2C-M123"),
        ({"rules": [{"id": "r", "operands": {"relation": "q <= 3"}}]}, "error R2C-C040"),
        ({"sets": [{"name": "P", "table": {"table": "p", "columns": ["p"]}}]}, "error R2C-C200"),
        ({"rules": [{"id": "r", "operands": {"relation": "0*a >= 3"}}]}, "note R2C-M004"),
        ({"decisions": [{"name": "a"}, {"name": "b"}]}, "note R2C-V010"),
    ],
)
def test_what_stopped_everything_is_an_error_and_a_remark_on_an_answer_is_a_note(
    fields: dict[str, object], label: str, tmp_path: Path
) -> None:
    parts = {"decisions": WHOLE, "objectives": GOAL, **fields}
    assert f"\n{label}: " in invoke("solve", write_cir(tmp_path, **parts)).stdout


def test_messages_have_no_lists_of_a_program_and_all_absent_tables_are_asked_for(
    tmp_path: Path,
) -> None:
    asked = invoke("solve", str(EXAMPLES / "transport.cir.json"))
    assert asked.exit_code == 8
    assert asked.stdout.count("\nQuestion table_") == 3
    for table in ("plants", "shops", "lanes"):
        assert f"Which file holds the table '{table}'" in asked.stdout
    assert "Tables given: none." in " ".join(asked.stdout.split())
    rule = {"id": "r", "archetype": "capacity_limits", "operands": {"relation": "a <= 3"}}
    model = write_cir(tmp_path, decisions=WHOLE, objectives=GOAL, rules=[rule])
    unknown = " ".join(invoke("solve", model).stdout.split())
    assert "'capacity_limit'" in unknown
    assert "['" not in unknown


def test_a_value_that_is_not_shown_is_counted_in_good_english(tmp_path: Path) -> None:
    model = write_cir(
        tmp_path,
        sets=[{"name": "P", "elements": ["u", "v"]}],
        decisions=[{"name": "x", "over": ["P"], "upper": "3"}],
        rules=[{"id": "r", "operands": {"relation": "x['u'] <= 0"}}],
        objectives=[{"sense": "max", "expr": "sum(x[p] for p in P)"}],
    )
    assert "x: 1 of 2 values is 0 and not shown" in invoke("solve", model).stdout


def test_a_model_without_an_objective_says_that_any_plan_will_do(tmp_path: Path) -> None:
    rules = [{"id": "r", "operands": {"relation": "a + b >= 3"}}]
    model = write_cir(tmp_path, decisions=WHOLE, rules=rules)
    done = invoke("solve", model)
    assert done.exit_code == 0, done.output
    assert "none: any plan that keeps the rules will do" in done.stdout
    told = " ".join(done.stdout.split())
    assert "Outcome optimal: there is no objective, so any plan that keeps the rules" in told
    assert only_json(invoke("solve", model, "--json").stdout)["objective"] is None
    assert "None: any plan that keeps the rules will do." in invoke("explain", model).stdout


def test_the_indexed_example_is_told_without_loop_variables() -> None:
    tables = sorted((EXAMPLES / "transport").glob("*.csv"))
    data = [part for path in tables for part in ("--data", str(path))]
    told = " ".join(invoke("explain", str(EXAMPLES / "transport.cir.json"), *data).stdout.split())
    assert (
        "For each plant: the sum of pallets sent along a lane in a week over all lanes of the "
        "plant is at most supply of the plant."
    ) in told
    assert "For each lane: pallets sent along the lane in a week is at most capacity of" in told
    assert "the sum of cost times pallets sent along a lane in a week over all lanes." in told

"""`r2c explain` tells what more or less of a number is worth, and the ways out of a conflict."""

from __future__ import annotations

import json
from pathlib import Path

from running import EXAMPLES, invoke, only_json

from r2c.formulation import Formulation

BAKERY = str(EXAMPLES / "bakery.cir.json")
SHIFTS = """cir 1

decisions
  early integer
    unit: person
  late integer
    unit: person

rules
  first: minimum_requirement
    quote: The early shift needs at least 12 people.
    amount = early
    least = 12
  second: minimum_requirement
    quote: The late shift needs at least 9 people.
    amount = late
    least = 9
  all: capacity_limit
    quote: No more than 18 people are there.
    use = early + late
    limit = 18

objectives
  min 120*early + 150*late
    unit: euro
    meaning: total cost
"""

CORNER = """cir 1

decisions
  x continuous
    upper: 10
  y continuous
    upper: 10

rules
  both: linear
    relation = x + y <= 20

objectives
  max 2*x + y
"""


def page(*arguments: str) -> str:
    done = invoke("explain", *arguments)
    return " ".join(done.stdout.split())


def with_fractions(folder: Path) -> str:
    cir = json.loads(Path(BAKERY).read_text(encoding="utf-8"))
    for decision in cir["decisions"]:
        decision |= {"domain": "continuous"}
        del decision["domain_reason"]
    path = folder / "fractions.cir.json"
    path.write_text(json.dumps(cir), encoding="utf-8")
    return str(path)


def test_whole_numbers_are_told_a_step_away() -> None:
    told = page(BAKERY)
    assert (
        "It binds, at 80. One unit more (81) raises the total profit by 4 euro, one unit less (79) "
        "lowers it by 4 euro." in told
    )
    assert "One tray more (26) lowers the total profit by 3 euro" in told


def test_a_linear_program_is_told_with_its_ranges(tmp_path: Path) -> None:
    told = page(with_fractions(tmp_path))
    assert (
        "As long as the number stays between 20 and 40, each tray more lowers the total profit by "
        "3 euro and each less raises it by 3 euro." in told
    )
    assert "How far the plan holds" in told
    assert "loaves (per loaf) 4 2.5" in told


def test_in_a_corner_no_dual_is_told_but_what_each_side_is_worth(tmp_path: Path) -> None:
    path = tmp_path / "corner.txt"
    path.write_text(CORNER, encoding="utf-8")
    told = page(str(path))
    both = told.partition("both plain")[2].partition("Plan")[0]
    assert (
        "It binds, at 20. More of it would change nothing. Each unit less lowers the objective by "
        "1, down to 10." in both
    )
    assert "One more unit" not in both


def test_json_holds_the_records_and_only_explain_makes_them(tmp_path: Path) -> None:
    model = with_fractions(tmp_path)
    explained = only_json(invoke("explain", model, "--json").stdout)["solution"]
    (flour,) = [item for item in explained["sensitivity"] if item["rule"] == "flour"]
    assert (flour["stated"], round(flour["value"], 9), flour["low"]) == (80, 4, 50)
    assert (flour["exact"], flour["unit"]) == (True, "euro")
    assert [item["symbol"] for item in explained["cost_ranges"]] == ["loaves", "trays"]
    assert only_json(invoke("solve", model, "--json").stdout)["solution"]["sensitivity"] == []


def test_a_saved_answer_is_explained_with_them(tmp_path: Path) -> None:
    saved = tmp_path / "answer.json"
    saved.write_text(invoke("solve", BAKERY, "--json").stdout, encoding="utf-8")
    assert "One unit more (81) raises the total profit by 4 euro" in page(str(saved))


def test_a_saved_answer_without_its_tables_is_explained_without_them(tmp_path: Path) -> None:
    model, data = str(EXAMPLES / "transport.cir.json"), str(EXAMPLES / "transport")
    answer = only_json(invoke("solve", model, "--data", data, "--json").stdout)
    answer["problem"]["tables"] = []
    saved = tmp_path / "answer.json"
    saved.write_text(json.dumps(answer), encoding="utf-8")
    told = page(str(saved))
    assert "It binds for Torun, at 40." in told
    assert "One pallet more" not in told


def test_ways_out_of_a_conflict_are_a_ranked_list_with_prices(tmp_path: Path) -> None:
    path = tmp_path / "shifts.txt"
    path.write_text(SHIFTS, encoding="utf-8")
    done = invoke("explain", str(path))
    told = " ".join(done.stdout.split())
    assert done.exit_code == 0
    assert (
        "What would let all rules hold, the smallest change first 1. Raise the 18 of “No more than "
        "18 people are there” (all) to 21 (17% more): then the best total cost is 2790 euro. 2. "
        "Lower the 12 of “The early shift needs at least 12 people” (first) to 9 (25% less): then "
        "the best total cost is 2430 euro." in told
    )
    solved = invoke("solve", str(path), "--json")
    assert solved.exit_code == 3
    answer = Formulation.model_validate_json(solved.stdout)
    assert answer.conflict is not None
    assert [round(way.share, 3) for way in answer.conflict.remedies] == [0.167, 0.25, 0.333]


QUOTA = """cir 1

parameters
  cap = 10

decisions
  a continuous
    upper: 20
  b continuous

rules
  r1: linear
    relation = a <= cap
  r2: linear
    relation = b >= cap
  need: linear
    relation = a >= {need}
  most: linear
    relation = b <= 12

objectives
  min a + b
    meaning: cost
"""


def written(folder: Path, text: str) -> str:
    path = folder / "model.cir"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_way_out_says_that_its_number_stands_elsewhere_too(tmp_path: Path) -> None:
    told = page(written(tmp_path, QUOTA.format(need=15)))
    assert (
        "Raise the 10 of r1 to 15 (50% more) in this rule alone: then the best cost is 25. cap "
        "also stands in r2; if it is changed there as well, no plan is possible." in told
    )


def test_the_worth_of_a_number_says_in_what_other_rules_it_stands(tmp_path: Path) -> None:
    told = page(written(tmp_path, QUOTA.format(need=10)))
    assert (
        "That is in this rule alone: cap also stands in r1. Changed everywhere: one unit more (11) "
        "raises the cost by 1. With 9 in its place no plan is possible." in told
    )


def test_a_declared_limit_that_stops_a_decision_is_told(tmp_path: Path) -> None:
    model = QUOTA.format(need=2).replace("min a + b", "max 3*a - b")
    assert "Declared limits" not in page(written(tmp_path, model))
    told = page(written(tmp_path, model.replace("upper: 20", "upper: 6")))
    assert (
        "Declared limits that are reached a is at its upper limit of 6, as declared. A little more "
        "of this limit would change the objective by +3 a unit." in told
    )

"""`r2c.solve`: every way in, and every failure as data that says what to do."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from small_problems import CARPENTER, carpenter, rule

import r2c
from r2c.formulation import Outcome, Trust
from r2c.problem import read_problem
from r2c.solve.limits import Limits
from r2c.verdict.answer import Data


def goods(**more: Any) -> dict[str, Any]:
    """A knapsack whose data come from a table."""
    read = {"kind": "table", "table": "goods", "keys": ["good"]}
    return {
        "sets": [{"name": "Goods", "table": {"table": "goods", "columns": ["good"]}}],
        "parameters": [
            {"name": "price", "over": ["Goods"], "value": read | {"value": "price"}},
            {"name": "weight", "over": ["Goods"], "value": read | {"value": "weight"}},
        ],
        "decisions": [{"name": "take", "over": ["Goods"], "domain": "binary"}],
        "rules": [rule("load", "", "sum(weight[g]*take[g] for g in Goods) <= 10")],
        "objectives": [{"sense": "max", "expr": "sum(price[g]*take[g] for g in Goods)"}],
    } | more


TABLE: dict[str, list[object]] = {
    "good": ["tea", "rum", "salt"],
    "price": [6, 5, 4],
    "weight": [7, 5, 5],
}


def test_a_model_is_taken_as_object_mapping_text_and_file(tmp_path: Path) -> None:
    cir = carpenter()
    data = cir.model_dump(mode="json")
    file = tmp_path / "carpenter.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    for source in (cir, data, json.dumps(data), file, str(file)):
        answer = r2c.solve(source)
        assert answer.outcome is Outcome.OPTIMAL
        assert answer.objective == pytest.approx(552)
    assert "\\max" in answer.latex
    assert answer.cir == cir


def test_an_answer_without_words_is_plausible_and_with_words_its_numbers_are_checked() -> None:
    bare = {item.check: item for item in r2c.solve(carpenter()).evidence}
    assert bare["recheck"].passed is True
    assert bare["number_coverage"].passed is None
    wrong = carpenter(rules=[rule("sales", "No more than 30 stools can be sold.", "stools >= 7")])
    answer = r2c.solve(carpenter(), problem=read_problem(CARPENTER))
    assert answer.trust is Trust.PLAUSIBLE
    rejected = r2c.solve(wrong, problem=read_problem(CARPENTER))
    assert rejected.trust is Trust.REJECTED


@pytest.mark.parametrize("goal", [{"expr": "stools + shelves"}, {"expr": "0"}])
def test_a_plan_of_nothing_without_words_is_plausible_with_a_note(goal: dict[str, str]) -> None:
    cir = carpenter(
        rules=[rule("sales", "", "stools + shelves <= 30")], objectives=[goal | {"sense": "min"}]
    )
    answer = r2c.solve(cir)
    assert (answer.outcome, answer.objective) == (Outcome.OPTIMAL, 0)
    assert answer.trust is Trust.PLAUSIBLE
    (note,) = [item for item in answer.evidence if item.check == "degenerate"]
    assert (note.passed, "do nothing" in note.message) == (None, True)
    asked = r2c.solve(cir, problem=read_problem("Sell stools and shelves, no more than 30."))
    assert asked.trust is Trust.REJECTED


def test_data_come_from_memory_and_from_files(tmp_path: Path) -> None:
    file = tmp_path / "goods.csv"
    file.write_text("good,price,weight\ntea,6,7\nrum,5,5\nsalt,4,5\n", encoding="utf-8")
    sources: list[Data] = [{"goods": TABLE}, file, [file], tmp_path]
    for data in sources:
        assert r2c.solve(goods(), data).objective == pytest.approx(9)


async def test_solving_does_not_block_an_event_loop() -> None:
    answer = await r2c.asolve(goods(), {"goods": TABLE})
    assert answer.objective == pytest.approx(9)


@pytest.mark.parametrize(
    ("data", "asked"),
    [
        (None, "Which file holds the table 'goods'"),
        ({"goods": {"good": ["tea"], "price": [6]}}, "Which column of the table 'goods' holds"),
        ({"goods": TABLE | {"weight": [7, None, 5]}}, "What is the weight of rum"),
        ({"goods": TABLE | {"weight": [7, "heavy", 5]}}, "Which number should stand in row 2"),
        (
            {"goods": TABLE | {"good": ["tea", "tea", "salt"]}},
            "Which row of the table 'goods' holds",
        ),
    ],
)
def test_missing_and_doubtful_data_become_questions(data: Any, asked: str) -> None:
    answer = r2c.solve(goods(), data)
    assert answer.outcome is Outcome.NEEDS_INPUT
    assert answer.solution is None
    assert any(item.text.startswith(asked) for item in answer.questions), answer.questions
    assert not any("[" in item.text for item in answer.questions), "a list as a program writes it"
    assert len(answer.faults) >= 1


def test_a_data_file_that_does_not_exist_needs_input(tmp_path: Path) -> None:
    answer = r2c.solve(goods(), tmp_path / "nothing.csv")
    assert answer.outcome is Outcome.NEEDS_INPUT
    assert "nothing.csv" in answer.faults[0].what


@pytest.mark.parametrize(
    ("source", "code", "words"),
    [
        ("{", "R2C-C091", "line 1 column 2"),
        ("[" * 100_000, "R2C-C091", "recursion"),
        ("cir 1\nrules\n   three blanks in\n", "R2C-C090", "Line 3"),
        ("no/such/file.json", "R2C-V003", "no/such/file.json"),
        ("a\0b", "R2C-V003", "null"),
        ({"decisions": [{"name": "x", "colour": "red"}]}, "R2C-C091", "decisions.0.colour"),
        ({"objectives": [{"sense": "max", "expr": "x +* y"}]}, "R2C-C002", "objectives.0.expr"),
        ({"version": 2}, "R2C-C092", "version 2"),
        ([], "R2C-C091", "the whole"),
    ],
)
def test_what_is_no_cir_is_told_with_its_place(source: Any, code: str, words: str) -> None:
    answer = r2c.solve(source)
    assert (answer.outcome, answer.trust) == (Outcome.UNSUPPORTED, Trust.REJECTED)
    assert answer.faults[0].code == code
    assert words in answer.faults[0].what


def test_all_faults_of_a_model_are_told_at_once() -> None:
    rules = [rule("a", "", "stolls <= 3"), rule("b", "", "stools[1] <= 3")]
    answer = r2c.solve(carpenter(rules=rules))
    assert answer.outcome is Outcome.UNSUPPORTED
    assert any("'stolls'" in fault.what for fault in answer.faults)
    assert len(answer.faults) >= 2


def test_a_product_of_decisions_that_nothing_claims_is_unsupported_and_named() -> None:
    answer = r2c.solve(carpenter(rules=[rule("area", "", "stools*shelves <= 100")]))
    assert answer.outcome is Outcome.UNSUPPORTED
    assert "stools*shelves" in answer.faults[0].what


def test_rules_that_exclude_each_other_are_told_in_their_own_words() -> None:
    rules = carpenter().model_dump(mode="json")["rules"]
    rules.append(rule("contract", "The inn takes at least 25 shelves.", "shelves >= 25"))
    answer = r2c.solve(carpenter(rules=rules))
    assert answer.outcome is Outcome.INFEASIBLE
    assert answer.conflict is not None
    assert set(answer.conflict.rules) == {"work", "contract"}
    assert "The inn takes at least 25 shelves." in answer.conflict.explanation
    assert answer.conflict.irreducible is True


def test_a_plan_without_limit_names_the_decisions_that_grow() -> None:
    answer = r2c.solve(carpenter(rules=[rule("sales", "", "stools <= 30")]))
    assert answer.outcome is Outcome.UNBOUNDED
    fault = answer.faults[0]
    assert fault.code == "R2C-V010"
    assert "shelves can grow for ever" in fault.what
    assert "stools" not in fault.what
    assert answer.trust is Trust.REJECTED


def test_a_later_goal_without_limit_is_told_as_that_and_by_name() -> None:
    goals = [
        {"sense": "max", "expr": "stools", "tier": 0, "meaning": "number of stools"},
        {"sense": "max", "expr": "shelves", "tier": 1, "meaning": "number of shelves"},
    ]
    rules = [rule("sales", "", "stools <= 30")]
    answer = r2c.solve(carpenter(rules=rules, objectives=goals))
    assert answer.outcome is Outcome.UNBOUNDED
    assert [fault.code for fault in answer.faults] == ["R2C-V010"]
    told = answer.faults[0].what
    assert told == "Goal 2 (number of shelves) has no limit: shelves can grow for ever."
    assert answer.trust is Trust.REJECTED


def test_a_later_goal_is_not_told_to_grow_where_an_earlier_one_would_pay_for_it() -> None:
    goals = [
        {"sense": "min", "expr": "shelves - stools", "tier": 0},
        {"sense": "max", "expr": "shelves + stools", "tier": 1},
    ]
    rules = [rule("apart", "", "stools - shelves <= 5")]
    answer = r2c.solve(carpenter(rules=rules, objectives=goals))
    assert answer.outcome is Outcome.UNBOUNDED
    what = answer.faults[0].what
    assert what.startswith("Goal 2 has no limit: ")
    assert "stools can grow for ever" in what
    assert "shelves can grow for ever" in what


def test_decisions_that_grow_together_are_named_together() -> None:
    answer = r2c.solve(carpenter(rules=[rule("pair", "", "2*stools == 3*shelves")]))
    assert "stools can grow for ever, shelves can grow for ever" in answer.faults[0].what


def hard(rows: int, op: str) -> dict[str, Any]:
    """Many overlapping loads on yes-or-no choices, which branch and bound cannot settle soon."""
    draw = random.Random(7)
    names = [f"x{k}" for k in range(60)]
    rules = []
    for number in range(rows):
        loads = [draw.randint(1, 99) for _ in names]
        used = " + ".join(f"{load}*{name}" for load, name in zip(loads, names, strict=True))
        rules.append(rule(f"load{number}", "", f"{used} {op} {sum(loads) // 2}"))
    gain = " + ".join(f"{draw.randint(50, 99)}*{name}" for name in names)
    return {
        "decisions": [{"name": name, "domain": "binary"} for name in names],
        "rules": rules,
        "objectives": [{"sense": "max", "expr": gain}],
    }


def test_at_a_time_limit_the_best_plan_so_far_comes_with_its_bound() -> None:
    answer = r2c.solve(hard(12, "<="), limits=Limits(seconds=0.7))
    assert answer.outcome is Outcome.FEASIBLE
    assert answer.solution is not None and answer.solution.bound is not None
    assert answer.objective is not None and 0 < answer.objective < answer.solution.bound
    assert answer.faults[0].code == "R2C-S002"
    assert answer.trust is Trust.PLAUSIBLE


def test_at_a_time_limit_without_a_plan_the_answer_says_so() -> None:
    answer = r2c.solve(hard(7, "=="), limits=Limits(seconds=0.7))
    assert answer.outcome is Outcome.LIMIT
    assert answer.objective is None
    assert answer.faults[0].code == "R2C-S002"


@pytest.mark.parametrize("first", ["import r2c.solve.limits", "from r2c.solve import limits", ""])
def test_the_public_solve_is_a_function_whatever_was_imported_before(first: str) -> None:
    code = f"{first}\nimport r2c\nprint(r2c.solve.__name__, r2c.solve('{{').outcome)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.split() == ["solve", "unsupported"]

"""A model file with a fault is wrong input (2), one that no paradigm writes is not supported (5).

Missing data are neither (8). `solve`, `explain` and `export` give the same status.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import invoke, run, write_cir

from r2c.cli.exit_codes import code_of_answer
from r2c.formulation import Formulation

TWO = [{"name": "x"}, {"name": "y"}]
GOAL = [{"sense": "min", "expr": "x + y"}]
PLACES = [{"name": "Places", "elements": ["north", "south"]}]
MANY = [{"name": "x", "over": ["Places"]}]
TOTAL = [{"sense": "min", "expr": "sum(x[p] for p in Places)"}]


def one_rule(relation: str, **more: object) -> dict[str, object]:
    rule = {"id": "first", "operands": {"relation": relation}, **more}
    return {"decisions": TWO, "rules": [rule], "objectives": GOAL}


def indexed(relation: str, **more: object) -> dict[str, object]:
    rule = {"id": "first", "operands": {"relation": relation}, **more}
    return {"sets": PLACES, "decisions": MANY, "rules": [rule], "objectives": TOTAL}


FAULTY: dict[str, tuple[dict[str, object], str]] = {
    "unknown name": (one_rule("z >= 1"), "R2C-C040"),
    "unknown set": (indexed("x[p] >= 1", forall="for p in Sites"), "R2C-C042"),
    "index left out": (indexed("x >= 1"), "R2C-C060"),
    "too many indices": (indexed("x['north', 'south'] >= 1"), "R2C-C060"),
    "unknown label": (indexed("x['west'] >= 1"), "R2C-C061"),
    "no formula": (one_rule("x >="), "R2C-C002"),
    "a call": (one_rule("open('file') >= 1"), "R2C-C003"),
    "a division by zero": (one_rule("x/0 >= 1"), "R2C-C044"),
    "a division by a decision": (one_rule("x/y >= 1"), "R2C-C044"),
    "a decision as exponent": (one_rule("2**x >= 1"), "R2C-C045"),
    "a strict inequality": (one_rule("x > 1"), "R2C-C046"),
    "no relation": (one_rule("x + 1"), "R2C-M103"),
    "unknown archetype": (one_rule("x >= 1", archetype="nonsense"), "R2C-A005"),
    "a role left out": (one_rule("x >= 1", archetype="capacity_limit"), "R2C-M101"),
    "unknown role": (
        one_rule("x >= 1", operands={"relation": "x >= 1", "limit": "4"}), "R2C-M102"
    ),
    "unknown output": (one_rule("x >= 1", outputs={"slack": "rest"}), "R2C-M104"),
    "unknown paradigm": (one_rule("x >= 1", chosen="hull"), "R2C-M110"),
    "unknown candidate": (one_rule("x >= 1", candidates=[{"paradigm": "hull"}]), "R2C-M110"),
    "a control character": (one_rule("x >= 1", quote="at least\x1b[2J 1"), "R2C-C072"),
    "a bound beyond all numbers": (
        {**one_rule("y >= 1"), "decisions": [{"name": "x", "upper": 1e30}, TWO[1]]}, "R2C-C033"
    ),
    "a name twice": ({**one_rule("x >= 1"), "decisions": TWO + TWO}, "R2C-C020"),
    "bounds that cross": (
        {**one_rule("y >= 1"), "decisions": [{"name": "x", "lower": 3, "upper": 1}, TWO[1]]},
        "R2C-C032",
    ),
    "values of another shape": (
        {
            **indexed("x[p] >= need[p]", forall="for p in Places"),
            "parameters": [
                {
                    "name": "need",
                    "over": ["Places"],
                    "value": {"kind": "dense", "values": [1, 2, 3]},
                }
            ],
        },
        "R2C-C216",
    ),
    "no decisions": (
        {"decisions": [], "objectives": [{"sense": "min", "expr": "1"}]}, "R2C-C012"
    ),
    "unknown field": ({**one_rule("x >= 1"), "rulez": []}, "R2C-C091"),
    "another version": ({**one_rule("x >= 1"), "version": 9}, "R2C-C092"),
}  # fmt: skip
UNSUPPORTED: dict[str, tuple[dict[str, object], str]] = {
    "a product of decisions": (one_rule("x*y >= 1"), "R2C-M123"),
    "a size of a difference": (one_rule("abs(x - y) >= 1"), "R2C-M123"),
    "a number out of range": (one_rule("1e300*x >= 1"), "R2C-M007"),
    "a decision made later": (
        {**one_rule("y >= 1"), "decisions": [{"name": "x", "stage": 2}, TWO[1]]},
        "R2C-C034",
    ),
    "scenarios with probabilities": (
        {
            **one_rule("x >= 1"),
            "sets": [{"name": "S", "kind": "scenario", "elements": ["a"], "probability": [1]}],
        },
        "R2C-C035",
    ),
    "a goal with a target": (
        {**one_rule("x >= 1"), "objectives": [{"sense": "min", "expr": "x", "target": 3}]},
        "R2C-M124",
    ),
}
NO_TABLE = {
    **one_rule("x >= 1"),
    "sets": [{"name": "Places", "table": {"table": "places", "columns": ["place"]}}],
}
COMMANDS = (("solve",), ("explain",), ("export", "--format", "lp"))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
@pytest.mark.parametrize("fault", FAULTY)
def test_a_faulty_model_is_wrong_input(
    fault: str, command: tuple[str, ...], tmp_path: Path
) -> None:
    fields, code = FAULTY[fault]
    done = invoke(*command, write_cir(tmp_path, **fields))
    assert done.exit_code == 2, done.output
    told = done.stdout + done.stderr
    assert code in told or "R2C-M100" in told, done.output  # the code of several faults at once


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
@pytest.mark.parametrize("meaning", UNSUPPORTED)
def test_a_sound_model_that_no_paradigm_writes_is_not_supported(
    meaning: str, command: tuple[str, ...], tmp_path: Path
) -> None:
    fields, code = UNSUPPORTED[meaning]
    done = invoke(*command, write_cir(tmp_path, **fields))
    assert done.exit_code == 5, done.output
    assert code in done.stdout + done.stderr


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
def test_missing_data_are_a_question_not_a_fault(command: tuple[str, ...], tmp_path: Path) -> None:
    assert invoke(*command, write_cir(tmp_path, **NO_TABLE)).exit_code == 8


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
def test_a_fault_beside_missing_data_comes_first(command: tuple[str, ...], tmp_path: Path) -> None:
    sets = [*NO_TABLE["sets"], {"name": "Days", "elements": ["one", "one"]}]  # type: ignore[misc]
    assert invoke(*command, write_cir(tmp_path, **{**NO_TABLE, "sets": sets})).exit_code == 2


def test_all_faults_are_told_in_the_answer(tmp_path: Path) -> None:
    rules = [
        {"id": f"r{n}", "operands": {"relation": f"{name} >= 1"}}
        for n, name in ((1, "p"), (2, "q"))
    ]
    model = write_cir(tmp_path, **{**one_rule("x >= 1"), "rules": rules})
    done = run("solve", model, "--json")
    assert done.returncode == 2, done.stderr
    answer = json.loads(done.stdout)
    assert answer["outcome"] == "unsupported"
    assert [fault["code"] for fault in answer["faults"]] == ["R2C-C040", "R2C-C040"]


@pytest.mark.parametrize(
    ("fields", "status", "told"),
    [
        (
            {"decisions": [{"name": name} for name in ("sum", "min", "lambda")]}, 2,
            ["(1) R2C-C021: ", "'sum'", "(2) R2C-C021: ", "'min'", "(3) R2C-C021: ", "'lambda'"],
        ),
        (
            {"decisions": [{"name": name, "stage": 1} for name in ("a", "b")]}, 5,
            ["(1) R2C-C034: ", "'a'", "(2) R2C-C034: ", "'b'"],
        ),
        (
            {**one_rule("x >= 1"), "sets": [
                {"name": name, "table": {"table": name, "columns": ["n"]}} for name in ("P", "Q")
            ]}, 8,
            ["2 faults", "(1) R2C-C200: ", "'P'", "(2) R2C-C200: ", "'Q'"],
        ),
        (
            {**one_rule("x*y >= 1"), "objectives": [{"sense": "min", "expr": "abs(x)"}]}, 5,
            ["2 reasons", "(1) R2C-M123: ", "'first'", "(2) R2C-M123: ", "The objective"],
        ),
    ],
)  # fmt: skip
def test_all_faults_are_told_by_an_export(
    fields: dict[str, object], status: int, told: list[str], tmp_path: Path
) -> None:
    done = invoke("export", write_cir(tmp_path, **fields), "--format", "lp")
    assert done.exit_code == status, done.output
    text, start = " ".join(done.stderr.split()), 0
    for words in told:
        start = text.index(words, start)


def test_a_faulty_model_of_our_own_making_is_not_wrong_input(tmp_path: Path) -> None:
    fields, _ = FAULTY["unknown name"]
    done = invoke("solve", write_cir(tmp_path, **fields), "--json")
    made = Formulation.model_validate_json(done.stdout)
    assert code_of_answer(made) == 5
    assert code_of_answer(made, given=True) == 2


def test_an_answer_kept_without_a_plan_is_still_explained(tmp_path: Path) -> None:
    fields, code = FAULTY["unknown name"]
    kept = tmp_path / "answer.json"
    kept.write_text(invoke("solve", write_cir(tmp_path, **fields), "--json").stdout)
    done = invoke("explain", str(kept))
    assert done.exit_code == 0, done.output
    assert code in done.stdout

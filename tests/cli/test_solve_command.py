"""`r2c solve`, `explain` and `export` on models written by hand: no language model is involved."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError
from running import EXAMPLES, ROOT, invoke, only_json, run, write_cir

from r2c.cir.schema import CIR
from r2c.cir.text import write_text
from r2c.formulation import Formulation

BAKERY = str(EXAMPLES / "bakery.cir.json")
TWO_SHIFTS = [{"name": "early"}, {"name": "late"}]


def rule(id: str, relation: str, quote: str = "") -> dict[str, object]:
    return {"id": id, "quote": quote, "operands": {"relation": relation}}


@pytest.fixture(scope="module")
def bakery() -> dict[str, object]:
    done = invoke("solve", BAKERY, "--json")
    assert done.exit_code == 0, done.output
    answer: dict[str, object] = only_json(done.stdout)
    return answer


def test_a_hand_written_model_is_solved_in_a_process_of_its_own() -> None:
    done = run("solve", BAKERY)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    page = done.stdout
    assert "→ 12·loaves + 8·trays ≤ 640" in page
    assert "→ loaves + 2·trays    ≤ 80" in page
    assert "Outcome  optimal, 245 euro (total profit)" in page
    order = [page.index(part) for part in ("→ equation", "Plan", "Outcome", "Trust", "Cost")]
    assert order == sorted(order)
    assert "\x1b" not in page


def test_json_is_one_object_with_the_promised_fields(bakery: dict[str, object]) -> None:
    assert {"outcome", "trust", "objective", "cir", "evidence"} <= bakery.keys()
    assert bakery["outcome"] == "optimal"
    assert bakery["objective"] == pytest.approx(245)


def test_json_reads_back_as_the_answer_it_was_made_from(bakery: dict[str, object]) -> None:
    answer = Formulation.model_validate_json(json.dumps(bakery))
    assert answer.objective == pytest.approx(245)
    assert Formulation.model_validate_json(answer.model_dump_json()) == answer
    assert json.loads(answer.model_dump_json()) == bakery
    with pytest.raises(ValidationError, match="objective is not that of the solution"):
        Formulation.model_validate({**bakery, "objective": 246})
    without = {name: value for name, value in bakery.items() if name != "objective"}
    assert Formulation.model_validate(without) == answer


def test_a_saved_answer_can_be_solved_explained_and_exported_again(
    bakery: dict[str, object], tmp_path: Path
) -> None:
    saved = tmp_path / "answer.json"
    saved.write_text(json.dumps(bakery), encoding="utf-8")
    again = invoke("solve", str(saved), "--json")
    assert only_json(again.stdout)["objective"] == pytest.approx(245)
    told = invoke("explain", str(saved))
    assert told.exit_code == 0
    assert "12 times rye loaves to bake plus 8 times trays" in told.stdout
    assert "It binds, at 80." in told.stdout
    text = invoke("export", str(saved), "--format", "cir").stdout
    assert CIR.model_validate_json(text) == CIR.model_validate(bakery["cir"])


def test_standard_input_and_the_text_form_are_models_too() -> None:
    cir = CIR.model_validate_json(Path(BAKERY).read_text(encoding="utf-8"))
    done = run("solve", "-", "--json", stdin=write_text(cir))
    assert done.returncode == 0, done.stderr
    assert only_json(done.stdout)["objective"] == pytest.approx(245)


def test_infeasible_has_status_3_and_explain_says_so(tmp_path: Path) -> None:
    model = write_cir(
        tmp_path,
        decisions=TWO_SHIFTS,
        rules=[
            rule("first", "early >= 12", "at least 12 people"),
            rule("second", "late >= 9", "at least 9 people"),
            rule("third", "early + late <= 18", "no more than 18 people"),
        ],
        objectives=[{"sense": "min", "expr": "120*early + 150*late"}],
    )
    done = invoke("solve", model)
    assert done.exit_code == 3, done.output
    assert "Outcome  infeasible" in done.stdout
    conflict = done.stdout.partition("cannot all hold")[2]
    assert "no more than 18 people" in conflict
    assert "at least 12 people" in conflict
    assert "Dropping any one of these rules lets the others hold." in conflict
    assert "Raise the 18 of “no more than 18 people” (third) to 21" in " ".join(conflict.split())
    told = invoke("explain", model)
    assert told.exit_code == 0
    assert "“no more than 18 people”" in told.stdout


def test_unbounded_has_status_4(tmp_path: Path) -> None:
    model = write_cir(
        tmp_path,
        decisions=TWO_SHIFTS,
        rules=[rule("first", "early - late <= 12")],
        objectives=[{"sense": "max", "expr": "early + late"}],
    )
    done = invoke("solve", model)
    assert done.exit_code == 4, done.output
    assert "unbounded" in done.stdout
    told = invoke("solve", model, "--json")
    assert told.exit_code == 4
    assert only_json(told.stdout)["outcome"] == "unbounded"


def test_a_model_that_cannot_be_written_has_status_5_and_says_why(tmp_path: Path) -> None:
    model = write_cir(
        tmp_path,
        decisions=TWO_SHIFTS,
        rules=[rule("first", "early*late >= 12")],
        objectives=[{"sense": "min", "expr": "early + late"}],
    )
    done = invoke("solve", model)
    assert done.exit_code == 5, done.output
    assert "early*late" in done.stdout
    assert "  do:" in done.stdout


def test_missing_data_is_a_question_with_status_8(tmp_path: Path) -> None:
    model = write_cir(
        tmp_path,
        sets=[{"name": "Plants", "table": {"table": "plants", "columns": ["plant"]}}],
        parameters=[
            {
                "name": "need",
                "over": ["Plants"],
                "value": {"kind": "table", "table": "plants", "keys": ["plant"], "value": "need"},
            }
        ],
        decisions=[{"name": "make", "over": ["Plants"]}],
        rules=[{**rule("first", "make[p] >= need[p]"), "forall": "for p in Plants"}],
        objectives=[{"sense": "min", "expr": "sum(make[p] for p in Plants)"}],
    )
    asked = invoke("solve", model)
    assert asked.exit_code == 8, asked.output
    table = tmp_path / "plants.csv"
    table.write_text("plant,need\nNorth,7\nSouth,5\n", encoding="utf-8")
    answered = invoke("solve", model, "--data", str(table))
    assert answered.exit_code == 0, answered.output
    assert "North" in answered.stdout
    assert "optimal, 12" in answered.stdout


def test_an_unknown_table_file_is_an_input_error_before_anything_is_solved() -> None:
    done = invoke("solve", BAKERY, "--data", "nowhere.csv", "--json")
    assert done.exit_code == 2
    assert only_json(done.stdout)["error"]["code"].startswith("R2C-P")


def test_duals_are_told_for_a_continuous_model(tmp_path: Path) -> None:
    data = json.loads(Path(BAKERY).read_text(encoding="utf-8"))
    for decision in data["decisions"]:
        decision["domain"] = "continuous"
    done = invoke("explain", write_cir(tmp_path, **data))
    assert done.exit_code == 0, done.output
    told = " ".join(done.stdout.split())
    assert "at 80. As long as the number stays between 50 and 86.666667" in told
    assert "each unit more raises the total profit by 4 euro" in told


@pytest.mark.parametrize("name", ["cir", "text", "latex", "lp", "mps", "python"])
def test_every_export_goes_to_standard_output_or_to_a_file(name: str, tmp_path: Path) -> None:
    shown = invoke("export", BAKERY, "--format", name)
    assert shown.exit_code == 0, shown.output
    assert "loaves" in shown.stdout
    path = tmp_path / "deep" / "model"
    kept = invoke("export", BAKERY, "--format", name, "-o", str(path))
    assert kept.exit_code == 0
    assert kept.stdout == ""
    assert path.read_text(encoding="utf-8") == shown.stdout


def test_the_exported_script_gives_the_same_optimum_without_this_library(tmp_path: Path) -> None:
    script = tmp_path / "model.py"
    assert invoke("export", BAKERY, "--format", "python", "-o", str(script)).exit_code == 0
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    assert "245" in done.stdout
    assert "r2c" not in script.read_text(encoding="utf-8")


def test_a_model_that_cannot_be_written_is_still_exported_as_cir(tmp_path: Path) -> None:
    model = write_cir(
        tmp_path,
        decisions=TWO_SHIFTS,
        rules=[rule("first", "early*late >= 12")],
        objectives=[{"sense": "min", "expr": "early + late"}],
    )
    assert invoke("export", model, "--format", "text").exit_code == 0
    refused = invoke("export", model, "--format", "lp")
    assert refused.exit_code == 5
    assert "R2C-M" in refused.stderr


def test_out_keeps_the_answer_and_every_export(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    done = invoke("solve", BAKERY, "--out", str(folder))
    assert done.exit_code == 0
    from r2c.model.export.forms import EXPORTS

    assert {path.name for path in folder.iterdir()} == {
        "answer.json", *(file for file, _ in EXPORTS.values())
    }  # fmt: skip
    assert json.loads((folder / "answer.json").read_text())["objective"] == pytest.approx(245)


def test_nothing_is_wider_than_the_page(tmp_path: Path) -> None:
    long = " + ".join(f"{number}*quantity_of_product_{number}" for number in range(2, 14))
    model = write_cir(
        tmp_path,
        decisions=[{"name": f"quantity_of_product_{n}", "upper": 9} for n in range(2, 14)],
        rules=[rule("budget", f"{long} <= 400", "There are only 400 euros. " * 6)],
        objectives=[{"sense": "max", "expr": long}],
    )
    done = invoke("solve", model, COLUMNS="80")
    assert done.exit_code == 0, done.output
    assert [line for line in done.stdout.splitlines() if len(line) > 80] == []
    assert [line for line in done.stdout.splitlines() if line != line.rstrip()] == []


def test_control_characters_of_a_model_do_not_reach_the_terminal(tmp_path: Path) -> None:
    model = write_cir(
        tmp_path,
        title="\x1b[2Jboo \u202eevil",
        decisions=[{"name": "x", "meaning": "\x1b]0;owned\x07", "upper": 3}],
        objectives=[{"sense": "max", "expr": "x"}],
    )
    done = invoke("solve", model)
    assert done.exit_code in (0, 5), done.output
    assert "boo" in done.stdout
    assert not set(done.stdout) & {"\x1b", "\x07", "\u202e"}


def test_the_documented_example_is_the_one_that_is_tested() -> None:
    assert "r2c solve examples/bakery.cir.json" in (ROOT / "README.md").read_text(encoding="utf-8")

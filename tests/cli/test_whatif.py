"""`r2c whatif` and `r2c whynot` as a person types and reads them."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from running import EXAMPLES, invoke, only_json, run, write_cir

import r2c
from r2c.cli.render.line_chart import line_chart
from r2c.problem import read_problem

BAKERY = str(EXAMPLES / "bakery.cir.json")
TRANSPORT = (str(EXAMPLES / "transport.cir.json"), "--data", str(EXAMPLES / "transport"))
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The bakery's answer with its words, as `formulate --json` keeps it."""
    text = (EXAMPLES / "bakery.txt").read_text(encoding="utf-8")
    answer = r2c.solve(BAKERY, problem=read_problem(text))
    path = tmp_path_factory.mktemp("saved") / "answer.json"
    path.write_text(answer.model_dump_json(), encoding="utf-8")
    return str(path)


def test_a_sentence_of_a_saved_answer_is_changed_and_told_in_its_words(saved: str) -> None:
    done = invoke("whatif", saved, "sentence 5: 30")
    assert done.exit_code == 0, done.output
    assert "The total profit falls from 245 to 230 euro: 15 worse." in done.stdout
    assert "rye loaves to bake (loaves): from 30 to 20 loaf (−10)" in done.stdout


def test_several_changes_hold_together() -> None:
    done = invoke("whatif", BAKERY, "rule order: 30", "trays <= 29")
    assert done.exit_code == 3, done.output
    assert "the rules cannot all hold" in done.stdout
    assert "the change: trays <= 29" in done.stdout
    assert "what_if_1" not in done.stdout


def test_tables_are_changed_in_a_process_of_its_own() -> None:
    done = run("whatif", *TRANSPORT, "demand[Oslo] = 40")
    assert done.returncode == 0, done.stderr
    assert "rises from 2585 to 2725 euro: 140 worse." in done.stdout
    assert "“A lane carries no more than its capacity.” (lanes_carry) now binds" in done.stdout
    assert done.stderr == ""


def test_json_is_one_object_with_all_that_is_told(saved: str) -> None:
    told = only_json(invoke("whatif", saved, "sentence 5: 30", "--json").stdout)
    assert (told["difference"], told["judgement"], told["moved_in_all"]) == (-15, "worse", 2)
    table = only_json(invoke("whatif", BAKERY, "rule order: 30, 40", "--json").stdout)
    assert [row["objective"] for row in table["rows"]] == [230, 200]
    wish = only_json(invoke("whynot", BAKERY, "trays >= 30", "--json").stdout)
    assert (wish["kind"], wish["cost"]) == ("costs", 15)


def test_several_values_give_a_table_and_a_chart(tmp_path: Path) -> None:
    chart = tmp_path / "vienna.svg"
    done = invoke("whatif", *TRANSPORT, "demand[Vienna] = 20..50 step 10", "--plot", str(chart))
    assert done.exit_code == 0, done.output
    assert "As it is: the total shipping cost is 2585 euro." in done.stdout
    assert "−150 (better)" in done.stdout
    assert "At 50, shops_receive and lanes_carry cannot all hold." in done.stdout
    assert f"written: {chart}" in " ".join(done.stderr.split()).replace("- ", "-")
    page = ElementTree.fromstring(chart.read_text(encoding="utf-8"))
    words = [item.text for item in page.iter(f"{SVG}text")]
    assert "demand[Vienna]" in words
    assert "total shipping cost (euro)" in words
    assert len(list(page.iter(f"{SVG}circle"))) == 3
    assert len(list(page.iter(f"{SVG}path"))) == 1


def test_a_chart_of_one_value_is_refused_before_anything_is_solved(tmp_path: Path) -> None:
    chart = tmp_path / "none.svg"
    done = invoke("whatif", BAKERY, "rule order: 30", "--plot", str(chart))
    assert (done.exit_code, chart.exists(), done.stdout) == (2, False, "")
    assert "R2C-X119" in done.stderr


def test_a_chart_that_cannot_be_written_leaves_the_one_json_object(tmp_path: Path) -> None:
    chart = tmp_path / "file" / "chart.svg"
    chart.parent.write_text("in the way", encoding="utf-8")
    done = invoke("whatif", BAKERY, "rule order: 30, 40", "--plot", str(chart), "--json")
    assert done.exit_code == 7, done.output
    assert len(only_json(done.stdout)["rows"]) == 2
    assert "R2C-X110" in done.stderr


@pytest.mark.parametrize("points", [[(1.0, 5.0)], [(1.0, None)], [(2.0, 3.0), (1.0, 3.0)]])
def test_a_chart_has_room_for_few_and_equal_points(points: list[tuple[float, float]]) -> None:
    page = ElementTree.fromstring(line_chart(points, "a < b", "goal & more", "title\x00"))
    numbers = [
        float(item.get(name, "0")) for item in page.iter(f"{SVG}circle") for name in ("cx", "cy")
    ]
    assert all(0 <= number <= 720 for number in numbers)
    assert "a < b" in [item.text for item in page.iter(f"{SVG}text")]


@pytest.mark.parametrize(
    ("wish", "status", "told"),
    [
        ("trays >= 30", 0, "It can be had, but it costs something."),
        ("loaves", 0, "It is so: the plan already has it."),
        ("loaves >= 31", 3, "80 kg of flour are in"),
        ("loavs", 2, ""),
    ],
)
def test_a_wish_is_answered_and_its_status_tells_how(wish: str, status: int, told: str) -> None:
    done = invoke("whynot", BAKERY, wish)
    assert done.exit_code == status, done.output
    assert told in done.stdout


def test_a_model_without_its_tables_asks_for_them() -> None:
    for command, text in (("whatif", "demand *= 2"), ("whynot", "ship[Lund, Oslo]")):
        done = invoke(command, TRANSPORT[0], text)
        assert done.exit_code == 8, done.output


def test_a_faulty_model_is_wrong_input_whatever_is_asked_of_it(tmp_path: Path) -> None:
    broken = write_cir(
        tmp_path,
        decisions=[{"name": "x", "upper": "5"}],
        rules=[{"id": "r1", "operands": {"relation": "y <= 3"}}],
    )
    done = invoke("whatif", broken, "x <= 3")
    assert done.exit_code == 2, done.output
    assert "'y'" in done.output


def test_new_data_take_the_place_of_the_saved_answer(tmp_path: Path) -> None:
    answer = r2c.solve(TRANSPORT[0], TRANSPORT[2])
    saved = tmp_path / "answer.json"
    saved.write_text(answer.model_dump_json(), encoding="utf-8")
    for name in ("lanes", "plants", "shops"):
        text = (EXAMPLES / "transport" / f"{name}.csv").read_text(encoding="utf-8")
        (tmp_path / f"{name}.csv").write_text(text.replace("Oslo,30", "Oslo,31"), encoding="utf-8")
    tables = [item for name in ("lanes", "plants", "shops")
              for item in ("--data", str(tmp_path / f"{name}.csv"))]  # fmt: skip
    told = json.loads(invoke("whatif", str(saved), "cost *= 1", *tables, "--json").stdout)
    assert (told["judgement"], told["before"]["objective"]) == ("equal", 2599)

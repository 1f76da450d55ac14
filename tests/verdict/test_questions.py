"""What is asked about words and data, what is not, and what answers come to."""

from __future__ import annotations

from pathlib import Path

import pytest

import r2c
from r2c.cir.asked import Asked, Option
from r2c.cir.read_text import read_text
from r2c.errors import InputError
from r2c.formulation import Formulation, Outcome
from r2c.problem.read import read_problem
from r2c.verdict.questions.missing_number import missing_numbers
from r2c.verdict.questions.named import alike, question_id
from r2c.verdict.questions.replies import Reply, reply
from r2c.verdict.questions.told_twice import is_one_thing

LORRY = (
    "A lorry carries at most {load}. A pallet of tiles weighs 950 kg and earns 70 euros. A pallet "
    "of cement weighs 1400 kg and earns 110 euros.{more} How many pallets should be loaded to "
    "maximize the earnings?"
)


def lorry(load: str, more: str = "", limit: int = 12000) -> Formulation:
    model = {
        "decisions": [
            {"name": "tiles", "domain": "integer", "unit": "pallet"},
            {"name": "cement", "domain": "integer", "unit": "pallet"},
        ],
        "rules": [
            {
                "id": "load",
                "quote": f"A lorry carries at most {load}.",
                "operands": {"relation": f"950*tiles + 1400*cement <= {limit}"},
            }
        ],
        "objectives": [{"sense": "max", "expr": "70*tiles + 110*cement"}],
    }
    return r2c.solve(model, problem=read_problem(LORRY.format(load=load, more=more)))


@pytest.mark.parametrize(
    ("load", "more", "limit"),
    [
        ("12 tonnes", "", 12000),
        ("12 metric tons", "", 12000),
        ("12 tons", " A ton is 1000 kg.", 12000),
        ("12000 kg", "", 12000),
    ],
)
def test_a_unit_that_the_words_settle_is_not_asked_about(load: str, more: str, limit: int) -> None:
    assert lorry(load, more, limit).questions == ()


def test_each_reading_of_a_unit_is_told_with_what_it_comes_to() -> None:
    [question] = lorry("12 tons").questions
    assert question.default == "metric"
    assert "if short tons of 2000 lb, 907.18474 kg: " in question.consequence


@pytest.mark.parametrize(
    "sentence",
    [
        "The number of boats cannot exceed the number of trains.",
        "The weight of the crates must not exceed the capacity of the van, which is 900 kg.",
        "The supply of each of these resources is limited.",
        "Storage is limited to 40 crates.",
        "The budget is limited, because the bank says so.",
        "The storage capacity is limited. At most 40 crates fit into the storage.",
        "The hours are limited. There are 40 hours a week.",
    ],
)
def test_a_limit_that_is_told_or_made_of_the_plan_lacks_no_number(sentence: str) -> None:
    assert missing_numbers(read_problem(f"{sentence} A boat earns 3 euros."), None) == ()


@pytest.mark.parametrize(
    ("sentence", "what"),
    [
        ("The space in the cellar is limited.", "the space in the cellar"),
        ("The hours are limited. A boat takes 4 hours.", "the hours"),
        ("All crates together must not exceed the capacity of the van.", "the capacity of the van"),
        ("The total cost has to stay within the budget.", "the budget"),
    ],
)
def test_a_limit_without_a_number_is_asked_for(sentence: str, what: str) -> None:
    [asked] = missing_numbers(read_problem(f"{sentence} A boat earns 3 euros."), None)
    assert f"How large is {what}?" in asked.text
    assert asked.open


SHIPPING = {
    "sets": [
        {"name": "Shops", "elements": ["Oslo", "Bergen", "Hamar"]},
        {
            "name": "Lanes",
            "dim": 2,
            "within": ["Shops", "Shops"],
            "table": {"table": "lanes", "columns": ["from", "to"]},
        },
    ],
    "parameters": [
        {
            "name": "cost",
            "over": ["Lanes"],
            "value": {"kind": "table", "table": "lanes", "keys": ["from", "to"], "value": "cost"},
        }
    ],
    "decisions": [{"name": "ship", "over": ["Lanes"]}],
    "rules": [{"id": "r", "operands": {"relation": "sum(ship[a, b] for (a, b) in Lanes) >= 1"}}],
    "objectives": [{"sense": "min", "expr": "sum(cost[a, b]*ship[a, b] for (a, b) in Lanes)"}],
}


@pytest.mark.parametrize(
    ("rows", "id", "default", "answers", "objective"),
    [
        ("Oslo,Bergen,5\nBergen,Hamarr,3\n", "label_Hamarr_Lanes", "Hamar", {}, 3),
        (
            "Oslo,Bergen,5\nBergen,Hamarr,3\n",
            "label_Hamarr_Lanes",
            "Hamar",
            {"label_Hamarr_Lanes": "leave_out"},
            5,
        ),
        (
            "Oslo,Bergen,5\n,Hamar,3\n",
            "label_lanes_line_3",
            None,
            {"label_lanes_line_3": "Oslo"},
            3,
        ),
        (
            "Oslo,Bergen,5\nOslo,Hamar,cheap\n",
            "cost_line_3_lanes",
            None,
            {"cost_line_3_lanes": 4},
            4,
        ),
        (
            "Oslo,Bergen,5\nOslo,Bergen,5\n",
            "rows_Oslo_and_Bergen_lanes",
            "once",
            {"rows_Oslo_and_Bergen_lanes": "sum"},
            10,
        ),
    ],
)
def test_faults_of_a_table_are_asked_about_and_settled_by_answers(
    rows: str,
    id: str,
    default: str | None,
    answers: dict[str, Reply],
    objective: float,
    tmp_path: Path,
) -> None:
    path = tmp_path / "lanes.csv"
    path.write_text(f"from,to,cost\n{rows}", encoding="utf-8")
    asked = r2c.solve(SHIPPING, path)
    [question] = asked.questions
    assert (question.id, question.default) == (id, default)
    assert (asked.outcome is Outcome.NEEDS_INPUT) == (default is None)
    found = r2c.solve(SHIPPING, path, answers=answers)
    assert found.objective == pytest.approx(objective), found.faults


def test_a_column_of_nearly_the_name_is_taken_and_any_other_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "lanes.csv"
    path.write_text("from,to,costs,tolls\nOslo,Bergen,5,9\n", encoding="utf-8")
    taken = r2c.solve(SHIPPING, path)
    assert [(item.id, item.default) for item in taken.questions] == [("column_lanes_cost", "costs")]
    assert taken.objective == pytest.approx(5)
    assert r2c.solve(SHIPPING, path, answers={"column_lanes_cost": "tolls"}).objective == 9


def test_an_answer_to_what_nobody_asked_is_refused() -> None:
    with pytest.raises(InputError, match="R2C-V050"):
        r2c.solve({"decisions": [{"name": "x"}]}, answers={"x": 3})


def test_a_table_that_is_missing_is_given_as_a_file_and_not_as_an_answer() -> None:
    [question] = r2c.solve(SHIPPING).questions
    assert question.id == "table_lanes"
    with pytest.raises(InputError, match="R2C-V055"):
        r2c.solve(SHIPPING, answers={"table_lanes": "lanes.csv"})


@pytest.mark.parametrize(
    ("said", "answer"),
    [(12, "12"), ("12", "12"), ("12 kg", "12"), ("0.5 t", "500"), ("1,200 g", "1.2"), (1.5, "1.5")],
)
def test_a_number_is_taken_in_the_unit_that_was_asked_for(said: Reply, answer: str) -> None:
    asked = Asked(id="w", text="What does it weigh?", kind="number", unit="kg", lower=0)
    assert reply(asked, said).answer == answer


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("heavy", "R2C-V052"),
        ("3 or 4", "R2C-V052"),
        (True, "R2C-V052"),
        (float("inf"), "R2C-V052"),
        ("nan", "R2C-V052"),
        ("-2 kg", "R2C-V053"),
        ("5 hours", "R2C-V054"),
    ],
)
def test_what_is_no_number_of_the_kind_is_refused(said: Reply, code: str) -> None:
    asked = Asked(id="w", text="What does it weigh?", kind="number", unit="kg", lower=0)
    with pytest.raises(InputError, match=code):
        reply(asked, said)


def test_an_option_is_named_in_any_spelling() -> None:
    options = (Option(value="in_all", meaning="in all"), Option(value="no", meaning="no"))
    asked = Asked(id="w", text="How?", kind="choice", options=options)
    for said, answer in (("In all", "in_all"), ("in-all", "in_all"), (False, "no")):
        assert reply(asked, said).answer == answer
    with pytest.raises(InputError, match="R2C-V051"):
        reply(asked, "each")


def test_ids_are_identifiers_and_labels_that_are_nearly_alike_are_found() -> None:
    assert question_id("demand", "St. Pölten (2)", 3) == "demand_St_P_lten_2_3"
    assert question_id("", "!?") == "q_"
    assert alike("Brgihton", ["Brighton", "Lewes", "Hove"]) == ("Brighton",)
    assert alike("Lewes", ["Brighton", "Hove"]) == ()


@pytest.mark.parametrize(
    ("sentences", "one"),
    [
        ("At most 40 hours are available. At most 38 hours are available.", True),
        ("It costs 40 euros. It costs 38 euros.", False),
        ("At most 40 hours are available. At most 38 crates are available.", False),
    ],
)
def test_sentences_that_differ_in_a_number_alone_speak_of_one_thing(
    sentences: str, one: bool
) -> None:
    cir = read_text("cir 1\ndecisions\n  boats integer\nobjectives\n  max 3*boats\n")
    assert is_one_thing(read_problem(f"{sentences} A boat earns 3 euros."), 1, 2, cir) is one

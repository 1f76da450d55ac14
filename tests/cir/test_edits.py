"""Edits change tables, words and models as they say, and can be done in any number of rounds."""

from __future__ import annotations

from pathlib import Path

import pytest

from r2c.cir.amend_model import edited, settled
from r2c.cir.amend_tables import amended, words_added
from r2c.cir.asked import Asked, Option
from r2c.cir.edits import (
    CellEdit,
    ColumnEdit,
    DropRowsEdit,
    EntryEdit,
    ReplaceEdit,
    RowEdit,
    WordsEdit,
)
from r2c.cir.parse import parse
from r2c.cir.read_text import read_text
from r2c.cir.replace_part import replaced
from r2c.cir.schema import CIR
from r2c.cir.table_access import rows_told
from r2c.cir.text import write_text
from r2c.formulation import Formulation, Outcome, Trust
from r2c.problem.read import read_problem
from r2c.problem.schema import Problem

MODEL = CIR.model_validate(
    {
        "sets": [{"name": "Ovens", "elements": ["big", "small"]}],
        "parameters": [
            {"name": "hours", "value": 60},
            {
                "name": "price",
                "over": ["Ovens"],
                "value": {"kind": "sparse", "entries": [{"key": ["big"], "value": 2}]},
            },
        ],
        "decisions": [{"name": "bake", "over": ["Ovens"]}],
        "rules": [
            {
                "id": "limit",
                "operands": {"relation": "sum(3*bake[o] for o in Ovens if price[o] > 3) <= hours"},
            }
        ],
    }
)


@pytest.fixture
def problem(tmp_path: Path) -> Problem:
    path = tmp_path / "stock.csv"
    path.write_text("shop,amount\nA,3\nB,4\nB,5\nC,l0\n", encoding="utf-8")
    return read_problem("The space is limited. Sell what there is.", path)


def test_rows_keep_the_numbers_that_people_count_when_others_go_or_come(problem: Problem) -> None:
    once = amended(problem, [("q", DropRowsEdit(table="stock", lines=(3,)))])
    assert [row[0] for row in once.tables[0].rows] == ["A", "B", "C"]
    assert rows_told(once.tables[0], [1, 2]) == "lines 4 and 5"
    twice = amended(
        once,
        [
            ("r", CellEdit(table="stock", line=4, column="shop", value="D")),
            ("s", RowEdit(table="stock", cells={"shop": "E"}, column="amount", value=7.0)),
            ("t", DropRowsEdit(table="stock", lines=(3, 2))),
        ],
    )
    assert [row[0] for row in twice.tables[0].rows] == ["D", "C", "E"]
    assert rows_told(twice.tables[0], [2]) == "line 6"


def test_a_column_is_one_of_numbers_as_soon_as_its_odd_cell_is_corrected(problem: Problem) -> None:
    assert problem.tables[0].columns[1].type == "text"
    there = amended(problem, [("q", CellEdit(table="stock", line=5, column="amount", value=10.0))])
    assert there.tables[0].columns[1].type == "number"
    assert there.tables[0].column("amount") == (3.0, 4.0, 5.0, 10.0)
    called = amended(there, [("r", ColumnEdit(table="stock", column="amount", name="boxes"))])
    assert [column.name for column in called.tables[0].columns] == ["shop", "boxes"]


def test_edits_of_what_is_not_there_change_nothing(problem: Problem) -> None:
    edits = (
        CellEdit(table="stock", line=99, column="amount", value=1.0),
        CellEdit(table="stock", line=2, column="nowhere", value=1.0),
        CellEdit(table="nowhere", line=2, column="amount", value=1.0),
        WordsEdit(sentence=1, words=" to {answer}"),
    )
    assert amended(problem, [("q", edit) for edit in edits]) == problem
    missing = ReplaceEdit(of="rule", owner="limit", old=parse("61"), new=parse("62"))
    assert edited(MODEL, [missing], "q") is None
    assert edited(MODEL, [EntryEdit(parameter="nowhere", value=3.0)], "q") is None


def test_words_are_added_before_the_end_of_their_sentence_and_found_again(
    problem: Problem,
) -> None:
    edits = [("q", WordsEdit(sentence=1, words=" to {answer}", number="40 crates"))]
    there = amended(problem, edits)
    assert there.text == "The space is limited to 40 crates. Sell what there is."
    assert [table.name for table in there.tables] == ["stock"]
    assert there.quote(words_added(there, edits)["q"]) == " to 40 crates"


def test_a_part_is_replaced_inside_sums_loops_and_conditions() -> None:
    expr = parse("sum(3*bake[o] for o in Ovens if price[o] > 3) + 3")
    found = replaced(expr, parse("3"), parse("k"))
    assert found == parse("sum(k*bake[o] for o in Ovens if price[o] > k) + k")


def test_an_answer_in_a_model_is_the_origin_of_its_numbers() -> None:
    asked = Asked(
        id="size",
        text="What is the price of small?",
        kind="number",
        answer="5",
        edits=(EntryEdit(parameter="price", key=("small",)),),
    )
    choice = Asked(
        id="hours",
        text="Which hours?",
        kind="choice",
        options=(
            Option(value="60", meaning="60"),
            Option(
                value="54",
                meaning="54",
                edits=(
                    ReplaceEdit(of="parameter", owner="hours", old=parse("60"), new=parse("54")),
                ),
            ),
        ),
        answer="54",
    )
    made = settled(MODEL, (asked, choice))
    assert made.missed == ()
    hours, price = made.cir.parameters
    assert hours.value == 54.0
    for item, value in ((hours, 54.0), (price, 5.0)):
        [literal] = [entry for entry in item.literals if entry.value == value]
        assert literal.source.kind == "answer"
    assert [(item.id, item.answer) for item in made.cir.questions] == [
        ("size", "5"),
        ("hours", "54"),
    ]
    assert read_text(write_text(made.cir)).questions == made.cir.questions
    found = Formulation(
        problem=Problem(text=""),
        cir=made.cir,
        outcome=Outcome.NEEDS_INPUT,
        trust=Trust.PLAUSIBLE,
        questions=(asked, choice),
    )
    assert Formulation.model_validate_json(found.model_dump_json()) == found

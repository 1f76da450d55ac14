from __future__ import annotations

import time

import pytest

from r2c.cir.instance import Instance, bind
from r2c.cir.schema import CIR
from r2c.errors import CIRError
from r2c.problem.read import read_tables
from r2c.problem.schema import Column, Scalar, Table
from r2c.verdict.questions.data_faults import is_question


def table(name: str, columns: str, *rows: tuple[Scalar, ...]) -> Table:
    kinds = {"number": "number", "text": "text"}
    made = []
    for place, column in enumerate(columns.split()):
        numeric = all(isinstance(row[place], float) for row in rows)
        made.append(
            Column.model_validate({"name": column, "type": kinds["number" if numeric else "text"]})
        )
    return Table(name=name, columns=tuple(made), rows=rows, origin="memory")


def bound(*tables: Table, **parts: object) -> Instance:
    return bind(CIR.model_validate(parts), tables)


def codes(instance: Instance) -> list[str]:
    return [fault.code for fault in instance.faults]


PLANTS = {"name": "Plants", "elements": ["A", "B"]}
MONTHS = {"name": "Months", "kind": "time", "elements": [1, 2, 3]}
LONG = {"kind": "table", "table": "costs", "keys": ["plant", "month"], "value": "cost"}


def test_set_members_come_from_distinct_table_rows_in_table_order():
    rows = table("lanes", "origin target", ("B", 1.0), ("A", 2.0), ("B", 1.0))
    instance = bound(
        rows,
        sets=[
            {
                "name": "Lanes",
                "dim": 2,
                "table": {"table": "lanes", "columns": ["origin", "target"]},
            }
        ],
    )
    assert instance.faults == ()
    assert instance.sets["Lanes"].keys == (("B", 1), ("A", 2))


def test_a_filter_over_data_keeps_only_matching_members_whatever_the_order_of_declaration():
    instance = bound(
        sets=[
            {"name": "Near", "dim": 2, "where": "for i in Plants for t in Months if far[i,t] <= 4"},
            PLANTS, MONTHS,
        ],
        parameters=[{"name": "far", "over": ["Plants", "Months"],
                     "value": {"kind": "dense", "values": [[1, 5, 4], [9, 9, 2]]}}],
    )  # fmt: skip
    assert instance.faults == ()
    assert instance.sets["Near"].keys == (("A", 1), ("A", 3), ("B", 3))
    assert instance.sets["Near"].components == ("Plants", "Months")


def test_a_tuple_set_without_filter_is_the_product_of_its_parts():
    instance = bound(
        sets=[PLANTS, MONTHS, {"name": "All", "dim": 2, "within": ["Plants", "Months"]}]
    )
    assert len(instance.sets["All"]) == 6


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"kind": "dense", "values": [[1, 2, 3], [4, 5, 6]]}, 6.0),
        ({"kind": "sparse", "entries": [{"key": ["B", 3], "value": 7}]}, 7.0),
        ({"kind": "expression", "indices": ["p", "t"], "expr": "10*t + base"}, 33.0),
        ({"kind": "expression", "expr": "10*i2 + base"}, 33.0),
        (LONG, 2.5),
        ({"kind": "wide", "table": "grid", "key": "plant"}, 9.0),
        ({"kind": "wide", "table": "grid", "key": "plant", "columns": ["3", "2", "1"]}, 7.0),
    ],
)
def test_every_kind_of_parameter_value_is_read(value, expected):
    instance = bound(
        table("costs", "plant month cost", ("B", 3.0, 2.5), ("A", 1.0, 1.0)),
        table("grid", "plant 1 2 3", ("A", 1.0, 2.0, 3.0), ("B", 7.0, 8.0, 9.0)),
        sets=[PLANTS, MONTHS],
        parameters=[
            {"name": "cost", "over": ["Plants", "Months"], "default": 0, "value": value},
            {"name": "base", "value": 3},
        ],
    )
    assert instance.faults == ()
    assert instance.parameters["cost"]["B", 3] == expected
    assert len(instance.parameters["cost"]) == len(list(instance.parameters["cost"])) == 6


def test_whole_numbers_and_their_texts_are_the_same_label():
    instance = bound(
        table("demand", "month amount", ("1", 5.0), (2.0, 6.0), (" 3 ", 7.0)),
        sets=[{"name": "Months", "kind": "time", "elements": ["1", 2, "3"]}],
        parameters=[{"name": "d", "over": ["Months"], "value":
                     {"kind": "table", "table": "demand", "keys": ["month"], "value": "amount"}}],
    )  # fmt: skip
    assert instance.faults == ()
    assert dict(instance.parameters["d"]) == {("1",): 5.0, (2,): 6.0, ("3",): 7.0}


@pytest.mark.parametrize(
    ("aggregate", "expected"),
    [("sum", 6.0), ("mean", 3.0), ("min", 2.0), ("max", 4.0), ("first", 4.0), ("count", 2.0)],
)
def test_repeated_keys_are_combined_as_told(aggregate, expected):
    instance = bound(
        table("orders", "plant amount", ("A", 4.0), ("A", 2.0), ("B", 1.0)),
        sets=[PLANTS],
        parameters=[{"name": "q", "over": ["Plants"], "value":
                     {"kind": "table", "table": "orders", "keys": ["plant"], "value": "amount",
                      "aggregate": aggregate}}],
    )  # fmt: skip
    assert instance.parameters["q"]["A",] == expected


def test_all_faults_of_the_data_are_collected_and_name_table_row_and_column():
    instance = bound(
        table("costs", "plant month cost", ("A", 1.0, "cheap"), ("A", 2.0, 4.0), ("A", 2.0, 5.0)),
        sets=[PLANTS, MONTHS,
              {"name": "Ghosts", "table": {"table": "costs", "columns": ["ghost"]}}],
        parameters=[
            {"name": "cost", "over": ["Plants", "Months"], "value": LONG},
            {"name": "d", "over": ["Plants"],
             "value": {"kind": "sparse", "entries": [{"key": ["A"], "value": 1}]}},
            {"name": "e", "value": {"kind": "table", "table": "nowhere", "value": "v"}},
            {"name": "f", "value": {"kind": "expression", "expr": "1/(z - 2)"}},
            {"name": "z", "value": 2},
        ],
    )  # fmt: skip
    assert sorted(codes(instance)) == [
        "R2C-C200", "R2C-C202", "R2C-C215", "R2C-C222", "R2C-C223", "R2C-C231"
    ]  # fmt: skip
    by_code = {fault.code: fault for fault in instance.faults}
    assert by_code["R2C-C222"].details == {
        "row": 1, "column": "cost", "table": "costs", "value": "cheap", "name": "cost",
        "cells": "row 1 has 'cheap', no number",
    }  # fmt: skip
    assert by_code["R2C-C223"].what.endswith("for 'A', 2, in rows 2 and 3.")
    assert by_code["R2C-C215"].details["examples"] == [["B"]]
    with pytest.raises(CIRError, match="R2C-C214"):
        instance.require()


def test_an_empty_cell_without_default_is_a_question_about_that_key():
    rows = table("t", "plant v", ("A", 1.0), ("B", None))
    value = {"kind": "table", "table": "t", "keys": ["plant"], "value": "v"}
    asked = bound(
        rows, sets=[PLANTS], parameters=[{"name": "p", "over": ["Plants"], "value": value}]
    )
    assert codes(asked) == ["R2C-C215"]
    filled = bound(
        rows,
        sets=[PLANTS],
        parameters=[{"name": "p", "over": ["Plants"], "default": 7, "value": value}],
    )
    assert dict(filled.parameters["p"]) == {("A",): 1.0, ("B",): 7.0}


def test_a_missing_value_mentions_the_misspelt_label_that_the_table_has_instead():
    instance = bound(
        table("t", "plant v", ("A", 1.0), ("Bee", 2.0)),
        sets=[PLANTS],
        parameters=[{"name": "p", "over": ["Plants"],
                     "value": {"kind": "table", "table": "t", "keys": ["plant"], "value": "v"}}],
    )  # fmt: skip
    assert "'Bee'" in instance.faults[0].why


def test_a_label_that_differs_in_case_is_asked_about_and_not_left_to_the_default():
    value = {"kind": "table", "table": "t", "keys": ["plant"], "value": "v"}
    parameter = {"name": "p", "over": ["Plants"], "default": 0, "value": value}
    misspelt = table("t", "plant v", ("a", 1.0), ("B", 2.0))
    [fault] = bound(misspelt, sets=[PLANTS], parameters=[parameter]).faults
    assert (fault.code, is_question(fault)) == ("R2C-C208", True)
    assert "'a'" in fault.what and "'A'" in fault.what
    more = table("t", "plant v", ("Bee", 1.0), ("B", 2.0))
    filled = bound(more, sets=[PLANTS], parameters=[parameter])
    assert filled.faults == () and "'Bee'" in filled.notes[0]


@pytest.mark.parametrize(("unit", "value"), [(None, 0.6), ("%", 60.0), ("kg", 0.6)])
def test_a_column_of_per_cent_fills_a_plain_parameter_with_hundredths(unit, value):
    shares = Table(
        name="t",
        columns=(Column(name="plant", type="text"), Column(name="v", type="number", unit="%")),
        rows=(("A", 60.0), ("B", 60.0)),
        origin="file",
    )
    filled = bound(
        shares,
        sets=[PLANTS],
        parameters=[{"name": "p", "over": ["Plants"], "unit": unit,
                     "value": {"kind": "table", "table": "t", "keys": ["plant"], "value": "v"}}],
    )  # fmt: skip
    assert dict(filled.parameters["p"])[("A",)] == pytest.approx(value)
    assert bool(filled.notes) is (unit != "%")


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"sets": [{"name": "S"}]}, "R2C-C203"),
        ({"sets": [{"name": "S", "dim": 2, "elements": [["a", "b"], ["c"]]}]}, "R2C-C204"),
        ({"sets": [{"name": "S", "elements": ["1", 1]}]}, "R2C-C205"),
        ({"sets": [PLANTS, {"name": "S", "within": ["Plants"], "elements": ["C"]}]}, "R2C-C207"),
        ({"sets": [{"name": "S", "where": "for i in S"}]}, "R2C-C209"),
        ({"sets": [{"name": "S", "within": ["Nope"]}]}, "R2C-C201"),
        ({"parameters": [{"name": "p", "over": ["Plants"], "value": 3}], "sets": [PLANTS]},
         "R2C-C220"),
        ({"sets": [PLANTS], "parameters": [{"name": "p", "over": ["Plants"],
          "value": {"kind": "dense", "values": [1, 2, 3]}}]}, "R2C-C216"),
        ({"sets": [PLANTS], "parameters": [{"name": "p", "over": ["Plants"], "default": 0,
          "value": {"kind": "sparse", "entries": [{"key": ["C"], "value": 1}]}}]}, "R2C-C217"),
        ({"sets": [PLANTS], "parameters": [{"name": "p", "over": ["Plants"], "default": 0,
          "value": {"kind": "sparse", "entries": [{"key": ["A"], "value": 1}] * 2}}]}, "R2C-C218"),
        ({"parameters": [{"name": "p", "value": float("inf")}]}, "R2C-C219"),
    ],
)  # fmt: skip
def test_ill_formed_data_are_one_coded_fault(parts, code):
    assert codes(bound(**parts)) == [code]


def test_a_product_too_large_to_filter_is_refused_at_once():
    big = {"elements": list(range(3000))}
    began = time.process_time()
    instance = bound(
        sets=[{"name": "A", **big}, {"name": "B", **big}, {"name": "C", **big},
              {"name": "S", "dim": 3, "where": "for a in A for b in B for c in C if a < b"}],
    )  # fmt: skip
    assert codes(instance) == ["R2C-C239"]
    assert time.process_time() - began < 2


def test_a_hundred_thousand_rows_bind_in_a_couple_of_seconds():
    rows = [(f"p{i}", float(j), float(i * j)) for i in range(250) for j in range(400)]
    big = table("costs", "plant month cost", *rows)
    began = time.process_time()
    instance = bound(
        big,
        sets=[{"name": "Plants", "table": {"table": "costs", "columns": ["plant"]}},
              {"name": "Months", "table": {"table": "costs", "columns": ["month"]}}],
        parameters=[{"name": "cost", "over": ["Plants", "Months"], "value": LONG}],
    )  # fmt: skip
    assert instance.faults == ()
    assert instance.parameters["cost"]["p3", 7] == 21.0
    assert time.process_time() - began < 6


@pytest.mark.parametrize(
    ("file", "text", "empty", "wrong", "twice"),
    [
        ("need.csv", "plant,need,note\nA,4,x\nB,3,y\nA,5,z\n,6,u\n", "line 5", "line 2",
         "lines 2 and 4"),
        ("need.csv", "\nplant,need,note\n\nA,4,x\n\nB,3,y\nA,5,z\n,6,u\n", "line 8", "line 4",
         "lines 4 and 7"),
        ("need.json", '[{"plant": "A", "need": 4, "note": "x"}, {"plant": "B", "need": 3, '
         '"note": "y"}, {"plant": "A", "need": 5, "note": "z"}, {"plant": null, "need": 6, '
         '"note": "u"}]', "row 4", "row 1", "rows 1 and 3"),
    ],
)  # fmt: skip
def test_rows_are_told_by_the_lines_of_their_file(tmp_path, file, text, empty, wrong, twice):
    path = tmp_path / file
    path.write_text(text, encoding="utf-8")
    source = {"kind": "table", "table": "need", "keys": ["plant"]}
    instance = bound(
        *read_tables([path]),
        sets=[PLANTS, {"name": "Named", "table": {"table": "need", "columns": ["plant"]}}],
        parameters=[
            {"name": "need", "over": ["Plants"], "value": {**source, "value": "need"}},
            {"name": "note", "over": ["Plants"], "value": {**source, "value": "note"}},
        ],
    )
    told: dict[str, str] = {}
    for fault in instance.faults:
        told.setdefault(fault.code, fault.what)
    assert f"in {empty}, column 'plant'" in told["R2C-C206"]
    assert "column 'note'" in told["R2C-C222"] and f"{wrong} has 'x', " in told["R2C-C222"]
    assert f"for 'A', in {twice}." in told["R2C-C223"]


def test_all_absent_tables_are_asked_for_at_once_and_each_once():
    instance = bound(
        table("plants", "plant", ("A",)),
        sets=[
            {"name": "P", "table": {"table": "plants", "columns": ["plant"]}},
            {"name": "S", "table": {"table": "shops", "columns": ["shop"]}},
            {"name": "Lanes", "dim": 2, "within": ["P", "S"],
             "table": {"table": "lanes", "columns": ["plant", "shop"]}},
        ],
        parameters=[
            {"name": "need", "over": ["S"],
             "value": {"kind": "table", "table": "shops", "keys": ["shop"], "value": "need"}},
            {"name": "cost", "over": ["Lanes"],
             "value": {"kind": "table", "table": "prices", "keys": ["plant", "shop"],
                       "value": "cost"}},
            {"name": "hours", "over": ["P", "S"],
             "value": {"kind": "wide", "table": "hours", "key": "plant"}},
        ],
    )  # fmt: skip
    assert codes(instance) == ["R2C-C200"] * 4
    asked = [fault.details["table"] for fault in instance.faults]
    assert asked == ["shops", "lanes", "prices", "hours"]
    assert instance.faults[0].details["symbols"] == ["S", "need"]


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("t.json", '{"plant": ["A", "B", "C", "D"], "v": [2, "3", null, 1]}',
         "row 2 has '3', a text, because of its quotes."),
        ("t.csv", "plant,v\nA,3\nB,30%\n", "line 3 has '30%', in another unit than the rest."),
        ("t.csv", "plant,v\nA,3\nB,inf\nC,1e400\n",
         "line 3 has 'inf', no finite number; line 4 has '1e400', no finite number."),
        ("t.csv", "plant,v\nA,3\nB,4\nZ,\nY,much\n", "line 5 has 'much', no number."),
        ("t.csv", "plant,v\nA,3\nB,4\nC,a\nD,5\nE,6\nF,7\nG,b\nH,c\nI,d\nJ,8\n",
         "line 4 has 'a', no number; line 8 has 'b', no number; line 9 has 'c', no number; "
         "and so on."),
        ("t.csv", "plant,v\nA,north\nB,south\n",
         "line 2 has 'north', no number; line 3 has 'south', no number."),
        ("t.csv", "plant,v\nA,yes\nB,no\n",
         "line 2 has True, no number; line 3 has False, no number."),
    ],
)  # fmt: skip
def test_a_column_with_cells_that_are_no_numbers_is_one_fault_that_names_them(
    tmp_path, file, text, told
):
    path = tmp_path / file
    path.write_text(text, encoding="utf-8")
    value = {"kind": "table", "table": "t", "keys": ["plant"], "value": "v"}
    instance = bound(
        *read_tables([path]),
        sets=[PLANTS],
        parameters=[{"name": "p", "over": ["Plants"], "default": 0, "value": value}],
    )
    (fault,) = instance.faults
    assert fault.code == "R2C-C222"
    assert fault.what == f"The column 'v' of the table 't' holds more than numbers: {told}"


def test_each_column_of_a_wide_table_with_odd_cells_is_one_fault():
    wide = table("t", "plant A B", ("A", 1.0, "x"), ("B", "y", "z"))
    value = {"kind": "wide", "table": "t", "key": "plant"}
    parameter = {"name": "p", "over": ["Plants", "Plants"], "value": value}
    instance = bound(wide, sets=[PLANTS], parameters=[parameter])
    assert [fault.details["column"] for fault in instance.faults] == ["B", "A"]
    assert instance.faults[0].details["row"] == [1, 2]

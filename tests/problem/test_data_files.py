"""CSV, JSON and XLSX files and tables in memory: what is read and what is refused."""

from __future__ import annotations

import datetime
import json
import time
import zipfile
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from r2c.errors import InputError
from r2c.problem import Table, read_problem

TEXT = "Ship all crates."


def tables_of(source: Path) -> dict[str, Table]:
    return {table.name: table for table in read_problem(TEXT, source).tables}


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def workbook(folder: Path, rows: Iterable[Iterable[object]], name: str = "book.xlsx") -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(folder / name)
    return folder / name


# ---------------------------------------------------------------------------------- CSV


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("site,cost\nA,5\nB,6.5\n", (("A", 5), ("B", 6.5))),
        ("site;cost\nA;5\nB;6,5\n", (("A", 5), ("B", 6.5))),
        ("site\tcost\r\nA\t5\r\nB\t6\r\n", (("A", 5), ("B", 6))),
        ("site|cost\nA|5\n\nB|6\n", (("A", 5), ("B", 6))),
        ('site,cost\n"A, old",5\n"say ""B""",6\n', (("A, old", 5), ('say "B"', 6))),
        ('site,cost\n"two\nlines","1,200"\n', (("two\nlines", 1200),)),
        ("site,cost,\nA,5,\nB,6,\n", (("A", 5), ("B", 6))),
        ("site,cost\nA,$8100\nB,N/A\n", (("A", 8100), ("B", None))),
        ("site,code\nA,007\nB,012\n", (("A", "007"), ("B", "012"))),
        ("site,cost\nA,5\nB,unlimited\n", (("A", "5"), ("B", "unlimited"))),
    ],
)
def test_a_csv_file_is_read_whatever_its_dialect(
    tmp_path: Path, content: str, rows: tuple[tuple[object, ...], ...]
) -> None:
    table = tables_of(write(tmp_path, "site costs.csv", content))["site_costs"]
    assert table.rows == rows
    assert table.origin == "file"
    assert table.path == str(tmp_path / "site costs.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_common_encodings_are_recognised(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, "a.csv", "Städte,Zahl\nKöln,3\n".encode(encoding))
    table = tables_of(path)["a"]
    assert [column.name for column in table.columns] == ["Städte", "Zahl"]
    assert table.rows == (("Köln", 3),)


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"", "R2C-P015", "no data"),
        (b"  \n \n", "R2C-P015", "no data"),
        (b"a,b\n", "R2C-P015", "no data"),
        (b"a,b\n1,2\n3\n", "R2C-P017", "row 3"),
        (b"a,b\n1,2\n\n3,4,5\n", "R2C-P017", "row 4: 3 values where the header has 2"),
        (b"a,b,a\n1,2,3\n", "R2C-P016", "'a'"),
        (b"1,2\n3,4\n", "R2C-P018", "only numbers"),
        (b"a,b\n\x81\x8d,\xff\n", "R2C-P019", "0x81"),
        (b"a,b\n1,\x07\n", "R2C-P019", "0x07"),
        (b"a,b\n1,2\x003\n", "R2C-P019", "0x00 at offset 7"),
        (b'a,b\n1,"2\n', "R2C-P020", "line 2"),
    ],
)
def test_a_doubtful_csv_file_is_refused(
    tmp_path: Path, content: bytes, code: str, said: str
) -> None:
    path = write(tmp_path, "a.csv", content)
    with pytest.raises(InputError, match=said) as caught:
        read_problem(TEXT, path)
    assert caught.value.code == code


@pytest.mark.slow
def test_a_csv_file_of_a_hundred_thousand_rows_is_read_in_seconds(tmp_path: Path) -> None:
    lines = [f"site{n},{n},{n * 0.5:.2f},{n % 7}" for n in range(100_000)]
    path = write(tmp_path, "big.csv", "name,demand,cost,day\n" + "\n".join(lines))
    start = time.process_time()
    table = tables_of(path)["big"]
    assert time.process_time() - start < 15
    assert len(table.rows) == 100_000
    assert table.rows[-1] == ("site99999", 99999, 49999.5, 4)


DECIMALS = [
    ("p;1.700;2,5;3\nq;2.400;;4\n", ((1700, 2.5, 3), (2400, None, 4))),
    ("p;1.700;2.5;3\nq;2.400;;4\n", ((1.7, 2.5, 3), (2.4, None, 4))),
    ("p;1,700;2,5;3\nq;2,400;;4\n", ((1.7, 2.5, 3), (2.4, None, 4))),
    ("p;1,700;2.5;3\nq;2,400;;4\n", ((1700, 2.5, 3), (2400, None, 4))),
    ("p;1.700;1.234,5;3\nq;2;;4\n", ((1700, 1234.5, 3), (2, None, 4))),
    ("p;1.700;1.234.567;3\nq;2;;4\n", ((1700, 1234567, 3), (2, None, 4))),
    ("p;1.700;0.250;3\nq;2;;4\n", ((1.7, 0.25, 3), (2, None, 4))),
    ("p;1.700;0,250;3\nq;2;;4\n", ((1700, 0.25, 3), (2, None, 4))),
    ("p;€ 1.700;2,5 kg;3\nq;(2.400);7 kg;4\n", ((1700, 2.5, 3), (-2400, 7, 4))),
    ("p;1.700;2,5;n/a\nq;2,25;2.5;4\n", ((1700, 2.5, None), (2.25, 2.5, 4))),
]


@pytest.mark.parametrize(("lines", "rows"), DECIMALS)
def test_a_file_with_semicolons_is_read_by_the_decimal_mark_that_one_of_its_numbers_proves(
    tmp_path: Path, lines: str, rows: tuple[tuple[object, ...], ...]
) -> None:
    table = tables_of(write(tmp_path, "d.csv", "from;A;B;C\n" + lines))["d"]
    assert tuple(row[1:] for row in table.rows) == rows


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("p;1.700;2\nq;2.400;4\n", "column 'A', line 2: '1.700' may be 1700 or 1.7"),
        ("p;3;2\n\nq;1,700;4\n", "column 'A', line 4: '1,700' may be 1700 or 1.7"),
        ("p;1.700;2,5\nq;2.400;4.5\n", "'1.700' may be 1700 or 1.7"),
        ("p;1.700;2,5\nq;2.400;none of them\n", "'1.700' may be 1700 or 1.7"),
    ],
)
def test_a_decimal_mark_that_nothing_proves_in_a_file_with_semicolons_is_refused(
    tmp_path: Path, lines: str, said: str
) -> None:
    path = write(tmp_path, "d.csv", "from;A;B\n" + lines)
    with pytest.raises(InputError, match=said) as caught:
        read_problem(TEXT, path)
    assert caught.value.code == "R2C-P021"


@pytest.mark.parametrize("mark", ["\t", "|", ";"])
def test_decimal_commas_are_read_whatever_cuts_the_cells(tmp_path: Path, mark: str) -> None:
    proven = "plant;cap;price\nA;1,125;2,5\nB;2,250;3,5\n".replace(";", mark)
    table = tables_of(write(tmp_path, "d.csv", proven))["d"]
    assert table.rows == (("A", 1.125, 2.5), ("B", 2.25, 3.5))
    open_ = "plant;cap\nA;1,125\nB;2,250\n".replace(";", mark)
    with pytest.raises(InputError, match=r"'1,125' may be 1125 or 1\.125"):
        read_problem(TEXT, write(tmp_path, "e.csv", open_))


def test_commas_in_the_cells_of_a_file_with_semicolons_cut_nothing(tmp_path: Path) -> None:
    table = tables_of(write(tmp_path, "d.csv", "plant;cost, EUR\nA;1,5\nB;2,7\n"))["d"]
    assert [column.name for column in table.columns] == ["plant", "cost, EUR"]
    assert table.rows == (("A", 1.5), ("B", 2.7))


def test_texts_that_look_like_doubtful_numbers_are_no_doubt(tmp_path: Path) -> None:
    path = write(tmp_path, "d.csv", "from;A;B\np;1.700;2\nq;beta 1.800;4\n")
    assert tables_of(path)["d"].rows == (("p", "1.700", 2), ("q", "beta 1.800", 4))


def test_thousands_in_a_file_with_commas_stay_english(tmp_path: Path) -> None:
    path = write(tmp_path, "d.csv", 'from,A,B\np,1.700,"1,700"\n')
    assert tables_of(path)["d"].rows == (("p", 1.7, 1700),)


# ---------------------------------------------------------------------------------- JSON

JSON_CASES: list[tuple[object, dict[str, tuple[list[str], list[tuple[object, ...]]]]]] = [
    ([{"a": 1, "b": "x"}, {"a": 2}], {"data": (["a", "b"], [(1, "x"), (2, None)])}),
    ({"a": [1, 2], "b": ["x", "y"]}, {"data": (["a", "b"], [(1, "x"), (2, "y")])}),
    (
        {"plants": [{"n": "A", "cap": 5}], "shops": {"n": ["B"], "need": [3]}},
        {"plants": (["n", "cap"], [("A", 5)]), "shops": (["n", "need"], [("B", 3)])},
    ),
    (
        {"budget": 100, "open": True, "limits": {"low": 1, "high": 9}},
        {
            "budget": (["value"], [(100,)]),
            "open": (["value"], [(True,)]),
            "limits": (["low", "high"], [(1, 9)]),
        },
    ),
    (
        {"cap": [4, 5, 6], "n": 3},
        {"cap": (["index", "value"], [(1, 4), (2, 5), (3, 6)]), "n": (["value"], [(3,)])},
    ),
    ({"d": [[1, 2], [3, 4]]}, {"d": (["index", "1", "2"], [(1, 1, 2), (2, 3, 4)])}),
    (
        {"cost": {"A": {"x": 1, "y": 2}, "B": {"x": 3}}},
        {"cost": (["key", "x", "y"], [("A", 1, 2), ("B", 3, None)])},
    ),
    ([7, 8], {"data": (["index", "value"], [(1, 7), (2, 8)])}),
    ([{"code": "007"}, {"code": "5"}], {"data": (["code"], [("007",), ("5",)])}),
]


@pytest.mark.parametrize(("value", "expected"), JSON_CASES)
def test_json_is_read_in_the_shapes_people_write(
    tmp_path: Path,
    value: object,
    expected: dict[str, tuple[list[str], list[tuple[object, ...]]]],
) -> None:
    found = tables_of(write(tmp_path, "data.json", json.dumps(value)))
    assert {
        name: ([column.name for column in table.columns], list(table.rows))
        for name, table in found.items()
    } == expected


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        ("{", "R2C-P030", "line 1"),
        ("", "R2C-P015", "no data"),
        ("[]", "R2C-P015", "no data"),
        ('{"a": {}}', "R2C-P015", "'a'"),
        ('{"a": 1, "a": 2}', "R2C-P030", "twice"),
        ('{"a": NaN}', "R2C-P030", "NaN"),
        ("[" * 100_000, "R2C-P030", "nested too deeply"),
        ('{"a": [[1, 2], [3]]}', "R2C-P031", "equally long"),
        ('{"a": [1, {"b": 2}]}', "R2C-P031", "mixed"),
        ('[{"b": {"c": 2}}]', "R2C-P031", "column 'b', row 1"),
        ('{"a": 1' + "0" * 400 + "}", "R2C-P051", "int"),
    ],
)
def test_json_that_is_no_table_is_refused(
    tmp_path: Path, content: str, code: str, said: str
) -> None:
    path = write(tmp_path, "data.json", content)
    with pytest.raises(InputError, match=said) as caught:
        read_problem(TEXT, path)
    assert caught.value.code == code


# ---------------------------------------------------------------------------------- XLSX


def test_every_filled_sheet_of_a_workbook_becomes_a_table(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Plant costs"
    for row in (["site", "cost", "open", "since"], ["A", 5, True, datetime.date(2020, 1, 2)]):
        book.active.append(row)
    book.create_sheet("Empty")
    second = book.create_sheet("Days")
    second["C4"], second["D4"], second["C6"], second["D6"] = "day", "need", "Mon", "$8,100"
    book.save(tmp_path / "b.xlsx")
    found = tables_of(tmp_path / "b.xlsx")
    assert found["Plant_costs"].rows == (("A", 5, True, "2020-01-02T00:00:00"),)
    assert found["Days"].rows == (("Mon", 8100),)
    assert set(found) == {"Plant_costs", "Days"}


def test_a_lone_unnamed_sheet_is_called_like_its_file(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["a"], [1]], "rates.xlsx")
    assert set(tables_of(path)) == {"rates"}


def test_a_formula_without_a_stored_result_is_refused_by_its_cell(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["a", "b"], [1, "=A2*2"]])
    with pytest.raises(InputError, match="Cell B2") as caught:
        read_problem(TEXT, path)
    assert caught.value.code == "R2C-P042"


def test_an_error_value_is_refused_by_its_cell(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.active["A2"] = "#DIV/0!"
    book.save(tmp_path / "b.xlsx")
    with pytest.raises(InputError, match="Cell A2") as caught:
        read_problem(TEXT, tmp_path / "b.xlsx")
    assert caught.value.code == "R2C-P043"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([], "R2C-P015"),
        ([["a"]], "R2C-P015"),
        ([["a", "a"], [1, 2]], "R2C-P016"),
        ([[1, 2], [3, 4]], "R2C-P018"),
    ],
)
def test_a_doubtful_sheet_is_refused(tmp_path: Path, rows: list[list[object]], code: str) -> None:
    with pytest.raises(InputError) as caught:
        read_problem(TEXT, workbook(tmp_path, rows))
    assert caught.value.code == code


def test_an_archive_that_explodes_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    with pytest.raises(InputError, match="zip bomb") as caught:
        read_problem(TEXT, path)
    assert caught.value.code == "R2C-P041"


@pytest.mark.parametrize("content", [b"PK\x03\x04 cut", b"\xd0\xcf\x11\xe0 old", b"plain"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read_problem(TEXT, write(tmp_path, "b.xlsx", content))
    assert caught.value.code == "R2C-P040"


def test_a_workbook_with_a_broken_sheet_is_refused(tmp_path: Path) -> None:
    whole = workbook(tmp_path, [["a"], [1]])
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            sheet = name.startswith("xl/worksheets/")
            new.writestr(name, b"<worksheet><sheetData><row><c" if sheet else old.read(name))
    with pytest.raises(InputError) as caught:
        read_problem(TEXT, broken)
    assert caught.value.code == "R2C-P040"


@pytest.mark.slow
def test_a_cell_far_away_does_not_blow_up_the_table(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"], book.active["XFD20000"] = "a", 1, 2
    book.save(tmp_path / "far.xlsx")
    table = tables_of(tmp_path / "far.xlsx")["far"]
    assert len(table.rows) == 2


# ---------------------------------------------------------------------------------- paths


@pytest.mark.parametrize(("name", "code"), [("gone.csv", "R2C-P010"), ("notes.docx", "R2C-P012")])
def test_a_path_that_cannot_be_data_is_refused(tmp_path: Path, name: str, code: str) -> None:
    write(tmp_path, "notes.docx", "x")
    with pytest.raises(InputError, match=name) as caught:
        read_problem(TEXT, tmp_path / name)
    assert caught.value.code == code


def test_a_file_over_the_size_limit_is_refused_with_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as stream:
        stream.truncate(50_000_001)
    with pytest.raises(InputError, match="50000000") as caught:
        read_problem(TEXT, path)
    assert caught.value.code == "R2C-P013"


def test_too_many_cells_are_refused_with_the_limit(tmp_path: Path) -> None:
    header = ",".join(f"c{n}" for n in range(100))
    path = write(tmp_path, "wide.csv", header + "\n" + ("1" + "," * 99 + "\n") * 20_100)
    with pytest.raises(InputError, match="2000000") as caught:
        read_problem(TEXT, path)
    assert caught.value.code == "R2C-P014"


def test_a_million_columns_are_refused_with_the_limit(tmp_path: Path) -> None:
    names = ",".join(f"c{n}" for n in range(999_999))
    path = write(tmp_path, "wide.csv", names + "\n" + "1" + ",1" * 999_998 + "\n")
    with pytest.raises(InputError, match="999999 columns") as caught:
        read_problem(TEXT, path)
    assert caught.value.code == "R2C-P022"
    assert "long form" in caught.value.fault.remedy


def test_a_folder_stands_for_its_data_files(tmp_path: Path) -> None:
    write(tmp_path, "b.csv", "x\n1\n2")
    write(tmp_path, "a.json", '[{"y": 1}]')
    write(tmp_path, "notes.txt", "no data")
    assert [table.name for table in read_problem(TEXT, tmp_path).tables] == ["a", "b"]


def test_a_folder_without_data_files_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "notes.txt", "no data")
    with pytest.raises(InputError) as caught:
        read_problem(TEXT, tmp_path)
    assert caught.value.code == "R2C-P015"


def test_named_sources_give_their_names_to_the_tables(tmp_path: Path) -> None:
    one = write(tmp_path, "x.csv", "a\nq\nr")
    two = write(tmp_path, "y.json", '{"m": [{"a": 1}], "n": [{"b": 2}]}')
    problem = read_problem(TEXT, {"plant list": one, "days": two})
    assert [table.name for table in problem.tables] == ["plant_list", "days_m", "days_n"]


def test_equal_names_of_two_files_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    paths = [write(tmp_path, "x.csv", "a\nq"), write(tmp_path / "sub", "x.csv", "a\nr")]
    problem = read_problem(TEXT, paths)
    assert [(t.name, t.rows) for t in problem.tables] == [("x", (("q",),)), ("x_2", (("r",),))]


# ---------------------------------------------------------------------------------- memory


class Frame:
    """What the reader needs of a DataFrame."""

    columns = ("site", "cost")

    def itertuples(self, index: bool = True, name: str | None = "Row") -> list[tuple[object, ...]]:
        assert not index and name is None
        return [("A", Number(5)), ("B", Number(float("nan")))]


class Number:
    """A boxed number as numpy makes them."""

    def __init__(self, value: float) -> None:
        self.value = value

    def item(self) -> float:
        return self.value


@pytest.mark.parametrize(
    "source",
    [
        [{"site": "A", "cost": 5}, {"site": "B", "cost": None}],
        [{"site": "A", "cost": Decimal(5)}, {"site": "B"}],
        {"site": ["A", "B"], "cost": (5.0, float("nan"))},
        Frame(),
    ],
)
def test_tables_in_memory_are_read(source: object) -> None:
    (table,) = read_problem(TEXT, {"sites": source}).tables  # type: ignore[dict-item]
    assert table.name == "sites"
    assert table.origin == "memory"
    assert table.rows == (("A", 5), ("B", None))
    assert [column.type for column in table.columns] == ["text", "number"]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ([], "R2C-P015"),
        ({}, "R2C-P015"),
        (5, "R2C-P052"),
        ([1, 2], "R2C-P052"),
        ({"a": 5}, "R2C-P052"),
        ({"a": "text"}, "R2C-P052"),
        ({"a": [1], "b": [1, 2]}, "R2C-P050"),
        ({"a": [[1]]}, "R2C-P051"),
        ({"a": [float("inf")]}, "R2C-P051"),
        ({1: [1], "1": [2]}, "R2C-P016"),
    ],
)
def test_what_is_no_table_in_memory_is_refused(source: object, code: str) -> None:
    with pytest.raises(InputError) as caught:
        read_problem(TEXT, {"t": source})  # type: ignore[dict-item]
    assert caught.value.code == code


def test_rows_keep_the_numbers_they_have_in_the_file(tmp_path: Path) -> None:
    sheet = workbook(tmp_path, [[], ["plant", "need"], [], ["A", 4], ["B", 3]])
    assert tables_of(sheet)["book"].lines == (4, 5)
    listed = write(tmp_path, "gaps.csv", "plant,need\n\nA,4\nB,3\n")
    assert tables_of(listed)["gaps"].lines == (3, 4)
    assert tables_of(write(tmp_path, "plain.csv", "plant,need\nA,4\n"))["plain"].lines is None


@pytest.mark.parametrize(
    ("name", "content", "odd"),
    [
        ("a.csv", "n,v\na,3\nb,30%\n", [(1, "unit")]),
        ("a.csv", "n,v\na,30%\nb,3\nc,20%\n", [(1, "unit")]),
        ("a.csv", "n,v\na,3 kg\nb,4 kg\nc,5 g\nd,6\n", [(2, "unit")]),
        ("a.csv", "n,v\na,3\nb,none\nc,4\nd,much\n", [(3, "text")]),
        ("a.csv", "n;v\na;2,5\nb;3\nc;much\n", [(2, "text")]),
        ("a.csv", "n,v\na,north\nb,south\nc,3\n", []),
        ("a.json", '{"n": ["a", "b", "c", "d"], "v": [2, "3", null, 1]}', [(1, "quoted")]),
        ("a.json", '{"n": ["a", "b", "c"], "v": [2, "x", 1]}', [(1, "text")]),
    ],
)
def test_the_cells_that_make_a_text_of_a_column_of_numbers_are_kept(
    tmp_path: Path, name: str, content: str, odd: list[tuple[int, str]]
) -> None:
    column = tables_of(write(tmp_path, name, content))["a"].columns[1]
    assert column.type == "text"
    assert [(cell.row, cell.reason) for cell in column.odd] == odd

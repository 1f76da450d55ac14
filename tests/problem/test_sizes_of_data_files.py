"""Folders, workbooks and cells that are too large are told before they take time and memory."""

from __future__ import annotations

import io
import random
import re
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import r2c.problem.files as files
import r2c.problem.read as reading
import r2c.problem.workbook_parts as workbook_parts
import r2c.problem.workbook_reader as workbook_reader
import r2c.problem.xlsx_file as xlsx_file
from r2c.errors import InputError
from r2c.problem.read import read_tables
from r2c.problem.schema import Table
from r2c.problem.workbook_archive import FRAME_LIMIT, TEXTS_LIMIT


def refusal(source: Path | list[files.Attached]) -> InputError:
    with pytest.raises(InputError) as caught:
        read_tables(source)
    return caught.value


def test_the_files_of_a_folder_are_weighed_together_before_one_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.csv", "b.csv"):
        with (tmp_path / name).open("wb") as stream:
            stream.truncate(30_000_000)
    monkeypatch.setattr(files, "read_file", read_once(tmp_path))
    with pytest.raises(InputError) as caught:
        files.read_file(tmp_path)
    assert caught.value.code == "R2C-P023"
    assert "2 data files of 60000000 bytes" in str(caught.value)


def read_once(folder: Path) -> Callable[[Path], list[Table]]:
    """`read_file` for the folder alone: whatever is read of it makes the test fail."""
    original = files.read_file

    def only_the_folder(path: Path) -> list[Table]:
        assert path == folder, f"{path} was read"
        return original(path)

    return only_the_folder


def test_a_folder_of_very_many_files_is_refused(tmp_path: Path) -> None:
    for number in range(files.FILES_LIMIT):
        (tmp_path / f"{number}.csv").write_text("n,v\na,1\n")
    assert len(read_tables(tmp_path)) == files.FILES_LIMIT
    (tmp_path / "more.csv").write_text("n,v\na,1\n")
    (tmp_path / "notes.txt").write_text("no data")
    error = refusal(tmp_path)
    assert error.code == "R2C-P023"
    assert f"{files.FILES_LIMIT + 1} data files" in str(error)


def test_files_that_are_named_one_by_one_are_weighed_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = [tmp_path / f"{number}.csv" for number in range(3)]
    for path in named:
        with path.open("wb") as stream:
            stream.truncate(20_000_000)
    monkeypatch.setattr(reading, "read_file", None)
    kinds: list[Any] = [
        named, [str(path) for path in named], {path.stem: path for path in named},
        [files.Attached(path.name, path.read_bytes()) for path in named],
    ]  # fmt: skip
    for source in kinds:
        with pytest.raises(InputError, match="3 data files of 60000000 bytes") as caught:
            read_tables(source)
        assert caught.value.code == "R2C-P023"


def test_what_is_no_file_among_files_is_told_before_one_is_weighed(tmp_path: Path) -> None:
    odd: Any = [tmp_path / "none.csv", 3]
    assert "Data source 2" in str(refusal(odd))


def test_a_file_that_is_too_large_by_itself_is_told_by_its_name(tmp_path: Path) -> None:
    with (tmp_path / "big.csv").open("wb") as stream:
        stream.truncate(files.SIZE_LIMIT + 1)
    assert refusal(tmp_path).code == "R2C-P013"


TEXTS = (
    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
REL = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId1"'


def changed_workbook(folder: Path, changes: dict[str, Callable[[str], str]]) -> Path:
    """A workbook with one column of two rows of which parts were changed or added."""
    plain = io.BytesIO()
    book = openpyxl.Workbook()
    for row in (["n"], [7], [8]):
        book.active.append(row)
    book.save(plain)
    folder.mkdir(exist_ok=True)
    path = folder / "book.xlsx"
    with (
        zipfile.ZipFile(plain) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in [*old.namelist(), *(set(changes) - set(old.namelist()))]:
            content = old.read(name).decode() if name in old.namelist() else ""
            new.writestr(name, changes.get(name, str)(content))
        new.writestr("xl/media/noise.png", random.Random(1).randbytes(2_000_000))
    return path


def shared(text: str) -> dict[str, Callable[[str], str]]:
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return {
        "[Content_Types].xml": lambda types: types.replace("</Types>", TEXTS),
        "xl/sharedStrings.xml": lambda _: f"<sst {space}><si><t>{text}</t></si></sst>",
    }


def test_a_workbook_with_shared_texts_within_the_limit_is_read(tmp_path: Path) -> None:
    (table,) = read_tables(changed_workbook(tmp_path, shared("x" * 1000)))
    assert table.rows == ((7,), (8,))


def test_the_shared_texts_of_a_small_sheet_are_weighed_before_they_are_unpacked(
    tmp_path: Path,
) -> None:
    content = changed_workbook(tmp_path, shared("x" * TEXTS_LIMIT)).read_bytes()
    tracemalloc.start()
    try:
        error = refusal([files.Attached("book.xlsx", content)])
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert error.code == "R2C-P041"
    assert f"limits are {TEXTS_LIMIT} bytes of texts" in str(error.fault.why)
    assert most < TEXTS_LIMIT / 5


def test_sheets_are_weighed_together_before_the_first_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_file, "SHEETS_LIMIT", 1000)
    monkeypatch.setattr(xlsx_file, "_open", None)
    padded = changed_workbook(
        tmp_path, {"xl/worksheets/sheet1.xml": lambda sheet: sheet + " " * 1000}
    )
    error = refusal(padded)
    assert error.code == "R2C-P041"
    assert "bytes of sheets" in str(error)


def test_many_sheets_that_are_one_part_are_counted_as_often_as_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = "".join(f'<sheet name="s{n}" sheetId="{n}" {REL}/>' for n in range(2, 102))
    path = changed_workbook(
        tmp_path,
        {
            "xl/workbook.xml": lambda book: book.replace("</sheets>", f"{again}</sheets>"),
            "xl/worksheets/sheet1.xml": lambda sheet: sheet.replace(
                "</sheetData>", "</sheetData>" + "<!-- -->" * 1000
            ),
        },
    )
    assert len(read_tables(path)) == 101
    monkeypatch.setattr(workbook_reader, "SHEETS_LIMIT", 100_000)
    error = refusal(path)
    assert error.code == "R2C-P041"
    assert "bytes of sheets" in str(error)


def test_very_many_sheets_are_refused(tmp_path: Path) -> None:
    many = "".join(f'<sheet name="s{n}" sheetId="{n}" {REL}/>' for n in range(2, 1002))
    path = changed_workbook(
        tmp_path, {"xl/workbook.xml": lambda book: book.replace("</sheets>", f"{many}</sheets>")}
    )
    assert "more than 1000 sheets" in str(refusal(path))


def test_styles_have_a_limit_of_their_own(tmp_path: Path) -> None:
    styles = "<xf/>" * (FRAME_LIMIT // 5)
    path = changed_workbook(
        tmp_path,
        {"xl/styles.xml": lambda old: old.replace("</cellXfs>", f"{styles}</cellXfs>")},
    )
    error = refusal(path)
    assert error.code == "R2C-P041"
    assert "bytes of styles" in str(error)


def test_styles_within_their_limit_are_read(tmp_path: Path) -> None:
    styles = "<!-- -->" * (FRAME_LIMIT // 10)
    path = changed_workbook(
        tmp_path, {STYLES: lambda old: old.replace("</cellXfs>", f"{styles}</cellXfs>")}
    )
    assert read_tables(path)[0].rows == ((7,), (8,))


def test_a_sheet_that_does_not_say_its_size_is_read(tmp_path: Path) -> None:
    path = changed_workbook(
        tmp_path,
        {"xl/worksheets/sheet1.xml": lambda old: re.sub("<dimension[^>]*/>", "", old)},
    )
    assert read_tables(path)[0].rows == ((7,), (8,))


SHEET = "xl/worksheets/sheet1.xml"


STYLES, BOOK = "xl/styles.xml", "xl/workbook.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
LONG_FORMAT = f'<numFmts><numFmt numFmtId="200" formatCode="{"[" * 100_000}"/></numFmts>'


def attributes(count: int) -> str:
    return " ".join(f'a{number}=""' for number in range(count))


def padded(where: str, junk: str) -> dict[str, Callable[[str], str]]:
    return {SHEET: lambda sheet: sheet.replace(where, junk + where, 1)}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (padded("<sheetData>", "<x/>" * 1000), "beside"),
        (padded("</sheetData>", "<x/>" * 1000), "beside"),
        (padded("</worksheet>", '<mergeCell ref="A1:B2"/>' * 1000), "beside"),
        (padded("</row>", "<x/>" * 300), "a row or text"),
        (padded("</c>", "<x/>" * 300), "a row or text"),
        (padded("<sheetData>", "<x>" * 200 + "</x>" * 200), "deeper"),
        (padded("</row>", "<x>" * 200 + "</x>" * 200), "deeper"),
        (shared("</t></si>" + "<x/>" * 1000 + "<si><t>"), "beside"),
        (shared("</t>" + "<r/>" * 300 + "<t>"), "a row or text"),
        (shared("</t></si>" + "<si/>" * 300 + "<si><t>"), "more than 200 texts"),
        (padded("</sheetData>", '<row r="2"/>'), "row 2 stands behind row 3"),
        (padded("<worksheet", "<!DOCTYPE x [<!ENTITY e 'e'>]>"), "document type"),
        (padded("<sheetData>", f'<x a="{"-" * 1_100_000}"/>'), "a tag or a text"),
        (padded("<sheetData>", f"<x {attributes(1100)}/>"), "more than 1000 names"),
        (padded("</row>", f"<c {attributes(1100)}/>"), "more than 1000 names"),
        ({STYLES: lambda old: old.replace("<fonts", f"{LONG_FORMAT}<fonts", 1)}, "number format"),
        ({BOOK: lambda old: old.replace(MAIN, STRICT)}, "Strict"),
    ],
)
def test_what_a_workbook_holds_beside_its_cells_is_bounded(
    changes: dict[str, Callable[[str], str]], told: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(workbook_parts, "INSIDE_LIMIT", 2500 if "names" in told else 200)
    monkeypatch.setattr(workbook_parts, "BESIDE_LIMIT", 500)
    monkeypatch.setattr(workbook_reader, "TEXT_COUNT_LIMIT", 200)
    error = refusal(changed_workbook(tmp_path, changes))
    assert error.code == "R2C-P040"
    assert told in str(error)


def test_what_was_passed_of_a_sheet_is_not_kept(tmp_path: Path) -> None:
    """openpyxl by itself needs some 300 MB here."""
    path = changed_workbook(tmp_path, padded("<sheetData>", "<x/>" * 900_000))
    content = path.read_bytes()
    read_tables(changed_workbook(tmp_path / "plain", {}))  # what is imported is no part of it
    tracemalloc.start()
    try:
        (table,) = read_tables([files.Attached("book.xlsx", content)])
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert table.rows == ((7,), (8,))
    assert most < 20_000_000


def test_cells_that_are_empty_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_file, "CELL_LIMIT", 100)
    rows = "".join(f'<row r="{number}">{"<c/>" * 20}</row>' for number in range(4, 14))
    assert refusal(changed_workbook(tmp_path, padded("</sheetData>", rows))).code == "R2C-P014"


def test_a_row_far_below_costs_nothing(tmp_path: Path) -> None:
    far = '<row r="1000000000"><c r="A1000000000"><v>9</v></c></row>'
    (table,) = read_tables(changed_workbook(tmp_path, padded("</sheetData>", far)))
    assert table.rows == ((7,), (8,), (9,))


def test_a_shared_text_is_its_runs_without_how_it_is_pronounced(tmp_path: Path) -> None:
    text = (
        "</t><r><rPr><b/></rPr><t>to</t></r><r><t>kyo</t></r><rPh sb='0' eb='1'><t>x</t></rPh><t>"
    )
    changes = shared(text) | {
        SHEET: lambda sheet: re.sub('<c r="A3".*?</c>', '<c r="A3" t="s"><v>0</v></c>', sheet)
    }
    (table,) = read_tables(changed_workbook(tmp_path, changes))
    assert table.rows == (("7",), ("tokyo",))


def cell(content: str) -> dict[str, Callable[[str], str]]:
    """A workbook whose last cell is written otherwise."""
    return {SHEET: lambda sheet: re.sub('<c r="A3".*?</c>', content, sheet)}


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ('<c r="A3"><f>A2+1</f><v>8</v></c>', 8),
        ('<c><f t="shared" ref="A3" si="0">A2+1</f><v>8</v></c>', 8),
        ('<c r="A3" t="str"><f>IF(A2,"","x")</f><v></v></c>', None),
        ('<c r="A3" t="str"><f>IF(A2,"y","x")</f><v>y</v></c>', "y"),
        ('<c r="A3"><f>A2+1</f></c>', "R2C-P042"),
        ('<c r="A3"><f>A2+1</f><v></v></c>', "R2C-P042"),
        ('<c r="A3" t="s"><v>99</v></c>', "R2C-P040"),
        ('<c r="A3" t="e"><v>#REF!</v></c>', "R2C-P043"),
    ],
)
def test_a_formula_is_its_stored_result(content: str, value: object, tmp_path: Path) -> None:
    path = changed_workbook(tmp_path, cell(content))
    if isinstance(value, str) and value.startswith("R2C"):
        assert refusal(path).code == value
        return
    (table,) = read_tables(path)
    found = [row[0] for row in table.rows]
    assert found in ([7, value], [7], ["7", value])


def test_the_same_text_in_very_many_cells_is_counted_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_file, "TEXTS_LIMIT", 90_000)
    many = "".join(
        f'<row r="{number}"><c r="A{number}" t="s"><v>0</v></c></row>' for number in range(4, 104)
    )
    changes = shared("x" * 1000) | padded("</sheetData>", many)
    error = refusal(changed_workbook(tmp_path, changes))
    assert error.code == "R2C-P041"
    assert "texts in cells" in str(error)


def test_cells_of_all_sheets_are_counted_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = "".join(f'<sheet name="s{n}" sheetId="{n}" {REL}/>' for n in range(2, 12))
    path = changed_workbook(
        tmp_path, {BOOK: lambda book: book.replace("</sheets>", f"{again}</sheets>")}
    )
    assert len(read_tables(path)) == 11
    monkeypatch.setattr(xlsx_file, "CELL_LIMIT", 20)
    assert refusal(path).code == "R2C-P014"


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_sheet_is_told_or_read(seed: int, tmp_path: Path) -> None:
    """Whatever zlib, expat or openpyxl say of four bytes that changed."""
    content = bytearray(changed_workbook(tmp_path, {}).read_bytes())
    draw = random.Random(seed)
    begin = content.index(b"xl/worksheets/sheet1.xml")
    for _ in range(4):
        content[begin + draw.randrange(24, 300)] = draw.randrange(256)
    try:
        read_tables([files.Attached("book.xlsx", bytes(content))])
    except InputError as error:
        assert error.code.startswith("R2C-P0")
        assert len(str(error)) < 1000

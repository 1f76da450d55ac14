"""Folders, workbooks and cells that are too large are told before they take time and memory."""

from __future__ import annotations

import io
import random
import re
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

import r2c.problem.files as files
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
    for number in range(files.FOLDER_LIMIT):
        (tmp_path / f"{number}.csv").write_text("n,v\na,1\n")
    assert len(read_tables(tmp_path)) == files.FOLDER_LIMIT
    (tmp_path / "more.csv").write_text("n,v\na,1\n")
    (tmp_path / "notes.txt").write_text("no data")
    error = refusal(tmp_path)
    assert error.code == "R2C-P023"
    assert f"{files.FOLDER_LIMIT + 1} data files" in str(error)


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


def test_styles_have_a_limit_of_their_own(tmp_path: Path) -> None:
    styles = "<xf/>" * (FRAME_LIMIT // 5)
    path = changed_workbook(
        tmp_path,
        {"xl/styles.xml": lambda old: old.replace("</cellXfs>", f"{styles}</cellXfs>")},
    )
    error = refusal(path)
    assert error.code == "R2C-P041"
    assert "bytes of styles" in str(error)


def test_a_sheet_that_does_not_say_its_size_is_read(tmp_path: Path) -> None:
    path = changed_workbook(
        tmp_path,
        {"xl/worksheets/sheet1.xml": lambda old: re.sub("<dimension[^>]*/>", "", old)},
    )
    assert read_tables(path)[0].rows == ((7,), (8,))


def test_a_formula_is_found_across_the_pieces_that_a_sheet_is_looked_through_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = changed_workbook(
        tmp_path,
        {"xl/worksheets/sheet1.xml": lambda old: old.replace("<v>8</v>", "<f>A2+1</f><v></v>")},
    )
    for piece in (1, 7, 64, 1000):
        monkeypatch.setattr(xlsx_file, "_CHUNK", piece)
        assert refusal(path).code == "R2C-P042"

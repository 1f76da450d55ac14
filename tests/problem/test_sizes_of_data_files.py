"""Folders, workbooks and cells that are too large are told before they take time and memory."""

from __future__ import annotations

from pathlib import Path

import pytest

import r2c.problem.files as files
from r2c.errors import InputError
from r2c.problem.read import read_tables


def refusal(source: Path) -> InputError:
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


def read_once(folder: Path) -> object:
    """`read_file` for the folder alone: whatever is read of it makes the test fail."""
    original = files.read_file

    def only_the_folder(path: Path) -> object:
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

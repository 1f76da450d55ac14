"""Where the problem text comes from, and what is said when there is none."""

from __future__ import annotations

import io
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from r2c.cli.text_input import LIMIT_MB, problem_text
from r2c.errors import InputError

TEXT = "A baker bakes at most 80 loaves.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "problem.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "with blank.md").write_text(TEXT, encoding="utf-8")
    (tmp_path / "with tables").mkdir()
    return tmp_path


def feed(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="latin-1"))


@pytest.mark.parametrize(
    ("argument", "file"),
    [
        ("problem.txt", None),
        (None, "problem.txt"),
        ("with blank.md", None),
        (TEXT, None),
        ("-", None),
        (None, "-"),
        (None, None),
    ],
)
def test_the_text_is_an_argument_a_file_or_standard_input(
    argument: str | None, file: str | None, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(monkeypatch, TEXT.encode())
    assert problem_text(argument, file) == TEXT


def test_words_that_look_nothing_like_a_path_are_the_problem(folder: Path) -> None:
    several = ("Maximize x.", "two lines\nof text", "x/y and z.txt too", "a nul\0 within", "~ 5 km")
    for words in (*several, "a" * 5000, ""):
        assert problem_text(words, None) == words


@pytest.mark.parametrize(
    ("argument", "file", "code"),
    [
        ("missing.txt", None, "R2C-X102"),
        (None, "missing", "R2C-X102"),
        (None, ".", "R2C-X102"),
        ("problem.txt", "problem.txt", "R2C-X105"),
        (None, "nul\0", "R2C-X102"),
        ("missing", None, "R2C-X102"),
        ("nul\0", None, "R2C-X102"),
        ("folder/missing", None, "R2C-X102"),
        ("./two words", None, "R2C-X102"),
        ("~nobody-of-this-name/x", None, "R2C-X102"),
        (".", None, "R2C-X114"),
        ("with tables", None, "R2C-X114"),
        ("with tables/", None, "R2C-X114"),
    ],
)
def test_a_misspelt_file_or_a_folder_is_an_error_and_not_a_problem(
    argument: str | None, file: str | None, code: str, folder: Path
) -> None:
    with pytest.raises(InputError, match=code):
        problem_text(argument, file)


def test_a_pipe_is_a_file_of_words(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    with ThreadPoolExecutor() as pool:
        pool.submit((folder / "pipe").write_text, TEXT, encoding="utf-8")
        assert problem_text("pipe", None) == TEXT


def test_a_byte_order_mark_is_no_part_of_the_text(folder: Path) -> None:
    (folder / "marked.txt").write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    assert problem_text("marked.txt", None) == TEXT


def test_another_encoding_is_refused_with_its_place(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(monkeypatch, "Café".encode("latin-1"))
    with pytest.raises(InputError, match=r"R2C-X103.*byte 3"):
        problem_text(None, None)


def test_nothing_on_a_terminal_is_an_error_instead_of_a_long_wait(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(monkeypatch, b"")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    with pytest.raises(InputError, match="R2C-X104"):
        problem_text(None, None)


def test_an_endless_input_is_cut_off(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, b"x" * (LIMIT_MB * 1_000_000 + 1))
    with pytest.raises(InputError, match="R2C-X109"):
        problem_text(None, None)

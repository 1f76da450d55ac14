"""A file in two encodings is refused by its first wrong byte; one in Windows-1252 is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from r2c.errors import InputError
from r2c.problem.read import read_tables

STREETS = "site,cost\nStraße,3\nKöln,4\n"


@pytest.mark.parametrize(
    ("content", "line", "offset"),
    [
        (STREETS.encode() + b"M\xfcnchen,5\n", 4, 29),
        (b"M\xfcnchen,5\r\n" + STREETS.encode(), 1, 1),
        (STREETS.replace("\n", "\r").encode() + b"\rcaf\xe9,5\r", 5, 32),
    ],
)
def test_a_byte_of_windows_among_utf_8_is_refused_by_its_line(
    tmp_path: Path, content: bytes, line: int, offset: int
) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_tables(tmp_path / "a.csv")
    assert caught.value.code == "R2C-P024"
    assert f"0x{content[offset]:02x} in line {line} (offset {offset})" in str(caught.value)


def test_json_in_two_encodings_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes('[{"site": "Köln"},\n'.encode() + b'{"site": "M\xfcnchen"}]')
    with pytest.raises(InputError, match="line 2") as caught:
        read_tables(tmp_path / "a.json")
    assert caught.value.code == "R2C-P024"


def test_a_file_that_is_cut_within_a_character_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes((STREETS + "Zürich,5\nö").encode()[:-1])
    with pytest.raises(InputError) as caught:
        read_tables(tmp_path / "a.csv")
    assert caught.value.code == "R2C-P024"


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
@pytest.mark.parametrize("name", ["Straße", "Übermaß – Köln", "«Café» à l’été", "Nº 5 ½ £"])
def test_a_file_that_is_windows_1252_throughout_is_read(
    tmp_path: Path, encoding: str, name: str
) -> None:
    plain = name if encoding == "cp1252" else name.replace("–", "-").replace("’", "'")
    (tmp_path / "a.csv").write_bytes(f"site,cost\n{plain},3\n".encode(encoding))
    (table,) = read_tables(tmp_path / "a.csv")
    assert table.rows == ((plain, 3),)

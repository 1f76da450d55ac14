"""Every declared failure has one code, one place, three sentences and a line on the page."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "errors.md"
LETTERS = {
    "problem": "P",
    "cir": "C",
    "formulation": "C",
    "supposition": "C",
    "archetypes": "A",
    "model": "M",
    "solve": "S",
    "verdict": "V",
    "llm": "L",
    "agents": "G",
    "pipeline": "G",
    "client": "X",
    "settings": "X",
    "resources": "X",
    "cli": "X",
}
SERVICES = {"evaluation": "B", "inference": "I", "training": "T"}
Declaration = tuple[str, Path, ast.Call]


def declarations() -> list[Declaration]:
    found: list[Declaration] = []
    for folder in ("r2c", "benchmarks", "services"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            if "declare(" not in text:
                continue
            for node in ast.walk(ast.parse(text)):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                    continue
                if node.func.id == "declare" and node.args:
                    code = node.args[0]
                    assert isinstance(code, ast.Constant), f"{path}: the code must be a literal"
                    found.append((str(code.value), path, node))
    return found


DECLARED = declarations()


def test_every_code_is_declared_once() -> None:
    codes = [code for code, _, _ in DECLARED]
    assert sorted(codes) == sorted(set(codes))


def test_the_page_lists_exactly_the_declared_codes() -> None:
    listed = set(re.findall(r"R2C-[A-Z]\d{3}", PAGE.read_text(encoding="utf-8")))
    assert listed == {code for code, _, _ in DECLARED}, "run `make docs`"


@pytest.mark.parametrize(
    ("code", "path", "call"), [pytest.param(*item, id=item[0]) for item in DECLARED]
)
def test_a_code_has_the_letter_of_its_layer_and_three_sentences(
    code: str, path: Path, call: ast.Call
) -> None:
    parts = path.relative_to(ROOT).with_suffix("").parts
    letters = {"benchmarks": {}, "services": SERVICES}.get(parts[0], LETTERS)
    expected = letters.get(parts[1], "B")
    assert code.startswith(f"R2C-{expected}"), f"{path} declares {code}"
    given = {keyword.arg for keyword in call.keywords}
    assert {"what", "why", "remedy"} <= given

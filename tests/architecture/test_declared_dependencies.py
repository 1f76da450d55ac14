"""What the library imports is what pyproject.toml asks for, so a base install is complete."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
OWN = {"r2c", "r2c_api", "r2c_benchmarks", "r2c_evaluation", "r2c_inference", "r2c_training"}
SERVICES = ("api", "evaluation", "inference", "training")
FOLDERS = (ROOT, ROOT / "benchmarks", *(ROOT / "services" / name for name in SERVICES))
EXTRAS_OF_THE_LIBRARY = ("agents", "embedded", "frames", "telemetry")


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def configuration() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def declared() -> set[str]:
    project = configuration()["project"]
    asked = list(project["dependencies"])
    for extra in EXTRAS_OF_THE_LIBRARY:
        asked += project["optional-dependencies"][extra]
    return {canonical(re.split(r"[\[<>=!~; ]", line)[0]) for line in asked}


def imported() -> dict[str, set[str]]:
    """Top-level module -> the files of the library that import it."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "r2c").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            else:
                continue
            for name in names:
                found.setdefault(name.split(".")[0], set()).add(path.relative_to(ROOT).as_posix())
    return found


def test_the_library_imports_nothing_undeclared() -> None:
    providers = importlib.metadata.packages_distributions()
    asked = declared()
    undeclared = {}
    for module, files in imported().items():
        if module in sys.stdlib_module_names or module in OWN:
            continue
        distributions = {canonical(name) for name in providers.get(module, [module])}
        if not distributions & asked:
            undeclared[module] = sorted(files)
    assert undeclared == {}


def test_every_declared_package_is_imported() -> None:
    providers = importlib.metadata.packages_distributions()
    used = {canonical(name) for module in imported() for name in providers.get(module, [module])}
    assert declared() - used == set()


def test_every_extra_serves_code_or_development() -> None:
    extras = set(configuration()["project"]["optional-dependencies"])
    others = {"api", "bench", "cluster", "dev", "fuzz", "inference", "postgres"}
    others |= {"mcp", "training"}
    assert extras - {*EXTRAS_OF_THE_LIBRARY} - others == set()


def test_the_import_contracts_name_modules_that_exist() -> None:
    contracts = configuration()["tool"]["importlinter"]["contracts"]
    named = set(re.findall(r"\br2c(?:_\w+)?(?:\.\w+)*", repr(contracts)))
    missing = set()
    for name in named:
        parts = name.split(".")
        paths = [folder.joinpath(*parts) for folder in FOLDERS]
        if not any(path.is_dir() or path.with_suffix(".py").exists() for path in paths):
            missing.add(name)
    assert missing == set()
    assert "r2c.cli" in named

"""Help must be there at once; what costs time to import is imported by the command that needs it.

Imports are asserted rather than seconds, so that a busy machine does not fail the test.
"""

from __future__ import annotations

import subprocess
import sys

import pytest
from running import ROOT, environment

HEAVY = {
    *("pydantic_settings", "rich", "pyomo", "highspy", "numpy", "yaml", "openpyxl"),
    *("httpx2", "openai", "langgraph", "chromadb", "tokenizers", "xllamacpp", "torch", "pint"),
    *("r2c.cir", "r2c.problem", "r2c.model", "r2c.solve", "r2c.llm", "r2c.pipeline"),
}
SCRIPT = """
import sys
sys.argv = ["r2c", *{arguments!r}]
try:
    from r2c.cli.main import main
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
print("LOADED", *sorted(sys.modules))
"""


def loaded(arguments: list[str]) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(arguments=arguments)],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=120,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.partition("LOADED")[2].split())


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["formulate", "--help"],
        ["cards", "--help"],
        ["models", "-h"],
        ["jobs"],
    ],
)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    assert loaded(arguments) & HEAVY == set()


def test_the_front_page_does_without_pydantic() -> None:
    # Below it typer itself reads numbers through pydantic.
    assert "pydantic" not in loaded(["--help"])


def test_reading_cards_loads_no_solver_and_no_language_model() -> None:
    found = loaded(["cards", "search", "at", "most"])
    assert "yaml" in found
    assert found & {"pyomo", "highspy", "openai", "langgraph", "xllamacpp", "torch"} == set()

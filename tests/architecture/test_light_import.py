"""`import r2c` must stay cheap: the heavy libraries load where they are used, not before."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "langgraph",
    "openai",
    "chromadb",
    "pyomo",
    "highspy",
    "xllamacpp",
    "torch",
    "pint",
    "fastmcp",
    "opentelemetry",
)
LIST_LOADED = "import sys; print(*sorted({name.split('.')[0] for name in sys.modules}))"


def loaded_after(statement: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{statement}; {LIST_LOADED}"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "statement", ["import r2c", "from r2c import CIR, Problem, Formulation", "import r2c.cli.main"]
)
def test_importing_loads_no_heavy_library(statement: str) -> None:
    assert loaded_after(statement) & set(HEAVY) == set()


def test_the_check_itself_sees_a_heavy_library() -> None:
    assert "pyomo" in loaded_after("import pyomo")


def test_every_public_name_of_the_package_loads() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import r2c; [getattr(r2c, name) for name in r2c.__all__]"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


def test_an_unknown_name_is_refused_with_the_names_there_are() -> None:
    import r2c

    with pytest.raises(AttributeError, match="'formulat'; it offers AsyncClient, CIR, Client"):
        r2c.formulat  # noqa: B018

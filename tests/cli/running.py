"""Runs `r2c` as a person does, in a process of its own, or quickly in this one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from r2c.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
COMMAND = [sys.executable, "-m", "r2c.cli"]


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("R2C_")}
    return {**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "100", **more}


def run(*arguments: str, stdin: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        env=environment(**variables),
        timeout=240,
    )


def invoke(*arguments: str, stdin: str | None = None, **variables: str) -> Result:
    return CliRunner(env={"COLUMNS": "100", **variables}).invoke(app, list(arguments), input=stdin)


def only_json(stdout: str) -> dict[str, Any]:
    """The one object on standard output; anything beside it is an error."""
    value = json.loads(stdout)
    assert isinstance(value, dict)
    return value


def write_cir(folder: Path, **fields: object) -> str:
    path = folder / "model.cir.json"
    path.write_text(json.dumps({"version": 1, **fields}), encoding="utf-8")
    return str(path)

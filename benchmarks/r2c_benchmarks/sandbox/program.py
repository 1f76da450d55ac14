"""Runs a Pyomo program inside the sandbox and writes down the model that it left behind.

A program need not solve its model. If it does, with whatever solver it names, HiGHS answers, and
what goes wrong in or after that call (a report that fails, say) does not count against it. It may
go on with what it found: what counts is the model at its end, solved again elsewhere.
"""

from __future__ import annotations

import importlib.util
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from r2c_benchmarks.sandbox.mps import mps_of

LONGEST_MESSAGE = 1000
FIRST_SOLVE = 0.5
"""The share of the time left that a program's own call may take; its model is solved again."""


@dataclass(frozen=True)
class Left:
    """What a program left behind: its model as MPS, or why there is none."""

    mps: str = ""
    message: str = ""


class AnySolver:
    """Stands for every solver a program may name; all of them are HiGHS."""

    asked = False
    real: Any = None
    deadline = 0.0

    def __init__(self, *_names: object, **_settings: object) -> None:
        """Whatever the name and the settings."""
        self.options: dict[str, object] = {}
        self.config = type("Config", (), {})()

    def available(self, *_flags: object, **_more: object) -> bool:
        """Always."""
        return True

    def solve(self, model: object, *_more: object, **_settings: object) -> object:
        """Solve with HiGHS in the time that is left; the settings are another solver's."""
        AnySolver.asked = True
        left = max(0.1, (AnySolver.deadline - time.monotonic()) * FIRST_SOLVE)
        return AnySolver.real("highs").solve(model, timelimit=left)


def run_program(path: Path, seconds: float) -> Left:
    """Execute a program and write the model it leaves behind.

    Args:
        path: A Python program that builds a Pyomo `ConcreteModel`, preferably called `model`.
        seconds: For this program and for solving its model, together.
    """
    deadline = time.monotonic() + seconds
    import pyomo.environ as pyo
    import pyomo.opt as opt

    AnySolver.real, AnySolver.asked = pyo.SolverFactory, False
    AnySolver.deadline = deadline
    pyo.SolverFactory = opt.SolverFactory = AnySolver
    found = importlib.util.spec_from_file_location("__main__", path)
    if found is None or found.loader is None:
        return Left(message="the program cannot be loaded")
    module = importlib.util.module_from_spec(found)
    sys.modules["__main__"] = module
    try:
        found.loader.exec_module(module)
    except SystemExit:
        pass
    except BaseException as error:  # whatever a program raises is its result
        if not AnySolver.asked:
            return Left(message=_told(error, path))
    model = _model_of(module, pyo.ConcreteModel)
    if model is None:
        return Left(message="the program leaves no ConcreteModel behind")
    pyo.SolverFactory = AnySolver.real
    try:
        return Left(mps_of(model))
    except Exception as error:
        return Left(message=_told(error, path))


def _model_of(module: ModuleType, kind: type) -> Any:
    names = vars(module)
    if isinstance(names.get("model"), kind):
        return names["model"]
    models = [value for value in names.values() if isinstance(value, kind)]
    return models[-1] if models else None


def _told(error: BaseException, path: Path) -> str:
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == str(path)
    ]
    if isinstance(error, SyntaxError):
        lines = [error.lineno]
    place = f"line {lines[-1]}: " if lines and lines[-1] else ""
    return f"{place}{type(error).__name__}: {error}"[:LONGEST_MESSAGE]

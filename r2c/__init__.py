"""R2C: a decision problem in words becomes a solved model that can be read and trusted.

The public names load on first use, so `import r2c` costs milliseconds and needs no solver, no
graph library and no language model.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from r2c.cir.schema import CIR as CIR
    from r2c.client.asynchronous import AsyncClient as AsyncClient
    from r2c.client.sync import Client as Client
    from r2c.formulation import Formulation as Formulation
    from r2c.pipeline.answering import aanswer as aanswer
    from r2c.pipeline.answering import answer as answer
    from r2c.pipeline.api import aformulate as aformulate
    from r2c.pipeline.api import formulate as formulate
    from r2c.problem import read_problem as read_problem
    from r2c.problem.schema import Problem as Problem
    from r2c.verdict.answer import asolve as asolve
    from r2c.verdict.answer import solve as solve

__version__ = "0.1.0"

_HOMES = {
    "AsyncClient": "r2c.client.asynchronous",
    "CIR": "r2c.cir.schema",
    "Client": "r2c.client.sync",
    "Formulation": "r2c.formulation",
    "Problem": "r2c.problem.schema",
    "aanswer": "r2c.pipeline.answering",
    "aformulate": "r2c.pipeline.api",
    "answer": "r2c.pipeline.answering",
    "asolve": "r2c.verdict.answer",
    "formulate": "r2c.pipeline.api",
    "read_problem": "r2c.problem",
    "solve": "r2c.verdict.answer",
}

__all__ = [
    "CIR",
    "AsyncClient",
    "Client",
    "Formulation",
    "Problem",
    "__version__",
    "aanswer",
    "aformulate",
    "answer",
    "asolve",
    "formulate",
    "read_problem",
    "solve",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(
            f"module 'r2c' has no attribute {name!r}; it offers {', '.join(sorted(__all__))}"
        )
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


class _Package(ModuleType):
    """Keeps `r2c.solve` the function: the subpackage `r2c.solve` would replace it on import."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package

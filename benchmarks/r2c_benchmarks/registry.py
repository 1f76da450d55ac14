"""The methods there are: the modules of the folder `methods/`, each with a name `METHOD`."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from r2c.errors import InputError, declare
from r2c_benchmarks import methods
from r2c_benchmarks.method import Method

UNKNOWN_METHOD = declare(
    "R2C-B021",
    InputError,
    what="There is no method {name!r}.",
    why="A method is a module of the folder `methods/`.",
    remedy="Use one of {known}.",
)


def method_names() -> tuple[str, ...]:
    """The names, sorted; nothing is imported."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(methods.__path__)))


def find_method(name: str) -> Method:
    """The method of that name.

    Raises:
        InputError: R2C-B021.
    """
    if name not in method_names():
        raise UNKNOWN_METHOD(name=name, known=", ".join(method_names()))
    method: Method = import_module(f"{methods.__name__}.{name}").METHOD
    return method

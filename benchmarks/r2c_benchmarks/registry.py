"""The methods there are: the modules of the folder `methods/`, each with a name `METHOD`.

A module may have `VARIANTS` of its method by name: `r2c-text` is the variant `text` of `r2c`.
"""

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
    why="A method is a module of the folder `methods/`, or a variant that one tells of.",
    remedy="Use one of {known}.",
)


def method_names() -> tuple[str, ...]:
    """The names, sorted."""
    return tuple(sorted(_methods()))


def find_method(name: str) -> Method:
    """The method of that name.

    Raises:
        InputError: R2C-B021.
    """
    known = _methods()
    if name not in known:
        raise UNKNOWN_METHOD(name=name, known=", ".join(sorted(known)))
    return known[name]


def _methods() -> dict[str, Method]:
    found: dict[str, Method] = {}
    for name in (module.name for module in pkgutil.iter_modules(methods.__path__)):
        module = import_module(f"{methods.__name__}.{name}")
        found[name] = module.METHOD
        for variant, method in getattr(module, "VARIANTS", {}).items():
            found[f"{name}-{variant}"] = method
    return found

"""Ways of merging, one file each, found by listing the folder.

A file is an operator's if it has `OPERATORS`; the others hold what operators are made of.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from r2c.errors import InputError, declare
from r2c_training.merge.operators.operator import AnyOperator

UNKNOWN_OPERATOR = declare(
    "R2C-T102",
    InputError,
    what="There is no merge method {name!r}.",
    why="Methods are the files of r2c_training/merge/operators; none has that name or alias.",
    remedy="Use one of {known}.",
)


@cache
def operators() -> dict[str, AnyOperator]:
    """All operators by name, in alphabetical order."""
    found: list[AnyOperator] = []
    for module in iter_modules(__path__):
        found += getattr(import_module(f"{__name__}.{module.name}"), "OPERATORS", ())
    return {each.name: each for each in sorted(found, key=lambda each: each.name)}


def operator(name: str) -> AnyOperator:
    """The operator of that name or alias.

    Raises:
        InputError: R2C-T102.
    """
    known = operators()
    for each in known.values():
        if name == each.name or name in each.aliases:
            return each
    raise UNKNOWN_OPERATOR(name=name, known=", ".join(known))

"""Ways of writing a rule that the template language cannot say: one class a file, found by listing.

A paradigm of a card names the file in `method`; the class adds its rows to those of the template.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol

from r2c.cir.expr import Binder, Compare
from r2c.errors import ModelError, declare
from r2c.model.bounds import Bounds
from r2c.model.draft import Draft

UNKNOWN_METHOD = declare(
    "R2C-M140",
    ModelError,
    what="The paradigm method {name!r} does not exist.",
    why="A card names it, but r2c/model/paradigms has no such file.",
    remedy="Use one of {known}, or add the file.",
)


class Method(Protocol):
    """Rows of a rule, found by looking at the instance."""

    def rows(self, draft: Draft, bounds: Bounds) -> Iterator[tuple[str, Compare, Binder | None]]:
        """Row names, relations and all their loops."""


@cache
def methods() -> tuple[str, ...]:
    """The names of all methods."""
    return tuple(sorted(module.name for module in iter_modules(__path__)))


def method(name: str) -> Method:
    """The method of that name.

    Raises:
        ModelError: R2C-M140.
    """
    if name not in methods():
        raise UNKNOWN_METHOD(name=name, known=list(methods()) or "none")
    found: Method = import_module(f"{__name__}.{name}").METHOD
    return found

"""Problems in which one archetype matters, of any size: one module an archetype, found by listing.

A module is named after its archetype. Its `instance` is random, always feasible, and the same for
the same size and seed; its `SIZES` are those that are measured, the smallest for the tests.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from random import Random
from typing import Protocol, cast

from r2c.cir.schema import CIR
from r2c.errors import InputError, declare

NO_INSTANCES = declare(
    "R2C-B080",
    InputError,
    what="There are no instances of the archetype {name!r}.",
    why="An archetype is measured on the instances of a module with its name.",
    remedy="Use one of {known}, or add a module to `paradigms/instances/`.",
)


class Instances(Protocol):
    """A module of this folder."""

    SIZES: tuple[int, ...]

    def instance(self, size: int, seed: int) -> CIR:
        """A problem of that size."""


@cache
def archetypes() -> tuple[str, ...]:
    """The archetypes that have instances, sorted."""
    return tuple(sorted(module.name for module in iter_modules(__path__)))


def instances_of(archetype: str) -> Instances:
    """The instances of an archetype.

    Raises:
        InputError: R2C-B080.
    """
    if archetype not in archetypes():
        raise NO_INSTANCES(name=archetype, known=", ".join(archetypes()))
    return cast(Instances, import_module(f"{__name__}.{archetype}"))


def dice(archetype: str, size: int, seed: int) -> Random:
    """The random numbers of one instance, the same on every machine."""
    return Random(f"{archetype} {size} {seed}")

"""Plans replayed as they would happen: one module an archetype, found by listing the folder.

A module named like its archetype has `replay`, which lets a plan happen step by step in plain
Python and says what goes wrong. It reads numbers only: neither the card's algebra nor its rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from r2c.verdict.given import Given


class Simulator(Protocol):
    """A module of this folder."""

    def replay(self, given: Given) -> Iterator[str]:
        """What goes wrong, each as what follows "in the replay", for one member of a rule."""


@cache
def simulated() -> frozenset[str]:
    """The archetypes that can be replayed."""
    return frozenset(module.name for module in iter_modules(__path__))


def simulator(archetype: str) -> Simulator:
    """The module of that name."""
    return cast(Simulator, import_module(f"{__name__}.{archetype}"))

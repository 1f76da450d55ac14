"""Problems that have no optimum: one module a kind, found by listing.

A module has `STATUS`, what a careful reader answers, and `spoil`, which makes a problem one of its
kind or returns None if this one cannot be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from random import Random
from typing import Literal, Protocol, cast

from r2c.problem.schema import Frozen
from r2c_benchmarks.rulebench.draw import Numbers
from r2c_benchmarks.rulebench.optimum import Prover
from r2c_benchmarks.rulebench.phrase import Slot
from r2c_benchmarks.rulebench.select import Selection

Status = Literal["optimal", "infeasible", "unbounded", "unsupported", "needs_input"]
"""What a careful reader of a problem comes to."""


class ReadingOf(Frozen):
    """One of the things that a sentence may mean, and the optimum if it is meant."""

    says: str
    answer: float


@dataclass(frozen=True)
class Spoilt:
    """What makes a problem unsolvable.

    Attributes:
        selection: The rules that it has.
        numbers: Its numbers.
        further: A sentence more.
        missing: A number that nobody knows.
        shown: What stands in its place; nothing does if it is empty.
        readings: What a sentence may mean, if it may mean two things.
        answer: The optimum all the same, if a model that is not linear has one.
        conflict: The rules that no plan keeps together, none of which is needless.
        why: What is wrong, for those who read the bench.
    """

    selection: Selection
    numbers: Numbers
    why: str
    further: Sequence[str] = ()
    missing: Slot | None = None
    shown: str = ""
    readings: Sequence[ReadingOf] = ()
    conflict: Sequence[str] = ()
    answer: float | None = None


class Trouble(Protocol):
    """A module of this folder."""

    STATUS: Status

    def spoil(
        self, selection: Selection, numbers: Numbers, prover: Prover, random: Random
    ) -> Spoilt | None:
        """The problem made unsolvable, None if it cannot be."""


@cache
def troubles() -> tuple[str, ...]:
    """The names of all kinds, sorted."""
    return tuple(sorted(module.name for module in iter_modules(__path__)))


def trouble(name: str) -> Trouble:
    """The kind of that name."""
    return cast(Trouble, import_module(f"{__name__}.{name}"))

"""Mistakes that people and models make in a formulation: one module a kind, found by listing.

A module has `mutate`, which makes the mistake somewhere in a right CIR, or returns None if there is
no place for it. Whether it changes the answer is for the caller to find out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from random import Random
from typing import Protocol, cast

from r2c.cir.schema import CIR, Rule


@dataclass(frozen=True)
class Mutant:
    """A CIR with a mistake.

    Attributes:
        cir: The wrong model.
        diagnosis: What a careful checker says of it, in words that name no solution.
        rule: The rule that is about it, if one is.
    """

    cir: CIR
    diagnosis: str
    rule: str | None = None


class Mutation(Protocol):
    """A module of this folder."""

    def mutate(self, cir: CIR, random: Random) -> Mutant | None:
        """The CIR with the mistake in it, None if it cannot be made."""


@cache
def mutations() -> tuple[str, ...]:
    """The names of all kinds, sorted."""
    return tuple(sorted(module.name for module in iter_modules(__path__)))


def mutation(name: str) -> Mutation:
    """The kind of that name."""
    return cast(Mutation, import_module(f"{__name__}.{name}"))


def said(rule: Rule) -> str:
    """How a diagnosis names a rule: by its words if it has any."""
    return f"{rule.quote!r}" if rule.quote else f"the rule {rule.id!r}"


def with_rule(cir: CIR, changed: Rule) -> CIR:
    """The CIR with a rule in the place of the one of the same id."""
    rules = tuple(changed if rule.id == changed.id else rule for rule in cir.rules)
    return cir.model_copy(update={"rules": rules})

"""What a rule is filled with on a plan, as plain numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from r2c.cir.evaluate import Evaluator
from r2c.cir.expr import Binder, Expr, Loop
from r2c.cir.members import Key
from r2c.model.draft import Draft
from r2c.model.filled import Domain, Filled, Keyed, Worded
from r2c.model.rename import join

TOLERANCE = 1e-5
"""Relative to the amounts compared, as in `r2c.verdict.recheck`."""
Amounts = Callable[[Key], float]
"""An amount by member of a set; 0 where there is none."""


@dataclass(frozen=True)
class Given:
    """The roles of one rule, for one member `key` of its loops."""

    draft: Draft
    at: Evaluator[float]
    key: Key

    def has(self, role: str) -> bool:
        """Whether the role is filled, if only by default."""
        return self.draft.roles.get(role) is not None

    def number(self, role: str) -> float:
        """The amount in a role.

        Raises:
            CIRError: R2C-C225 to R2C-C239.
        """
        return self.at.at(_expression(self.draft.roles[role]), self.draft.binder, self.key)

    def amounts(self, role: str) -> Amounts:
        """The amounts in an indexed role.

        Raises:
            CIRError: R2C-C225 to R2C-C239.
        """
        filled = self.draft.roles[role]
        if not isinstance(filled, Keyed) or not filled.params:
            value = self.number(role)
            return lambda _: value
        own = len(self.key)
        loops = join(self.draft.binder, filled.binder)
        found = {
            key[own:]: value
            for key, value in self.at.each(filled.body, loops)
            if key[:own] == self.key
        }
        return lambda key: found.get(key, 0.0)

    def members(self, role: str) -> list[Key]:
        """The members of the set in a role, in order."""
        filled = self.draft.roles[role]
        if not isinstance(filled, Domain):
            return []
        own = len(self.key)
        parts = next(item.keys for item in self.draft.card.roles if item.name == role)
        inner = Binder((Loop(tuple(f"part{k}__" for k in range(parts)), filled.expr),))
        loops = join(self.draft.binder, inner)
        assert loops is not None
        return [key[own:] for key in self.at.members(loops) if key[:own] == self.key]

    def word(self, role: str) -> str:
        """The word in a role, empty if there is none."""
        filled = self.draft.roles.get(role)
        return filled.word if isinstance(filled, Worded) else ""


def given(draft: Draft, at: Evaluator[float]) -> Iterator[Given]:
    """The rule for each member of its loops."""
    keys = [()] if draft.binder is None else at.members(draft.binder)
    for key in keys:
        yield Given(draft, at, key)


def beyond(value: float, limit: float) -> bool:
    """Whether a value exceeds a limit by more than solvers leave open."""
    return value - limit > TOLERANCE * max(1.0, abs(value), abs(limit))


def _expression(filled: Filled | None) -> Expr:
    if isinstance(filled, Keyed):
        return filled.body
    assert filled is not None and not isinstance(filled, Domain | Worded)
    return filled  # type: ignore[return-value]

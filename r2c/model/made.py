"""A variable that a rule creates, indexed by the rule's loops."""

from __future__ import annotations

from dataclasses import dataclass

from r2c.cir.expr import Expr, Item, Name


@dataclass(frozen=True)
class Made:
    """A created variable: its name in the model; `outer` are the rule's loop variables."""

    name: str
    outer: tuple[Expr, ...]

    def at(self, keys: tuple[Expr, ...], places: tuple[int, ...] = ()) -> Expr:
        """The variable at these keys; `places` are positions in lists written out."""
        name = "_".join([self.name, *map(str, places)])
        keys = self.outer + keys
        return Item(name, keys) if keys else Name(name)

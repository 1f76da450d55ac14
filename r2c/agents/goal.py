"""The objective as the model writes it: `maximize profit`, `minimize vans + coaches`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from r2c.cir.expr import Expr
from r2c.cir.parse import parse
from r2c.cir.write import write
from r2c.errors import CIRError

_SENSES: dict[str, Literal["min", "max"]] = {"minimize": "min", "maximize": "max"}


@dataclass(frozen=True, slots=True)
class Goal:
    """What makes one plan better than another."""

    sense: Literal["min", "max"]
    expr: Expr

    def __str__(self) -> str:
        return f"{'minimize' if self.sense == 'min' else 'maximize'} {write(self.expr)}"


def read_goal(text: str) -> Goal:
    """One line to a goal.

    Raises:
        ValueError: the line does not begin with minimize or maximize, or goes on unreadably.
    """
    word, _, rest = text.strip().partition(" ")
    if word not in _SENSES:
        raise ValueError("the line must begin with minimize or maximize")
    try:
        return Goal(_SENSES[word], parse(rest))
    except CIRError as error:
        raise ValueError(error.fault.what) from None

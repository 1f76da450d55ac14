"""A point of the problem that can be read in more than one way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from r2c.cir.asked import Asked


@dataclass(frozen=True)
class Doubt:
    """A question of choice whose readings are still to be compared.

    One option changes nothing: it is how the model reads the problem. `prefer` says which option
    is the default: that which the question names, or the one under which the best plan is worth
    least, because a plan that is good then promises nothing that may not hold.
    """

    asked: Asked
    prefer: Literal["named", "cautious"] = "named"


CAUTIOUS = "it promises nothing that the other reading may not hold"
"""Why the reading with the worse optimum is a default."""
ONLY_PLAN = "the other reading leaves no best plan"
"""Why a reading is a default where another one is infeasible or without limit."""

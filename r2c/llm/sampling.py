"""How the answers of one call are drawn, and by when."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Sampling:
    """How the answers of one call are drawn."""

    temperature: float
    seed: int
    max_tokens: int
    deadline: float | None

    @property
    def seconds_left(self) -> float:
        """Time until the deadline; infinity without one."""
        return math.inf if self.deadline is None else self.deadline - time.monotonic()

"""When to try a failed request again: passing faults only, with growing, jittered pauses."""

from __future__ import annotations

import random
from dataclasses import dataclass

from r2c.llm.classify import Failure

LONGEST_WAIT = 60.0
"""Seconds; an endpoint that asks for a longer pause is not waited for."""


@dataclass(frozen=True)
class Retry:
    """How often and how patiently.

    Attributes:
        retries: Further tries after the first.
        base: Seconds of the first pause; each next one doubles.
    """

    retries: int = 2
    base: float = 0.5

    def pause(self, failure: Failure, tried: int, seconds_left: float) -> float | None:
        """Seconds to wait before the next try, or None to give up.

        Args:
            failure: What the last try gave.
            tried: Tries so far, at least 1.
            seconds_left: Time until the caller's deadline; infinity without one.
        """
        if not failure.passing or tried > self.retries:
            return None
        # Full jitter would allow no pause at all; half keeps many clients from marching in step.
        pause = self.base * 2 ** (tried - 1) * random.uniform(0.5, 1.0)
        if failure.wait is not None:
            pause = max(pause, failure.wait)
        return pause if pause <= min(LONGEST_WAIT, seconds_left) else None

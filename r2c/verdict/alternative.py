"""Another formulation of the same problem, as far as agreement needs to know it."""

from __future__ import annotations

from dataclasses import dataclass

from r2c.formulation import Outcome


@dataclass(frozen=True)
class Alternative:
    """What another formulation came to.

    `digest` is that of its canonical form, empty if there is no CIR; `weight` counts the samples
    that gave it.
    """

    digest: str
    objective: float | None
    outcome: Outcome
    weight: float = 1.0

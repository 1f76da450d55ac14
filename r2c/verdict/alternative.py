"""Another formulation of the same problem, as far as agreement needs to know it."""

from __future__ import annotations

from dataclasses import dataclass

from r2c.formulation import Outcome


@dataclass(frozen=True)
class Alternative:
    """What another formulation came to.

    `digest` is that of its canonical form, empty if there is no CIR; `weight` counts the samples
    that gave it. `apart` says that it comes to the optimum of the judged formulation with the
    numbers that are told, and to others with others: alike by luck.
    """

    digest: str
    objective: float | None
    outcome: Outcome
    weight: float = 1.0
    apart: bool = False

"""What is kept of one instance, written in one way and solved once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field


class Place(NamedTuple):
    """Which instance a measurement is about."""

    archetype: str
    size: int
    seed: int

    def __str__(self) -> str:
        return f"{self.archetype} size {self.size} seed {self.seed}"


class Measurement(BaseModel):
    """One line of the kept measurements.

    A paradigm that cannot write the instance has `status` "impossible" and no figures. `objective`
    is that of the best plan found, `bound` what is proven of all plans, `relaxed` the optimum
    without whole numbers. Of a model that was solved in several orders of its rows and variables
    these are the figures of the run with the median time.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    archetype: str
    size: int
    seed: int
    paradigm: str
    digest: str = Field(description="Of the instance, the paradigm, the solver and the limit.")
    start: int = Field(default=0, description="Which start of the bench measured it, from 0.")
    limit: float = Field(description="Seconds that the solver was given.")
    status: str = Field(description="As HiGHS tells it, or how its process ended.")
    finished: bool = False
    reason: str = Field(default="", description="Why the paradigm cannot write the instance.")
    sense: Literal["min", "max"] = "min"
    variables: int = 0
    rows: int = 0
    relaxed: float | None = None
    relaxed_seconds: float = 0.0
    objective: float | None = None
    bound: float | None = None
    gap: float | None = None
    nodes: int | None = None
    seconds: float = 0.0
    by_order: tuple[float, ...] = Field(
        default=(), description="Seconds of each order, the limit where it did not finish."
    )

    @property
    def place(self) -> Place:
        """Which instance it is about."""
        return Place(self.archetype, self.size, self.seed)

    @property
    def possible(self) -> bool:
        """Whether the paradigm could write the instance."""
        return self.status != "impossible"

    @property
    def spent(self) -> float:
        """Seconds, the whole limit where the solver did not finish."""
        return self.seconds if self.finished else self.limit


@dataclass(frozen=True)
class Case:
    """All that was measured on one instance.

    `picked` is the paradigm by which R2C writes the rules of the archetype if nobody tells it how;
    None if it writes them by several, or by one that is not exact.
    """

    place: Place
    picked: str | None
    measurements: tuple[Measurement, ...]

    @property
    def possible(self) -> tuple[Measurement, ...]:
        """Those of the paradigms that can write the instance."""
        return tuple(item for item in self.measurements if item.possible)

    @property
    def best(self) -> float | None:
        """The objective of the best plan that any paradigm found."""
        found = [item.objective for item in self.possible if item.objective is not None]
        if not found:
            return None
        return min(found) if self.possible[0].sense == "min" else max(found)

"""What is kept of one model, written in one way in a process of its own."""

from __future__ import annotations

from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field


class Place(NamedTuple):
    """Which measurement: the model, about how many variables, and which repeat."""

    model: str
    variables: int
    repeat: int


class Measurement(BaseModel):
    """One line of the kept measurements.

    `seconds` go from the data in memory to the model that HiGHS holds. `added` is what the process
    needed for that at its peak, beyond what it held before; `peak` is all it held then.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    variables: int
    way: str
    repeat: int
    seed: int
    digest: str = Field(description="Of the code, the packages and the seed.")
    start: int = Field(default=0, description="Which start of the bench measured it, from 0.")
    seconds: float
    processor: float
    added: int
    peak: int
    columns: int
    rows: int
    entries: int
    sums: tuple[float, ...] = Field(description="Equal for equal models, whatever their order.")

    @property
    def place(self) -> Place:
        """Which measurement it is, but for the way."""
        return Place(self.model, self.variables, self.repeat)

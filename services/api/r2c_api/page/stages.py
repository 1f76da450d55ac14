"""The steps of a job as a planner sees them: a few phases, each of several stages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Phase:
    """A phase with the stages whose events belong to it."""

    name: str
    stages: tuple[str, ...]


PHASES = (
    Phase("Waiting for its turn", ("queued",)),
    Phase("Reading your words", ("start", "running", "decisions", "reading", "objective")),
    Phase("Writing and solving the model", ("map", "solve")),
    Phase("Checking the answer", ("verify", "reflect", "conclude")),
)

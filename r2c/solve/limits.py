"""What a solve may cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from r2c.errors import InputError, declare

if TYPE_CHECKING:
    from r2c.settings import Settings

BAD_LIMIT = declare(
    "R2C-S001", InputError,
    what="The solve limit {name!r} is {value}.",
    why="It must be at least {least}.",
    remedy="Choose a larger value or leave it at its default.",
)  # fmt: skip

_LEAST = {"seconds": 0.01, "memory_mb": 16, "threads": 1, "gap": 0.0, "grace": 0.0}


@dataclass(frozen=True)
class Limits:
    """Wall-clock seconds, megabytes, threads and relative optimality gap of one solve.

    Time and memory are enforced from outside the solver: it is told the time limit, and killed
    when it overruns it by `grace` seconds. `memory_mb` is what the process may take beyond its
    empty state. `nodes` of an integer search is a limit that is the same on every machine.
    """

    seconds: float = 60.0
    memory_mb: int = 2048
    threads: int = 1
    gap: float = 1e-6
    grace: float = 1.0
    nodes: int | None = None

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """What the settings say."""
        return cls(
            seconds=settings.solve_seconds,
            memory_mb=settings.solve_memory_mb,
            threads=settings.solve_threads,
        )

    def __post_init__(self) -> None:
        for name, least in _LEAST.items():
            value = getattr(self, name)
            if not value >= least:
                raise BAD_LIMIT(name=name, value=value, least=least)
        if self.nodes is not None and self.nodes < 1:
            raise BAD_LIMIT(name="nodes", value=self.nodes, least=1)

"""What the store and the disk hold of the jobs, looked at from outside the service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_ENDED = ("succeeded", "failed", "cancelled")


@dataclass(frozen=True)
class Kept:
    """Jobs by their ids: states, attempts, events as (number, state), files of their folders."""

    states: Mapping[str, str]
    attempts: Mapping[str, int]
    events: Mapping[str, Sequence[tuple[int, str | None]]]
    files: Mapping[str, frozenset[str]]

    def faults(self, ids: Sequence[str]) -> list[str]:
        """What is not as it must be after these jobs, and no other, have ended well."""
        return [
            *(f"{job} is lost" for job in ids if job not in self.states),
            *(f"{job} stands in the store, nobody was told of it" for job in self._others(ids)),
            *(fault for job in ids if job in self.states for fault in self._of(job)),
        ]

    def _others(self, ids: Sequence[str]) -> list[str]:
        return sorted({*self.states, *self.files} - set(ids))

    def _of(self, job: str) -> Iterator[str]:
        if self.states[job] != "succeeded":
            yield f"{job} is {self.states[job]}"
        events = self.events.get(job, ())
        ends = [state for _, state in events if state in _ENDED]
        if len(ends) != 1 or events[-1][1] not in _ENDED:
            yield f"{job} ended {len(ends)} times"
        if [number for number, _ in events] != list(range(1, len(events) + 1)):
            yield f"the events of {job} have gaps"
        kept = self.files.get(job, frozenset())
        if "result.json" not in kept or any(name.startswith("checkpoints") for name in kept):
            yield f"the folder of {job} has {sorted(kept)}"


def look(url: str, folder: Path) -> Kept:
    """The jobs of a Postgres, and those of a tenant's folder."""
    import psycopg

    with psycopg.connect(url) as connection:
        jobs = connection.execute("SELECT id, state, attempt FROM job").fetchall()
        told = connection.execute("SELECT job, number, state FROM event ORDER BY job, number")
        events: dict[str, list[tuple[int, str | None]]] = {}
        for job, number, state in told:
            events.setdefault(job, []).append((number, state))
    return Kept(
        {job: state for job, state, _ in jobs},
        {job: attempt for job, _, attempt in jobs},
        events,
        {
            path.name: frozenset(file.name for file in path.iterdir())
            for path in folder.iterdir()
            if not path.name.startswith(".")
        },
    )

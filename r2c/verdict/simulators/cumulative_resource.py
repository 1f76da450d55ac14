"""A resource over time: what running jobs take is added up at every start."""

from __future__ import annotations

from collections.abc import Iterator

from r2c.verdict.given import TOLERANCE, Given, beyond


def replay(given: Given) -> Iterator[str]:
    """At no start may the running jobs take more than there is."""
    start, duration = given.amounts("start"), given.amounts("duration")
    use, capacity = given.amounts("use"), given.number("capacity")
    jobs = [job for job in given.members("jobs") if duration(job) > TOLERANCE]
    for moment in sorted({start(job) for job in jobs}):
        room = TOLERANCE * max(1.0, abs(moment))
        taken = sum(
            use(job)
            for job in jobs
            if start(job) <= moment + room and moment + room < start(job) + duration(job)
        )
        if beyond(taken, capacity):
            yield f"{taken:g} is taken at {moment:g}, and there is {capacity:g}"
            return

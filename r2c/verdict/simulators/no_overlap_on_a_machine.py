"""A machine at work: its jobs are started one after another, in the order of their starts."""

from __future__ import annotations

from collections.abc import Iterator

from r2c.verdict.given import Given, beyond

_CHOSEN = 0.5


def replay(given: Given) -> Iterator[str]:
    """No job may start before the one before it is done."""
    start, duration = given.amounts("start"), given.amounts("duration")
    on_it = given.amounts("on_it")
    jobs = [job for job in given.members("jobs") if on_it(job) > _CHOSEN]
    # A job of no length may start where another one does.
    jobs.sort(key=lambda job: (start(job), start(job) + duration(job)))
    busy, last = float("-inf"), ""
    for job in jobs:
        if beyond(busy, start(job)):
            yield f"{job[0]} starts at {start(job):g}, when {last} runs until {busy:g}"
            return
        busy, last = max(busy, start(job) + duration(job)), str(job[0])

"""Jobs of a project that share one crew, some of which wait for others."""

from __future__ import annotations

from collections.abc import Sequence

from r2c.cir.schema import CIR
from r2c_benchmarks.paradigms.instances import dice
from r2c_benchmarks.paradigms.parts import labels, least, numbers, pairs, rule, table

SIZES = (5, 14, 28)
PEOPLE = 8
MARGIN = 3


def instance(size: int, seed: int) -> CIR:
    """`size` jobs; a plan that takes them in the order of their list fits with hours to spare."""
    random = dice("cumulative_resource", size, seed)
    jobs = range(size)
    hours = [random.randint(1, 7) for _ in jobs]
    crew = [random.randint(2, 6) for _ in jobs]
    waits = [(random.randrange(max(0, j - 5), j), j) for j in range(1, size) if j % 3]
    horizon = MARGIN + _length(hours, crew, waits)
    before = [(f"j{i + 1}", f"j{j + 1}") for i, j in waits]
    return CIR.model_validate(
        {
            "title": "A project with one crew",
            "sets": [
                labels("Jobs", "j", size),
                numbers("Hours", 0, horizon),
                pairs("Before", ["Jobs", "Jobs"], before),
            ],
            "parameters": [
                table("hours", ["Jobs"], hours),
                table("crew", ["Jobs"], crew),
                table("weight", ["Jobs"], [random.randint(0, 4) for _ in jobs]),
                table("latest", ["Jobs"], [horizon - time for time in hours]),
                {"name": "people", "value": PEOPLE},
            ],
            "decisions": [
                {
                    "name": "begin",
                    "over": ["Jobs"],
                    "indices": ["j"],
                    "domain": "integer",
                    "upper": "latest[j]",
                },
                {"name": "end"},
            ],
            "rules": [
                rule(
                    "crews",
                    "cumulative_resource",
                    start="begin",
                    duration="hours",
                    jobs="Jobs",
                    use="crew",
                    capacity="people",
                    moments="Hours",
                ),
                rule(
                    "order",
                    "precedence",
                    "for (i, j) in Before",
                    earlier="begin[i]",
                    later="begin[j]",
                    earlier_duration="hours[i]",
                ),
                rule("last", "linear", "for j in Jobs", relation="end >= begin[j] + hours[j]"),
            ],
            "objectives": least("5*end + sum(weight[j]*begin[j] for j in Jobs)"),
        }
    )


def _length(hours: Sequence[int], crew: Sequence[int], waits: Sequence[tuple[int, int]]) -> int:
    """The length of the plan in which each job, in the order of the list, starts when it can."""
    busy = [0] * sum(hours)
    ends: list[int] = []
    for job, (time, people) in enumerate(zip(hours, crew, strict=True)):
        start = max((ends[earlier] for earlier, later in waits if later == job), default=0)
        while any(busy[t] + people > PEOPLE for t in range(start, start + time)):
            start += 1
        for t in range(start, start + time):
            busy[t] += people
        ends.append(start + time)
    return max(ends)

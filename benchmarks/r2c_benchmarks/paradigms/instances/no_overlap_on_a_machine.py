"""Jobs on one machine that arrive over time: early starts count, and lateness counts more."""

from __future__ import annotations

from r2c.cir.schema import CIR
from r2c_benchmarks.paradigms.instances import dice
from r2c_benchmarks.paradigms.parts import labels, least, numbers, rule, table

SIZES = (5, 12, 20)


def instance(size: int, seed: int) -> CIR:
    """`size` jobs; the horizon is long enough to do all of them after the last has arrived."""
    random = dice("no_overlap_on_a_machine", size, seed)
    jobs = range(size)
    hours = [random.randint(1, 8) for _ in jobs]
    arrives = [random.randint(0, sum(hours) * 2 // 3) for _ in jobs]
    due = [arrives[j] + hours[j] + random.randint(0, sum(hours) // 3) for j in jobs]
    horizon = max(arrives) + sum(hours)
    return CIR.model_validate(
        {
            "title": "Jobs on one machine",
            "sets": [labels("Jobs", "j", size), numbers("Hours", 0, horizon)],
            "parameters": [
                table("hours", ["Jobs"], hours),
                table("arrives", ["Jobs"], arrives),
                table("latest", ["Jobs"], [horizon - time for time in hours]),
                table("due", ["Jobs"], due),
                table("weight", ["Jobs"], [random.randint(1, 5) for _ in jobs]),
                table("penalty", ["Jobs"], [random.randint(2, 10) for _ in jobs]),
            ],
            "decisions": [
                {
                    "name": "begin",
                    "over": ["Jobs"],
                    "indices": ["j"],
                    "domain": "integer",
                    "lower": "arrives[j]",
                    "upper": "latest[j]",
                },
                {"name": "late", "over": ["Jobs"]},
            ],
            "rules": [
                rule(
                    "machine",
                    "no_overlap_on_a_machine",
                    start="begin",
                    duration="hours",
                    jobs="Jobs",
                    moments="Hours",
                ),
                rule(
                    "lateness",
                    "linear",
                    "for j in Jobs",
                    relation="late[j] >= begin[j] + hours[j] - due[j]",
                ),
            ],
            "objectives": least("sum(weight[j]*begin[j] + penalty[j]*late[j] for j in Jobs)"),
        }
    )

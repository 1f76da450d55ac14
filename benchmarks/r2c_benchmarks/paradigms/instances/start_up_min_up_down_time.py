"""Generators that are switched on and off over a day to meet a load with some reserve."""

from __future__ import annotations

import math

from r2c.cir.schema import CIR
from r2c_benchmarks.paradigms.instances import dice
from r2c_benchmarks.paradigms.parts import choice, labels, least, numbers, rule, table

SIZES = (3, 10, 24)
HOURS = 24


def instance(size: int, seed: int) -> CIR:
    """`size` generators over 24 hours.

    All together give more than the peak with its reserve, and less than the valley at their least,
    so running all of them all the time is feasible.
    """
    random = dice("start_up_min_up_down_time", size, seed)
    units, hours = range(size), range(HOURS)
    most = [random.randint(40, 120) for _ in units]
    lowest = [round(power * random.uniform(0.2, 0.35)) for power in most]
    peak = 0.8 * sum(most)
    shape = [0.78 - 0.22 * math.cos(2 * math.pi * (hour - 4) / HOURS) for hour in hours]
    load = [round(peak * min(1.0, part * random.uniform(0.95, 1.05))) for part in shape]
    return CIR.model_validate(
        {
            "title": "A day of generators",
            "sets": [labels("Units", "u", size), numbers("Hours", 1, HOURS)],
            "parameters": [
                table("most", ["Units"], most),
                table("lowest", ["Units"], lowest),
                table("load", ["Hours"], load),
                table("reserve", ["Hours"], [round(1.1 * need) for need in load]),
                table("fuel", ["Units"], [random.randint(10, 30) for _ in units]),
                table("idling", ["Units"], [random.randint(100, 400) for _ in units]),
                table("starting", ["Units"], [random.randint(200, 1500) for _ in units]),
                table("lasts", ["Units"], [random.randint(2, 8) for _ in units]),
                table("rests", ["Units"], [random.randint(2, 8) for _ in units]),
                table("was_on", ["Units"], [random.randint(0, 1) for _ in units]),
            ],
            "decisions": [
                choice("runs", "Units", "Hours"),
                choice("starts", "Units", "Hours"),
                {
                    "name": "power",
                    "over": ["Units", "Hours"],
                    "indices": ["u", "t"],
                    "upper": "most[u]",
                },
            ],
            "rules": [
                rule(
                    "switching",
                    "start_up_min_up_down_time",
                    "for u in Units",
                    running="[runs[u,t] for t in Hours]",
                    periods="Hours",
                    start="[starts[u,t] for t in Hours]",
                    min_up="lasts[u]",
                    min_down="rests[u]",
                    before="was_on[u]",
                    charge="starting[u]",
                ),
                rule(
                    "above",
                    "capacity_limit",
                    "for u in Units for t in Hours",
                    use="power[u,t]",
                    limit="most[u]*runs[u,t]",
                ),
                rule(
                    "below",
                    "minimum_requirement",
                    "for u in Units for t in Hours",
                    amount="power[u,t]",
                    least="lowest[u]*runs[u,t]",
                ),
                rule(
                    "served",
                    "exact_balance_requirement",
                    "for t in Hours",
                    amount="sum(power[u,t] for u in Units)",
                    target="load[t]",
                ),
                rule(
                    "spare",
                    "minimum_requirement",
                    "for t in Hours",
                    amount="sum(most[u]*runs[u,t] for u in Units)",
                    least="reserve[t]",
                ),
            ],
            "objectives": least(
                "sum(fuel[u]*power[u,t] + idling[u]*runs[u,t] for u in Units for t in Hours)"
            ),
        }
    )

"""Clinics that are each attached to one laboratory; few of them open, and rooms are limited."""

from __future__ import annotations

from r2c.cir.schema import CIR
from r2c_benchmarks.paradigms.instances import dice
from r2c_benchmarks.paradigms.parts import choice, distances, labels, least, places, rule, table

SIZES = (5, 12, 20)


def instance(size: int, seed: int) -> CIR:
    """`size` sites for laboratories and three times as many clinics.

    A plan is drawn first, and the rooms are made so that it fits.
    """
    random = dice("facility_opening", size, seed)
    sites, clinics = range(size), range(3 * size)
    samples = [random.randint(10, 40) for _ in clinics]
    opened = random.sample(sites, max(2, size // 2))
    planned = [random.choice(opened) for _ in clinics]
    usual = 3 * sum(samples) / size
    room = []
    for i in sites:
        attached = sum(samples[j] for j in clinics if planned[j] == i)
        room.append(max(attached, round(usual * random.uniform(0.6, 1.1))))
    far = distances(places(random, size), places(random, len(clinics)))
    cost = [[round(far[i][j] * samples[j] / 20) for j in clinics] for i in sites]
    return CIR.model_validate(
        {
            "title": "Laboratories and clinics",
            "sets": [labels("Sites", "s", size), labels("Clinics", "c", len(clinics))],
            "parameters": [
                table("samples", ["Clinics"], samples),
                table("room", ["Sites"], room),
                table("rent", ["Sites"], [random.randint(150, 450) for _ in sites]),
                table("cost", ["Sites", "Clinics"], cost),
            ],
            "decisions": [choice("lab", "Sites"), choice("attach", "Sites", "Clinics")],
            "rules": [
                rule(
                    "service",
                    "facility_opening",
                    open="lab",
                    serve="attach",
                    sites="Sites",
                    customers="Clinics",
                    weight="samples",
                    capacity="room",
                ),
                rule("few", "cardinality_limit", items="lab", most=len(opened)),
            ],
            "objectives": least(
                "sum(rent[i]*lab[i] for i in Sites) "
                "+ sum(cost[i,j]*attach[i,j] for i in Sites for j in Clinics)"
            ),
        }
    )

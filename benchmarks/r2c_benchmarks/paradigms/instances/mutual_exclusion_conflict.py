"""Bids for bundles of slots: no slot is sold twice, and the crew has hours for part of the bids."""

from __future__ import annotations

from r2c.cir.schema import CIR
from r2c_benchmarks.paradigms.instances import dice
from r2c_benchmarks.paradigms.parts import choice, labels, rule, table

SIZES = (20, 70, 150)


def instance(size: int, seed: int) -> CIR:
    """`size` bids and a third as many slots; selling nothing is feasible."""
    random = dice("mutual_exclusion_conflict", size, seed)
    bids, slots = range(size), range(size // 3)
    wants = [set(random.sample(slots, random.randint(2, 5))) for _ in bids]
    # A slot that fewer than two bids want would be no conflict.
    for slot in slots:
        while sum(slot in bundle for bundle in wants) < 2:
            random.choice(wants).add(slot)
    gain = [round(10 * len(bundle) * random.uniform(0.7, 1.3)) for bundle in wants]
    effort = [max(1, round(len(bundle) * random.uniform(1, 4))) for bundle in wants]
    return CIR.model_validate(
        {
            "title": "Bids for slots",
            "sets": [labels("Bids", "b", size), labels("Slots", "s", len(slots))],
            "parameters": [
                table("wants", ["Slots", "Bids"], [[int(s in w) for w in wants] for s in slots]),
                table("gain", ["Bids"], gain),
                table("effort", ["Bids"], effort),
                {"name": "crew", "value": round(1.7 * len(slots))},
            ],
            "decisions": [choice("sell", "Bids")],
            "rules": [
                rule(
                    "once",
                    "mutual_exclusion_conflict",
                    "for s in Slots",
                    options="[sell[b] for b in Bids if wants[s,b] == 1]",
                ),
                rule(
                    "hours",
                    "capacity_limit",
                    use="sum(effort[b]*sell[b] for b in Bids)",
                    limit="crew",
                ),
            ],
            "objectives": [{"sense": "max", "expr": "sum(gain[b]*sell[b] for b in Bids)"}],
        }
    )

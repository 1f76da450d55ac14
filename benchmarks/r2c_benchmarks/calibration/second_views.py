"""What it is worth that a formulation from another view comes to the same optimum.

Samples of one reader share its mistakes. Another method with the same model, which reads the text
in another way, might not; so its answers are held beside those of R2C on the same problems.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from pydantic import JsonValue

from r2c_benchmarks.record import Record
from r2c_benchmarks.results import Run
from r2c_benchmarks.score import matches
from r2c_evaluation.intervals import wilson

NOTE = (
    "Answers of R2C by what it said of them, and by whether another method, with the same model, "
    "came to the same optimum within 1e-4. Right: by the label. Interval: 95%."
)
_SAME = 1e-4


def rows(judged: Sequence[Run], views: Sequence[Run]) -> list[dict[str, JsonValue]]:
    """For each method of the views: answers that it agrees with and others, verified and not.

    Args:
        judged: Runs of R2C; of several records of a problem the last counts.
        views: Runs of other methods; those of one method belong together.
    """
    ours = {record.name: record for run in judged for record in run.records}
    methods: dict[str, dict[object, Record]] = {}
    for run in views:
        known = methods.setdefault(run.manifest.method, {})
        known.update((record.name, record) for record in run.records)
    found: list[dict[str, JsonValue]] = []
    for method, known in methods.items():
        both = [(record, known[name]) for name, record in ours.items() if name in known]
        for trust in ("verified", "not verified"):
            for word in ("agrees", "differs"):
                kept = [
                    matches(record)
                    for record, other in both
                    if (record.details.get("trust") == "verified") == (trust == "verified")
                    and _agree(record, other) == (word == "agrees")
                ]
                found.append(_row(method, trust, word, kept))
    return found


def _row(method: str, trust: str, word: str, right: Sequence[bool]) -> dict[str, JsonValue]:
    low, high = wilson(sum(right), len(right)) if right else (0.0, 1.0)
    return {
        "other method": method,
        "answers": trust,
        "it": word,
        "n": len(right),
        "right": sum(right),
        "share": f"{100 * sum(right) / len(right):.0f}%" if right else "",
        "95% interval": f"{100 * low:.0f} to {100 * high:.0f}%",
    }


def _agree(one: Record, other: Record) -> bool:
    if one.objective is None or other.objective is None:
        return False
    return math.isclose(one.objective, other.objective, rel_tol=_SAME, abs_tol=_SAME)

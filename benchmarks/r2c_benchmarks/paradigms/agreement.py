"""Exact ways to write a rule have the same plans: none may find what another one rules out."""

from __future__ import annotations

from collections.abc import Sequence

from r2c.errors import ModelError, declare
from r2c_benchmarks.paradigms.measurement import Measurement

DISAGREEMENT = declare(
    "R2C-B081",
    ModelError,
    what="Paradigms disagree on {place}: {first} finds {value!r}, {second} proves {bound!r}.",
    why="Both are declared exact, so no plan of the one can be better than the bound of the other.",
    remedy="Mend the card of {archetype}, or declare the paradigm what it is.",
)
NO_PLAN = declare(
    "R2C-B082",
    ModelError,
    what="{paradigm} has no plan for {place}; HiGHS says {status}.",
    why="The instances of the bench are feasible and bounded by the way they are made.",
    remedy="Mend the card of {archetype}, or its instances.",
)

ROOM = 1e-5
"""Relative difference of two optima that HiGHS's tolerances explain: 1e-6 for rows and gap each."""
_NO_PLAN = ("kInfeasible", "kUnbounded", "kUnboundedOrInfeasible")


def require_agreement(found: Sequence[Measurement]) -> None:
    """Hold the measurements of one instance against each other, unfinished ones included.

    Raises:
        ModelError: R2C-B081 or R2C-B082.
    """
    for item in found:
        if item.status in _NO_PLAN:
            raise NO_PLAN(
                paradigm=item.paradigm,
                place=str(item.place),
                status=item.status,
                archetype=item.archetype,
            )
    for first in found:
        for second in found:
            bound = proven(second)
            if first.objective is None or bound is None:
                continue
            gain = bound - first.objective if first.sense == "min" else first.objective - bound
            if gain > ROOM * max(1.0, abs(bound)):
                raise DISAGREEMENT(
                    place=str(first.place),
                    first=first.paradigm,
                    value=first.objective,
                    second=second.paradigm,
                    bound=bound,
                    archetype=first.archetype,
                )


def proven(item: Measurement) -> float | None:
    """What the paradigm proves of all plans: the optimum if it is known, else the best bound."""
    if item.finished and item.objective is not None:
        return item.objective
    known = [value for value in (item.bound, item.relaxed) if value is not None]
    if not known:
        return None
    return max(known) if item.sense == "min" else min(known)

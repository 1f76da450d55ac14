"""Writes an instance in each exact way of its archetype and has HiGHS solve it each time."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Literal

import numpy as np

from r2c.archetypes.card import Card, Paradigm
from r2c.archetypes.load import standard_library
from r2c.cir.instance import Instance, bind
from r2c.cir.schema import CIR
from r2c.errors import CATALOGUE, Fault, ModelError
from r2c.model.build import build
from r2c.model.plain import PlainModel
from r2c.model.reformulate import attempt
from r2c.solve.ask import Answer, ask
from r2c.solve.limits import Limits
from r2c.solve.matrix import Goal, Matrix, matrix_of
from r2c.solve.process import SolverProcess
from r2c_benchmarks.paradigms.instances import instances_of
from r2c_benchmarks.paradigms.measurement import Measurement, Place

GRACE = 5.0
"""Seconds that HiGHS may overrun its limit; a killed process could not tell its bound and nodes."""
PRECONDITION, TOO_LARGE = "R2C-M111", "R2C-M001"
"""Faults that belong to the paradigm: it does not fit the instance. Any other ends the bench."""


@dataclass(frozen=True)
class Subject:
    """An instance that is to be measured, with the card of its archetype."""

    place: Place
    cir: CIR
    card: Card
    limit: float

    @property
    def paradigms(self) -> tuple[Paradigm, ...]:
        """The exact ways to write the archetype."""
        return tuple(item for item in self.card.paradigms if item.relation == "exact")

    def digest(self, paradigm: Paradigm) -> str:
        """Changes with everything that the measurement of a paradigm depends on, code excepted.

        What a card says of size and tightness decides the choice of a paradigm, not its rows: these
        may be corrected without measuring anew.
        """
        told = [
            self.cir.model_dump_json(),
            paradigm.model_dump_json(include={"preconditions", "variables", "rows", "method"}),
            self.card.model_dump_json(include={"roles", "outputs", "holds", "cost"}),
            version("highspy"),
            str(self.limit),
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]


def subject(place: Place, limit: float) -> Subject:
    """The instance of a place.

    Raises:
        InputError: R2C-B080, there are no instances of the archetype.
    """
    cir = instances_of(place.archetype).instance(place.size, place.seed)
    return Subject(place, cir, standard_library()[place.archetype], limit)


def picked(found: Subject) -> str | None:
    """The exact paradigm by which R2C writes the rules of the archetype if nobody tells it how.

    None if it writes them by several, or by one that is not exact.

    Raises:
        R2CError: if the instance cannot be written at all.
    """
    model = _written(found.cir, bind(found.cir).require())
    if isinstance(model, Fault):
        raise CATALOGUE[model.code].raises(model)
    own = {rule.id for rule in found.cir.rules if rule.archetype == found.place.archetype}
    names = {choice.paradigm for choice in model.choices if choice.rule in own}
    known = {paradigm.name for paradigm in found.paradigms}
    return names.pop() if len(names) == 1 and names <= known else None


def measure(
    found: Subject,
    paradigm: Paradigm,
    process: SolverProcess,
) -> Measurement:
    """Write all rules of the archetype by the paradigm, and solve without and with whole numbers.

    Args:
        found: The instance.
        paradigm: How its rules of the archetype are written.
        process: The solver process; one thread.

    Raises:
        R2CError: if the instance cannot be written for any reason but that the preconditions of
            the paradigm do not hold or its model would be too large.
    """
    archetype, size, seed = found.place
    start = Measurement(
        archetype=archetype,
        size=size,
        seed=seed,
        paradigm=paradigm.name,
        digest=found.digest(paradigm),
        limit=found.limit,
        status="impossible",
    )
    instance = bind(found.cir).require()
    pinned = _pinned(found.cir, archetype, paradigm.name)
    model = _written(pinned, instance)
    if isinstance(model, Fault):
        if model.code != PRECONDITION:
            raise CATALOGUE[model.code].raises(model)
        return start.model_copy(update={"reason": model.what})
    try:
        matrix = matrix_of(build(model, instance))
    except ModelError as error:
        if error.code != TOO_LARGE:
            raise
        return start.model_copy(update={"reason": error.fault.what})
    return start.model_copy(update=_figures(matrix, found.limit, process))


def _figures(matrix: Matrix, limit: float, process: SolverProcess) -> dict[str, object]:
    goal = matrix.goals[0]
    rows, variables = matrix.shape
    whole = matrix.integer
    # The relaxation goes first: the process is then ready when the search is timed.
    free = replace(matrix, integer=np.zeros_like(whole))
    relaxed, relaxed_seconds = _timed(free, goal, limit, process)
    answer, seconds = _timed(matrix, goal, limit, process)
    sense: Literal["min", "max"] = goal.sense
    return {
        "sense": sense,
        "variables": variables,
        "rows": rows,
        "relaxed": _value(goal, relaxed) if relaxed.reading == "optimal" else None,
        "relaxed_seconds": round(relaxed_seconds, 4),
        "status": answer.status,
        "finished": answer.reading in ("optimal", "infeasible"),
        "objective": _value(goal, answer),
        "bound": answer.bound,
        "gap": answer.gap,
        "nodes": answer.nodes,
        "seconds": round(seconds, 4),
    }


def _timed(
    matrix: Matrix, goal: Goal, limit: float, process: SolverProcess
) -> tuple[Answer, float]:
    began = time.perf_counter()
    answer = ask(process, matrix, goal, Limits(threads=1, grace=GRACE), seconds=limit)
    return answer, time.perf_counter() - began


def _value(goal: Goal, answer: Answer) -> float | None:
    return None if answer.point is None else goal.value(answer.point)


def _pinned(cir: CIR, archetype: str, paradigm: str) -> CIR:
    rules = tuple(
        rule.model_copy(update={"chosen": paradigm}) if rule.archetype == archetype else rule
        for rule in cir.rules
    )
    return cir.model_copy(update={"rules": rules})


def _written(cir: CIR, instance: Instance) -> PlainModel | Fault:
    """The model, or what stands in its way; a fault of the pinned paradigm only if no other."""
    model, faults = attempt(cir, standard_library(), instance)
    if model is not None:
        return model
    return next((fault for fault in faults if fault.code != PRECONDITION), faults[0])

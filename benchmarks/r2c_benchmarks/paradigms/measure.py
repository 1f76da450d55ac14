"""Writes an instance in each exact way of its archetype and has HiGHS solve it each time."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass, replace
from importlib.metadata import version

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
from r2c.solve.matrix import Matrix, matrix_of
from r2c.solve.process import SolverProcess
from r2c_benchmarks.paradigms.instances import instances_of
from r2c_benchmarks.paradigms.measurement import Measurement, Place
from r2c_benchmarks.paradigms.shuffle import in_order

GRACE = 5.0
"""Seconds that HiGHS may overrun its limit; a killed process could not tell its bound and nodes."""
PRECONDITION, TOO_LARGE = "R2C-M111", "R2C-M001"
"""Faults that belong to the paradigm: it does not fit the instance. Any other ends the bench."""


@dataclass(frozen=True)
class Subject:
    """An instance that is to be measured, with the card of its archetype.

    `limit` is what a solve is given in seconds, `orders` in how many orders each model is solved.
    """

    place: Place
    cir: CIR
    card: Card
    limit: float
    orders: int = 1

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
            str(self.orders),
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]


def subject(place: Place, limit: float, orders: int = 1) -> Subject:
    """The instance of a place, to be solved in so many orders of at most `limit` seconds.

    Raises:
        InputError: R2C-B080, there are no instances of the archetype.
    """
    cir = instances_of(place.archetype).instance(place.size, place.seed)
    return Subject(place, cir, standard_library()[place.archetype], limit, orders)


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

    Of the orders of its rows and variables the one counts whose time is the median; of an even
    number the slower of the two in the middle.

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
    return start.model_copy(update=_figures(matrix, found, process))


def _figures(matrix: Matrix, found: Subject, process: SolverProcess) -> dict[str, object]:
    rows, variables = matrix.shape
    # The relaxation goes first: the process is then ready when the search is timed.
    relaxed = _run(replace(matrix, integer=np.zeros_like(matrix.integer)), found.limit, process)
    runs = _runs(matrix, found, process)
    run = sorted(runs, key=lambda one: one.spent)[min(found.orders // 2, len(runs) - 1)]
    return {
        "sense": matrix.goals[0].sense,
        "variables": variables,
        "rows": rows,
        "relaxed": relaxed.objective if relaxed.answer.reading == "optimal" else None,
        "relaxed_seconds": relaxed.seconds,
        "status": run.answer.status,
        "finished": run.finished,
        "objective": run.objective,
        "bound": run.answer.bound,
        "gap": run.answer.gap,
        "nodes": run.answer.nodes,
        "seconds": run.seconds,
        "by_order": tuple(one.spent for one in runs),
    }


def _runs(matrix: Matrix, found: Subject, process: SolverProcess) -> list[_Run]:
    """One run an order; the rest is left out once most of all have come to the limit."""
    runs: list[_Run] = []
    while len(runs) < found.orders:
        runs.append(_run(in_order(matrix, len(runs)), found.limit, process))
        if 2 * sum(not run.finished for run in runs) > found.orders:
            break
    return runs


@dataclass(frozen=True)
class _Run:
    answer: Answer
    seconds: float
    spent: float
    objective: float | None

    @property
    def finished(self) -> bool:
        return self.answer.reading in ("optimal", "infeasible")


def _run(matrix: Matrix, limit: float, process: SolverProcess) -> _Run:
    goal = matrix.goals[0]
    began = time.perf_counter()
    answer = ask(process, matrix, goal, Limits(threads=1, grace=GRACE), seconds=limit)
    seconds = round(time.perf_counter() - began, 4)
    spent = seconds if answer.reading in ("optimal", "infeasible") else limit
    value = None if answer.point is None else goal.value(answer.point)
    return _Run(answer, seconds, spent, value)


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

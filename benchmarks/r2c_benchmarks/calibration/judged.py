"""One answer as the verdict of today sees it, made again from the readings that a run kept."""

from __future__ import annotations

import math
import tempfile
import time
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from r2c.agents.alternatives import alternatives
from r2c.agents.verifier import search
from r2c.errors import R2CError
from r2c.formulation import Evidence, Outcome, Trust
from r2c.problem.read import read_problem
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c.verdict.answer import solve_problem
from r2c.verdict.raw_score import raw_score
from r2c.verdict.trust import trust
from r2c_benchmarks.items import Item, Name, data_files
from r2c_benchmarks.record import Record
from r2c_benchmarks.saved_readings import SavedReadings, readings_of
from r2c_benchmarks.score import matches

_SEARCH, _COMPARE, _SOLVE = 60.0, 40.0, 20.0
"""Seconds for the search, for the other readings, and for one solve."""


class Judged(BaseModel):
    """An answer with its evidence, and whether it is right.

    `passed` says that the checks alone would call it verified, whatever its confidence.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    id: str
    level: int | None = None
    right: bool
    outcome: Outcome
    passed: bool
    score: float
    evidence: tuple[Evidence, ...]

    @property
    def name(self) -> Name:
        """File and id."""
        return Name(self.file, self.id)


def judged(record: Record, item: Item, process: SolverProcess) -> Judged | None:
    """Search among the kept readings of a problem and judge what is found.

    None if the run kept none, if the text is now split in another way, or if nothing can be built.

    Args:
        record: What a run made of the problem.
        item: The problem.
        process: The solver.
    """
    kept = record.details.get("readings")
    if not kept:
        return None
    saved = SavedReadings.model_validate(kept)
    with tempfile.TemporaryDirectory(prefix="r2c-bench-") as folder:
        problem = read_problem(item.problem, data_files(item, Path(folder)))
    readings = readings_of(problem, saved, saved.last)
    if readings is None:
        return None
    limits = Limits(seconds=_SOLVE)
    try:
        best, _ = search(readings, process, limits, deadline=time.monotonic() + _SEARCH)
        if best.cir is None:
            return None
        late = time.monotonic() + _COMPARE
        others = alternatives(readings, best, process, limits, deadline=late)
        answer = solve_problem(problem, best.cir, limits, process, alternatives=others)
    except R2CError:
        return None
    made = record.model_copy(
        update={"outcome": answer.outcome.value, "objective": _finite(answer.objective)}
    )
    level, _ = trust(answer.outcome, {item.check: item for item in answer.evidence})
    return Judged(
        file=record.file,
        id=record.id,
        level=record.level,
        right=matches(made),
        outcome=answer.outcome,
        passed=level is Trust.VERIFIED,
        score=raw_score(answer.outcome, answer.evidence),
        evidence=answer.evidence,
    )


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None

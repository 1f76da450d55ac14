"""Right formulations that R2C read from the words of a bench: sums over things named one by one."""

from __future__ import annotations

import tempfile
import time
from functools import cache
from pathlib import Path

from r2c.agents.verifier import search
from r2c.errors import R2CError
from r2c.problem.read import read_problem
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c_benchmarks.detection.subject import Subject, needed
from r2c_benchmarks.items import data_files, read_items
from r2c_benchmarks.record import Record
from r2c_benchmarks.results import read_run
from r2c_benchmarks.saved_readings import SavedReadings, readings_of
from r2c_benchmarks.score import is_trusted, matches

_SEARCH = 60.0
"""Seconds for the search among the readings that a run kept."""


@cache
def right_answers(run: Path) -> tuple[Record, ...]:
    """The answers of a run that agree with a label that was checked, and whose readings are kept.

    Raises:
        StoreError: as `r2c_benchmarks.results.read_run`.
    """
    return tuple(
        record
        for record in read_run(run).records
        if is_trusted(record) and matches(record) and record.details.get("readings")
    )


def read_subject(run: Path, bench: Path, number: int, process: SolverProcess) -> Subject | None:
    """The problem of a right answer, and the model that was read from its words.

    Args:
        run: A run of `r2c` that kept its readings.
        bench: The folder with the texts of the problems.
        number: Which of the right answers.
        process: The solver.

    Returns:
        None if the text is now split in another way, or no model comes of the readings.

    Raises:
        InputError: R2C-B011 or R2C-B012.
    """
    record = right_answers(run)[number]
    (item,) = read_items(bench, [record.name])
    saved = SavedReadings.model_validate(record.details["readings"])
    with tempfile.TemporaryDirectory(prefix="r2c-bench-") as folder:
        problem = read_problem(item.problem, data_files(item, Path(folder)))
    readings = readings_of(problem, saved, saved.last)
    if readings is None:
        return None
    try:
        best, _ = search(readings, process, Limits(seconds=20), deadline=time.monotonic() + _SEARCH)
    except R2CError:
        return None
    if best.cir is None or best.solution is None:
        return None
    outcome, objective = best.solution.outcome.value, best.solution.objective
    if not matches(record.model_copy(update={"outcome": outcome, "objective": objective})):
        return None
    return Subject(f"{record.file}/{record.id}", record.id, problem, needed(best.cir))

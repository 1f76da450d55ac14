"""R2C from the first readings of an earlier run on: what reading again adds, and by which rule.

Reading a text takes minutes, a repair seconds. All variants begin with the same readings, so they
differ in nothing but the reflection, and only repairs ask the model.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from pydantic import JsonValue

from r2c.errors import InputError, declare
from r2c.formulation import Formulation
from r2c.pipeline.state import State
from r2c.problem.read import read_problem
from r2c.settings import Settings
from r2c_benchmarks.folder import read_records
from r2c_benchmarks.items import Item, data_files
from r2c_benchmarks.method import Attempt, Means
from r2c_benchmarks.methods.r2c import METHOD as WHOLE
from r2c_benchmarks.methods.r2c import told
from r2c_benchmarks.other_seed import OtherSeed
from r2c_benchmarks.readings import attempt_of
from r2c_benchmarks.record import Record
from r2c_benchmarks.saved_readings import SavedReadings, readings_of

NO_FIRST_RUN = declare(
    "R2C-B026",
    InputError,
    what="There are no first readings of {id!r}.",
    why="The run {folder!r} does not keep them, or the text is now split in another way.",
    remedy="Give the folder of a run of `r2c`, made with this version: --set first=FOLDER.",
)


@dataclass(frozen=True)
class Repaired:
    """The pipeline from its first search on.

    The option `first` is the folder of a run; `reflection` and `budget_rounds` are those of R2C.
    """

    summary: str = "R2C from the first readings of a run (first=FOLDER) on: what repairs add"

    def settings(self, options: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """Everything that decides the result.

        Raises:
            InputError: R2C-B020 or R2C-B023.
        """
        own = {name: value for name, value in options.items() if name != "first"}
        return {**WHOLE.settings(own), "first": options.get("first", "")}

    async def attempt(self, item: Item, means: Means) -> Attempt:
        """Judge the first readings of one problem, and repair them."""
        from r2c.pipeline.context import Context
        from r2c.pipeline.run import mend
        from r2c.pipeline.worker import JobSolver

        chosen = {name: value for name, value in means.options.items() if name != "first"}
        settings = Settings.model_validate(
            {**means.settings.model_dump(), **chosen, "budget_seconds": means.seconds_left}
        )
        record = _first(str(means.options.get("first", "")), item)
        kept = record.details.get("readings")
        if not kept and record.outcome == "unsupported":  # refused before anything was read
            return Attempt("unsupported", None, message=record.message)
        saved = SavedReadings.model_validate(kept)
        with tempfile.TemporaryDirectory(prefix="r2c-bench-") as folder:
            problem = read_problem(item.problem, data_files(item, Path(folder)))
            if readings_of(problem, saved, saved.first) is None:
                raise NO_FIRST_RUN(id=item.id, folder=means.options.get("first"))
            process = JobSolver(settings.solve_threads)
            with process:
                context = Context(problem, OtherSeed(means.model, means.seed), settings, process)
                state = cast(
                    "State",
                    {
                        **saved.first.model_dump(mode="json"),
                        "samples": saved.samples,
                        "reading": saved.reading,
                    },
                )
                ended = await mend(state, context)
            answer = Formulation.model_validate({**ended["result"], "problem": problem})
            found = await attempt_of(answer, item)
        return replace(found, details=told(answer))


def _first(folder: str, item: Item) -> Record:
    """What the run says of a problem, with its readings unless it was refused.

    Raises:
        InputError: R2C-B026, or that the folder is no run.
    """
    for record in read_records(Path(folder)):
        if record.name != item.name:
            continue
        if record.details.get("readings") or record.outcome == "unsupported":
            return record
    raise NO_FIRST_RUN(id=item.id, folder=folder)


METHOD = Repaired()

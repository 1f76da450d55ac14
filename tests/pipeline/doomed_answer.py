"""An answer given in a process of its own that dies by SIGKILL at a named point; run by the tests.

    python doomed_answer.py DATA_DIR JOB POINT VALUE

POINT is "recorded" (the answer is written down, nothing is done with it), "sentence 4" (the call
that reads the sentence again), "verify", "conclude" or "finish".
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from ambiguous_texts import FLORIST
from doomed_job import die

import r2c.pipeline.answering
import r2c.pipeline.steps
from r2c.llm.testing import Answer, Call, ScriptedModel
from r2c.pipeline.answering import answer
from r2c.pipeline.store import JobStore
from r2c.settings import Settings

PLACES: dict[str, tuple[Any, str]] = {
    "recorded": (r2c.pipeline.answering, "carried_on"),
    "verify": (r2c.pipeline.steps, "search"),
    "conclude": (r2c.pipeline.steps, "conclusion"),
    "finish": (JobStore, "finish"),
}


def main() -> None:
    """Give the answer, and die."""
    folder, job, point, value = Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
    if point in PLACES:
        setattr(*PLACES[point], die)

    def said(call: Call) -> Answer:
        if call.purpose == point:
            die()
        return FLORIST.answer(call)

    settings = Settings(data_dir=folder, samples=3, budget_rounds=2, budget_seconds=240)
    answer(job, {"missing_s4": value}, settings=settings, model=ScriptedModel(said))


if __name__ == "__main__":
    main()

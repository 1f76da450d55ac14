"""A job in a process of its own that dies by SIGKILL at a named point; run by the tests.

    python doomed_job.py DATA_DIR LOG POINT

POINT is the purpose of a call of the model ("decisions", "sentence 4#2" for its second reading) or
a step without calls ("map", "verify", "reflect", "conclude", "finish").
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from readers import FERRY

import r2c.pipeline.api
import r2c.pipeline.steps
from r2c.agents.verifier import Readings
from r2c.llm.testing import Answer, Call, ScriptedModel
from r2c.pipeline.api import formulate
from r2c.pipeline.store import JobStore
from r2c.settings import Settings

PLACES: dict[str, tuple[Any, str]] = {
    "map": (Readings, "build"),
    "verify": (r2c.pipeline.steps, "search"),
    "reflect": (r2c.pipeline.steps, "diagnose"),
    "conclude": (r2c.pipeline.steps, "conclusion"),
    "finish": (JobStore, "finish"),
}


def logging(log: Path, deadly: str) -> ScriptedModel:
    """A reader of the ferry problem that logs each call, and dies in one of them."""

    def answer(call: Call) -> Answer:
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{call.purpose}\n")
        asked = log.read_text(encoding="utf-8").splitlines().count(call.purpose)
        if deadly in (call.purpose, f"{call.purpose}#{asked}"):
            die()
        return FERRY.answer(call)

    return ScriptedModel(answer)


def die(*_: object, **__: object) -> None:
    """What a power cut does to a process."""
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Run the job to its death."""
    folder, log, point = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    if point in PLACES:
        deadly: Callable[..., None] = die
        setattr(*PLACES[point], deadly)
    settings = Settings(data_dir=folder, samples=3, budget_rounds=2, budget_seconds=240)
    formulate(FERRY.text, settings=settings, model=logging(log, point))


if __name__ == "__main__":
    main()

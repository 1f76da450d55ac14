"""A run in a process of its own that stops at a named call of the model, or goes to its end.

    python waiting_job.py DATA_DIR JOB LOG GATE POINT

JOB is `new` or the id of a job to go on with. The run begins when the file GATE is there; at the
call POINT it writes the file GATE.reached and waits to be killed. It prints the objective, or the
code of the failure.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from readers import FERRY

from r2c.errors import R2CError
from r2c.llm.testing import Answer, Call, ScriptedModel
from r2c.pipeline.api import formulate
from r2c.settings import Settings


def main() -> None:
    """Run the job."""
    folder, job = Path(sys.argv[1]), sys.argv[2]
    log, gate, point = Path(sys.argv[3]), Path(sys.argv[4]), sys.argv[5]

    def answer(call: Call) -> Answer:
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{call.purpose}\n")
        if call.purpose == point:
            Path(f"{gate}.reached").write_text("", encoding="utf-8")
            time.sleep(600)
        return FERRY.answer(call)

    settings = Settings(data_dir=folder, samples=3, budget_rounds=2, budget_seconds=240)
    print("ready", flush=True)
    while not gate.exists():
        time.sleep(0.001)
    text = FERRY.text if job == "new" else None
    try:
        found = formulate(
            text, settings=settings, model=ScriptedModel(answer), job=None if text else job
        )
    except R2CError as error:
        print(error.code)
    else:
        print(found.objective)


if __name__ == "__main__":
    main()

"""Whatever step a process is killed in, the job goes on there and repeats no finished question."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from doomed_job import logging
from readers import FERRY

from r2c.formulation import Outcome
from r2c.pipeline.api import formulate
from r2c.settings import Settings

pytestmark = pytest.mark.slow

CALLS = Counter({"decisions": 1, "sentence 2": 1, "sentence 3": 1, "sentence 4": 2, "objective": 1})
"""What an undisturbed job asks: the last sentence is read again in a repair."""


@pytest.mark.parametrize(
    ("point", "repeated"),
    [
        ("decisions", ["decisions"]),
        ("sentence 2", ["sentence 2"]),
        ("sentence 3", ["sentence 3"]),
        ("sentence 4#2", ["sentence 4"]),
        ("objective", ["objective"]),
        ("map", []),
        ("verify", []),
        ("reflect", []),
        ("conclude", []),
        ("finish", []),
    ],
)
def test_a_killed_job_goes_on_where_it_was(
    point: str, repeated: list[str], settings: Settings, tmp_path: Path
) -> None:
    log = tmp_path / "calls"
    died = run_until_dead(settings.data_dir, log, point)
    assert died.returncode == -signal.SIGKILL, died.stderr[-2000:]
    (folder,) = (settings.data_dir / "jobs").iterdir()
    answer = formulate(settings=settings, model=logging(log, "never"), job=folder.name)
    assert answer.outcome is Outcome.OPTIMAL
    assert answer.objective == pytest.approx(2700.0)
    assert answer.problem.text == FERRY.text
    assert Counter(log.read_text(encoding="utf-8").split("\n")[:-1]) == CALLS + Counter(repeated)
    # What the killed process had counted is not lost, and nothing is counted twice.
    assert answer.usage.calls == CALLS.total()


def test_a_resumed_job_keeps_its_number_of_samples(settings: Settings, tmp_path: Path) -> None:
    log = tmp_path / "calls"
    run_until_dead(settings.data_dir, log, "objective")
    (folder,) = (settings.data_dir / "jobs").iterdir()
    model = logging(log, "never")
    other = settings.model_copy(update={"samples": 5})
    answer = formulate(settings=other, model=model, job=folder.name)
    assert {call.samples for call in model.calls} == {3}
    assert answer.manifest["samples"] == 3
    assert answer.objective == pytest.approx(2700.0)


def run_until_dead(folder: Path, log: Path, point: str) -> subprocess.CompletedProcess[str]:
    """Run the job in a process of its own, which kills itself at `point`."""
    here = Path(__file__).parent
    return subprocess.run(
        [sys.executable, str(here / "doomed_job.py"), str(folder), str(log), point],
        env={**os.environ, "PYTHONPATH": f"{here.parents[1]}{os.pathsep}{here}"},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )

"""`make topology`: the whole service with Postgres, put up, tried, and taken down."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.postgres
@pytest.mark.timeout(960)
def test_the_whole_service_is_put_up_answers_and_leaves_nothing_behind() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "topology", "--once"],
        capture_output=True, text=True, timeout=900, check=False,
        cwd=Path(__file__).resolve().parents[2] / "services" / "api",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    jobs = re.findall(r"a job: optimal, (\d+) \((\d+) is right\)", done.stdout)
    assert len(jobs) == 3 and all(found == right for found, right in jobs), done.stdout
    started = [int(pid) for pid in re.findall(r"\(process (\d+)\)", done.stdout)]
    assert len(started) == 4  # two take jobs, two work
    for pid in started:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)

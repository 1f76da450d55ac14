"""SIGKILL before a write of a run; after it went on, all is as if it had not been killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("killed_at_every_step.py")


def killed(what: str, folder: Path, stride: int) -> int:
    """Kill at the steps and check; returns how many writes there are."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), what, str(folder), str(stride)],
        capture_output=True,
        text=True,
        timeout=280,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(SCRIPT.parent), *sys.path])},
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(found["digests"]) == 1
    assert found["left"] == []
    return found["steps"]


@pytest.mark.slow
@pytest.mark.parametrize(("what", "stride"), [("merge", 13), ("analyse", 3)])
def test_a_run_that_was_killed_goes_on_to_the_same_bytes(
    what: str, stride: int, tmp_path: Path
) -> None:
    assert killed(what, tmp_path, stride) > 5


@pytest.mark.slow
@pytest.mark.parametrize("what", ["merge", "analyse"])
def test_a_run_killed_before_any_of_its_writes_goes_on_to_the_same_bytes(
    what: str, tmp_path: Path
) -> None:
    assert killed(what, tmp_path, 1) > 5

"""Pages made from the code must be what `make docs` would write today."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVICES = (ROOT / "services" / name for name in ("api", "evaluation", "inference", "training"))
SOURCES = os.pathsep.join(map(str, (ROOT, ROOT / "benchmarks", *SERVICES)))


def test_the_generated_pages_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "docs/generate", "--check"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": SOURCES},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr

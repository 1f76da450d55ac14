"""The service that clients are tested against is the real one, without sockets."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from r2c.settings import Settings

for folder in ("pipeline", "api"):
    sys.path.append(str(Path(__file__).parents[1] / folder))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Three samples, everything in a folder of the test."""
    return Settings(
        data_dir=tmp_path / "data",
        samples=3,
        budget_rounds=2,
        budget_seconds=240,
        serve_beat_seconds=0.2,
        serve_drain_seconds=0.0,
    )

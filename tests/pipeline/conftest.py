"""What all tests of the pipeline share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from r2c.settings import Settings

# The misbehaving server is kept beside the tests of the language model.
sys.path.append(str(Path(__file__).parents[1] / "llm"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Three samples, two rounds of repair, jobs in a folder of the test."""
    return Settings(data_dir=tmp_path / "data", samples=3, budget_rounds=2, budget_seconds=240)

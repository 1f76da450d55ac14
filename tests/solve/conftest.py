"""Plain models without cards, and one solver process for all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from plain_models import Maker, make

from r2c.solve.process import SolverProcess


@pytest.fixture
def plain() -> Maker:
    return make


@pytest.fixture(scope="session")
def maker() -> Maker:
    """As `plain`, for property tests, which take no fixtures of smaller scope."""
    return make


@pytest.fixture(scope="session")
def process() -> Iterator[SolverProcess]:
    """One solver process for many small solves."""
    with SolverProcess() as started:
        yield started

from __future__ import annotations

from collections.abc import Iterator

import pytest

from r2c.solve.process import SolverProcess
from r2c_benchmarks.rulebench.optimum import Prover


@pytest.fixture(scope="session")
def prover() -> Iterator[Prover]:
    with SolverProcess() as process:
        yield Prover(process)

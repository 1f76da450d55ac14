"""Plain models without cards, as they are made for the tests of the solver."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "solve"))

from plain_models import Maker, make


@pytest.fixture
def plain() -> Maker:
    return make

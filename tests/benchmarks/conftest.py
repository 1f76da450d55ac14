"""What all tests of the benchmarks share."""

from __future__ import annotations

import sys
from pathlib import Path

# Small problems with their scripted readings are kept beside the tests of the pipeline.
sys.path.append(str(Path(__file__).parents[1] / "pipeline"))
sys.path.append(str(Path(__file__).parents[1] / "agents"))

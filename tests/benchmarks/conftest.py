"""What all tests of the benchmarks share."""

from __future__ import annotations

import sys
from pathlib import Path

# Small problems with their scripted readings are kept beside the tests of the pipeline, the
# scripted server beside those of the language model.
sys.path += [str(Path(__file__).parents[1] / folder) for folder in ("pipeline", "agents", "llm")]

"""What all tests of the command line share."""

from __future__ import annotations

import sys
from pathlib import Path

# The scripted server and the written readings are kept beside the tests that need them most.
sys.path += [str(Path(__file__).parents[1] / folder) for folder in ("llm", "pipeline")]

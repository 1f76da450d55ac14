"""What the tests of the inference service share."""

from __future__ import annotations

import sys
from pathlib import Path

# The scripted server is kept beside the tests that need it most.
sys.path.append(str(Path(__file__).parents[1] / "llm"))

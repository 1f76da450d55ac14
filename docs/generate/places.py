"""The checkout that the generated pages belong to."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOTICE = "<!-- Written by `make docs` from the code; edit the code, not this page. -->"

"""The problems of the folder `ambiguous`, and their readers where they have one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from readers import Told

FOLDER = Path(__file__).parent / "ambiguous"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


def problem(name: str) -> dict[str, Any]:
    """A problem as its file tells it."""
    told = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    assert isinstance(told, dict)
    return told


def reader(told: dict[str, Any]) -> Told:
    """The written readings of a problem."""
    read = told["readings"]
    return Told(told["text"], read["roster"], read["sentences"], read["goal"])


FLORIST = reader(problem("missing_number"))
"""30 bouquets and wreaths in labour of which the number is missing; 188 in 40 hours."""
POTTERY = reader(problem("contradictory_limits"))
"""60 or 54 hours of a kiln: 278 or 250."""

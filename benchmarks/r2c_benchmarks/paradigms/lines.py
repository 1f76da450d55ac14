"""The measurements of the paradigms on disk."""

from __future__ import annotations

from pathlib import Path

from r2c_benchmarks.measured_lines import MeasuredLines, Start
from r2c_benchmarks.paradigms.measurement import Measurement

__all__ = ["Lines", "Start"]


class Lines(MeasuredLines[Measurement]):
    """An open file of measurements. One process can have it open."""

    def __init__(self, path: Path) -> None:
        """Open or create.

        Raises:
            StoreError: R2C-B033, R2C-B083 or R2C-B084.
        """
        super().__init__(path, Measurement)

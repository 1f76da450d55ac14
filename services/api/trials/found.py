"""What a trial found, as a file that pages take their tables from."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import JsonValue

from r2c_benchmarks.results import write_result


@dataclass(frozen=True)
class Measure:
    """One figure; `values` are those of the repeats, of which the median is told."""

    name: str
    values: Sequence[float]
    unit: str = ""

    @property
    def median(self) -> float:
        """The figure."""
        return statistics.median(self.values)

    def told(self, digits: int = 3) -> str:
        """The figure with its spread, for a table."""
        shown = _figure(self.median, digits)
        if len(set(self.values)) == 1:
            return f"{shown} {self.unit}".strip()
        low, high = (_figure(edge, digits) for edge in (min(self.values), max(self.values)))
        return f"{shown} {self.unit}".strip() + f" ({low} to {high})"


def _figure(value: float, digits: int) -> str:
    return f"{value:.{digits}g}" if abs(value) < 10**digits else f"{value:.0f}"


@dataclass(frozen=True)
class Found:
    """What came out: lines of a table, a sentence below it, figures, and what was broken."""

    rows: Sequence[dict[str, JsonValue]]
    note: str
    measures: Sequence[Measure]
    broken: Sequence[str] = ()
    more: dict[str, JsonValue] = field(default_factory=dict)


def write(name: str, found: Found, start: dict[str, JsonValue], seed: int, folder: Path) -> Path:
    """Write `service_NAME.json`; the path written.

    Args:
        name: The name of the trial.
        found: What it found.
        start: Command, versions and machine, from `provenance.start_note`.
        seed: What the draws came from.
        folder: The folder of results.

    Raises:
        StoreError: R2C-B033.
    """
    document: dict[str, JsonValue] = {
        "summary": list(found.rows),
        "note": f"{found.note} {start['machine']}; code {start['commit']}.",
        "measurements": [
            {
                "name": measure.name,
                "unit": measure.unit,
                "value": measure.median,
                "spread": [min(measure.values), max(measure.values)],
                "values": list(measure.values),
            }
            for measure in found.measures
        ],
        "broken": list(found.broken),
        "seed": seed,
        "starts": [start],
        **found.more,
    }
    return write_result(f"service_{name}", document, folder)

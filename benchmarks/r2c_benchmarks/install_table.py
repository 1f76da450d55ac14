"""The measured installation as a result: a table for the README, a note, every value's origin."""

from __future__ import annotations

import os
import statistics
from dataclasses import asdict

from pydantic import JsonValue

from r2c.llm.embedded.weights import DEFAULT
from r2c_benchmarks.install import Installation, Series

_ROWS = {
    "set-up": "`make setup`, nothing in the package cache",
    "set-up with a filled package cache": "`make setup`, packages in the cache",
    "processor time of a set-up": "processor time of `make setup`",
    "packages": "packages fetched",
    "environment": "`.venv` on disk",
}
BUSY = 0.25
"""Load a core, before anything was started, above which seconds are told to be too long."""


def document(
    found: Installation, start: dict[str, JsonValue], note: str = ""
) -> dict[str, JsonValue]:
    """Everything that the results file holds.

    Args:
        found: What was measured.
        start: Command, versions and machine, from `provenance.start_note`.
        note: A sentence more below the table.
    """
    return {
        "summary": list(rows(found)),
        "note": " ".join([*_sentences(found, start), note]).strip(),
        "measurements": [_measured(series, found, start) for series in found.series],
        "fetched": dict(asdict(found.fetched)),
        "fetched_with_cache": None if found.again is None else dict(asdict(found.again)),
    }


def rows(found: Installation) -> list[dict[str, JsonValue]]:
    """The lines of the table."""
    return [_row(series) for series in found.series if _is_shown(series, found)]


def amount(value: float, unit: str) -> str:
    """A value with its unit, to about three digits."""
    if unit == "s":
        return f"{value:.2f} s" if value < 10 else f"{value:.0f} s"
    for size, name in ((1e9, "GB"), (1e6, "MB")):
        if value >= size:
            return f"{value / size:.2f} {name}" if size == 1e9 else f"{value / size:.0f} {name}"
    return f"{value / 1e3:.1f} kB"


def _is_shown(series: Series, found: Installation) -> bool:
    """A second set-up that fetched everything again shows nothing about a filled cache."""
    if series.name != "set-up with a filled package cache":
        return True
    return found.again is not None and found.again.cached > 0


def _row(series: Series) -> dict[str, JsonValue]:
    return {
        "what": _ROWS.get(series.name, f"`{series.name}`"),
        "median": amount(statistics.median(series.values), series.unit),
        "lowest": amount(min(series.values), series.unit),
        "highest": amount(max(series.values), series.unit),
        "times": len(series.values),
    }


def _sentences(found: Installation, start: dict[str, JsonValue]) -> list[str]:
    took, again = found.fetched, found.again
    told = [
        f"A clone of {found.commit} in an empty folder; {start['machine']}.",
        f"{took.packages} packages, fetched with an empty cache of their own; their sizes as pip "
        "tells them.",
    ]
    if took.local:
        told.append(f"{took.local} of them came from a folder on this machine.")
    if again is None or not again.cached:
        told.append("The package index let pip keep nothing: there is no filled cache to measure.")
    elif again.cached < took.downloaded:
        told.append(f"With a filled cache pip took {again.cached} of them from there.")
    told.append(
        f"The weights of the embedded model, {amount(DEFAULT.size, 'bytes')}, are not among them: "
        "the first `make run` fetches them."
    )
    before, after = found.series[0].load[0], found.series[-1].load[1]
    told.append(f"Load average {before:.1f} before and {after:.1f} after.")
    if before > BUSY * (os.cpu_count() or 1):
        told.append("The machine was busy with other work: the times are longer than they need be.")
    return told


def _measured(
    series: Series, found: Installation, start: dict[str, JsonValue]
) -> dict[str, JsonValue]:
    return {
        "name": series.name,
        "unit": series.unit,
        "value": statistics.median(series.values),
        "spread": [min(series.values), max(series.values)],
        "values": list(series.values),
        "load": list(series.load),
        "installed": found.commit,
        "seed": None,
        "starts": [start],
    }

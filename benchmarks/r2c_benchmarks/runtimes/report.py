"""The measured servers as a table, a note, and every value with its spread."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from r2c_benchmarks.runtimes.measure import Measurement

BUSY = 0.25
"""Load a core, before anything was asked, above which speeds are told to be too low."""
_FIGURES: tuple[tuple[str, str, Callable[[Measurement], float | None]], ...] = (
    ("tokens/s, 1 request", "tokens/s", lambda item: item.single),
    ("tokens/s, 8 requests", "tokens/s", lambda item: item.together),
    ("prompt tokens/s", "tokens/s", lambda item: item.prompt),
    ("memory", "bytes", lambda item: item.memory),
)


Row = dict[str, JsonValue]


@dataclass(frozen=True)
class Report:
    """The table, the line below it, and what both come from."""

    summary: tuple[Row, ...]
    note: str
    measurements: tuple[Row, ...]

    def document(self) -> dict[str, JsonValue]:
        """What the results file holds."""
        summary: list[JsonValue] = list(self.summary)
        measurements: list[JsonValue] = list(self.measurements)
        return {"summary": summary, "note": self.note, "measurements": measurements}


def report(found: Sequence[Measurement], start: Row, note: str = "") -> Report:
    """The servers beside each other.

    Args:
        found: What was measured, at least one repeat of one server.
        start: Command, versions and machine.
        note: A sentence more below the table.
    """
    names = list(dict.fromkeys(item.server for item in found))
    groups = {name: [item for item in found if item.server == name] for name in names}
    return Report(
        tuple(_row(name, items) for name, items in groups.items()),
        " ".join([*_sentences(found, start), note]).strip(),
        tuple(entry for name, items in groups.items() for entry in _measured(name, items, start)),
    )


def _row(name: str, items: Sequence[Measurement]) -> Row:
    row: Row = {"server": name}
    for title, unit, figure in _FIGURES:
        values = [value for item in items if (value := figure(item)) is not None]
        size = 1e6 if unit == "bytes" else 1.0
        shown = _short(statistics.median(values) / size) if values else "unknown"
        row["MB" if unit == "bytes" else title] = shown
    return {**row, "repeats": len(items)}


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def _sentences(found: Sequence[Measurement], start: Row) -> list[str]:
    told = [
        "Medians over the repeats, in which the servers take turns. Speeds are over HTTP, from the "
        "first request sent to the last answer complete; no two prompts begin alike. Memory is "
        "what a server holds with its child processes after the requests, shared pages once.",
        f"{start['machine']}; commit {start['commit'] or 'unknown'}.",
    ]
    cores, load = os.cpu_count() or 1, found[0].load
    if load > BUSY * cores:
        told.append(
            f"The machine was busy with other work (load average {load:.1f} on {cores} cores "
            "before the first): the speeds are lower than they could be."
        )
    return told


def _measured(name: str, items: Sequence[Measurement], start: Row) -> Iterator[Row]:
    for title, unit, figure in _FIGURES:
        values = [value for item in items if (value := figure(item)) is not None]
        if values:
            yield {
                "name": f"{name}: {title}",
                "unit": unit,
                "value": statistics.median(values),
                "spread": [min(values), max(values)],
                "values": [*values],
                "load": [item.load for item in items],
                "seed": None,
                "starts": [start],
            }

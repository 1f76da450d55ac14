"""The measured servers as a table, a note, and every value with its spread."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Sequence

from pydantic import JsonValue

from r2c_benchmarks.runtimes.measure import Measurement

BUSY = 0.25
"""Load a core before a repeat above which speeds are told to be too low."""
_FIGURES: tuple[tuple[str, str, Callable[[Measurement], float | None]], ...] = (
    ("tokens/s, 1 request", "tokens/s", lambda item: item.single),
    ("tokens/s, 8 requests", "tokens/s", lambda item: item.together),
    ("prompt tokens/s", "tokens/s", lambda item: item.prompt),
    ("memory", "bytes", lambda item: item.memory),
)


def document(
    found: Sequence[Measurement], start: dict[str, JsonValue], note: str = ""
) -> dict[str, JsonValue]:
    """Everything that the results file holds.

    Args:
        found: What was measured, at least one repeat of one server.
        start: Command, versions and machine.
        note: A sentence more below the table.
    """
    names = list(dict.fromkeys(item.server for item in found))
    groups = {name: [item for item in found if item.server == name] for name in names}
    return {
        "summary": [_row(name, items) for name, items in groups.items()],
        "note": " ".join([*_sentences(found, start), note]).strip(),
        "measurements": [
            entry for name, items in groups.items() for entry in _measured(name, items, start)
        ],
    }


def _row(name: str, items: Sequence[Measurement]) -> dict[str, JsonValue]:
    row: dict[str, JsonValue] = {"server": name}
    for title, unit, figure in _FIGURES:
        values = [value for item in items if (value := figure(item)) is not None]
        size = 1e6 if unit == "bytes" else 1.0
        shown = f"{statistics.median(values) / size:.3g}" if values else "unknown"
        row["MB" if unit == "bytes" else title] = shown
    return {**row, "repeats": len(items)}


def _sentences(found: Sequence[Measurement], start: dict[str, JsonValue]) -> list[str]:
    told = [
        "Medians over the repeats, in which the servers take turns. Speeds are over HTTP, from the "
        "first request sent to the last answer complete; no two prompts begin alike. Memory is "
        "what a server holds with its child processes after the requests, shared pages once.",
        f"{start['machine']}; commit {start['commit'] or 'unknown'}.",
    ]
    cores = os.cpu_count() or 1
    highest = max(item.load for item in found)
    if max(item.load for item in found if item.repeat == 0) > BUSY * cores * len(_FIGURES):
        told.append(
            f"The machine was busy with other work (load average up to {highest:.1f} on {cores} "
            "cores): the speeds are lower than they could be."
        )
    return told


def _measured(
    name: str, items: Sequence[Measurement], start: dict[str, JsonValue]
) -> list[JsonValue]:
    entries: list[JsonValue] = []
    for title, unit, figure in _FIGURES:
        values = [value for item in items if (value := figure(item)) is not None]
        if values:
            listed: list[JsonValue] = list(values)
            entries.append(
                {
                    "name": f"{name}: {title}",
                    "unit": unit,
                    "value": statistics.median(values),
                    "spread": [min(values), max(values)],
                    "values": listed,
                    "load": [item.load for item in items],
                    "seed": None,
                    "starts": [start],
                }
            )
    return entries

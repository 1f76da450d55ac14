"""How often a method says that there is no optimum: where there is none, and as a false alarm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pydantic import JsonValue

from r2c_benchmarks.method import Outcome
from r2c_benchmarks.record import Record
from r2c_benchmarks.score import has_optimum, is_trusted
from r2c_evaluation.intervals import wilson

VERDICTS: tuple[Outcome, ...] = ("infeasible", "unbounded", "unsupported", "needs_input")
"""What can be right in place of an optimum."""
NOTE = (
    "Found: of the problems that are so, how many the method says to be so. False alarms: of the "
    "problems that have an optimum, how many it says that of, with Wilson's 95% interval; who says "
    "it always finds all of them. An attempt that came to an error or to a limit says nothing."
)


def verdict_rows(method: str, records: Sequence[Record]) -> list[dict[str, JsonValue]]:
    """One line for each verdict and one for all; none if every problem has an optimum."""
    trusted = [record for record in records if is_trusted(record)]
    solvable = [record for record in trusted if has_optimum(record)]
    if len(solvable) == len(trusted):
        return []
    rows = [
        _row(
            method,
            verdict,
            [record.outcome == verdict for record in trusted if record.status == verdict],
            [record.outcome == verdict for record in solvable],
        )
        for verdict in VERDICTS
    ]
    without = [record for record in trusted if not has_optimum(record)]
    right = [record.outcome == record.status for record in without]
    return [*rows, _row(method, "any", right, [one.outcome in VERDICTS for one in solvable])]


def _row(
    method: str, verdict: str, right: Iterable[bool], false: Sequence[bool]
) -> dict[str, JsonValue]:
    found, alarms = list(right), sum(false)
    low, high = wilson(alarms, len(false))
    return {
        "method": method,
        "verdict": verdict,
        "problems that are so": len(found),
        "found": sum(found) if found else "",
        "problems with an optimum": len(false),
        "false alarms": alarms if false else "",
        "rate": f"{100 * alarms / len(false):.1f}%" if false else "",
        "95% interval": f"{100 * low:.0f} to {100 * high:.0f}%" if false else "",
    }

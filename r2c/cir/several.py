"""Several faults in one, where only one can be told."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from r2c.errors import Fault

MOST = 20


def told_together(faults: Sequence[Fault]) -> str:
    """What happened, of one fault or of each of several with its code and a number."""
    if len(faults) == 1:
        return faults[0].what
    told = [f"({n}) {fault.code}: {fault.what}" for n, fault in enumerate(faults[:MOST], start=1)]
    if len(faults) > MOST:
        told.append(f"And {len(faults) - MOST} more.")
    return " ".join(told)


def remedies_together(faults: Sequence[Fault]) -> str:
    """What to do about one fault or about each of several, with the numbers of `told_together`."""
    if len(faults) == 1:
        return faults[0].remedy
    told: dict[str, list[str]] = {}
    for n, fault in enumerate(faults[:MOST], start=1):
        told.setdefault(fault.remedy, []).append(str(n))
    return " ".join(f"({', '.join(numbers)}) {remedy}" for remedy, numbers in told.items())


def dumped(faults: Sequence[Fault]) -> list[dict[str, JsonValue]]:
    """The faults as plain data, for the details of the one that tells them."""
    return [fault.model_dump(mode="json") for fault in faults]

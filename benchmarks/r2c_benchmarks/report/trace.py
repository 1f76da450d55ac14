"""What a run kept of how an attempt came about: stages with their cost, and the readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from r2c_benchmarks.record import Record
from r2c_benchmarks.saved_readings import SavedReadings


@dataclass(frozen=True)
class Stage:
    """A part of an attempt; None where the run did not keep it."""

    name: str
    calls: int | None
    read: int | None
    cached: int | None
    written: int | None
    seconds: float | None


@dataclass(frozen=True)
class Trace:
    """Stages, how they are to be understood, and what the pipeline chose among."""

    stages: Sequence[Stage]
    about: str
    chosen_among: Sequence[tuple[str, str]]


def trace_of(record: Record) -> Trace:
    """What there is to tell; the last stage is always the whole attempt."""
    saved = _saved(record)
    whole = Stage(
        "in all",
        record.calls,
        record.prompt_tokens,
        record.cached_tokens,
        record.completion_tokens,
        record.seconds,
    )
    kept = record.details.get("stages")
    if isinstance(kept, list) and kept:
        stages = [_kept(one) for one in kept if isinstance(one, Mapping)]
        about = "Seconds by the clock; what follows the judging is in the last line alone."
    elif saved is not None:
        stages = _from_readings(saved)
        about = (
            "This run kept no stages, only what its calls had cost up to its searches; their "
            "seconds are those that the model was waited for."
        )
    else:
        stages, about = [], "This run kept no stages, only what the whole attempt cost."
    return Trace([*stages, whole], about, [] if saved is None else _chosen_among(saved))


def _saved(record: Record) -> SavedReadings | None:
    try:
        return SavedReadings.model_validate(record.details.get("readings"))
    except ValidationError:
        return None  # a method without readings


def _kept(stage: Mapping[str, object]) -> Stage:
    def count(name: str) -> int | None:
        value = stage.get(name)
        return value if isinstance(value, int) else None

    seconds = stage.get("seconds")
    return Stage(
        str(stage.get("stage")),
        count("calls"),
        count("prompt_tokens"),
        count("cached_tokens"),
        count("completion_tokens"),
        float(seconds) if isinstance(seconds, int | float) else None,
    )


def _from_readings(saved: SavedReadings) -> list[Stage]:
    first, last = saved.first.usage, saved.last.usage
    names = ("calls", "prompt_tokens", "cached_tokens", "completion_tokens", "seconds")
    one = [getattr(first, name) for name in names]
    more = [getattr(last, name) - getattr(first, name) for name in names]
    stages = [Stage("reading, up to the first search", *one)]
    if any(more):
        stages.append(Stage("repairs, up to the last search", *more))
    return stages


def _chosen_among(saved: SavedReadings) -> list[tuple[str, str]]:
    """The decisions, and the readings of each sentence with their votes."""
    last = saved.last
    stages = [*((f"sentence {k}", of) for k, of in enumerate(last.options, 1)), ("goal", last.goal)]
    told = [
        (name, "\n".join(f"{one.votes} votes: {one.text}" for one in of)) for name, of in stages
    ]
    return [("decisions", "\n".join(f"{one.name}: {one.meaning}" for one in last.roster)), *told]

"""Right or wrong, and the figures of a run: accuracy with its interval, cost and time.

An objective is right within a relative tolerance of the published answer, relative to 1 at
least. Answers that only match after integer and continuous quantities are exchanged count apart.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from r2c_benchmarks.record import Record
from r2c_evaluation.intervals import wilson

MAIN, STRICT = 1e-4, 1e-6
TRUSTED = "A-"
PROVED = "A-proved"
"""The grade of an answer that was made together with its problem."""


def close(value: float | None, answer: float | None, tolerance: float = MAIN) -> bool:
    """Whether a value is the answer, within `tolerance * max(1, |answer|)`."""
    if value is None or answer is None:
        return False
    return abs(value - answer) <= tolerance * max(1.0, abs(answer))


def matches(record: Record, tolerance: float = MAIN) -> bool:
    """Whether the attempt comes to the published answer: an optimum, or that there is none."""
    if record.status != "optimal" and record.outcome == record.status:
        return True
    # Who finds the optimum of what no linear model expresses is right, too.
    return close(record.objective, record.answer, tolerance)


def matches_again(record: Record) -> bool | None:
    """Whether it is right with the other numbers of the problem too; None if that is unclear."""
    if not matches(record):
        return False
    if False in record.again:
        return False
    return None if None in record.again else True


def matches_after_flip(record: Record) -> bool:
    """Whether it is, in the declared reading or in another of whole and divisible quantities."""
    return matches(record) or any(
        close(value, record.answer) for value in (record.objective, record.relaxed, record.whole)
    )


def is_disputed(record: Record) -> bool:
    """Whether another release of the problem gives another answer."""
    return any(not close(other, record.answer) for other in record.others)


def matches_another_release(record: Record) -> bool:
    """Whether the attempt, in any of its readings, comes to what only another release gives."""
    values = (record.objective, record.relaxed, record.whole)
    others = [other for other in record.others if not close(other, record.answer)]
    return any(close(value, other) for value in values for other in others)


def is_trusted(record: Record) -> bool:
    """Whether the label was checked and says what is right."""
    return record.trust.startswith(TRUSTED) and _has_answer(record)


def _has_answer(record: Record) -> bool:
    return record.answer is not None or record.status != "optimal"


@dataclass(frozen=True)
class Score:
    """The figures of a group of records; means are per problem."""

    count: int
    right: int
    accuracy: float
    low: float
    high: float
    strict: float
    after_flip: float
    executable: float
    calls: float
    prompt_tokens: float
    completion_tokens: float
    seconds_mean: float
    seconds_median: float


def score(records: Sequence[Record]) -> Score:
    """The figures of some records.

    Raises:
        ValueError: if there are none.
    """
    if not records:
        raise ValueError("nothing to score")

    def share(test: Callable[[Record], bool]) -> float:
        return sum(map(test, records)) / len(records)

    def mean(value: Callable[[Record], float]) -> float:
        return statistics.fmean(map(value, records))

    right = sum(map(matches, records))
    low, high = wilson(right, len(records))
    return Score(
        count=len(records),
        right=right,
        accuracy=right / len(records),
        low=low,
        high=high,
        strict=share(lambda record: matches(record, STRICT)),
        after_flip=share(matches_after_flip),
        executable=share(lambda record: record.executable),
        calls=mean(lambda record: record.calls),
        prompt_tokens=mean(lambda record: record.prompt_tokens),
        completion_tokens=mean(lambda record: record.completion_tokens),
        seconds_mean=mean(lambda record: record.seconds),
        seconds_median=statistics.median(record.seconds for record in records),
    )


@dataclass(frozen=True)
class Group:
    """Records with something in common."""

    kind: str
    name: str
    records: tuple[Record, ...]


def groups(records: Sequence[Record], apart: Sequence[str] = ()) -> list[Group]:
    """The trusted records, whole and by file and family; then the others by grade of label.

    Where some problems have no optimum, those with one and those without are groups as well.

    Args:
        records: The records.
        apart: Files, without `.jsonl`, beside which the rest is a group of its own.
    """
    trusted = [record for record in records if is_trusted(record)]
    others = [record for record in records if not is_trusted(record) and _has_answer(record)]
    found = [Group("all", "trusted labels", tuple(trusted))] if trusted else []
    if len({has_optimum(record) for record in trusted}) > 1:
        found += _by("status", trusted, _status)
    found += _by("file", trusted, file_of)
    rest = tuple(record for record in trusted if file_of(record) not in apart)
    if apart and rest:
        found.append(Group("rest", f"all but {', '.join(apart)}", rest))
    levels = [record for record in trusted if record.level is not None]
    found += _by("level", levels, lambda record: f"level {record.level}")
    found += _by("family", trusted, lambda record: record.family or "other")
    found += _by("label", others, lambda record: record.trust or "ungraded")
    return found


def has_optimum(record: Record) -> bool:
    """Whether a careful reader comes to an optimum, not to saying why there is none."""
    return record.status == "optimal"


def _status(record: Record) -> str:
    return "with an optimum" if has_optimum(record) else "without an optimum"


def file_of(record: Record) -> str:
    """The name of the record's file, as tables show it."""
    return record.file.removesuffix(".jsonl")


def _by(kind: str, records: Iterable[Record], key: Callable[[Record], str]) -> list[Group]:
    kept: dict[str, list[Record]] = {}
    for record in records:
        kept.setdefault(key(record), []).append(record)
    return [Group(kind, name, tuple(kept[name])) for name in sorted(kept)]

"""Two runs side by side, on the problems both have and whose labels are trusted."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path

from r2c.errors import InputError, declare
from r2c_benchmarks.folder import read_manifest, read_records
from r2c_benchmarks.record import Record
from r2c_benchmarks.score import Group, close, groups, is_trusted, matches
from r2c_evaluation.clustered import Mean, clustered_difference
from r2c_evaluation.intervals import Paired, paired

NOTHING_SHARED = declare(
    "R2C-B050",
    InputError,
    what="The runs {first!r} and {second!r} share no problem with a trusted label.",
    why="A paired comparison needs the same problems in both.",
    remedy="Compare runs over the same list of ids.",
)
OTHER_ANSWERS = declare(
    "R2C-B128",
    InputError,
    what="{first!r} and {second!r} were judged by different answers to {id}: {one} and {other}.",
    why="The answer was corrected between them, so their difference is not that of the methods.",
    remedy="Run the problem again in the older run: delete its line from results.jsonl.",
)


def compare(first: Sequence[Record], second: Sequence[Record], names: tuple[str, str]) -> Paired:
    """The paired difference of two runs.

    Raises:
        InputError: R2C-B050 or R2C-B128.
    """
    others = {record.name: record for record in second}
    shared = [record for record in first if is_trusted(record) and record.name in others]
    if not shared:
        raise NOTHING_SHARED(first=names[0], second=names[1])
    for one in shared:
        answers = one.answer, others[one.name].answer
        if answers[0] != answers[1] and not close(*answers, 1e-9):
            told = {"id": one.id, "one": answers[0], "other": answers[1]}
            raise OTHER_ANSWERS(first=names[0], second=names[1], **told)
    return paired(
        [matches(record) for record in shared],
        [matches(others[record.name]) for record in shared],
    )


@dataclass(frozen=True)
class Line:
    """Two runs on a group of problems: paired, and with errors that respect families."""

    group: Group
    paired: Paired
    clustered: Mean

    @property
    def in_families(self) -> bool:
        """Whether problems of the group belong together, so that the second interval is another."""
        return any(record.level is not None for record in self.group.records)

    @property
    def clustered_told(self) -> str:
        """The interval that respects families; nothing where there are too few of them."""
        return interval_told(self.clustered.low, self.clustered.high)


def interval_told(low: float | None, high: float | None) -> str:
    """The ends of a difference of shares in points; nothing without ends."""
    if low is None or high is None:
        return ""
    return f"{100 * max(-1.0, low):+.1f} to {100 * min(1.0, high):+.1f}"


def compare_groups(
    first: Sequence[Record], second: Sequence[Record], names: tuple[str, str]
) -> list[Line]:
    """The paired difference on all problems, by file, family and level.

    Problems of one story of RuleBench belong together; any other stands for itself.

    Raises:
        InputError: R2C-B050 or R2C-B128.
    """
    others = {record.name: record for record in second}
    shared = [record for record in first if is_trusted(record) and record.name in others]
    lines = [compare_group(group, second, names) for group in groups(shared)]
    if not lines:
        raise NOTHING_SHARED(first=names[0], second=names[1])
    return lines


def compare_group(group: Group, second: Sequence[Record], names: tuple[str, str]) -> Line:
    """Two runs on those problems of a group of the first that both have.

    Raises:
        InputError: R2C-B050 or R2C-B128.
    """
    others = {record.name: record for record in second}
    shared = [record for record in group.records if is_trusted(record) and record.name in others]
    found = compare(shared, second, names)
    clustered = clustered_difference(
        [float(matches(record)) for record in shared],
        [float(matches(others[record.name])) for record in shared],
        [_cluster(record) for record in shared],
    )
    return Line(Group(group.kind, group.name, tuple(shared)), found, clustered)


def _cluster(record: Record) -> Hashable:
    return record.family if record.level is not None else record.name


def rows(lines: Sequence[Line]) -> list[dict[str, object]]:
    """The comparison as a table."""
    return [
        {
            "problems": line.group.name,
            "n": line.paired.count,
            "points": f"{100 * line.paired.difference:+.1f}",
            "95% paired": interval_told(line.paired.low, line.paired.high),
            "95% clustered": line.clustered_told,
            "clusters": line.clustered.clusters,
            "only first": line.paired.only_first,
            "only second": line.paired.only_second,
            "McNemar p": float(f"{line.paired.p:.2g}"),
        }
        for line in lines
    ]


def compare_folders(first: Path, second: Path) -> tuple[tuple[str, str], list[Line]]:
    """The names of the two methods and their differences, on all problems first.

    Raises:
        InputError: R2C-B050 or R2C-B128.
        StoreError: R2C-B032.
    """
    one, other = (f"{read_manifest(path).method} ({path.name})" for path in (first, second))
    names = one, other
    return names, compare_groups(read_records(first), read_records(second), names)


def sentence(names: tuple[str, str], found: Paired, clustered: Mean | None = None) -> str:
    """The comparison in words.

    Args:
        names: The two methods.
        found: Their difference.
        clustered: The same with errors that respect families, where problems come in families.
    """
    first, second = names
    verdict = "excludes 0" if found.low > 0 or found.high < 0 else "includes 0"
    if verdict == "excludes 0" and not found.excludes_zero:
        verdict += ", the exact test does not"
    families = "" if clustered is None else f"; {_families(clustered)}"
    return (
        f"{first} minus {second}: {100 * found.difference:+.1f} points on {found.count} problems "
        f"(95% interval {interval_told(found.low, found.high)}, {verdict}{families}; "
        f"only the first right {found.only_first}, only the second {found.only_second}; "
        f"McNemar exact p = {found.p:.2g})"
    )


def _families(clustered: Mean) -> str:
    if clustered.low is None or clustered.high is None:
        return f"no interval by family, of which there are {clustered.clusters}"
    told = interval_told(clustered.low, clustered.high)
    return f"{told} with errors clustered by family, {clustered.clusters} of them"

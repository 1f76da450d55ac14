"""Two runs side by side, on the problems both have and whose labels are trusted."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path

from r2c.errors import InputError, declare
from r2c_benchmarks.folder import read_manifest, read_records
from r2c_benchmarks.record import Record
from r2c_benchmarks.score import Group, groups, is_trusted, matches
from r2c_evaluation.clustered import Mean, clustered_difference
from r2c_evaluation.intervals import Paired, paired

NOTHING_SHARED = declare(
    "R2C-B050",
    InputError,
    what="The runs {first!r} and {second!r} share no problem with a trusted label.",
    why="A paired comparison needs the same problems in both.",
    remedy="Compare runs over the same list of ids.",
)


def compare(first: Sequence[Record], second: Sequence[Record], names: tuple[str, str]) -> Paired:
    """The paired difference of two runs.

    Raises:
        InputError: R2C-B050.
    """
    others = {record.name: record for record in second}
    shared = [record for record in first if is_trusted(record) and record.name in others]
    if not shared:
        raise NOTHING_SHARED(first=names[0], second=names[1])
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


def compare_groups(
    first: Sequence[Record], second: Sequence[Record], names: tuple[str, str]
) -> list[Line]:
    """The paired difference on all problems, by file, family and level.

    Problems of one story of RuleBench belong together; any other stands for itself.

    Raises:
        InputError: R2C-B050.
    """
    others = {record.name: record for record in second}
    shared = [record for record in first if is_trusted(record) and record.name in others]
    lines = []
    for group in groups(shared):
        theirs = [others[record.name] for record in group.records]
        ours = [float(matches(record)) for record in group.records]
        lines.append(
            Line(
                group,
                compare(group.records, theirs, names),
                clustered_difference(
                    ours,
                    [float(matches(record)) for record in theirs],
                    [_cluster(record) for record in group.records],
                ),
            )
        )
    if not lines:
        raise NOTHING_SHARED(first=names[0], second=names[1])
    return lines


def _cluster(record: Record) -> Hashable:
    return record.family if record.level is not None else record.name


def rows(lines: Sequence[Line]) -> list[dict[str, object]]:
    """The comparison as a table."""
    return [
        {
            "problems": line.group.name,
            "n": line.paired.count,
            "points": f"{100 * line.paired.difference:+.1f}",
            "95% paired": f"{100 * line.paired.low:+.1f} to {100 * line.paired.high:+.1f}",
            "95% clustered": f"{100 * line.clustered.low:+.1f} to {100 * line.clustered.high:+.1f}",
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
        InputError: R2C-B050.
        StoreError: R2C-B032.
    """
    one, other = (f"{read_manifest(path).method} ({path.name})" for path in (first, second))
    names = one, other
    return names, compare_groups(read_records(first), read_records(second), names)


def sentence(names: tuple[str, str], found: Paired) -> str:
    """The comparison in words."""
    first, second = names
    verdict = "excludes 0" if found.low > 0 or found.high < 0 else "includes 0"
    if verdict == "excludes 0" and not found.excludes_zero:
        verdict += ", the exact test does not"
    return (
        f"{first} minus {second}: {100 * found.difference:+.1f} points on {found.count} problems "
        f"(95% interval {100 * found.low:+.1f} to {100 * found.high:+.1f}, {verdict}; "
        f"only the first right {found.only_first}, only the second {found.only_second}; "
        f"McNemar exact p = {found.p:.2g})"
    )

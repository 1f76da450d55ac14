"""Two runs side by side, on the problems both have and whose labels are trusted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from r2c.errors import InputError, declare
from r2c_benchmarks.folder import read_manifest, read_records
from r2c_benchmarks.record import Record
from r2c_benchmarks.score import is_trusted, matches
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


def compare_folders(first: Path, second: Path) -> tuple[tuple[str, str], Paired]:
    """The names of the two methods and their paired difference.

    Raises:
        InputError: R2C-B050.
        StoreError: R2C-B032.
    """
    names = tuple(
        f"{manifest.method} ({path.name})"
        for path, manifest in ((p, read_manifest(p)) for p in (first, second))
    )
    both = (names[0], names[1])
    return both, compare(read_records(first), read_records(second), both)


def sentence(names: tuple[str, str], found: Paired) -> str:
    """The comparison in words."""
    first, second = names
    verdict = "excludes 0" if found.excludes_zero else "includes 0"
    return (
        f"{first} minus {second}: {100 * found.difference:+.1f} points on {found.count} problems "
        f"(95% interval {100 * found.low:+.1f} to {100 * found.high:+.1f}, {verdict}; "
        f"only the first right {found.only_first}, only the second {found.only_second}; "
        f"McNemar exact p = {found.p:.2g})"
    )

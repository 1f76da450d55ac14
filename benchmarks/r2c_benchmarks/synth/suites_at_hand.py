"""The registered suites that are on this machine; RuleBench is made if it is not."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from r2c.errors import InputError, declare
from r2c_benchmarks.journal import NOT_WRITTEN
from r2c_benchmarks.rulebench.select import LEVELS
from r2c_benchmarks.rulebench.suite import places
from r2c_benchmarks.suites import Suite, suites, version_of
from r2c_benchmarks.synth.worker import suite_lines

OURS = "rulebench_"
"""What the names of suites begin with that are made from their names."""
NONE_OF_OURS = declare(
    "R2C-B127",
    InputError,
    what="No suite of RuleBench is at hand, and none can be made.",
    why="Training data of the same grammar have to be held against it. {reasons}",
    remedy="Put the file of a registered suite into {folder!r}, or say --no-suites.",
)
Teller = Callable[[str], None]


def suites_at_hand(
    folder: Path, there: Collection[Path], tell: Teller, processes: int = 2
) -> list[Path]:
    """The files of the registered suites in a folder, those of RuleBench made first if missing.

    Args:
        folder: Where they are kept, `suites` below the folder of the cache.
        there: Files that are compared anyway; a suite among them is not looked for.
        tell: Told of what takes long, and of suites that cannot be made.
        processes: How many make one.

    Raises:
        InputError: R2C-B095, a file that is not the suite of its name, or R2C-B127.
        StoreError: R2C-B033 or R2C-B125.
    """
    known = {path.stem for path in there if _is_suite(path)}
    found: list[Path] = []
    reasons: list[str] = []
    for name, suite in suites().items():
        path = folder / f"{name}.jsonl"
        if name in known:
            continue
        if path.exists():
            version_of(path)
            found.append(path)
        elif name.startswith(OURS):
            try:
                _make(suite, path, tell, processes)
                found.append(path)
            except InputError as error:  # of an earlier version of the grammar
                reasons.append(f"{name}: {error.fault.what}")
                tell(f"not compared with {reasons[-1]}")
    if not any(name.startswith(OURS) for name in (*known, *(path.stem for path in found))):
        raise NONE_OF_OURS(reasons=" ".join(reasons), folder=str(folder))
    return found


def _is_suite(path: Path) -> bool:
    try:
        return bool(version_of(path))
    except InputError:
        return False


def _make(suite: Suite, path: Path, tell: Teller, processes: int) -> None:
    """Make a suite and keep it if it is what the registry says.

    Raises:
        InputError: it is not, or is not made any more.
        StoreError: R2C-B033 or R2C-B125.
    """
    name = suite.name.removeprefix(OURS)
    wanted = list(places(suite.problems // len(LEVELS), suite=name))
    lines: list[str] = []
    for line in suite_lines(name, wanted, processes):
        if not lines:
            tell(f"making {suite.name} to compare with, once; it is kept as {path}")
        lines.append(line + "\n")
        if len(lines) % 20 == 0:
            tell(f"{len(lines)} of {len(wanted)} problems")
    trial = path.parent / "made" / path.name
    try:
        trial.parent.mkdir(parents=True, exist_ok=True)
        trial.write_text("".join(lines), encoding="utf-8")
        version_of(trial)
        trial.replace(path)
    except OSError as error:
        raise NOT_WRITTEN(path=str(path), reason=str(error)) from error

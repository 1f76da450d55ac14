"""All kept answers of some runs judged again, into a file that an interrupted bench continues."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import ValidationError

from r2c.errors import StoreError, declare
from r2c.solve.process import SolverProcess
from r2c_benchmarks.calibration.judged import Judged, judged
from r2c_benchmarks.items import Name, read_items
from r2c_benchmarks.journal import Journal
from r2c_benchmarks.results import Run
from r2c_benchmarks.score import is_trusted

IN_USE = declare(
    "R2C-B058",
    StoreError,
    what="Another process is writing the judged answers {path!r}.",
    why="Two writers would judge answers twice.",
    remedy="Wait until it has ended, or give another file.",
)
UNREADABLE = declare(
    "R2C-B059",
    StoreError,
    what="The judged answers {path!r} cannot be read: line {line} is none.",
    why="Every line must be one that `r2c bench judge` wrote.",
    remedy="Delete the file to judge all of them anew.",
)


def collect(
    runs: Sequence[Run],
    bench: Path,
    path: Path,
    *,
    but: frozenset[Name] = frozenset(),
    tell: Callable[[str], None] = lambda _: None,
) -> tuple[Judged, ...]:
    """Judge what the runs answered, each problem once: of several runs the last one counts.

    Args:
        runs: Runs of `r2c` that kept their readings.
        bench: The folder with the texts of the problems.
        path: The file of judged answers; what it holds is not judged again.
        but: Problems that are left out, such as those kept for a report.
        tell: Told of each answer.

    Raises:
        InputError: A problem is not in the folder.
        StoreError: R2C-B033, R2C-B058 or R2C-B059.
    """
    records = {
        record.name: record
        for run in runs
        for record in run.records
        if is_trusted(record) and record.name not in but
    }
    with Journal(path, lambda: IN_USE(path=str(path))) as journal, SolverProcess() as process:
        journal.mend()
        done = {item.name: item for item in read_judged(path)}
        left = [name for name in records if name not in done]
        for number, item in enumerate(read_items(bench, left), 1):
            found = judged(records[item.name], item, process)
            told = "no model"
            if found is not None:
                journal.append(found.model_dump_json())
                done[item.name] = found
                told = f"{'right' if found.right else 'wrong'}{', passed' if found.passed else ''}"
            tell(f"[{number}/{len(left)}] {item.id}: {told}")
    return tuple(done[name] for name in records if name in done)


def read_judged(path: Path) -> tuple[Judged, ...]:
    """The judged answers of a file.

    Raises:
        StoreError: R2C-B059.
    """
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            found.append(Judged.model_validate_json(line))
        except ValidationError:
            raise UNREADABLE(path=str(path), line=number) from None
    return tuple(found)

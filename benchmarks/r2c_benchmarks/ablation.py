"""What each part of R2C adds: a run beside itself with one thing left out, and beside variants."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from pydantic import JsonValue, ValidationError

from r2c.errors import InputError, declare
from r2c.problem.read import read_problem
from r2c.solve.limits import Limits
from r2c.solve.process import SolverProcess
from r2c_benchmarks.accuracy import NOTHING_RUN, Document
from r2c_benchmarks.combine import combined
from r2c_benchmarks.compare import compare
from r2c_benchmarks.items import Item, Name, data_files, read_items
from r2c_benchmarks.provenance import command_line, start_note
from r2c_benchmarks.record import Record
from r2c_benchmarks.registry import find_method
from r2c_benchmarks.replay import FULL, OTHER_PARTS, VARIANTS, Replay, Variant
from r2c_benchmarks.results import Run, caveat, measured, progress_told
from r2c_benchmarks.saved_readings import SavedReadings
from r2c_benchmarks.score import Group, is_trusted, score
from r2c_benchmarks.vote import same
from r2c_evaluation.intervals import Paired

NO_READINGS = declare(
    "R2C-B055",
    InputError,
    what="The run {folder!r} keeps no readings of the problem {id!r}.",
    why="A search can only be made again among readings; runs of {method!r} do not keep them, or "
    "did not when this one was made.",
    remedy="Give a run of `r2c` first, made anew if it is older.",
)
RUN, AGAIN = "run", "searched again"
EXPLAINED = (
    "Rows *searched again* are searches among the readings that the run kept, without a language "
    "model: samples were drawn and repairs asked for with everything in place, so such a row shows "
    "what the choice among readings loses. Points are against `everything` there and against the "
    "run elsewhere, on the same problems, with a paired 95% interval. Seconds are those of the "
    "model and, where searched again, of the trials. A check left out alone may lose nothing where "
    "another one finds the same."
)


def ablation(
    run: Run,
    others: Sequence[Run],
    bench: Path,
    *,
    only: Sequence[Name] | None = None,
    note: str = "",
    tell: Callable[[str], None] = lambda _: None,
) -> Document:
    """The results file `ablation`.

    Args:
        run: A run that kept its readings.
        others: Runs to stand beside it, of variants that need a model.
        bench: The folder with the texts of the problems.
        only: The problems that count; all of the run if not given.
        note: A sentence below the table.
        tell: Told of every problem that was searched again.

    Raises:
        InputError: R2C-B011, R2C-B012, R2C-B052 to R2C-B056.
    """
    start = start_note(command_line())
    base = [r for r in run.records if is_trusted(r) and (only is None or r.name in only)]
    if not base:
        raise NOTHING_RUN()
    beside = combined(others)
    again = replayed(run, base, read_items(bench, [record.name for record in base]), tell)
    rows = [
        _Row(run, run.manifest.method, _summary(run), RUN, base),
        *(
            _Row(other, other.manifest.method, _summary(other), RUN, shared, base)
            for other in beside
            if (shared := _shared(other.records, base))
        ),
        *(
            _Row(run, one.name, one.meaning, AGAIN, again[one.name], _against(one, base, again))
            for one in VARIANTS
        ),
    ]
    alike = sum(map(_alike, base, again[FULL.name]))
    told = [
        caveat(run.records),
        f"Model: {run.manifest.model}.",
        EXPLAINED,
        f"Searched again with nothing left out, {alike} of {len(base)} problems came to what the "
        "run had come to.",
        *map(progress_told, (run, *beside)),
        note,
    ]
    return {
        "summary": [row.cells for row in rows],
        "note": " ".join(filter(None, told)),
        "measurements": [row.figures(start) for row in rows],
    }


def replayed(
    run: Run, records: Sequence[Record], items: Sequence[Item], tell: Callable[[str], None]
) -> dict[str, list[Record]]:
    """The records of every variant by its name, in the order of `records`.

    Raises:
        InputError: R2C-B055 or R2C-B056.
    """
    found: dict[str, list[Record]] = {variant.name: [] for variant in VARIANTS}
    options = run.manifest.options
    with SolverProcess(int(str(options.get("solve_threads", 1)))) as process:
        for number, (record, item) in enumerate(zip(records, items, strict=True), 1):
            for name, made in _of_problem(run, record, item, process).items():
                found[name].append(made)
            tell(f"[{number}/{len(records)}] {record.id}")
    return found


def _of_problem(run: Run, record: Record, item: Item, process: SolverProcess) -> dict[str, Record]:
    saved = _saved(run, record)
    if saved is None:  # it never came to a search, so there is nothing to leave out
        return {variant.name: record for variant in VARIANTS}
    with tempfile.TemporaryDirectory(prefix="r2c-bench-") as folder:
        problem = read_problem(item.problem, data_files(item, Path(folder)))
    replay = Replay(problem, saved, process, _limits(run))
    made: dict[str, Record] = {}
    for variant in VARIANTS:
        found = replay.search(variant, run.manifest.item_seconds)
        if found is None:
            commit = str(run.manifest.starts[-1].get("commit", "")) if run.manifest.starts else ""
            raise OTHER_PARTS(id=record.id, commit=commit)
        made[variant.name] = record.model_copy(
            update={
                "outcome": found.outcome.value,
                "objective": found.objective,
                "relaxed": None,
                "whole": None,
                "executable": found.objective is not None,
                "calls": found.usage.calls,
                "prompt_tokens": found.usage.prompt_tokens,
                "cached_tokens": found.usage.cached_tokens,
                "completion_tokens": found.usage.completion_tokens,
                "seconds": round(found.usage.seconds + found.seconds, 3),
                "details": {"tried": found.tried},
            }
        )
    return made


def _saved(run: Run, record: Record) -> SavedReadings | None:
    kept = record.details.get("readings")
    if kept is None and record.objective is None:
        return None
    try:
        return SavedReadings.model_validate(kept)
    except ValidationError:
        raise NO_READINGS(folder=run.folder, id=record.id, method=run.manifest.method) from None


def _limits(run: Run) -> Limits:
    options = run.manifest.options
    return Limits(
        seconds=float(str(options.get("solve_seconds", 60))),
        memory_mb=int(str(options.get("solve_memory_mb", 2048))),
        threads=int(str(options.get("solve_threads", 1))),
    )


def _shared(records: Sequence[Record], base: Sequence[Record]) -> list[Record]:
    names = {record.name for record in base}
    return [record for record in records if is_trusted(record) and record.name in names]


def _alike(one: Record, other: Record) -> bool:
    if one.objective is None or other.objective is None:
        return one.objective is other.objective
    return same(one.objective, other.objective)


def _summary(run: Run) -> str:
    return find_method(run.manifest.method).summary


def _against(
    variant: Variant, base: Sequence[Record], again: Mapping[str, Sequence[Record]]
) -> Sequence[Record]:
    return base if variant == FULL else again[FULL.name]


@dataclass(frozen=True)
class _Row:
    """One line of the table and the figures behind it."""

    run: Run
    name: str
    meaning: str
    how: str
    records: Sequence[Record]
    against: Sequence[Record] = ()

    @cached_property
    def pair(self) -> Paired | None:
        """The difference to what the row is held against, problem by problem."""
        if not self.against:
            return None
        return compare(self.records, self.against, (self.name, "the run"))

    @property
    def cells(self) -> dict[str, JsonValue]:
        found = score(self.records)
        points, interval = "", ""
        if self.pair is not None:
            points = f"{100 * self.pair.difference:+.1f}"
            interval = f"{100 * self.pair.low:+.1f} to {100 * self.pair.high:+.1f}"
        return {
            "variant": self.name,
            "what": self.meaning,
            "how": self.how,
            "n": found.count,
            "right": found.right,
            "accuracy": f"{100 * found.accuracy:.1f}%",
            "at 1e-6": f"{100 * found.strict:.1f}%",
            "points": points,
            "95% interval": interval,
            "calls": round(found.calls, 2),
            "tokens in": round(found.prompt_tokens),
            "tokens out": round(found.completion_tokens),
            "s median": round(found.seconds_median, 1),
        }

    def figures(self, start: JsonValue) -> dict[str, JsonValue]:
        group = Group("variant", self.name, tuple(self.records))
        paired: dict[str, JsonValue] | None = None if self.pair is None else asdict(self.pair)
        searched: dict[str, JsonValue] = {"searched_again": start} if self.how == AGAIN else {}
        return {**measured(self.run, group), "difference": paired, **searched}

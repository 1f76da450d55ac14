"""The whole bench: every problem examined once, continued where it was, then the result."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import JsonValue

from r2c.solve.process import SolverProcess
from r2c_benchmarks.detection.case import Case, Cases
from r2c_benchmarks.detection.examine import Examiner
from r2c_benchmarks.detection.read_rightly import read_subject, right_answers
from r2c_benchmarks.detection.report import NOTE_OF_READINGS, document
from r2c_benchmarks.detection.subject import Subject, card_subject, subject
from r2c_benchmarks.measured_lines import Start
from r2c_benchmarks.rulebench.optimum import Prover
from r2c_benchmarks.synth.worker import by_words

SEED = "mutation-3"
"""Problems under this seed are used for nothing else. Those under `tuning`, `retuned` and
`retuned2` may be looked at, and those under `mutation` and `mutation-2` were counted before."""


def run(
    count: int,
    seed: str,
    path: Path,
    start: Start,
    tell: Callable[[str], None],
    *,
    processes: int = 2,
    cards: Sequence[str] = (),
    read: tuple[Path, Path] | None = None,
) -> dict[str, JsonValue]:
    """Examine the first `count` problems that the file does not hold; the result over all of them.

    Args:
        count: How many problems.
        seed: Their seed.
        path: The file of cases.
        start: Command, versions and machine, from `provenance.start_note`.
        tell: Told of each problem.
        processes: How many examine, each with a solver of its own.
        cards: Cards whose tiny instances are examined as well, without words.
        read: A run of `r2c` and the folder with its problems: its right readings are examined
            instead of problems of RuleBench.

    Raises:
        StoreError: R2C-B033, R2C-B083 or R2C-B084.
    """
    with Cases(path) as cases:
        known = {(case.card, case.number) for case in cases.measurements}
        if read is not None:
            count = min(count, len(right_answers(read[0])))
        wanted = [("", number) for number in range(count)]
        wanted += [(card, number) for number, card in enumerate(cards)]
        asked = [_Asked(seed, *item, read) for item in wanted if item not in known]
        if asked:
            cases.begin(start)
            pool = multiprocessing.get_context("spawn").Pool(processes, _begin)
            try:
                for case in pool.imap_unordered(_examined, asked):
                    cases.keep(case.model_copy(update={"start": len(cases.starts) - 1}))
                    tell(f"[{len(cases.measurements)}/{len(wanted)}] {_told(case)}")
                pool.close()
            except BaseException:  # what is queued would keep a pool that is closed for hours
                pool.terminate()
                raise
            finally:
                pool.join()
        held = [case for case in cases.measurements if (case.card, case.number) in wanted]
        note = "" if read is None else NOTE_OF_READINGS
        return document(sorted(held, key=lambda item: item.number), cases.starts, seed, note)


class _Asked(NamedTuple):
    seed: str
    card: str
    number: int
    read: tuple[Path, Path] | None


_process: SolverProcess | None = None


def _begin() -> None:
    global _process
    _process = SolverProcess()
    _process.start()


def _examined(asked: _Asked) -> Case:
    assert _process is not None
    if asked.card:
        found: Subject | None = card_subject(asked.card)
    elif asked.read is not None:
        found = read_subject(*asked.read, asked.number, _process)
    else:
        found = subject(asked.seed, asked.number, Prover(_process), by_words())
    if found is None:
        return Case(number=asked.number)
    findings = tuple(Examiner(_process).findings(found))
    return Case(number=asked.number, source=found.source, card=asked.card, findings=findings)


def _told(case: Case) -> str:
    if not case.findings:
        return f"{case.number} {case.source}: not used"
    wrong = [item for item in case.findings if item.counts]
    flagged = sum(item.flagged for item in wrong)
    alarm = "; doubted though right" if case.findings[0].failed else ""
    return f"{case.number} {case.source}: {flagged} of {len(wrong)} mistakes flagged{alarm}"

"""Processes that make examples, none of which outlives the run.

They are not replaced when they die, so a run whose processes are killed with it ends; each of them
ends by itself when the run is gone.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache
from multiprocessing.connection import wait

from r2c.agents.indexed.archetypes import Shelf
from r2c.archetypes.load import standard_library
from r2c.archetypes.retrieve import Retriever
from r2c.errors import StoreError, declare
from r2c.solve.process import SolverProcess
from r2c_benchmarks.rulebench.optimum import Prover
from r2c_benchmarks.rulebench.suite import Place, problems
from r2c_benchmarks.synth.example import Example, example

CHUNK = 4
WORKER_ENDED = declare(
    "R2C-B125",
    StoreError,
    what="A process that makes examples has ended before its time.",
    why="It was killed, perhaps because memory ran out.",
    remedy="Start the same command again: it goes on where it was; with fewer --processes if need "
    "be.",
)


@contextmanager
def workers(processes: int) -> Iterator[ProcessPoolExecutor]:
    """Processes with a prover each; killed at the end of the block, whatever they are at.

    Raises:
        StoreError: R2C-B125.
    """
    before = {child.pid for child in multiprocessing.active_children()}
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _begin)
    try:
        yield pool
    except BrokenProcessPool as error:
        raise WORKER_ENDED() from error
    finally:
        for child in multiprocessing.active_children():
            if child.pid not in before:
                child.kill()
        pool.shutdown(wait=False, cancel_futures=True)


def examples(
    seed: int, first: int, processes: int, wanted: Callable[[], int]
) -> Generator[Example | None]:
    """The examples from a number on without end, no more of them begun than are wanted still.

    Args:
        seed: The seed of the data.
        first: The number of the first.
        processes: How many make them.
        wanted: How many are wanted still.

    Raises:
        StoreError: R2C-B125.
    """
    waiting: deque[Future[list[Example | None]]] = deque()
    with workers(processes) as pool:
        while True:
            while len(waiting) < 3 * processes and (not waiting or len(waiting) * CHUNK < wanted()):
                waiting.append(pool.submit(_made, seed, range(first, first + CHUNK)))
                first += CHUNK
            yield from waiting.popleft().result()


def suite_lines(suite: str, wanted: Sequence[Place], processes: int) -> Generator[str]:
    """The problems of a suite of RuleBench in order, a line each.

    Args:
        suite: The name from which all of them follow.
        wanted: Which.
        processes: How many make them.

    Raises:
        InputError: R2C-B093, or whatever a suite that is not made any more is refused with.
        StoreError: R2C-B125.
    """
    with workers(processes) as pool:
        for found in [pool.submit(_line, suite, place) for place in wanted]:
            yield found.result()


_prover: Prover | None = None


def _begin() -> None:
    global _prover
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    process = SolverProcess()
    process.start()
    _prover = Prover(process)


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _made(seed: int, numbers: range) -> list[Example | None]:
    assert _prover is not None
    return [example(seed, number, _prover, by_words()) for number in numbers]


def _line(suite: str, place: Place) -> str:
    assert _prover is not None
    return next(problems(suite, [place], _prover)).line()


@cache
def by_words() -> Shelf:
    """The cards, found by words alone: what is shown must not hang on an encoder being there."""
    library = standard_library()
    return Shelf(library, Retriever(library.values()))

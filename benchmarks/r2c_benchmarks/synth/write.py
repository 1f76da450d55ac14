"""Examples made by several processes and written in order, whatever their number."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from multiprocessing.pool import AsyncResult
from pathlib import Path

from r2c.agents.indexed.archetypes import Shelf
from r2c.archetypes.load import standard_library
from r2c.archetypes.retrieve import Retriever
from r2c.solve.process import SolverProcess
from r2c_benchmarks.rulebench.optimum import Prover
from r2c_benchmarks.synth.example import Example, example
from r2c_benchmarks.synth.shingles import shares

_CHUNK = 4


@dataclass
class Counts:
    """What was written, and what was left out.

    Attributes:
        left_out: Because a bench has words like it.
        unsaid: Because the lines of a model do not come to its answer.
    """

    written: int = 0
    left_out: int = 0
    unsaid: int = 0
    by: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, one: Example) -> None:
        """Count an example that was written."""
        self.written += 1
        told = {
            "kind": one.kind,
            "level": str(one.level),
            "style": one.style,
            "story": one.story,
            "mistake": one.mistake or "none",
        }
        for name, value in told.items():
            self.by.setdefault(name, Counter())[value] += 1
        self.by.setdefault("archetype", Counter()).update(one.archetypes)


def write(
    path: Path,
    count: int,
    seed: int,
    known: frozenset[bytes],
    *,
    processes: int = 2,
    tell: Callable[[int], None] = lambda done: None,
) -> Counts:
    """Write `count` examples, each as soon as those before it are there.

    Args:
        path: The file, one JSON object a line.
        count: How many lines.
        seed: The same seed gives the same bytes, with any number of processes.
        known: Shingles of texts that no example may share words with.
        processes: How many make examples.
        tell: Told how many are written.

    Raises:
        InputError: R2C-B093.
    """
    counts = Counts()
    examples = _examples(seed, processes, lambda: count - counts.written)
    with path.open("w", encoding="utf-8") as file, closing(examples):
        for one in examples:
            if one is None:
                counts.unsaid += 1
                continue
            if shares(one.text, known):
                counts.left_out += 1
                continue
            file.write(one.line() + "\n")
            counts.add(one)
            tell(counts.written)
            if counts.written == count:
                break
    return counts


def _examples(seed: int, processes: int, wanted: Callable[[], int]) -> Generator[Example | None]:
    """Examples without end, no more of them begun than are wanted still."""
    numbers = ((seed, number) for number in range(10**9))
    pool = multiprocessing.get_context("spawn").Pool(processes, _begin)
    waiting: list[AsyncResult[list[Example | None]]] = []
    try:
        while True:
            while len(waiting) < 3 * processes and (
                not waiting or len(waiting) * _CHUNK < wanted()
            ):
                chunk = [next(numbers) for _ in range(_CHUNK)]
                waiting.append(pool.apply_async(_made, (chunk,)))
            yield from waiting.pop(0).get()
    finally:  # what was begun is soon done; workers that are killed leave solvers behind
        pool.close()
        pool.join()


_prover: Prover | None = None


def _begin() -> None:
    global _prover
    process = SolverProcess()
    process.start()
    _prover = Prover(process)


def _made(numbers: list[tuple[int, int]]) -> list[Example | None]:
    assert _prover is not None
    return [example(seed, number, _prover, by_words()) for seed, number in numbers]


@cache
def by_words() -> Shelf:
    """The cards, found by words alone: what is shown must not hang on an encoder being there."""
    library = standard_library()
    return Shelf(library, Retriever(library.values()))

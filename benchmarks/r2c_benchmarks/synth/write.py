"""Examples made by several processes and written in order, whatever their number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from r2c import __version__
from r2c.errors import InputError, R2CError, declare
from r2c_benchmarks.synth.compared import Compared, Shared
from r2c_benchmarks.synth.example import Example
from r2c_benchmarks.synth.made_so_far import MadeSoFar
from r2c_benchmarks.synth.worker import examples

IN_A_ROW = 100
"""So many examples in a row that share words with a bench are no chance."""
ALWAYS_SHARED = declare(
    "R2C-B122",
    InputError,
    what="{count} examples in a row share {words} words with a problem of a bench.",
    why="The last one has {run!r}, which stands in {where} as well. What is compared holds words "
    "of the grammar itself, so that hardly an example can be written.",
    remedy="Compare with other problems, or take another seed; the examples before are kept and "
    "the same command goes on.",
)
SHARED, UNSAID = "shares words", "unsaid"
Teller = Callable[["Counts"], None]


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

    @property
    def all(self) -> int:
        """Examples that were made, written or not."""
        return self.written + self.left_out + self.unsaid

    def add(self, one: Example | str) -> None:
        """Count an example, or why it was left out."""
        if isinstance(one, str):
            self.left_out += one == SHARED
            self.unsaid += one == UNSAID
            return
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
    compared: Compared,
    *,
    processes: int = 2,
    tell: Teller = lambda counts: None,
) -> Counts:
    """Write `count` examples; a run that was stopped goes on where it was.

    Args:
        path: The file, one JSON object a line; it is there when all of it is there.
        count: How many lines.
        seed: The same seed gives the same bytes, with any number of processes.
        compared: Problems that no example may share words with.
        processes: How many make examples.
        tell: Told of every example, written or not; the first time of those that were there.

    Raises:
        InputError: R2C-B093, R2C-B122, R2C-B123 or R2C-B124.
        StoreError: R2C-B033, R2C-B125 or R2C-B126.
    """
    about: dict[str, object] = {"seed": seed, "version": __version__, "compared": compared.digest}
    with MadeSoFar(path, about) as kept:
        counts = Counts()
        for before in kept.lines():
            if counts.written < count:
                counts.add(before)
        tell(counts)
        if counts.written < count:
            _more(kept, counts, count, seed, compared, processes, tell)
        kept.finish(count)
    return counts


def _more(
    kept: MadeSoFar,
    counts: Counts,
    count: int,
    seed: int,
    compared: Compared,
    processes: int,
    tell: Teller,
) -> None:
    in_a_row = 0
    made = examples(seed, counts.all, processes, lambda: count - counts.written)
    with closing(made):
        for one in made:
            shared = None if one is None else compared.shared(one.text, one.story)
            told = UNSAID if one is None else one if shared is None else SHARED
            kept.keep(told)
            counts.add(told)
            tell(counts)
            if counts.written == count:
                return
            in_a_row = in_a_row + 1 if shared else 0 if one else in_a_row
            if shared and in_a_row >= IN_A_ROW:
                raise _always(shared, in_a_row)


def _always(shared: Shared, count: int) -> R2CError:
    words = len(shared.words.split())
    return ALWAYS_SHARED(count=count, words=words, run=shared.words, where=shared.where)

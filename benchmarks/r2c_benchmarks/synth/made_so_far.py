"""What was made of a file of training data so far, so that a run that was stopped goes on.

`OUT.part` has a line for each example in order: the example itself, or why it was left out. The
first line tells what the file is of. When all are there, the examples become the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from r2c.errors import InputError, StoreError, declare
from r2c_benchmarks.journal import NOT_WRITTEN, Journal
from r2c_benchmarks.synth.example import Example

NO_FOLDER = declare(
    "R2C-B124",
    InputError,
    what="Training data cannot be written to {path!r}: {reason}.",
    why="The folder must be there before hours are spent on what goes into it.",
    remedy="Make the folder, or name another file.",
)
OTHER_DATA = declare(
    "R2C-B123",
    InputError,
    what="The file {path!r} is the beginning of other training data.",
    why="It differs in {fields}; data of two runs must not be mixed.",
    remedy="Start the command that began it to go on, delete it to begin anew, or name another.",
)
IN_USE = declare(
    "R2C-B126",
    StoreError,
    what="Another process is writing to {path!r}.",
    why="Two writers would write every example twice.",
    remedy="Wait until it has ended, or name another file.",
)
LEFT_OUT = "left out"
"""The only name in a line for an example that was left out, with the reason."""


def require_place(out: Path) -> None:
    """Make sure that a file can be there.

    Raises:
        InputError: R2C-B124.
    """
    if not out.parent.is_dir():
        raise NO_FOLDER(path=str(out), reason=f"there is no folder {str(out.parent)!r}")
    if out.is_dir():
        raise NO_FOLDER(path=str(out), reason="it is a folder")


class MadeSoFar:
    """The examples made so far; use as a context manager. One process can have it open."""

    def __init__(self, out: Path, about: dict[str, object]) -> None:
        """Open or begin.

        Args:
            out: The file of the data.
            about: What decides which examples are made.

        Raises:
            InputError: R2C-B123 or R2C-B124.
            StoreError: R2C-B033 or R2C-B126.
        """
        require_place(out)
        self._out = out
        self.path = out.with_name(out.name + ".part")
        self._journal = Journal(self.path, lambda: IN_USE(path=str(self.path)))
        try:
            self._journal.mend()
            self._claim(about)
        except BaseException:
            self._journal.close()
            raise

    def _claim(self, about: dict[str, object]) -> None:
        with self.path.open(encoding="utf-8") as file:
            first = file.readline()
        if not first:
            self._journal.append(json.dumps(about, sort_keys=True))
            return
        try:
            before = json.loads(first)
            fields = [name for name in about if before.get(name) != about[name]]
        except (ValueError, AttributeError):
            fields = ["all"]
        if fields:
            raise OTHER_DATA(path=str(self.path), fields=", ".join(fields))

    def __enter__(self) -> MadeSoFar:
        return self

    def __exit__(self, *raised: object) -> None:
        self._journal.close()

    def lines(self) -> Iterator[Example | str]:
        """Every example in order, or why it was left out."""
        for line in self._lines():
            told = json.loads(line)
            yield told[LEFT_OUT] if set(told) == {LEFT_OUT} else Example.model_validate(told)

    def keep(self, one: Example | str) -> None:
        """Keep one more, or why it was left out; it is on disk when this returns.

        Raises:
            StoreError: R2C-B033.
        """
        line = one.line() if isinstance(one, Example) else json.dumps({LEFT_OUT: one})
        self._journal.append(line)

    def finish(self, count: int) -> None:
        """Put the first so many examples into their file.

        Raises:
            StoreError: R2C-B033.
        """
        new = self._out.with_name(self._out.name + ".new")
        try:
            with new.open("w", encoding="utf-8") as file:
                for line in self._lines():
                    if count and not line.startswith(f'{{"{LEFT_OUT}"'):
                        file.write(line)
                        count -= 1
            new.replace(self._out)
            self.path.unlink()
        except OSError as error:
            raise NOT_WRITTEN(path=str(self._out), reason=str(error)) from error

    def _lines(self) -> Iterator[str]:
        with self.path.open(encoding="utf-8") as file:
            next(file)
            yield from file

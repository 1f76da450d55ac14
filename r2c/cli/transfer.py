"""The slow beginnings of the embedded model shown as they go: bytes, what is left."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bar

from r2c.cli.streams import errors
from r2c.llm.progress import Progress, Stage, amount, silent

_EVERY_SECONDS = 5.0


@contextmanager
def transfer(*, quiet: bool, console: Console | None = None) -> Iterator[Progress]:
    """A progress report for the time of the block."""
    console = console or errors()
    if quiet:
        yield silent
    elif console.is_terminal:
        columns = (
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=24),
            TextColumn("{task.fields[amount]}"), TimeRemainingColumn(),
        )  # fmt: skip
        with Bar(*columns, console=console, transient=True) as bar:
            yield _Bars(bar)
    else:
        yield _Lines(console)


class _Bars:
    """One bar a stage."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._tasks: dict[Stage, TaskID] = {}

    def __call__(self, stage: Stage, done: int, total: int) -> None:
        if stage not in self._tasks:
            for earlier in self._tasks.values():
                self._bar.update(earlier, visible=False)
            self._tasks[stage] = self._bar.add_task(stage.value, total=total or None, amount="")
        told = amount(stage, done, total)
        self._bar.update(
            self._tasks[stage], completed=done, total=total or None, visible=True, amount=told
        )


class _Lines:
    """A line at the beginning of each stage, and one every few seconds while it lasts."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._stage: Stage | None = None
        self._told = 0.0

    def __call__(self, stage: Stage, done: int, total: int) -> None:
        now = time.monotonic()
        if stage is self._stage and now - self._told < _EVERY_SECONDS:
            return
        self._stage, self._told = stage, now
        told = amount(stage, done, total)
        self._console.print(f"{stage.value}: {told}" if told else stage.value, soft_wrap=True)

"""Progress on standard error: living lines on a terminal, plain lines anywhere else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from r2c.cli.streams import errors, plain, visible
from r2c.formulation import Event


class Watch(Protocol):
    """Told every step of the way."""

    def __call__(self, event: Event) -> None:
        """One step."""


@contextmanager
def watching(*, quiet: bool, console: Console | None = None) -> Iterator[Watch]:
    """A watcher for the time of the block; what it shows is tidy also after an exception."""
    console = console or errors()
    if quiet:
        yield _ignore
    elif console.is_terminal:
        spinner = Spinner("dots", text=Text("starting", style="dim"))
        with Live(spinner, console=console, transient=True, refresh_per_second=8) as live:
            yield _Stages(console, live, spinner)
    else:
        yield _Lines(console)


def _ignore(event: Event) -> None:
    return


class _Lines:
    """One line a step, with the seconds since the beginning; nothing is ever overwritten."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._began = time.monotonic()
        self._last = ""

    def __call__(self, event: Event) -> None:
        told = f"{event.stage}: {event.message}"
        if told == self._last:  # the same step going on, such as a download
            return
        self._last = told
        passed = time.monotonic() - self._began
        self._console.print(f"{passed:7.1f} s  {visible(told)}", soft_wrap=True)


class _Stages:
    """What is going on beside a spinner; above it one line for every step that is done."""

    def __init__(self, console: Console, live: Live, spinner: Spinner) -> None:
        self._console = console
        self._live = live
        self._spinner = spinner
        self._before: Event | None = None
        self._since = time.monotonic()

    def __call__(self, event: Event) -> None:
        now = time.monotonic()
        before = self._before
        if before is not None and before.stage != event.stage:
            line = Text.assemble(
                ("✓ ", "green"), (visible(before.stage).ljust(12), "bold"),
                plain(before.message), (f"  {now - self._since:.1f} s", "dim"),
            )  # fmt: skip
            self._live.console.print(line)
            self._since = now
        self._before = event
        self._spinner.update(
            text=Text.assemble((visible(event.stage).ljust(12), "bold"), plain(event.message))
        )

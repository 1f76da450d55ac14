"""A failure in its three parts."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from r2c.cli.render.lines import show
from r2c.cli.streams import plain
from r2c.errors import Fault


def show_fault(console: Console, fault: Fault, label: str = "error") -> None:
    """Print what happened, why, and what to do."""
    style = "bold red" if label == "error" else "bold yellow"
    show(console, Text.assemble((f"{label} {fault.code}: ", style), plain(fault.what)))
    for name, sentence in (("why", fault.why), ("do", fault.remedy)):
        lines = Text.assemble((f"{name}: ".ljust(5), "dim"), plain(sentence))
        show(console, Padding(lines, (0, 0, 0, 2)))

"""A finding of `r2c doctor` as a line, with what to do below it."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from r2c.cli.diagnosis import Finding
from r2c.cli.render.lines import show
from r2c.cli.streams import plain

_STYLES = {"ok": "green", "note": "yellow", "failed": "bold red"}


def show_finding(console: Console, finding: Finding) -> None:
    """State, subject and what was found; further lines below the third column."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=6)
    table.add_column(width=15)
    table.add_column()
    told = finding.message + (f"\ndo: {finding.remedy}" if finding.remedy else "")
    table.add_row(plain(finding.state, _STYLES[finding.state]), plain(finding.subject), plain(told))
    show(console, Padding(table, 0))

"""Ways out of a conflict as a ranked list."""

from __future__ import annotations

from rich.console import Console

from r2c.cir.schema import CIR
from r2c.cli.render.layout import INDENT, heading, paragraph
from r2c.formulation import Conflict
from r2c.telling.remedies import remedy_told


def show_remedies(console: Console, conflict: Conflict, cir: CIR) -> None:
    """Print the list, the smallest change first."""
    if not conflict.remedies:
        return
    heading(console, "What would let all rules hold, the smallest change first")
    for place, remedy in enumerate(conflict.remedies, 1):
        paragraph(console, f"{place}. {remedy_told(remedy, cir)}", INDENT)

"""What was taken for granted, so that a planner can object."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from r2c.cir.schema import CIR
from r2c.cli.render.layout import heading, paragraph
from r2c.cli.streams import visible


def show_assumed(console: Console, cir: CIR) -> None:
    """One line for each assumption, with the symbol or rule it is about."""
    if not cir.assumptions:
        return
    heading(console, "Assumed")
    for item in cir.assumptions:
        notes = [f"about {item.about}"] if item.about else []
        notes += ["confirmed"] if item.confirmed else []
        said = visible(" ".join(item.text.split()))
        note = f" ({visible(', '.join(notes))})" if notes else ""
        paragraph(console, Text.assemble(f"- {said}", (note, "dim")))

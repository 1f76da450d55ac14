"""Printing line by line, without the blanks that fill a line up to the width of the page."""

from __future__ import annotations

from rich.console import Console, RenderableType
from rich.text import Text


def show(console: Console, renderable: RenderableType) -> None:
    """Print; blanks at the end of a line would be in the way of whoever pipes on."""
    for segments in console.render_lines(renderable, pad=False):
        line = Text.assemble(*((part.text, part.style or "") for part in segments if part.text))
        line.rstrip()
        console.print(line, soft_wrap=True)

"""Headings, indents and wrapping shared by all parts of an answer."""

from __future__ import annotations

import textwrap

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from r2c.cli.render.lines import show
from r2c.cli.streams import plain, visible
from r2c.telling.equation import Equation

HEAD = "bold cyan"
ARROW = "→ "
INDENT = 2


def heading(console: Console, text: str, *, first: bool = False) -> None:
    """A heading, after a blank line unless it is the first thing on the page."""
    if not first:
        console.print()
    console.print(Text(text, style=HEAD))


def paragraph(console: Console, text: str | Text, indent: int = INDENT, style: str = "") -> None:
    """Words, wrapped at the width of the page with every line indented."""
    shown = plain(text, style) if isinstance(text, str) else text
    show(console, Padding(shown, (0, 0, 0, indent)))


def quoted(console: Console, words: str, indent: int = INDENT) -> None:
    """Words of the problem, in quotation marks, wrapped."""
    paragraph(console, f"“{' '.join(words.split())}”", indent, "italic")


def left_width(equations: list[Equation], width: int) -> int:
    """The column before which the relation signs stand; long left sides do not push it out."""
    limit = max(12, width // 2)
    widths = [cell_len(visible(e.left)) for e in equations if e.sign]
    return max((size for size in widths if size <= limit), default=0)


def show_equation(console: Console, equation: Equation, align: int, indent: int = INDENT) -> None:
    """An equation behind an arrow, its sign in column `align`, wrapped before plus and minus."""
    room = console.width - indent - len(ARROW)
    left = visible(equation.left)
    if equation.sign:
        left = left + " " * max(0, align - cell_len(left))
        body = f"{left} {equation.sign} {visible(equation.right)}"
    else:
        body = left
    quantifier = visible(equation.quantifier)
    lines = _wrapped(body, room)
    if quantifier and len(lines) == 1 and cell_len(lines[0]) + 3 + cell_len(quantifier) <= room:
        lines = [f"{lines[0]}   {quantifier}"]
    elif quantifier:
        lines += _wrapped(quantifier, room - 4, "    ")
    for number, line in enumerate(lines):
        start = ARROW if number == 0 else " " * len(ARROW)
        console.print(Text.assemble(" " * indent, (start, "dim"), line), soft_wrap=True)


def _wrapped(text: str, room: int, first: str = "") -> list[str]:
    if cell_len(text) <= room:
        return [first + text]
    # Only before an operator may a line break: what stands between stays together.
    glued = text.replace(" ", "\u00a0")
    for operator in "+−≤≥=∧∨∀":
        glued = glued.replace(f"\u00a0{operator}\u00a0", f" {operator}\u00a0")
    lines = textwrap.wrap(
        glued, max(20, room), initial_indent=first, subsequent_indent="    ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    return [line.replace("\u00a0", " ") for line in lines]

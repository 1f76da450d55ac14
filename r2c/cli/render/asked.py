"""Questions with the answers that they take, and what was answered."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from r2c.cir.asked import Asked
from r2c.cli.render.layout import INDENT, heading, paragraph


def show_questions(console: Console, questions: Sequence[Asked]) -> None:
    """Open questions first, then those that have an answer."""
    for item in (item for item in questions if item.answer is None):
        heading(console, f"Question {item.id}")
        paragraph(console, item.text)
        for option in item.options:
            paragraph(console, f"{option.value}: {option.meaning}", 2 * INDENT)
        if item.default is not None:
            why = f", because {item.reason}" if item.reason else ""
            paragraph(console, f"Without an answer: {item.default}{why}.", style="dim")
        if item.consequence:
            paragraph(console, item.consequence, style="dim")
    done = [item for item in questions if item.answer is not None]
    if done:
        heading(console, "Answered")
    for item in done:
        meaning = next((o.meaning for o in item.options if o.value == item.answer), "")
        told = f"{item.answer} ({meaning})" if meaning else str(item.answer)
        if item.unit and not meaning:
            told += f" {item.unit}"
        before = f"; before that: {', '.join(item.earlier)}" if item.earlier else ""
        paragraph(console, f"{item.id}: {item.text}")
        paragraph(console, f"→ {told}{before}", 2 * INDENT, "cyan")

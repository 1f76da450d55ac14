"""Archetype cards and their proofs as text."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from r2c.archetypes.card import Card, Paradigm
from r2c.archetypes.load import Library
from r2c.cli.render.layout import heading, paragraph, quoted, show_equation
from r2c.cli.render.lines import show
from r2c.cli.streams import plain
from r2c.solve.prove import Report
from r2c.telling.archetype import MARKS
from r2c.telling.equation import domain, equation, maths


def show_list(console: Console, cards: Sequence[Card], library: Library) -> None:
    """One card a row, a mark before what a card of the user's own means."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column()
    for card in cards:
        meaning = plain(card.meaning)
        if mark := MARKS[library.origin(card.id)]:
            meaning = Text.assemble((f"{mark}: ", "yellow"), meaning)
        table.add_row(plain(card.id, "bold"), plain(card.family, "dim"), meaning)
    show(console, table)


def show_card(console: Console, card: Card, library: Library) -> None:
    """Everything a planner or an author wants to know of a card, and whose it is."""
    show(console, Text.assemble((card.name, "bold"), (f"  {card.family}/{card.id}", "dim")))
    if mark := MARKS[library.origin(card.id)]:
        paragraph(console, f"{mark[:1].upper()}{mark[1:]}: {library.path(card.id)}", 0, "yellow")
    paragraph(console, card.meaning, 0)
    _bullets(console, "Words that hint at it", [", ".join(card.cues)])
    _bullets(console, "Applies when", card.applies_when)
    excluded = [
        item.situation + (f" (instead: {item.instead})" if item.instead else "")
        for item in card.does_not_apply_when
    ]
    _bullets(console, "Does not apply when", excluded)
    _bullets(
        console, "Roles",
        [f"{r.name} ({r.kind}{'' if r.required else ', optional'}): {r.doc}" for r in card.roles],
    )  # fmt: skip
    _bullets(
        console, "Creates", [f"{item.name} ({item.domain}): {item.doc}" for item in card.outputs]
    )
    heading(console, "Meaning as algebra")
    for clause in card.holds.values():
        show_equation(console, equation(clause), 0)
    for paradigm in card.paradigms:
        _show_paradigm(console, paradigm)
    _bullets(console, "Usual errors", [f"{item.error} {item.symptom}" for item in card.errors])
    heading(console, "Examples")
    for example in card.examples:
        quoted(console, example.sentence)
        paragraph(console, example.algebra, 4)
    console.print()
    paragraph(console, f"Source: {card.source}", 0, "dim")


def show_proof(console: Console, report: Report) -> None:
    """The result for one card: a line if all is well, the failures if not."""
    mark = Text("✓ ", "green") if report.proven else Text("✗ ", "red")
    runs = ", ".join(f"{name} {count}" for name, count in report.runs.items())
    told = f"  {len(report.checks)} checks; models solved: {runs}"
    show(console, Text.assemble(mark, (report.card, "bold"), (told, "dim")))
    for check in report.failures:
        paragraph(console, f"{check.claim}: {check.detail}", 4, "red")


def _show_paradigm(console: Console, paradigm: Paradigm) -> None:
    heading(console, f"Written as {paradigm.name.replace('_', ' ')} ({paradigm.relation})")
    paragraph(console, paradigm.doc)
    if paradigm.preconditions:
        told = ", ".join(str(item) for item in paradigm.preconditions)
        paragraph(console, f"Only if {told}.", style="dim")
    for name, variable in paradigm.variables.items():
        over = "" if variable.over is None else f", {domain(variable.over)}"
        ends = (("≥", variable.lower), ("≤", variable.upper))
        bounds = [f"{sign} {maths(end)}" for sign, end in ends if end is not None]
        told = f"{name}: {variable.domain} {' '.join(bounds)}{over}. {variable.doc}"
        paragraph(console, told)
    for row in paradigm.rows.values():
        show_equation(console, equation(row), 0)


def _bullets(console: Console, title: str, lines: Sequence[str]) -> None:
    if not lines:
        return
    heading(console, title)
    for line in lines:
        paragraph(console, line)

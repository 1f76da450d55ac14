"""Domain packs as text."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from r2c.archetypes.domain import Domain
from r2c.cli.render.layout import heading, paragraph
from r2c.cli.render.lines import show
from r2c.cli.streams import plain


def show_domains(console: Console, domains: Sequence[Domain]) -> None:
    """One pack a row."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column()
    for domain in domains:
        table.add_row(plain(domain.id, "bold"), plain(domain.about))
    show(console, table)


def show_domain(console: Console, domain: Domain) -> None:
    """The rules, units and questions of a trade."""
    show(console, Text.assemble((domain.name, "bold"), (f"  {domain.id}", "dim")))
    paragraph(console, domain.about, 0)
    heading(console, "Usual rules")
    for usual in domain.usual:
        paragraph(console, f"{usual.archetype}: {usual.there}")
    heading(console, "Units")
    paragraph(console, ", ".join(domain.units))
    heading(console, "What is often left unsaid")
    for item in domain.questions:
        paragraph(console, item.ask)
        about = f" ({item.archetype})" if item.archetype else ""
        paragraph(console, f"Without an answer: {item.default} {item.consequence}{about}", 4, "dim")

"""How far the plan holds while a number of the goal moves, as a table."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from r2c.cir.schema import CIR
from r2c.cli.render.layout import heading, paragraph
from r2c.cli.render.lines import show
from r2c.cli.streams import plain
from r2c.formulation import CostRange
from r2c.telling.amounts import amount, key_text

MOST_RANGES = 25


def show_cost_ranges(console: Console, ranges: tuple[CostRange, ...], cir: CIR) -> None:
    """How far the goal's coefficients can move, each alone, while the plan stays the best."""
    shown = [item for item in ranges if item.low is not None or item.high is not None]
    if not shown:
        return
    heading(console, "How far the plan holds")
    told = "The same plan stays the best while one more of a decision counts in the goal:"
    paragraph(console, told)
    units = {item.name: item.unit or "" for item in cir.decisions}
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("  decision")
    keyed = any(item.key for item in shown)
    if keyed:
        table.add_column("for")
    for name in ("now", "at least", "at most"):
        table.add_column(name, justify="right", no_wrap=True)
    last = ""
    for item in shown[:MOST_RANGES]:
        name = "" if item.symbol == last else f"  {item.symbol}"
        unit = units.get(item.symbol, "")
        last = item.symbol
        table.add_row(
            plain(f"{name} (per {unit})" if name and unit else name),
            *([plain(key_text(item.key))] if keyed else []),
            amount(item.coefficient),
            "" if item.low is None else amount(item.low),
            "" if item.high is None else amount(item.high),
        )
    show(console, table)
    if len(shown) > MOST_RANGES:
        more = f"… and {len(shown) - MOST_RANGES} more (--json has all)"
        paragraph(console, more, style="dim")

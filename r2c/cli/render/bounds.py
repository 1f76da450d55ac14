"""Decisions that have come to a limit which they are declared with."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console

from r2c.cir.schema import CIR
from r2c.cli.render.layout import heading, paragraph
from r2c.errors import counted
from r2c.formulation import BoundReached
from r2c.telling.amounts import amount, key_text, signed

MOST_BOUNDS = 6


def show_bounds(console: Console, bounds: tuple[BoundReached, ...], cir: CIR) -> None:
    """Print what stops decisions where no rule does; nothing if none is stopped so."""
    if not bounds:
        return
    heading(console, "Declared limits that are reached")
    for told in _lines(bounds, cir):
        paragraph(console, told)


def _lines(bounds: tuple[BoundReached, ...], cir: CIR) -> Iterator[str]:
    units = {item.name: item.unit or "" for item in cir.decisions}
    for item in bounds[:MOST_BOUNDS]:
        where = f" for {key_text(item.key)}" if item.key else ""
        limit = f"{amount(item.limit)} {units.get(item.symbol, '')}".rstrip()
        told = f"{item.symbol}{where} is at its {item.side} limit of {limit}, as declared."
        if item.value is not None:
            told += (
                f" A little more of this limit would change the objective by "
                f"{signed(item.value)} a unit."
            )
        yield told
    if len(bounds) > MOST_BOUNDS:
        yield f"So are {counted(len(bounds) - MOST_BOUNDS, 'more decision')}."

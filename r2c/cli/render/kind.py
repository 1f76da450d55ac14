"""What kind of model it is: linear or not in what is decided, with whole numbers or without."""

from __future__ import annotations

from rich.console import Console

from r2c.cir.needs import Need, needs_paradigm
from r2c.cir.schema import CIR
from r2c.cir.write import shown
from r2c.cli.render.layout import INDENT, heading, paragraph

_MOST = 5


def show_kind(console: Console, cir: CIR) -> None:
    """One line; where something is not linear, one more for each place that needs a paradigm."""
    heading(console, "Kind of model")
    found = needs_paradigm(cir)
    linear = "not linear in what is decided" if found else "linear in what is decided"
    whole = sum(decision.domain != "continuous" for decision in cir.decisions)
    numbers = "with whole numbers" if whole else "without whole numbers"
    paragraph(console, f"{linear}, {numbers}", INDENT)
    for need in found[:_MOST]:
        paragraph(console, _told(need), 2 * INDENT, "dim")
    if len(found) > _MOST:
        paragraph(console, f"… and {len(found) - _MOST} more", 2 * INDENT, "dim")


def _told(need: Need) -> str:
    offender = need.form.offender
    term = shown(need.expr if offender is None else offender)
    return f"{need.owner} {need.name}: {term} is {need.form}"

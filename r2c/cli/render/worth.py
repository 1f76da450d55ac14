"""What a plan is worth, part by part, and which rules it breaks at their price."""

from __future__ import annotations

from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from r2c.cir.schema import CIR
from r2c.cli.render.layout import heading, paragraph
from r2c.cli.render.lines import show
from r2c.cli.streams import plain
from r2c.formulation import Solution, TierValue
from r2c.model.tiers import goals_of, share_of
from r2c.telling.amounts import amount, key_text
from r2c.telling.worth import how_far, weighed

MOST_BROKEN = 25


def show_worth(console: Console, cir: CIR, solution: Solution) -> None:
    """Goals and costs with their values, where there are several."""
    shown = [(value, list(_parts(cir, solution, value))) for value in solution.tiers]
    several = len(shown) > 1
    if not several and all(len(parts) < 2 for _, parts in shown):
        return
    heading(console, "What the plan is worth")
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("  goals, most important first" if several else "  part")
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("unit")
    for place, (value, parts) in enumerate(shown):
        if len(parts) != 1:
            parts.append(("together" if parts else "what rules cost", value.value, ""))
        order = "" if not several else "then, " if place else "first, "
        for number, (name, worth, unit) in enumerate(parts):
            lead = " " * len(order) if number else order
            table.add_row(plain(f"  {lead}{name}"), amount(worth), plain(unit))
    show(console, table)


def _parts(cir: CIR, solution: Solution, value: TierValue) -> Iterator[tuple[str, float, str]]:
    """What is added up in a tier: name, value as it counts, unit."""
    for goal, worth in zip(goals_of(cir, value.tier), value.goals, strict=False):
        share = share_of(goal, value.sense)
        yield weighed(goal, value), share * worth, (goal.unit or "") if abs(share) == 1 else ""
    costs: dict[str, float] = {}
    for cost in solution.costs:
        if cost.tier == value.tier:
            name = f"charge of {cost.rule}" if cost.broken is None else f"breaking {cost.rule}"
            costs[name] = costs.get(name, 0.0) + cost.cost
    for name, paid in costs.items():
        yield name, (paid if value.sense == "min" else -paid), ""


def show_broken(console: Console, cir: CIR, solution: Solution) -> None:
    """The soft rules that the plan breaks: for whom, how far, at what cost."""
    broken = [cost for cost in solution.costs if cost.broken is not None]
    if not broken:
        return
    heading(console, "Rules that are broken, at their price")
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("  rule")
    keyed = any(cost.key for cost in broken)
    if keyed:
        table.add_column("for")
    table.add_column("broken", justify="right")
    table.add_column("cost", justify="right", no_wrap=True)
    for cost in broken[:MOST_BROKEN]:
        middle = [plain(key_text(cost.key))] if keyed else []
        table.add_row(plain(f"  {cost.rule}"), *middle, how_far(cir, cost), amount(cost.cost))
    show(console, table)
    if len(broken) > MOST_BROKEN:
        told = f"… and {len(broken) - MOST_BROKEN} more (--json has all)"
        paragraph(console, told, style="dim")

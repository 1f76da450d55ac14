"""The objective that is solved: the goals of each tier, and what the rules add to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from r2c.archetypes.load import standard_library
from r2c.cir.arithmetic import negate
from r2c.cir.expr import Add, Expr, Mul, Neg, Num
from r2c.cir.schema import Objective
from r2c.cli.render.layout import ARROW, INDENT, heading, paragraph, quoted
from r2c.cli.render.lines import show
from r2c.cli.streams import visible
from r2c.model.costs import Cost, costs
from r2c.model.rename import multiply
from r2c.model.tiers import goals_of, sense_of, share_of, tiers
from r2c.telling.equation import MINUS, maths
from r2c.telling.written_model import WrittenModel

NO_GOAL = "any plan that keeps the rules will do"


@dataclass(frozen=True)
class TierGoal:
    """One tier as it is solved: its goals and the costs of rules that belong to it."""

    tier: int
    sense: Literal["min", "max"]
    goals: tuple[Objective, ...]
    costs: tuple[Cost, ...]

    def terms(self, written: WrittenModel) -> Iterator[tuple[Expr, str]]:
        """What is added up, each with what it is in words; a cost names its rule."""
        for goal in self.goals:
            share = share_of(goal, self.sense)
            weighed = multiply([Num(abs(share)), written.expansion.of(goal.expr)])
            yield (weighed if share >= 0 else negate(weighed)), goal.meaning
        for cost in self.costs:
            paid = written.expansion.of(cost.total)
            what = "charge of" if cost.broken is None else "price of breaking"
            yield (paid if self.sense == "min" else negate(paid)), f"{what} {cost.rule}"


def tier_goals(written: WrittenModel) -> list[TierGoal]:
    """The tiers, the most important first; without costs where the rules cannot be written."""
    paid = () if written.plain is None else costs(written.plain, standard_library())
    charged = any(cost.broken is None for cost in paid)
    found = [
        TierGoal(
            tier,
            sense_of(written.cir, tier),
            goals_of(written.cir, tier),
            tuple(cost for cost in paid if cost.tier == tier),
        )
        for tier in tiers(written.cir, charged=charged)
    ]
    return [item for item in found if item.goals or item.costs]


def show_goals(console: Console, written: WrittenModel) -> None:
    """What is maximized or minimized: one arrow a tier, one line for each thing added up."""
    found = tier_goals(written)
    heading(console, "Objective" if len(found) < 2 else "Objectives, most important first")
    for place, item in enumerate(found):
        for goal in item.goals:
            if goal.quote:
                quoted(console, goal.quote)
        order = "" if len(found) < 2 else "then, " if place else "first, "
        _show_sum(console, f"{order}{item.sense}imize", list(_lines(written, item)))
    if not found:
        paragraph(console, f"none: {NO_GOAL}")


def _lines(written: WrittenModel, item: TierGoal) -> Iterator[tuple[Expr, str]]:
    """The terms with what stands behind them on the page."""
    about = [
        f"{goal.meaning} ({goal.unit})".lstrip() if goal.unit else goal.meaning
        for goal in item.goals
    ]
    about += [f"from {cost.rule}" for cost in item.costs]
    for (expr, _), told in zip(item.terms(written), about, strict=True):
        yield expr, told


def _show_sum(console: Console, verb: str, terms: list[tuple[Expr, str]]) -> None:
    widths = [len(ARROW), len(verb) + 1, *([2] if len(terms) > 1 else [])]
    grid = Table.grid()
    for width in widths:
        grid.add_column(width=width)
    grid.add_column()
    for place, (expr, about) in enumerate(terms):
        sign, told = _signed(expr) if place else ("", maths(expr))
        head = ["", "", sign] if place else [Text(ARROW, "dim"), Text(verb, "green"), ""]
        body = Text.assemble(visible(told), ("   " + visible(about) if about else "", "dim"))
        grid.add_row(*head[: len(widths)], body)
    show(console, Padding(grid, (0, 0, 0, INDENT)))


def _signed(expr: Expr) -> tuple[str, str]:
    """A further term of a sum: its sign, and what follows it."""
    match expr:
        case Neg(Add() as inner):
            return MINUS, f"({maths(inner)})"
        case Neg(inner):
            return MINUS, maths(inner)
        case Num(value) if value < 0:
            return MINUS, maths(Num(-value))
        case Mul((Num(value), *rest)) if value < 0:
            return MINUS, maths(multiply([Num(-value), *rest]))
    return "+", maths(expr)

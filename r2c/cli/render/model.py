"""The model as a planner reads it: each sentence, the rule it became, the equations it became."""

from __future__ import annotations

from dataclasses import replace

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from r2c.cir.schema import CIR, Decision, Rule
from r2c.cli.render.assumed import show_assumed
from r2c.cli.render.goals import show_goals
from r2c.cli.render.kind import show_kind
from r2c.cli.render.layout import (
    ARROW,
    INDENT,
    heading,
    left_width,
    paragraph,
    quoted,
    show_equation,
)
from r2c.cli.render.lines import show
from r2c.cli.streams import plain, visible
from r2c.formulation import Choice
from r2c.telling.archetype import archetype_called, card_mark
from r2c.telling.equation import Equation, equation, maths
from r2c.telling.written_model import WrittenModel

MOST_ROWS = 12
"""Equations shown for one rule; a rule written by more is seldom read row by row."""
_DOMAINS = {"continuous": "number", "integer": "whole number", "binary": "yes or no"}


def show_model(console: Console, written: WrittenModel, choices: tuple[Choice, ...]) -> None:
    """Decisions, rules, objectives, what was taken for granted, and the kind of model."""
    cir = written.cir
    if cir.title:
        console.print(plain(cir.title, "bold"))
    show_decisions(console, cir, first=not cir.title)
    _show_rules(console, written, {choice.rule: choice for choice in choices})
    show_goals(console, written)
    show_definitions(console, written)
    show_assumed(console, cir)
    show_kind(console, cir)


def show_decisions(console: Console, cir: CIR, *, first: bool = False) -> None:
    """What is to be decided, one line each."""
    heading(console, "What is decided", first=first)
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=len(cir.decisions) > 0 and console.width >= 60)
    table.add_column()
    table.add_column()
    for decision in cir.decisions:
        table.add_row(
            plain(f"{' ' * INDENT}{_indexed(decision)}"),
            plain(domain_of(decision), "dim"),
            plain(decision.meaning + (f" ({decision.unit})" if decision.unit else "")),
        )
    show(console, table)


def domain_of(decision: Decision) -> str:
    """Its domain in words, with the bounds that say more than the domain does."""
    if decision.domain == "binary":
        return _DOMAINS["binary"]
    low = "" if decision.lower is None else maths(decision.lower)
    high = "" if decision.upper is None else maths(decision.upper)
    word = _DOMAINS[decision.domain]
    if low and high:
        return f"{word}, {low} to {high}"
    if low or high:
        return f"{word} ≥ {low}" if low else f"{word} ≤ {high}"
    return f"{word}, any sign"


def archetype_name(rule: Rule) -> Text:
    """The archetype in words, as its card calls it, and whose card it is unless R2C's."""
    name = Text(visible(archetype_called(rule.archetype)), "green")
    if mark := card_mark(rule.archetype):
        name.append(f" ({mark})", "yellow")
    return name


def equations_of(written: WrittenModel, rule: Rule) -> list[Equation]:
    """The equations of a rule; if it could not be written, what it says in each role."""
    if written.plain is not None:
        return [equation(expr, binder) for expr, binder in written.rows(rule)]
    return [
        replace(shown, left=f"{role}: {shown.left}")
        for role, expr in rule.operands.items()
        for shown in [equation(expr, rule.forall)]
    ]


def _show_rules(console: Console, written: WrittenModel, choices: dict[str, Choice]) -> None:
    if not written.cir.rules:
        return
    heading(console, "Sentence → rule → equation")
    shown = {rule.id: equations_of(written, rule) for rule in written.cir.rules}
    align = left_width(
        [item for rows in shown.values() for item in rows[:MOST_ROWS]], console.width
    )
    for number, rule in enumerate(written.cir.rules):
        if number:
            console.print()
        if rule.quote:
            quoted(console, rule.quote)
        show(console, _rule_line(rule, choices.get(rule.id)))
        rows = shown[rule.id]
        for row in rows[:MOST_ROWS]:
            show_equation(console, row, align)
        if len(rows) > MOST_ROWS:
            paragraph(console, f"… and {len(rows) - MOST_ROWS} more", 2 * INDENT, "dim")
        if not rows and written.plain is not None:
            paragraph(console, "no equation of its own: it is part of others", 2 * INDENT, "dim")


def _rule_line(rule: Rule, choice: Choice | None) -> Padding:
    told = ""
    if choice is not None:
        told += f", {choice.relation}"
        if rule.archetype != "linear":
            told += f", written as {choice.paradigm.replace('_', ' ')}"
    if rule.soft is not None:
        told += f"; may be broken at {maths(rule.soft.price)} per {rule.soft.per}"
    name = archetype_name(rule)
    return _arrow(Text.assemble((visible(rule.id), "bold"), "  ", name, (visible(told), "green")))


def _arrow(text: Text) -> Padding:
    """The text behind an arrow, further lines below its beginning."""
    grid = Table.grid()
    grid.add_column(width=len(ARROW))
    grid.add_column()
    grid.add_row(Text(ARROW, "dim"), text)
    return Padding(grid, (0, 0, 0, INDENT))


def show_definitions(console: Console, written: WrittenModel) -> None:
    """The named expressions that keep their name, each once."""
    if not written.expansion.listed:
        return
    heading(console, "Where")
    for item in written.expansion.listed:
        shown = equation(written.expansion.of(item.expr), item.forall)
        targets = () if item.forall is None else item.forall.targets
        left = f"{item.name}[{','.join(targets)}]" if targets else item.name
        show_equation(console, replace(shown, left=left, sign="=", right=shown.left), 0)


def _indexed(decision: Decision) -> str:
    if not decision.over:
        return decision.name
    if decision.indices:
        names = decision.indices
    else:
        names = tuple(name[:1].lower() for name in decision.over)
        if len(set(names)) < len(names):
            names = tuple(f"i{number}" for number in range(1, len(names) + 1))
    over = ", ".join(f"{name} ∈ {set_}" for name, set_ in zip(names, decision.over, strict=False))
    return f"{decision.name}[{','.join(names)}]  {over}"

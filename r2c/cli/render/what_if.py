"""What changes do to a plan, under headings; the sentences are those of `r2c.telling`."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from r2c.cli.render.fault import show_fault
from r2c.cli.render.layout import INDENT, heading, paragraph
from r2c.cli.render.lines import show
from r2c.cli.streams import plain
from r2c.errors import counted
from r2c.formulation import Outcome, Trust
from r2c.supposition import Moved, Scenario, Scenarios, Standing, WhatIf, WhyNot
from r2c.telling.amounts import amount, key_text, signed
from r2c.telling.what_if import (
    NO_PLAN,
    bound_sentences,
    called,
    conflict_lines,
    goal_sentences,
    standing_told,
    step_told,
    worth_told,
)


def show_what_if(console: Console, told: WhatIf) -> None:
    """Print the difference that changes make."""
    heading(console, "What if", first=True)
    for change in told.changes:
        paragraph(console, change)
    heading(console, "What comes of it")
    _show_result(console, told)
    known = told.before.has_plan
    _show_moves(console, told, "What changes in the plan" if known else "The plan then")
    _show_bounds(console, told)


def show_why_not(console: Console, told: WhyNot) -> None:
    """Print what comes of a wish."""
    heading(console, f"Why not {told.wish}", first=True)
    difference = told.what_if
    match told.kind:
        case "holds":
            paragraph(console, "It is so: the plan already has it.")
        case "no_plan":
            paragraph(console, f"There is no plan: {NO_PLAN[difference.before.outcome]}.")
            _show_faults(console, difference.before)
            _show_conflict(console, difference)
        case "impossible":
            paragraph(console, "No plan has it.")
            _show_conflict(console, difference)
        case "unsettled":
            paragraph(console, "Whether a plan has it could not be settled in the time.")
            _show_faults(console, difference.after)
        case "as_good":
            paragraph(console, "Nothing speaks against it: another plan that is as good has it.")
            _show_result(console, difference)
        case "costs":
            paragraph(console, "It can be had, but it costs something.")
            _show_result(console, difference)
        case "improves":
            paragraph(console, "It can be had, and even better: the plan was not yet the best.")
            _show_result(console, difference)
    _show_moves(console, difference, "What changes in the plan")
    _show_bounds(console, difference)


def show_scenarios(console: Console, told: Scenarios) -> None:
    """Print what each value of a change gives."""
    heading(console, f"What if {told.change}", first=True)
    paragraph(console, f"As it is: {standing_told(told.before)}.")
    _show_faults(console, told.before)
    console.print()
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(plain(f"  {told.about}"), justify="right")
    table.add_column("outcome")
    name = told.meaning or "goal"
    unit = f" ({told.unit})" if told.unit else ""
    table.add_column(plain(f"{name}{unit}"), justify="right")
    if compared := told.before.has_plan:
        table.add_column("difference", justify="right")
        table.add_column("decisions changed", justify="right")
    for row in told.rows:
        cells = [
            f"  {amount(row.value)}",
            row.outcome.value,
            "" if row.objective is None else amount(row.objective),
        ]
        if compared:
            planned = row.outcome in (Outcome.OPTIMAL, Outcome.FEASIBLE)
            cells += [_difference(row), str(row.moved) if planned else ""]
        table.add_row(*cells)
    show(console, table)
    _show_stops(console, told)


def _show_stops(console: Console, told: Scenarios) -> None:
    """Why there is no plan for some of the values, each reason once."""
    blocked: dict[tuple[str, ...], list[str]] = {}
    for row in told.rows:
        if row.conflict:
            blocked.setdefault(row.conflict, []).append(amount(row.value))
    if blocked:
        console.print()
    for rules, values in blocked.items():
        names = _listed([called(rule) for rule in rules])
        verb = "cannot hold" if len(rules) == 1 else "cannot all hold"
        paragraph(console, f"At {_listed(values)}, {names} {verb}.")
    faults = {fault.code: fault for row in told.rows for fault in row.faults}
    for fault in faults.values():
        show_fault(console, fault, "note")


def _difference(row: Scenario) -> str:
    if row.difference is None or row.judgement is None:
        return ""
    if row.judgement == "equal":
        return "the same"
    return f"{signed(row.difference)} ({row.judgement})"


def _show_result(console: Console, told: WhatIf) -> None:
    if told.before.has_plan and told.after.has_plan:
        for sentence in goal_sentences(told):
            paragraph(console, sentence)
    elif told.after.has_plan:
        paragraph(
            console,
            f"Without it {NO_PLAN[told.before.outcome]}; with it there is a plan"
            f"{worth_told(told.after)}.",
        )
        _show_faults(console, told.before)
    else:
        paragraph(console, f"There is no plan then: {NO_PLAN[told.after.outcome]}.")
        if told.before.has_plan:
            paragraph(console, f"As it is, there is one{worth_told(told.before)}.")
        else:
            paragraph(console, f"As it is, there is none either: {NO_PLAN[told.before.outcome]}.")
        _show_faults(console, told.after)
        _show_conflict(console, told)
    if told.after.outcome is Outcome.FEASIBLE or told.before.outcome is Outcome.FEASIBLE:
        paragraph(console, "Not every plan was proven to be the best in the time.", style="yellow")
    if told.after.has_plan and told.after.trust in (Trust.REJECTED, Trust.SOLVER_SUSPECT):
        paragraph(console, "The checks doubt the changed plan.", style="yellow")


def _show_faults(console: Console, standing: Standing) -> None:
    for fault in standing.faults:
        show_fault(console, fault, "note")


def _show_conflict(console: Console, told: WhatIf) -> None:
    if told.conflict is None:
        return
    console.print()
    for line in conflict_lines(told):
        paragraph(console, line)


def _show_moves(console: Console, told: WhatIf, title: str) -> None:
    if not told.moved:
        return
    heading(console, title)
    symbols: dict[str, list[Moved]] = {}
    for item in told.moved:
        symbols.setdefault(item.symbol, []).append(item)
    for symbol, items in symbols.items():
        name = f"{items[0].meaning} ({symbol})" if items[0].meaning else symbol
        if len(items) == 1:
            keyed = f", for {key_text(items[0].key)}" if items[0].key else ""
            paragraph(console, f"{name}{keyed}: {step_told(items[0])}")
            continue
        paragraph(console, f"{name}:")
        for item in items:
            paragraph(console, f"{key_text(item.key)}: {step_told(item)}", 2 * INDENT)
    if told.moved_in_all > len(told.moved):
        more = counted(told.moved_in_all - len(told.moved), "smaller change")
        paragraph(console, f"… and {more}", style="dim")


def _show_bounds(console: Console, told: WhatIf) -> None:
    sentences = [
        *bound_sentences(told.now_binding, "now binds", limits=True),
        *bound_sentences(told.no_longer_binding, "no longer binds", limits=False),
    ]
    if not sentences:
        return
    heading(console, "Rules")
    for sentence in sentences:
        paragraph(console, sentence)


def _listed(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"

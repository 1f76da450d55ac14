"""The plan as a table, and the rules that bind with what one more unit of them is worth."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from r2c.cir.schema import CIR
from r2c.cli.render.layout import heading, paragraph
from r2c.cli.render.lines import show
from r2c.cli.streams import plain, visible
from r2c.errors import counted
from r2c.formulation import Choice, RowReport, Solution, Value
from r2c.solve.room import ROOM
from r2c.telling.amounts import amount, key_text, signed
from r2c.telling.as_stated import RIGHT_SIDE, as_stated, states_its_end
from r2c.telling.equation import maths
from r2c.telling.limits_reached import binding, limit_reached
from r2c.telling.worth import LONGEST_FORMULA
from r2c.verdict.kept_rows import kept_rows
from r2c.verdict.telling_rows import part_of, telling_rows

MOST_VALUES = 60
MOST_BINDING = 25


def show_solution(
    console: Console,
    cir: CIR,
    solution: Solution,
    choices: Iterable[Choice] = (),
    *,
    binding_too: bool = True,
) -> None:
    """Values of decisions and of what follows from them, then the rules that bind.

    `choices` tell which rows are auxiliary; these are not shown, nor are those of broken rules.
    """
    if not solution.values:
        return
    heading(console, "Plan")
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    keyed = any(value.key for values in solution.values.values() for value in values)
    table.add_column("  symbol")
    if keyed:
        table.add_column("for")
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("unit")
    table.add_column("meaning")
    notes: list[str] = []
    about = _about(cir)
    for name, values in solution.values.items():
        unit, meaning = about.get(name, ("", ""))
        shown = _worth_showing(values)
        for number, value in enumerate(shown[:MOST_VALUES]):
            cells = [plain(f"  {name}" if number == 0 else "")]
            if keyed:
                cells.append(plain(key_text(value.key)))
            last = meaning if number == 0 else ""
            cells += [plain(amount(value.value)), plain(unit), plain(last, "dim")]
            table.add_row(*cells)
        notes += _left_out(name, values, shown)
    show(console, table)
    for note in notes:
        paragraph(console, note, style="dim")
    if binding_too:
        rows = kept_rows(solution.rows, solution.costs)
        _show_binding(console, telling_rows(rows, cir, choices))


def _show_binding(console: Console, all_rows: list[RowReport]) -> None:
    rows = [as_stated(row) for row in binding(all_rows)]
    if not rows:
        return
    columns: list[tuple[str, Literal["left", "right"], Callable[[RowReport], str]]] = [
        ("  rule", "left", lambda row: f"  {row.rule}"),
        ("part", "left", part_of),
        ("for", "left", lambda row: key_text(row.key)),
        ("at its limit", "right", lambda row: amount(_end(row)) if states_its_end(row) else ""),
        ("one more is worth", "right", lambda row: "" if row.dual is None else signed(row.dual)),
    ]
    heading(console, "Rules that bind")
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    filled = [column for column in columns if any(column[2](row) for row in rows)]
    for name, side, _ in filled:
        table.add_column(name, justify=side)
    for row in rows[:MOST_BINDING]:
        table.add_row(*(plain(tell(row)) for _, _, tell in filled))
    show(console, table)
    if len(rows) > MOST_BINDING:
        paragraph(console, f"… and {len(rows) - MOST_BINDING} more (--json has all)", style="dim")
    if any(row.dual and not states_its_end(row) for row in rows[:MOST_BINDING]):
        paragraph(console, RIGHT_SIDE, style="dim")
    if all(row.dual is None for row in rows):
        told = "What one more unit is worth is told for models without whole numbers."
        paragraph(console, told, style="dim")


def _end(row: RowReport) -> float:
    limit = limit_reached(row)
    return row.activity if limit is None else limit


def _worth_showing(values: tuple[Value, ...]) -> list[Value]:
    if len(values) == 1:
        return list(values)
    return [value for value in values if abs(value.value) > ROOM]


def _left_out(name: str, values: tuple[Value, ...], shown: list[Value]) -> list[str]:
    notes = []
    if zeros := len(values) - len(shown):
        verb = "is" if zeros == 1 else "are"
        notes.append(f"{visible(name)}: {zeros} of {len(values)} values {verb} 0 and not shown")
    if len(shown) > MOST_VALUES:
        more = len(shown) - MOST_VALUES
        notes.append(f"{visible(name)}: … and {counted(more, 'more value')} (--json has all)")
    return notes


def _about(cir: CIR) -> dict[str, tuple[str, str]]:
    """Unit and meaning of every symbol that can have a value."""
    found = {item.name: (item.unit or "", item.meaning) for item in cir.decisions}
    for item in cir.definitions:
        formula = f"= {maths(item.expr)}" if item.forall is None else ""
        told = item.meaning or (formula if len(formula) <= LONGEST_FORMULA else "")
        found[item.name] = (item.unit or "", told)
    for rule in cir.rules:
        for role, name in rule.outputs.items():
            found[name] = ("", f"{role} of {rule.id}")
    return found

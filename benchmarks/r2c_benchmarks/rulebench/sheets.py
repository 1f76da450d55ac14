"""The tables of a problem: which numbers stand together, under which heads."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal

from r2c_benchmarks.rulebench.phrase import Pieces, Slot, listed, member_name, numbered, units_of
from r2c_benchmarks.rulebench.select import Selection
from r2c_benchmarks.rulebench.story import Datum, Members

Cell = str | Slot
Layout = Literal["listed", "table", "file"]


@dataclass(frozen=True)
class Sheet:
    """A table; `name` is the name of its file, `about` says what it gives.

    `crossed` says whether its columns are members of a set, too.
    """

    name: str
    about: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    crossed: bool = False


def sheets(selection: Selection, long: bool) -> list[Sheet]:
    """The tables of all indexed numbers.

    Args:
        selection: The problem.
        long: Whether numbers over two sets have a row each, instead of a column for each member.
    """
    groups: dict[tuple[str, ...], list[tuple[str, Datum]]] = {}
    for name, datum in selection.data:
        if datum.over:
            groups.setdefault(datum.over, []).append((name, datum))
    found: list[Sheet] = []
    for over, data in groups.items():
        if len(over) == 2 and not long:
            found += [_matrix(selection, over, name, datum) for name, datum in data]
        else:
            found.append(_rows(selection, over, data))
    return found


def headed(selection: Selection, name: str, datum: Datum) -> str:
    """The head of a column: the label with its unit, unless it says it already."""
    unit = _unit(selection, name, datum)
    said = unit in datum.label.split()
    return f"{datum.label} ({unit})" if unit and not said else datum.label


def _unit(selection: Selection, name: str, datum: Datum) -> str:
    prefix, unit = units_of(selection, name, datum)
    return prefix.strip() or unit


def _rows(selection: Selection, over: tuple[str, ...], data: list[tuple[str, Datum]]) -> Sheet:
    nouns = [selection.story.sets[name] for name in over]
    labels = listed([f"the {datum.label}" for _, datum in data])
    each = " and ".join(key_heads(nouns))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (*map(str, key), *(Slot(name, key) for name, _ in data))
        for key in product(*(selection.members[name] for name in over))
    )
    return Sheet(
        name=slug(" ".join(noun.many for noun in nouns)),
        about=f"{labels} for each {each}",
        head=(
            *key_heads(nouns),
            *(headed(selection, name, datum) for name, datum in data),
        ),
        rows=rows,
    )


def key_heads(nouns: list[Members]) -> tuple[str, ...]:
    """The heads of the columns that say what a row is about, each another."""
    ones = [noun.one for noun in nouns]
    if len(set(ones)) == len(ones):
        return tuple(ones)
    return tuple(f"{way} {one}" for way, one in zip(("from", "to", "by"), ones, strict=False))


def _matrix(selection: Selection, over: tuple[str, ...], name: str, datum: Datum) -> Sheet:
    down, across = (selection.story.sets[one] for one in over)
    heads = [member_name(selection, over[1], member) for member in selection.members[over[1]]]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (str(member), *(Slot(name, (member, other)) for other in selection.members[over[1]]))
        for member in selection.members[over[0]]
    )
    unit = _unit(selection, name, datum)
    told = f" in {unit}" if unit else ""
    return Sheet(
        name=slug(datum.label),
        about=f"the {datum.label}{told} {_by(down, across)}",
        head=(key_heads([down, across])[0], *heads),
        rows=rows,
        crossed=True,
    )


def _by(down: Members, across: Members) -> str:
    """Which members the rows and the columns of a matrix stand for."""
    ways = ("from", "to") if down == across else ("by", "and")
    return f"{ways[0]} {down.one} (rows) {ways[1]} {across.one} (columns)"


def slug(words: str) -> str:
    """A name for a file."""
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")


def as_markdown(sheet: Sheet) -> Pieces:
    """The table in the text."""
    found: list[str | Slot] = [_line(sheet.head), _line(["---"] * len(sheet.head))]
    for row in sheet.rows:
        for cell in row:
            found += ["| ", cell, " "]
        found.append("|\n")
    return tuple(found)


def _line(cells: tuple[str, ...] | list[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def as_csv(sheet: Sheet, number: Callable[[Slot], str]) -> str:
    """The table as the content of a file, its numbers from `number`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(sheet.head)
    for row in sheet.rows:
        writer.writerow([number(cell) if isinstance(cell, Slot) else cell for cell in row])
    return out.getvalue()


def as_sentences(
    selection: Selection, sheet: Sheet, unsaid: Slot | None = None
) -> Iterator[Pieces]:
    """The columns of a table over one set, each told in a sentence, without what is unsaid."""
    data = dict(selection.data)
    for place in range(1, len(sheet.head)):
        slots = [slot for row in sheet.rows if isinstance(slot := row[place], Slot)]
        slots = [slot for slot in slots if slot != unsaid]
        if not slots:
            continue
        first = slots[0]
        datum = data[first.name]
        found: list[str | Slot] = [f"The {datum.label} {'are' if datum.many else 'is'} "]
        for number, slot in enumerate(slots):
            if number:
                found.append(" and " if number == len(slots) - 1 else ", ")
            found += numbered(selection, datum, slot)
            found.append(f" for {member_name(selection, datum.over[0], slot.key[0])}")
        yield (*found, ".")

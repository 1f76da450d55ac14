"""The words of a problem with its numbers in them, and where each rule and number stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from r2c.problem.schema import Span
from r2c_benchmarks.rulebench.draw import Numbers
from r2c_benchmarks.rulebench.phrase import Pieces, Slot
from r2c_benchmarks.rulebench.select import Selection
from r2c_benchmarks.rulebench.sheets import Sheet, as_csv

_UNITS = "hour minute day week month year piece log ad point kilometre metre tonne participant"
_PLURAL = re.compile(rf" ({'|'.join(_UNITS.split())})s\b")
"""What follows a number, in words that a single one is told otherwise."""


@dataclass(frozen=True)
class Page:
    """The words of a problem, without its numbers: pieces, each with the rule that it states."""

    parts: tuple[tuple[Pieces, str], ...]
    files: tuple[Sheet, ...]

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The places of all numbers, those in the text first."""
        text = [piece for pieces, _ in self.parts for piece in pieces]
        cells = [cell for sheet in self.files for row in sheet.rows for cell in row]
        return tuple(one for one in (*text, *cells) if isinstance(one, Slot))


@dataclass(frozen=True)
class Written:
    """The words of a problem.

    Attributes:
        words: The text.
        rules: Where each rule is stated.
        numbers: Where each number stands in the text.
        files: The content of each file.
    """

    words: str
    rules: Mapping[str, Span]
    numbers: tuple[tuple[Span, Slot], ...]
    files: Mapping[str, str]


def write(
    page: Page,
    selection: Selection,
    numbers: Numbers,
    thousands: str = "",
    missing: Slot | None = None,
    instead: str = "",
) -> Written:
    """Put the numbers into the words, and `instead` for the one that is missing."""

    def shown(slot: Slot, thousands: str = "") -> str:
        if slot == missing:
            return instead
        return number_text(told_value(selection, numbers, slot), thousands)

    words = ""
    rules: dict[str, Span] = {}
    places: list[tuple[Span, Slot]] = []
    figures = ""
    for pieces, rule in page.parts:
        start = len(words)
        for piece in pieces:
            if isinstance(piece, str):
                words = words.rstrip(" ") if piece.startswith("\n") else words
                words += _counted(piece) if figures == "1" else piece
                figures = ""
                continue
            figures = shown(piece, thousands)
            places.append((Span(start=len(words), end=len(words) + len(figures)), piece))
            words += figures
        if rule:
            rules[rule] = Span(start=start, end=len(words.rstrip()))
    files = {f"{sheet.name}.csv": as_csv(sheet, shown) for sheet in page.files}
    return Written(words, rules, tuple(places), files)


def _counted(words: str) -> str:
    """What stands behind a 1: its unit is told of a single one."""
    found = _PLURAL.match(words)
    return f" {found[1]}{words[found.end() :]}" if found else words


def told_value(selection: Selection, numbers: Numbers, slot: Slot) -> float:
    """A number in the unit in which it is told."""
    unit = selection.units.get(slot.name)
    return numbers.data[slot.name][slot.key] * (unit.per if unit else 1)


def number_text(value: float, thousands: str = "") -> str:
    """A number as people write it."""
    shown = f"{value:,.6f}".rstrip("0").rstrip(".")
    return shown.replace(",", thousands)

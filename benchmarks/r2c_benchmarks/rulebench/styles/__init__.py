"""The styles in which a problem is told: one module a style, found by listing.

A module has `REGISTERS`, the registers of the frames it uses, and `write`, which puts what is told
in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from random import Random
from typing import Protocol, cast

from r2c_benchmarks.rulebench.phrase import Pieces
from r2c_benchmarks.rulebench.sheets import as_markdown
from r2c_benchmarks.rulebench.told import Said, Told, in_order

Part = tuple[Pieces, str]
"""Pieces of text and the id of the rule that they state, if they do."""


class Style(Protocol):
    """A module of this folder."""

    REGISTERS: tuple[str, ...]

    def write(self, told: Told, random: Random) -> Iterator[Part]:
        """The whole text in order."""


@cache
def styles() -> tuple[str, ...]:
    """The names of all styles, sorted."""
    return tuple(sorted(module.name for module in iter_modules(__path__)))


def style(name: str) -> Style:
    """The style of that name."""
    return cast(Style, import_module(f"{__name__}.{name}"))


def plain(words: str) -> Part:
    """Words that state no rule."""
    return (words,), ""


def sentence(said: Said, end: str = " ") -> Part:
    """A sentence with its full stop."""
    last = said.pieces[-1] if said.pieces else ""
    stop = "" if isinstance(last, str) and last.rstrip().endswith((".", "?", "!", ":")) else "."
    return (*said.pieces, stop + end), said.rule


def tables(told: Told) -> Iterator[Part]:
    """The tables, in the text or named as files."""
    for sheet in told.sheets:
        if told.layout == "file":
            yield plain(f"The file {sheet.name}.csv gives {sheet.about}.\n")
        else:
            about = sheet.about[0].upper() + sheet.about[1:]
            yield plain(f"{about}:\n\n")
            yield as_markdown(sheet), ""
            yield plain("\n")


def shuffled(told: Told, random: Random) -> list[Said]:
    """Rules and other facts in any order, with what does not matter between them."""
    found = in_order(told.facts, random)
    for said in told.beside:
        found.insert(random.randint(0, len(found)), said)
    return found

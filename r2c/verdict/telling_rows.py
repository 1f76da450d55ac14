"""Rows of a solved model that a planner can read as limits of the rules.

A rule may be written with rows over auxiliary variables, which count what is met or switch other
rows on; that such a row has no room left says nothing about the rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from r2c.archetypes.load import standard_library
from r2c.cir.schema import CIR
from r2c.formulation import Choice, RowReport
from r2c.model.rename import names_in

_NUMBERED = re.compile(r"_?\d+$")


def telling_rows(rows: Iterable[RowReport], cir: CIR, choices: Iterable[Choice]) -> list[RowReport]:
    """The rows without those over auxiliary variables."""
    hidden = _auxiliary(cir, choices)
    return [row for row in rows if template_of(row) not in hidden.get(row.rule, ())]


def part_of(row: RowReport) -> str:
    """Which of the rows of its rule it is, "ceiling" say; empty if the rule has only one."""
    return _suffix(row).replace("_", " ")


def _auxiliary(cir: CIR, choices: Iterable[Choice]) -> dict[str, set[str]]:
    """The names of template rows over auxiliary variables, by rule."""
    library = standard_library()
    archetypes = {rule.id: rule.archetype for rule in cir.rules}
    found: dict[str, set[str]] = {}
    for choice in choices:
        card = library.get(archetypes.get(choice.rule, ""))
        paradigm = None if card is None else card.paradigm(choice.paradigm)
        if paradigm is None or not paradigm.variables:
            continue
        made = set(paradigm.variables)
        rows = {name for name, template in paradigm.rows.items() if names_in(template) & made}
        # A rule with rows of one template only names them after itself.
        found[choice.rule] = rows | ({""} if len(paradigm.rows) == 1 else set())
    return found


def template_of(row: RowReport) -> str:
    """The name of the row in the paradigm that wrote it; empty if the rule has only one."""
    return _NUMBERED.sub("", _suffix(row))


def _suffix(row: RowReport) -> str:
    name = row.row.partition("(")[0]
    return name.removeprefix(row.rule).lstrip("_") if name.startswith(row.rule) else ""

"""The limits of rules that a plan has reached, so that two plans can be held side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator

from r2c.archetypes.load import standard_library
from r2c.cir.schema import CIR, Element
from r2c.formulation import Formulation, RowReport
from r2c.model.rename import names_in
from r2c.problem.schema import Frozen

NEAR = 1e-6
"""Relative distance to a limit that counts as reaching it; the solver's own tolerance."""
_NUMBERED = re.compile(r"_?\d+$")


class Bound(Frozen):
    """A limit that is reached: of which rule, for which member, which of its limits.

    `limit` is None where the rule states none as a number, as with `made <= 50*open`.
    """

    rule: str
    key: tuple[Element, ...] = ()
    part: str = ""
    limit: float | None = None
    quote: str = ""


Place = tuple[str, tuple[Element, ...], str]


def bounds_reached(answer: Formulation) -> dict[Place, Bound]:
    """The inequalities that leave no room, by rule, member and part.

    Equations always hold exactly, so they are none; nor are rows over auxiliary variables, nor
    rows of a soft rule that is broken.
    """
    if answer.cir is None or answer.solution is None:
        return {}
    hidden = _auxiliary(answer.cir, answer)
    broken = {(cost.rule, cost.key) for cost in answer.solution.costs if cost.broken is not None}
    quotes = {rule.id: rule.quote for rule in answer.cir.rules}
    found: dict[Place, Bound] = {}
    for row in answer.solution.rows:
        part = _part(row)
        limit = _limit(row)
        if limit is None or part in hidden.get(row.rule, ()) or _is_broken(row, broken):
            continue
        stated = row.data_sign * limit + 0.0
        found[row.rule, row.key, part] = Bound(
            rule=row.rule,
            key=row.key,
            part=part.replace("_", " "),
            limit=stated if row.data_sign else None,
            quote=quotes.get(row.rule, ""),
        )
    return found


def _limit(row: RowReport) -> float | None:
    if row.lower is not None and row.lower == row.upper:
        return None
    for end in (row.upper, row.lower):
        if end is not None and abs(row.activity - end) <= NEAR * max(1.0, abs(end)):
            return end
    return None


def _is_broken(row: RowReport, broken: set[tuple[str, tuple[Element, ...]]]) -> bool:
    return any((row.rule, row.key[:length]) in broken for length in range(len(row.key) + 1))


def _auxiliary(cir: CIR, answer: Formulation) -> dict[str, set[str]]:
    return dict(_hidden(cir, answer))


def _hidden(cir: CIR, answer: Formulation) -> Iterator[tuple[str, set[str]]]:
    """The names of template rows over auxiliary variables, by rule."""
    library = standard_library()
    archetypes = {rule.id: rule.archetype for rule in cir.rules}
    for choice in answer.choices:
        card = library.get(archetypes.get(choice.rule, ""))
        paradigm = None if card is None else card.paradigm(choice.paradigm)
        if paradigm is None or not paradigm.variables:
            continue
        made = set(paradigm.variables)
        rows = {name for name, template in paradigm.rows.items() if names_in(template) & made}
        # A rule with rows of one template only names them after itself.
        yield choice.rule, rows | ({""} if len(paradigm.rows) == 1 else set())


def _part(row: RowReport) -> str:
    name = row.row.partition("(")[0]
    suffix = name.removeprefix(row.rule).lstrip("_") if name.startswith(row.rule) else ""
    return _NUMBERED.sub("", suffix)

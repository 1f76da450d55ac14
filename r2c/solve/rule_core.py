"""Rules that cannot all hold, each question asked of a model that has these rules only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from r2c.errors import R2CError
from r2c.model.plain import PlainModel
from r2c.model.size import SizeLimits
from r2c.solve.compiled import Compiled, compiled
from r2c.solve.fewer_rules import DeclaredLimit, FewerRules
from r2c.solve.matrix import Matrix
from r2c.solve.narrow import narrowed
from r2c.solve.row_core import Judge, RowSearch
from r2c.solve.subset import demands_of, subset

_BEYOND = 100.0
"""How many times the largest number of the model an end lies away that nobody stated."""
_FAR = 1e7
"""Ends that nobody stated lie no farther away: large factors make the solver's arithmetic loose."""


@dataclass(frozen=True)
class Part:
    """Some rows of a model."""

    model: Compiled
    rows: frozenset[int]

    @property
    def matrix(self) -> Matrix:
        """All rows of the model."""
        return self.model.matrix


@dataclass(frozen=True)
class RuleSearch:
    """The search for rules that cannot all hold.

    `fewer` writes the model again for fewer rules; None if the rows stand for themselves.
    """

    whole: Part
    judge: Judge
    fewer: FewerRules | None = None
    size: SizeLimits | None = None

    def rules(self) -> tuple[frozenset[str], bool] | None:
        """The rules, and whether each was shown to be needed; None if no conflict was shown."""
        entries = self.whole.model.map.rows
        first = RowSearch(self.whole.matrix, self.whole.rows, self.judge).first()
        if first is None:
            return None
        likely = sorted({entries[row].rule for row in first.rows})
        if self.conflict(frozenset(likely)) is True:
            return narrowed([likely], self.conflict)
        # The rows of these rules say the part of other rules as well.
        others = {entry.rule for entry in entries}
        if self.fewer is not None:
            others |= {rule.id for rule in self.fewer.plain.cir.rules}
        return narrowed([sorted(others - set(likely)), likely], self.conflict)

    def conflict(
        self, rules: frozenset[str], limits: Collection[DeclaredLimit] | None = None
    ) -> bool | None:
        """Whether rules cannot all hold; None if that stays open.

        What is declared of the decisions holds as well, only `limits` of it if given.
        """
        if self.judge.left <= 0:
            return None
        part = self.part(rules, limits)
        if part is not None:
            return self._verdict(part)
        # Without a bound that the other rules give these cannot be written. That they can hold is
        # still shown by a plan within bounds that nobody stated; that they cannot is not.
        within = self.part(rules, limits, ends=self._ends())
        held = within is not None and self._verdict(within) is False
        return False if held else None

    def _verdict(self, part: Part) -> bool | None:
        if part.model.contradictions:
            return True
        matrix = subset(part.matrix, part.rows, demands_of(part.matrix))
        answer = self.judge.conflict(matrix)
        relations = {choice.relation for choice in part.model.plain.choices}
        sure = relations <= (
            {"exact", "restriction"} if answer is False else {"exact", "relaxation"}
        )
        return answer if sure else None

    def part(
        self,
        rules: frozenset[str],
        limits: Collection[DeclaredLimit] | None = None,
        *,
        ends: float | None = None,
    ) -> Part | None:
        """A model of some rules, or None if there is none without the others."""
        whole = self.whole
        numbers = whole.model.map.rows_by_rule
        rows = frozenset(row for rule in rules for row in numbers.get(rule, ()))
        if self.fewer is None:
            return Part(whole.model, rows)
        model = self.fewer.written(rules, limits, ends=ends)
        if model is None:
            return None
        if self._as_before(model, rules):
            return Part(whole.model, rows)
        try:
            found = compiled(model, self.fewer.instance, self.size)
        except R2CError:
            return None
        return Part(found, frozenset(range(found.matrix.shape[0])))

    def _as_before(self, model: PlainModel, rules: frozenset[str]) -> bool:
        """Whether the model has nothing but rows and variables of the whole one."""
        plain = self.whole.model.plain
        same = tuple(row for row in plain.rows if row.rule in rules) == model.rows
        return same and set(model.variables) <= set(plain.variables)

    def _ends(self) -> float:
        matrix = self.whole.matrix
        ends = np.abs(
            np.concatenate([matrix.lower, matrix.upper, matrix.row_lower, matrix.row_upper])
        )
        largest = float(np.max(ends[np.isfinite(ends)], initial=1.0))
        return max(largest, min(_BEYOND * largest, _FAR))

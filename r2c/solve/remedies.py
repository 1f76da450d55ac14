"""Ways out of a conflict: for each rule the least change of its numbers that lets all rules hold.

Which number may give way is for the planner to say, and a cheap change of one rule may cost more
in the end than a larger one of another. So each rule is tried alone, on the whole model and not
only on the conflict, and each way is priced by the optimum that it leads to.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from r2c.archetypes.card import Card
from r2c.archetypes.load import standard_library
from r2c.cir.instance import Instance
from r2c.errors import R2CError
from r2c.formulation import Conflict, Eased, Remedy, Throughout
from r2c.model.plain import PlainModel
from r2c.model.size import SizeLimits
from r2c.solve.compiled import Compiled, compiled
from r2c.solve.data_sign import DataSigns
from r2c.solve.easing import rounded_wide
from r2c.solve.limits import Limits
from r2c.solve.matrix import Matrix
from r2c.solve.own_numbers import OwnNumbers
from r2c.solve.process import SolverProcess
from r2c.solve.relax import Relaxation, least_relaxation
from r2c.solve.settle import Questioner
from r2c.solve.shared_numbers import SharedNumbers
from r2c.solve.tiers import solve_tiers

MOST_RULES = 8
MOST_CHANGES = 3
"""More numbers than this that move together are no advice."""
_LEAST = 0.05
"""Seconds without which nothing is asked."""
_SAME = 1e-6


def remedies(
    plain: PlainModel,
    instance: Instance,
    conflict: Conflict,
    limits: Limits,
    process: SolverProcess,
    *,
    size: SizeLimits | None = None,
    library: Mapping[str, Card] | None = None,
) -> tuple[Remedy, ...]:
    """The least changes that let all rules of the model hold, the smallest share first.

    One for each rule of the conflict that states amounts and helps alone, and one of several rules
    together where that is less. If no change of the conflict's rules helps there are more
    conflicts, and rules of the whole model give way together. Rules are left out from whose
    numbers rows of others follow: more than the one number would have to change. Equal shares are
    ordered by the objective.

    Args:
        plain: The infeasible model.
        instance: Its data.
        conflict: The rules that cannot all hold.
        limits: What all of this may cost together.
        process: The solver process.
        size: The largest model that is compiled.
        library: The cards that wrote the model; the standard ones if None.
    """
    try:
        model = compiled(plain, instance, size)
    except R2CError:
        return ()
    if model.contradictions:  # a row without decisions has no number to move in
        return ()
    deadline = time.monotonic() + limits.seconds
    shared = SharedNumbers(model, instance, library, deadline)
    search = _Search(model, shared, limits, process, deadline)
    adjustable = _Adjustable(plain, instance, library or standard_library(), deadline)
    rules = adjustable.of(conflict.rules)[:MOST_RULES]
    found = [item for rule in rules for item in search.remedy({rule})]
    best = min((item.share for item in found), default=float("inf"))
    if len(rules) > 1:
        joint = search.remedy(rules)
        found += [item for item in joint if item.share < best * (1 - _SAME) - _SAME**2]
    if not found:
        found += search.remedy(adjustable.of(rule.id for rule in plain.cir.rules))
    sign = -1.0 if plain.objectives and _first_sense(plain) == "max" else 1.0
    return tuple(sorted(found, key=lambda item: (round(item.share, 6), *_price(item, sign))))


@dataclass(frozen=True)
class _Adjustable:
    """Which rules have numbers of their own that can give way."""

    plain: PlainModel
    instance: Instance
    library: Mapping[str, Card]
    deadline: float

    def of(self, rules: Iterable[str]) -> list[str]:
        """Those of `rules`, in their order, as far as there is time to look."""
        archetypes = {rule.id: rule.archetype for rule in self.plain.cir.rules}
        own = OwnNumbers(self.plain, self.instance, self.library)
        found = []
        for rule in rules:
            if time.monotonic() > self.deadline:
                break
            card = self.library.get(archetypes[rule]) if rule in archetypes else None
            if (card is None or card.family != "logic") and own.of(rule):
                found.append(rule)
        return found


def _first_sense(plain: PlainModel) -> str:
    return min(plain.objectives, key=lambda item: item.tier).sense


def _price(item: Remedy, sign: float) -> tuple[bool, float]:
    return item.objective is None, sign * (item.objective or 0.0)


@dataclass(frozen=True)
class _Search:
    model: Compiled
    shared: SharedNumbers
    limits: Limits
    process: SolverProcess
    deadline: float

    def remedy(self, rules: Collection[str]) -> Iterator[Remedy]:
        """The least change of the numbers of some rules, if it helps."""
        left = self.deadline - time.monotonic()
        if left < _LEAST:
            return
        limits = replace(self.limits, seconds=left / 2)
        given = least_relaxation(self.model, self.process, limits, rules)
        if not given or len(given) > MOST_CHANGES:
            return
        for snap in (True, False):
            changes = [_eased(item, snap=snap) for item in given]
            moves = self._moves(given, changes)
            possible, objective = self._best(_ending(self.model.matrix, moves))
            if possible:
                share = sum(
                    abs(item.eased - item.stated) / max(1.0, abs(item.stated)) for item in changes
                )
                yield self._with_shared(moves, changes, objective, share)
                return

    def _moves(self, given: Collection[Relaxation], changes: Collection[Eased]) -> list[_Move]:
        """The ends of rows that the changes move; an equation moves as a whole."""
        matrix, entries = self.model.matrix, self.model.map.rows
        signs = DataSigns(self.model.plain)
        places = {entry.name: row for row, entry in enumerate(entries)}
        found = []
        for item, change in zip(given, changes, strict=True):
            row = places[item.row]
            sign = signs.of(entries[row].row, entries[row].part)
            fixed = matrix.row_lower[row] == matrix.row_upper[row]
            upper = (item.side == "upper") == (sign > 0)
            ends = matrix.row_upper if upper else matrix.row_lower
            found.append(
                _Move(row, float(ends[row]), sign * change.eased,
                      lower=bool(fixed or not upper), upper=bool(fixed or upper))
            )  # fmt: skip
        return found

    def _with_shared(
        self, moves: list[_Move], changes: list[Eased], objective: float | None, share: float
    ) -> Remedy:
        """The remedy with where else its numbers stand, and what comes of changing them there."""
        shared = [self.shared.of(move.row, move.end) for move in moves]
        told = tuple(
            change.model_copy(update={"shared": found}) if found else change
            for change, found in zip(changes, shared, strict=True)
        )
        remedy = Remedy(changes=told, objective=objective, share=share)
        if not any(shared) or time.monotonic() > self.deadline:
            return remedy
        several = [move for move, found in zip(moves, shared, strict=True) if found]
        alone = [move for move, found in zip(moves, shared, strict=True) if not found]
        matrix = self.shared.changed({(move.row, move.end): move.after for move in several})
        if matrix is None:
            return remedy
        possible, best = self._best(_ending(matrix, alone))
        if possible is None:
            return remedy
        return remedy.model_copy(
            update={"throughout": Throughout(possible=possible, objective=best)}
        )

    def _best(self, matrix: Matrix) -> tuple[bool | None, float | None]:
        """Whether the changed model has a plan, and the value of the best for its first goal.

        None if it is not known whether it has one.
        """
        left = max(_LEAST, self.deadline - time.monotonic())
        asked = Questioner(self.process, matrix, self.limits, time.monotonic() + left)
        try:
            answer = solve_tiers(asked)
        except R2CError:
            return asked.feasible(asked.ask(None)) or None, None
        if answer.reached and matrix.goals:
            return True, answer.reached[0]
        if answer.settled.answer.reading == "infeasible":
            return False, None
        # Without a limit or a proof there is no price, but a plan that keeps every rule.
        point = answer.settled.answer
        return (asked.feasible(point) or asked.feasible(asked.ask(None)) or None), None


@dataclass(frozen=True)
class _Move:
    """A row that ends elsewhere; both its ends move if it is an equation."""

    row: int
    end: float
    after: float
    lower: bool
    upper: bool


def _ending(matrix: Matrix, moves: Collection[_Move]) -> Matrix:
    """The matrix with other ends of rows."""
    low, high = matrix.row_lower.copy(), matrix.row_upper.copy()
    for move in moves:
        low[move.row] = move.after if move.lower else low[move.row]
        high[move.row] = move.after if move.upper else high[move.row]
    return replace(matrix, row_lower=low, row_upper=high)


def _eased(item: Relaxation, *, snap: bool) -> Eased:
    """The change as told: nothing too narrow, or the same number without the solver's noise."""
    upper = item.side == "upper"
    exact = item.end + item.amount if upper else item.end - item.amount
    told = rounded_wide(exact) if upper else -rounded_wide(-exact)
    if snap and abs(plain_number := round(exact, 4)) >= 1e-3:
        told = plain_number if abs(plain_number - exact) <= 2e-6 * max(1.0, abs(exact)) else told
    return Eased(rule=item.rule, row=item.row, key=item.key, stated=item.end, eased=told + 0.0)

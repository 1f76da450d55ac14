"""Which rules cannot all hold: an infeasible model narrowed to a conflict, told in sentences.

HiGHS proposes a subset for linear conflicts; whatever it says is verified, and a deletion filter
over rules, rows and bounds does the rest, also where only whole numbers clash.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import TypeVar

from r2c.cir.instance import Instance
from r2c.formulation import Conflict
from r2c.model.build import Built, build
from r2c.model.plain import PlainModel
from r2c.model.size import SizeLimits
from r2c.solve.ask import ask, request
from r2c.solve.divisors import without_whole_point
from r2c.solve.limits import Limits
from r2c.solve.matrix import Matrix, matrix_of
from r2c.solve.process import Failure, SolverProcess
from r2c.solve.subset import Demand, Side, demands_of, subset
from r2c.solve.tell import tell_bound, tell_conflict

T = TypeVar("T", bound=Hashable)

ROWS_NARROWED = 400
"""Rows and bounds are narrowed one by one only if there are at most this many."""
SLICE = 0.5
"""Seconds that one question gets at least; whole numbers without bounds may never be settled."""

_OPEN = "Whether each of them is needed could not be settled."


@dataclass(frozen=True)
class Core:
    """Rows and demands that cannot all hold.

    `minimal` if no rule and no demand can be spared; rows of one rule are not meant.
    """

    rows: frozenset[int]
    demands: frozenset[Demand]
    minimal: bool


def explain_conflict(
    plain: PlainModel,
    instance: Instance,
    limits: Limits | None = None,
    *,
    size: SizeLimits | None = None,
    process: SolverProcess | None = None,
) -> Conflict | None:
    """A smallest set of rules that cannot all hold, or None if no conflict could be shown.

    `irreducible` is claimed only if every rule, every bound and every demand for whole numbers
    that is listed was shown to be needed within the time limit.

    Raises:
        R2CError: as `r2c.model.build.build`.
    """
    limits = limits or Limits()
    own = None if process is not None else SolverProcess(limits.threads)
    used = process or own
    assert used is not None
    try:
        used.start()
        built = build(plain, instance, size)
        if built.map.contradictions:
            return _contradiction(built)
        matrix = matrix_of(built)
        core = find_core(built, matrix, limits, used)
        return None if core is None else _told(built, matrix, core)
    finally:
        if own is not None:
            own.close()


def _contradiction(built: Built) -> Conflict:
    fault = built.map.contradictions[0]
    rule = fault.details.get("rule")
    symbol = fault.details.get("symbol")
    return Conflict(
        rules=() if rule is None else (str(rule),),
        bounds=() if symbol is None else (str(symbol),),
        explanation=f"{fault.what} {fault.why}",
    )


def _told(built: Built, matrix: Matrix, core: Core) -> Conflict:
    rows = sorted(core.rows)
    told = tell_conflict(built, matrix, core.rows, core.demands)
    return Conflict(
        rules=tuple(dict.fromkeys(built.map.rows[row].rule for row in rows)),
        rows=tuple(built.map.rows[row].name for row in rows),
        bounds=tuple(tell_bound(built, matrix, item) for item in sorted(core.demands)),
        irreducible=core.minimal,
        explanation=told if core.minimal else f"{told}\n{_OPEN}",
    )


def find_core(built: Built, matrix: Matrix, limits: Limits, process: SolverProcess) -> Core | None:
    """Rows and demands that cannot all hold, as few rules as the time allows."""
    search = _Search(matrix, limits, process, time.monotonic() + limits.seconds)
    core = search.proposed() or Core(
        frozenset(range(matrix.shape[0])), frozenset(demands_of(matrix)), False
    )
    if search.conflicts(core.rows, core.demands) is not True:
        return None
    rows_of: dict[str, set[int]] = {}
    for row in sorted(core.rows):
        rows_of.setdefault(built.map.rows[row].rule, set()).add(row)

    def with_rules(rules: frozenset[str]) -> bool | None:
        rows = frozenset(row for rule in rules for row in rows_of[rule])
        return search.conflicts(rows, core.demands)

    rules, minimal = _narrowed(frozenset(rows_of), with_rules)
    rows = frozenset(row for rule in rules for row in rows_of[rule])
    if len(rows) <= ROWS_NARROWED:
        rows, _ = _narrowed(rows, lambda kept: search.conflicts(kept, core.demands))
    touched = {int(j) for j in subset(matrix, rows, ()).columns}
    demands = frozenset(item for item in core.demands if item.column in touched)
    if search.conflicts(rows, demands) is not True:
        demands = core.demands
    if len(demands) > ROWS_NARROWED:
        return Core(rows, demands, False)
    demands, needed = _narrowed(demands, lambda kept: search.conflicts(rows, kept))
    return Core(rows, demands, minimal and needed)


@dataclass(frozen=True)
class _Search:
    matrix: Matrix
    limits: Limits
    process: SolverProcess
    deadline: float

    def conflicts(self, rows: frozenset[int], demands: frozenset[Demand]) -> bool | None:
        """Whether rows and demands conflict; None if that stays open."""
        left = min(self.deadline - time.monotonic(), max(SLICE, self.limits.seconds / 20))
        if left <= 0:
            return None
        part = subset(self.matrix, rows, demands)
        if without_whole_point(part):  # a search without bounds would never end
            return True
        # Without presolve, so that no answer rests on it.
        answer = ask(self.process, part, None, self.limits, seconds=left, presolve=False)
        if answer.reading == "infeasible":
            return True
        feasible = answer.point is not None and part.violation(answer.point) <= 1e-6
        return False if feasible else None

    def proposed(self) -> Core | None:
        """What HiGHS finds in the model without whole numbers, if that holds up."""
        rows, demands = frozenset(range(self.matrix.shape[0])), demands_of(self.matrix)
        bounds = frozenset(item for item in demands if item.side != "whole")
        if self.conflicts(rows, bounds) is not True:
            return None
        left = max(0.1, self.deadline - time.monotonic())
        linear = replace(self.matrix, integer=self.matrix.integer & False)
        message = request(linear, None, self.limits, seconds=left, presolve=False, task="conflict")
        reply = self.process.ask(message, left + self.limits.grace)
        whole = Core(rows, bounds, False)
        if isinstance(reply, Failure) or not len(reply.arrays["rows"]):
            return whole
        sides: dict[int, tuple[Side, ...]] = {-1: ("lower",), 1: ("upper",)}
        found = Core(
            frozenset(reply.arrays["rows"].tolist()),
            frozenset(
                Demand(column, side)
                for column, code in zip(
                    reply.arrays["columns"].tolist(),
                    reply.arrays["column_sides"].tolist(),
                    strict=True,
                )
                for side in sides.get(code, ("lower", "upper"))
            )
            & bounds,
            False,
        )
        return found if self.conflicts(found.rows, found.demands) is True else whole


def _narrowed(
    items: frozenset[T], conflicts: Callable[[frozenset[T]], bool | None]
) -> tuple[frozenset[T], bool]:
    """A subset that still conflicts, and whether each of its items was shown to be needed.

    Large chunks are tried first, so that few needed items among many are found in few steps.
    """
    needed: set[T] = set()
    kept = items
    minimal = True
    chunks = [sorted(items, key=repr)]
    while chunks:
        chunk = chunks.pop()
        if len(chunk) > 1 or len(kept) > 1:
            answer = conflicts(kept - set(chunk))
        else:
            answer = conflicts(frozenset())
        if answer is True:
            kept = kept - set(chunk)
        elif len(chunk) > 1:
            middle = len(chunk) // 2
            chunks += [chunk[:middle], chunk[middle:]]
        else:
            needed.update(chunk)
            minimal = minimal and answer is False
    return kept, minimal

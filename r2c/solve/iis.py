"""Which rules cannot all hold: an infeasible model narrowed to a conflict, told in sentences.

First rules are spared, each time from a model written anew, then within what is left the rows and
bounds that do not clash. At last whatever the rows that are left say for others is added.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from r2c.archetypes.card import Card
from r2c.archetypes.load import standard_library
from r2c.cir.instance import Instance
from r2c.errors import Fault
from r2c.formulation import Conflict, Eased
from r2c.model.plain import PlainModel
from r2c.model.size import SizeLimits
from r2c.solve.compiled import Compiled, compiled
from r2c.solve.easing import eased, tell_eased
from r2c.solve.fewer_rules import DeclaredLimit, FewerRules, declared_limits
from r2c.solve.limits import Limits
from r2c.solve.matrix import Matrix
from r2c.solve.narrow import narrowed
from r2c.solve.process import SolverProcess
from r2c.solve.row_core import Core, Judge, RowSearch
from r2c.solve.rule_core import Part, RuleSearch
from r2c.solve.subset import demands_of, subset
from r2c.solve.tell import tell_bound, tell_conflict

RULES_SHARE, ROWS_SHARE = 0.6, 0.8
"""Parts of the time after which the search for rules, and then that for rows, ends."""

_SPARED = "Dropping any one of these rules lets the others hold."
_OPEN_RULES = "Whether each of these rules is needed could not be settled."
_OPEN_BOUNDS = "Whether each of these bounds is needed could not be settled."


def explain_conflict(
    plain: PlainModel,
    instance: Instance,
    limits: Limits | None = None,
    *,
    size: SizeLimits | None = None,
    process: SolverProcess | None = None,
    library: Mapping[str, Card] | None = None,
) -> Conflict | None:
    """A smallest set of rules that cannot all hold, or None if no conflict could be shown.

    Rules written by cards are written again for every question, so that none is blamed for what
    others make of its limits. `irreducible` is claimed only if every rule, every bound and every
    demand for whole numbers that is listed was shown to be needed within the time limit.

    Args:
        plain: The model.
        instance: Its data.
        limits: What the search may cost.
        size: The largest model that is compiled.
        process: A solver process to use and leave running.
        library: The cards that wrote the model; the standard ones if None.

    Raises:
        R2CError: as `r2c.solve.compiled.compiled`.
    """
    limits = limits or Limits()
    own = None if process is not None else SolverProcess(limits.threads)
    used = process or own
    assert used is not None
    try:
        used.start()
        model = compiled(plain, instance, size)
        if model.contradictions:
            return _contradiction(model.contradictions[0])
        fewer = None
        if plain.choices:  # a model without choices was written by hand
            fewer = FewerRules(plain, instance, library or standard_library())
        return _Explaining(model, limits, used, fewer, size).conflict()
    finally:
        if own is not None:
            own.close()


def _contradiction(fault: Fault) -> Conflict:
    rule = fault.details.get("rule")
    symbol = fault.details.get("symbol")
    return Conflict(
        rules=() if rule is None else (str(rule),),
        bounds=() if symbol is None else (str(symbol),),
        explanation=f"{fault.what} {fault.why}",
    )


@dataclass(frozen=True)
class _Explaining:
    model: Compiled
    limits: Limits
    process: SolverProcess
    fewer: FewerRules | None
    size: SizeLimits | None

    def conflict(self) -> Conflict | None:
        began = time.monotonic()
        seconds = self.limits.seconds
        whole = Part(self.model, frozenset(range(self.model.matrix.shape[0])))
        search = RuleSearch(
            whole, self._judge(began + RULES_SHARE * seconds), self.fewer, self.size
        )
        found = search.rules()
        if found is None:
            return None
        rules, needed = found
        part = search.part(rules) or whole
        if part.model.contradictions:
            return self._told(part, rules, needed, Core(frozenset(), frozenset(), True))
        judge = self._judge(began + ROWS_SHARE * seconds)
        core = _with_lost_rules(part, RowSearch(part.matrix, part.rows, judge).core())
        if self.fewer is None:
            return self._told(part, rules, needed, core)
        last = self._judge(began + seconds)
        search = RuleSearch(whole, last, self.fewer, self.size)
        core = _with_limits_behind(search, rules, part, core)
        return self._told(part, rules, needed, core, eased(self.fewer, rules, last, self.size))

    def _judge(self, deadline: float) -> Judge:
        return Judge(self.process, self.limits, deadline)

    def _told(
        self,
        part: Part,
        rules: frozenset[str],
        needed: bool,
        core: Core,
        changes: tuple[Eased, ...] = (),
    ) -> Conflict:
        model = part.model
        known = {entry.name for entry in self.model.map.rows}
        names = [model.map.rows[row].name for row in sorted(core.rows)]
        told = tell_conflict(model, core.rows, core.demands, rules)
        lines = [told]
        if not needed:
            lines.append(_OPEN_RULES)
        elif len(rules) > 1:
            lines.append(_SPARED)
        if not core.needed:
            lines.append(_OPEN_BOUNDS)
        if changes:
            quotes = {rule.id: rule.quote for rule in model.plain.cir.rules}
            lines.append(tell_eased(changes, quotes, single=len(rules) == 1))
        order = [rule.id for rule in model.plain.cir.rules]
        order += [model.map.rows[row].rule for row in sorted(core.rows)]
        return Conflict(
            rules=tuple(dict.fromkeys(rule for rule in order if rule in rules)),
            rows=tuple(name for name in names if name in known),
            bounds=tuple(tell_bound(model, item) for item in sorted(core.demands)),
            irreducible=needed and core.needed,
            eased=changes,
            explanation="\n".join(lines),
        )


def _with_lost_rules(part: Part, core: Core) -> Core:
    """The core with rows of every rule: what a rule demands may be said by rows of others."""
    entries = part.model.map.rows
    told = {entries[row].rule for row in core.rows}
    shared = _columns(part.matrix, core.rows)
    added: set[int] = set()
    for rule in {entries[row].rule for row in part.rows} - told:
        rows = [row for row in part.model.map.rows_by_rule[rule] if row in part.rows]
        near = [row for row in rows if _columns(part.matrix, [row]) & shared]
        added.update(near or rows)
    return Core(core.rows | added, core.demands, core.needed)


def _with_limits_behind(search: RuleSearch, rules: frozenset[str], part: Part, core: Core) -> Core:
    """The core with the declared limits of decisions that stand behind numbers in its rows."""
    assert search.fewer is not None
    entries = part.model.map.variables
    told = frozenset(DeclaredLimit(entries[item.column].symbol, item.side) for item in core.demands)
    bare = search.fewer.written(rules, told)
    if bare is not None and bare.rows == tuple(
        row for row in part.model.plain.rows if row.rule in rules
    ):
        return core
    others = declared_limits(search.fewer.plain.cir) - told
    behind, needed = narrowed([sorted(others)], lambda kept: search.conflict(rules, kept | told))
    shared = _columns(part.matrix, core.rows)
    added = frozenset(
        item
        for item in demands_of(part.matrix)
        if item.column in shared and DeclaredLimit(entries[item.column].symbol, item.side) in behind
    )
    return Core(
        core.rows, core.demands | added, core.needed and needed and len(added) <= len(behind)
    )


def _columns(matrix: Matrix, rows: Iterable[int]) -> set[int]:
    return {int(column) for column in subset(matrix, frozenset(rows), ()).columns}

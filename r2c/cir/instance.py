"""CIR plus data: every set resolved to its members, every parameter to numbers.

`bind` collects what is wrong with the data instead of stopping at the first fault, so that one
round of questions to the user can settle all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from r2c.cir.bind_parameters import bind_parameter
from r2c.cir.bind_sets import bind_set
from r2c.cir.expr import Expr, Name, symbols
from r2c.cir.members import Members, Values
from r2c.cir.schema import (
    CIR,
    ExprValues,
    IndexSet,
    Parameter,
    TableColumns,
    TableValues,
    WideValues,
)
from r2c.cir.several import remedies_together, told_together
from r2c.cir.table_access import NO_TABLE
from r2c.errors import CIRError, Fault, R2CError, declare
from r2c.problem.schema import Problem, Table

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

CIRCULAR = declare(
    "R2C-C209", CIRError,
    what="{names!r} are defined by each other.",
    why="A set or parameter must be computable before it is used.",
    remedy="Give one of them values of its own.",
)  # fmt: skip
UNKNOWN_SET = declare(
    "R2C-C201", CIRError,
    what="{symbol!r} refers to the set {name!r}, which is not declared.",
    why="Index sets must be declared in the model.",
    remedy="Declare the set or use one of {known}.",
)  # fmt: skip
BAD_DATA = declare(
    "R2C-C214", CIRError,
    what="The data do not fill the model ({count:fault}): {told}",
    why="Solving with missing or doubtful data would answer another problem.",
    remedy="{remedies}",
)  # fmt: skip


@dataclass(frozen=True)
class Instance:
    """A CIR with its data.

    `faults` are all data faults found; a symbol with a fault is missing from `sets` or
    `parameters`, and so is what depends on it. `notes` are observations that do not stop anything.
    """

    cir: CIR
    sets: Mapping[str, Members]
    parameters: Mapping[str, Values]
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()

    def require(self) -> Instance:
        """This instance, if it has no faults.

        Raises:
            CIRError: R2C-C214, with the codes of all faults in its details.
        """
        if self.faults:
            raise BAD_DATA(
                count=len(self.faults),
                told=told_together(self.faults),
                codes=sorted({fault.code for fault in self.faults}),
                remedies=remedies_together(self.faults),
            )
        return self


@dataclass
class Binding:
    """The work in progress of `bind`: what is resolved so far, what failed, what was noticed."""

    cir: CIR
    tables: Mapping[str, Table]
    sets: dict[str, Members] = field(default_factory=dict)
    parameters: dict[str, Values] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def instance(self) -> Instance:
        """What is known so far, sharing the growing dictionaries."""
        return Instance(self.cir, self.sets, self.parameters)


def bind(
    cir: CIR,
    tables: Mapping[str, Table] | Iterable[Table] | Problem | None = None,
    *,
    arrays: Mapping[str, ArrayLike] | None = None,
) -> Instance:
    """Resolve all sets and parameters of a CIR against its tables.

    Args:
        cir: The model.
        tables: The tables by name, in any of the usual wrappings; None if the CIR has all data.
        arrays: Sets and parameters in memory, by name, whatever the CIR says of their source: see
            `r2c.cir.bind_arrays`. Parameters are not copied if they are arrays of floats.

    Returns:
        The instance; look at its `faults` (R2C-C200 to R2C-C249) before use, or call `require`.
    """
    binding = Binding(cir, _by_name(tables))
    declared: dict[str, IndexSet | Parameter] = {item.name: item for item in cir.sets}
    declared.update((item.name, item) for item in cir.parameters)
    arrays = arrays or {}
    if arrays:
        binding.faults.extend(_unknown_arrays(arrays, declared))
    from_tables = {name: item for name, item in declared.items() if name not in arrays}
    binding.faults.extend(_absent_tables(from_tables, binding.tables))
    for name in _in_order(declared, binding.faults):
        item = declared[name]
        needed = _needs(item) & declared.keys()
        unknown = _index_sets(item) - declared.keys()
        for missing in sorted(unknown):
            binding.faults.append(
                UNKNOWN_SET.fault(symbol=name, name=missing, known=sorted(s.name for s in cir.sets))
            )
        if unknown or any(n not in binding.sets and n not in binding.parameters for n in needed):
            continue  # the fault of what it needs is already on the list
        if name in from_tables and _table(item) not in (None, *binding.tables):
            continue  # so is the fault of the table
        try:
            if name in arrays:
                _bind_array(item, arrays[name], binding)
            elif isinstance(item, IndexSet):
                bind_set(item, binding)
            else:
                bind_parameter(item, binding)
        except R2CError as error:
            binding.faults.append(error.fault)
    return Instance(
        cir, binding.sets, binding.parameters, tuple(binding.faults), tuple(binding.notes)
    )


def _unknown_arrays(arrays: Mapping[str, ArrayLike], declared: Iterable[str]) -> list[Fault]:
    from r2c.cir.bind_arrays import unknown_arrays

    return unknown_arrays(arrays, sorted(declared))


def _bind_array(item: IndexSet | Parameter, given: ArrayLike, binding: Binding) -> None:
    from r2c.cir.bind_arrays import bind_array  # NumPy is loaded where there are arrays

    bind_array(item, given, binding)


def _absent_tables(
    declared: Mapping[str, IndexSet | Parameter], tables: Mapping[str, Table]
) -> Iterator[Fault]:
    """One fault for each table that is read and not there.

    All of them at once: asking for a table only when what it needs is there would take as many
    rounds of questions as there are files.
    """
    readers: dict[str, list[str]] = {}
    for name, item in declared.items():
        table = _table(item)
        if table is not None and table not in tables:
            readers.setdefault(table, []).append(name)
    for table, names in readers.items():
        yield NO_TABLE.fault(symbol=names[0], symbols=names, table=table, known=sorted(tables))


def _table(item: IndexSet | Parameter) -> str | None:
    source = item.table if isinstance(item, IndexSet) else item.value
    return source.table if isinstance(source, TableColumns | TableValues | WideValues) else None


def _by_name(tables: Mapping[str, Table] | Iterable[Table] | Problem | None) -> dict[str, Table]:
    if tables is None:
        return {}
    if isinstance(tables, Problem):
        tables = tables.tables
    listed = tables.values() if isinstance(tables, Mapping) else tables
    by_name = {table.name: table for table in listed}
    if isinstance(tables, Mapping):
        by_name.update(tables)
    return by_name


def _index_sets(item: IndexSet | Parameter) -> set[str]:
    if isinstance(item, Parameter):
        return set(item.over)
    within = set(item.within)
    if item.where is not None:
        domains = (loop.domain for loop in item.where.loops)
        within |= {domain.id for domain in domains if isinstance(domain, Name)}
    return within


def _needs(item: IndexSet | Parameter) -> set[str]:
    needed = _index_sets(item)
    expressions: list[Expr] = []
    if isinstance(item, Parameter):
        if isinstance(item.value, ExprValues):
            expressions.append(item.value.expr)
    elif item.where is not None:
        expressions.extend(loop.domain for loop in item.where.loops)
        if item.where.where is not None:
            expressions.append(item.where.where)
    return needed.union(*(symbols(expr) for expr in expressions))


def _in_order(declared: Mapping[str, IndexSet | Parameter], faults: list[Fault]) -> list[str]:
    """Names so that each comes after what it needs; circles are left out and become faults."""
    order: list[str] = []
    waiting = {name: _needs(item) & declared.keys() for name, item in declared.items()}
    while waiting:
        ready = [name for name, needed in waiting.items() if not needed & waiting.keys()]
        if not ready:
            faults.append(CIRCULAR.fault(names=_circle(waiting)))
            break
        for name in ready:
            order.append(name)
            del waiting[name]
    return order


def _circle(waiting: Mapping[str, set[str]]) -> list[str]:
    path = [next(iter(waiting))]
    while True:
        following = min(waiting[path[-1]] & waiting.keys())
        if following in path:
            return path[path.index(following) :]
        path.append(following)

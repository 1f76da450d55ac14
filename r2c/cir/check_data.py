"""Sets and parameters, as far as they can be judged without binding the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from r2c.cir.bind_parameters import NO_INDEX, UNKNOWN_KEY, WRONG_SHAPE
from r2c.cir.bind_sets import NO_MEMBERS, TWICE, WRONG_DIMENSION
from r2c.cir.expr import Num
from r2c.cir.members import Key, label
from r2c.cir.schema import (
    CIR,
    DenseValues,
    ExprValues,
    IndexSet,
    Nested,
    Parameter,
    SparseValues,
)
from r2c.errors import CIRError, Fault, ModelError, declare

ONLY_ORDERED = declare(
    "R2C-C030", CIRError,
    what="The set {name!r} is of kind {kind!r} but has {feature}.",
    why="That only has a meaning for {meant} sets.",
    remedy="Change the kind of the set, or remove {feature}.",
)  # fmt: skip
INDEX_NAMES = declare(
    "R2C-C031", CIRError,
    what="{place} names {found} loop variables for {expected} index positions.",
    why="Each index position needs its own loop variable.",
    remedy="Name one variable per position, in the order of the sets in `over`.",
)  # fmt: skip
CROSSED_BOUNDS = declare(
    "R2C-C032", CIRError,
    what="The decision {name!r} has the lower bound {lower} and the upper bound {upper}.",
    why="No value lies between them.",
    remedy="Swap or correct the bounds.",
)  # fmt: skip
HUGE_BOUND = declare(
    "R2C-C033", CIRError,
    what="The decision {name!r}{where} has the bound {value:g}.",
    why="Solvers take numbers from {limit:g} on for infinite, so it would be no bound.",
    remedy="Leave the bound out if there is none (null, or none in the text form); else choose "
    "larger units, or correct the data.",
)  # fmt: skip
RECOURSE = declare(
    "R2C-C034", ModelError,
    what="The decision {name!r} is made at stage {stage}, after scenarios unfold.",
    why="Decisions that wait for what happens are not supported: all are made now.",
    remedy="Leave the stage out. A decision that may differ between scenarios is one per member of "
    "their set; a rule says which of them must agree.",
)  # fmt: skip
PROBABILITIES = declare(
    "R2C-C035", ModelError,
    what="The set {name!r} has probabilities.",
    why="Nothing is weighed by the probabilities of a set: an objective counts what it says.",
    remedy="Give them as a parameter over {name!r}, and weigh by it in the objective, such as "
    "`sum(probability[s]*cost[s] for s in {name})`.",
)  # fmt: skip

INFINITE = 1e20
"""What HiGHS takes for infinite in bounds."""


def data_faults(cir: CIR) -> Iterator[Fault]:
    """Faults of sets, parameter values and decision bounds."""
    sets = {item.name: item for item in cir.sets}
    for item in cir.sets:
        yield from _set_faults(item)
    for parameter in cir.parameters:
        yield from _parameter_faults(parameter, sets)
    for decision in cir.decisions:
        total = _positions(decision.over, sets)
        if decision.indices and len(decision.indices) != total:
            yield INDEX_NAMES.fault(
                place=f"Decision {decision.name!r}", found=len(decision.indices), expected=total
            )
        match decision.lower, decision.upper:
            case Num(lower), Num(upper) if lower > upper:
                yield CROSSED_BOUNDS.fault(name=decision.name, lower=lower, upper=upper)
        for bound in (decision.lower, decision.upper):
            if isinstance(bound, Num) and abs(bound.value) >= INFINITE:
                yield huge_bound(decision.name, (), bound.value)
        if decision.stage:
            yield RECOURSE.fault(name=decision.name, stage=decision.stage)


def huge_bound(name: str, key: Key, value: float) -> Fault:
    """The fault of a bound of `INFINITE` or more, for one member of an indexed decision."""
    where = f" for {', '.join(map(str, key))}" if key else ""
    return HUGE_BOUND.fault(name=name, key=list(key), where=where, value=value, limit=INFINITE)


def _set_faults(item: IndexSet) -> Iterator[Fault]:
    given = sum(source is not None for source in (item.elements, item.table, item.where))
    if given > 1 or (not given and not item.within):
        yield NO_MEMBERS.fault(name=item.name, count=given)
    if item.table is not None and len(item.table.columns) != item.dim:
        size = len(item.table.columns)
        yield WRONG_DIMENSION.fault(name=item.name, dim=item.dim, found="table columns", size=size)
    if item.where is not None and len(item.where.targets) != item.dim:
        size = len(item.where.targets)
        yield WRONG_DIMENSION.fault(name=item.name, dim=item.dim, found="the filter", size=size)
    seen: set[tuple[str, ...]] = set()
    for member in item.elements or ():
        key = member if isinstance(member, tuple) else (member,)
        if len(key) != item.dim:
            yield WRONG_DIMENSION.fault(
                name=item.name, dim=item.dim, found=repr(member), size=len(key)
            )
        labels = tuple(map(label, key))
        if labels in seen:
            yield TWICE.fault(name=item.name, member=member)
        seen.add(labels)
    yield from _kind_faults(item)


def _kind_faults(item: IndexSet) -> Iterator[Fault]:
    ordered = item.kind in ("ordered", "time")
    if item.cyclic and not ordered:
        yield ONLY_ORDERED.fault(
            name=item.name, kind=item.kind, feature="`cyclic`", meant="ordered and time"
        )
    if item.step is not None and item.kind != "time":
        yield ONLY_ORDERED.fault(name=item.name, kind=item.kind, feature="`step`", meant="time")
    if item.probability is not None:
        yield PROBABILITIES.fault(name=item.name)


def _parameter_faults(item: Parameter, sets: Mapping[str, IndexSet]) -> Iterator[Fault]:
    over = list(item.over)
    positions = _positions(item.over, sets)
    match item.value:
        case ExprValues(indices=indices) if len(indices) != positions:
            yield INDEX_NAMES.fault(
                place=f"Parameter {item.name!r}", found=len(indices), expected=positions
            )
        case SparseValues(entries=entries):
            known = [_labels(sets.get(name)) for name in item.over]
            sizes = [sets[name].dim if name in sets else 1 for name in item.over]
            for entry in entries:
                if not _may_be_key(entry.key, known, sizes):
                    yield UNKNOWN_KEY.fault(name=item.name, key=list(entry.key), over=over)
        case DenseValues(values=values):
            yield from _dense_faults(item.name, item.over, values, sets)
        case float() | int() if item.over:
            yield NO_INDEX.fault(name=item.name, over=over)


def _dense_faults(
    name: str, over: tuple[str, ...], values: Nested, sets: Mapping[str, IndexSet]
) -> Iterator[Fault]:
    level: list[Nested] = [values]
    for index in over:
        size = _size(sets.get(index))
        wrong = next(
            (
                row
                for row in level
                if not isinstance(row, tuple) or (size is not None and len(row) != size)
            ),
            None,
        )
        if wrong is not None:
            found = len(wrong) if isinstance(wrong, tuple) else 1
            expected = "more than one" if size is None else size
            yield WRONG_SHAPE.fault(name=name, found=found, index=index, expected=expected)
            return
        level = [cell for row in level if isinstance(row, tuple) for cell in row]
    deeper = next((row for row in level if isinstance(row, tuple)), None)
    if deeper is not None:
        index = over[-1] if over else "(none)"
        yield WRONG_SHAPE.fault(name=name, found=len(deeper), index=index, expected=1)


def _size(item: IndexSet | None) -> int | None:
    return None if item is None or item.elements is None else len(item.elements)


def _positions(over: tuple[str, ...], sets: Mapping[str, IndexSet]) -> int:
    return sum(sets[name].dim if name in sets else 1 for name in over)


def _labels(item: IndexSet | None) -> frozenset[tuple[str, ...]] | None:
    if item is None or item.elements is None:
        return None
    return frozenset(
        tuple(map(label, member if isinstance(member, tuple) else (member,)))
        for member in item.elements
    )


def _may_be_key(
    key: tuple[str | int, ...],
    known: list[frozenset[tuple[str, ...]] | None],
    sizes: list[int],
) -> bool:
    if len(key) != sum(sizes):
        return False
    start = 0
    for members, size in zip(known, sizes, strict=True):
        if members is not None and tuple(map(label, key[start : start + size])) not in members:
            return False
        start += size
    return True

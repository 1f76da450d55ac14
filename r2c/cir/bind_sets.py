"""Index sets from elements, table columns or filters over other sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from r2c.cir.evaluate import Evaluator
from r2c.cir.expr import Binder, Loop, Name
from r2c.cir.members import Key, Members, element, label
from r2c.cir.schema import IndexSet, TableColumns
from r2c.cir.table_access import column_places, row_numbers, rows_told
from r2c.errors import CIRError, declare

if TYPE_CHECKING:
    from r2c.cir.instance import Binding

NO_MEMBERS = declare(
    "R2C-C203", CIRError,
    what="The set {name!r} has {count:description} of its members.",
    why="Members come from exactly one of elements, table columns or a filter over other sets.",
    remedy="Give exactly one of `elements`, `table` and `where` (or `within` alone: the product).",
)  # fmt: skip
WRONG_DIMENSION = declare(
    "R2C-C204", CIRError,
    what="The set {name!r} has dimension {dim}, but {found} gives {size:part}.",
    why="Every member of a set has as many parts as the set has dimensions.",
    remedy="Correct `dim`, the members or the columns.",
)  # fmt: skip
TWICE = declare(
    "R2C-C205", CIRError,
    what="The set {name!r} lists the member {member!r} twice.",
    why="A member stands for one thing; `1` and `'1'` are the same label.",
    remedy="Remove the repetition or rename one of the two.",
)  # fmt: skip
EMPTY_LABEL = declare(
    "R2C-C206", CIRError,
    what="The table {table!r} has no value in {place}, column {column!r}.",
    why="The cell should name a member of {name!r}, and an empty cell names nothing.",
    remedy="Fill the cell or remove the row.",
)  # fmt: skip
NOT_WITHIN = declare(
    "R2C-C207", CIRError,
    what="The member {member!r} of {name!r} is not a member of {component!r}.",
    why="The parts of a tuple set's members belong to the sets named in `within`.",
    remedy="Correct the spelling or add the member to {component!r}.",
)  # fmt: skip

MANY = 1000
"""Loops over at least so many combinations are run on arrays."""


def bind_set(item: IndexSet, binding: Binding) -> None:
    """Resolve one set into `binding.sets`, or add the faults that prevent it.

    Raises:
        CIRError: if the set is ill described or its filter cannot be evaluated.
    """
    given = [item.elements is not None, item.table is not None, item.where is not None]
    if sum(given) > 1 or (not any(given) and not item.within):
        raise NO_MEMBERS(name=item.name, count=sum(given))
    before = len(binding.faults)
    if item.elements is not None:
        keys = _listed(item)
    elif item.table is not None:
        keys = _from_table(item, item.table, binding)
    else:
        keys = _filtered(item, binding)
    if len(binding.faults) > before:
        return
    components = _components(item, binding)
    _check_within(item, keys, components, binding)
    binding.sets[item.name] = Members(
        name=item.name,
        keys=tuple(keys),
        dim=item.dim,
        ordered=item.kind in ("ordered", "time"),
        cyclic=item.cyclic,
        components=components,
    )


def _listed(item: IndexSet) -> list[Key]:
    keys: list[Key] = []
    seen: set[tuple[str, ...]] = set()
    for member in item.elements or ():
        key = member if isinstance(member, tuple) else (member,)
        if len(key) != item.dim:
            raise WRONG_DIMENSION(name=item.name, dim=item.dim, found=repr(member), size=len(key))
        labels = tuple(map(label, key))
        if labels in seen:
            raise TWICE(name=item.name, member=member)
        seen.add(labels)
        keys.append(key)
    return keys


def _from_table(item: IndexSet, source: TableColumns, binding: Binding) -> list[Key]:
    if len(source.columns) != item.dim:
        raise WRONG_DIMENSION(
            name=item.name, dim=item.dim, found="table columns", size=len(source.columns)
        )
    table, places = column_places(source.table, source.columns, item.name, binding.tables)
    keys: dict[tuple[str, ...], Key] = {}
    for number, row in enumerate(table.rows):
        cells = [row[place] for place in places]
        parts: list[str | int] = []
        for column, cell in zip(source.columns, cells, strict=True):
            if cell is None or label(cell) == "":
                binding.faults.append(
                    EMPTY_LABEL.fault(
                        row=row_numbers(table, [number])[0],
                        place=rows_told(table, [number]),
                        table=table.name,
                        column=column,
                        name=item.name,
                    )
                )
            else:
                parts.append(element(cell))
        if len(parts) == item.dim:
            keys.setdefault(tuple(map(label, parts)), tuple(parts))
    return list(keys.values())


def _filtered(item: IndexSet, binding: Binding) -> list[Key]:
    binder = item.where
    if binder is None:
        binder = Binder(
            tuple(Loop((f"i{place}",), Name(name)) for place, name in enumerate(item.within, 1))
        )
    keys = _looped(binder, binding)
    if keys and len(keys[0]) != item.dim:
        raise WRONG_DIMENSION(name=item.name, dim=item.dim, found="the filter", size=len(keys[0]))
    return keys


def _looped(binder: Binder, binding: Binding) -> list[Key]:
    evaluator: Evaluator[float] = Evaluator(binding.instance())
    if evaluator.combinations(binder) >= MANY:
        from r2c.cir.many_values import filtered_keys  # it needs NumPy

        keys = filtered_keys(binder, binding.instance())
        if keys is not None:
            return keys
    return list(evaluator.members(binder))


def _components(item: IndexSet, binding: Binding) -> tuple[str | None, ...]:
    if item.dim == 1:
        return (item.within[0] if len(item.within) == 1 else None,)
    names: list[str | None] = []
    for name in item.within:
        parent = binding.sets[name]
        names.extend(parent.components if parent.dim > 1 else (name,))
    if not names and item.where is not None:
        evaluator: Evaluator[float] = Evaluator(binding.instance())
        names = list(evaluator.components(item.where))
    return tuple(names) if len(names) == item.dim else (None,) * item.dim


def _check_within(
    item: IndexSet, keys: list[Key], components: tuple[str | None, ...], binding: Binding
) -> None:
    for place, component in enumerate(components):
        if component is None:
            continue
        parent = binding.sets[component]
        known = parent.element_by_label
        for row, key in enumerate(keys):
            own = known.get(label(key[place]))
            if own is None:
                raise NOT_WITHIN(member=list(key), name=item.name, component=component)
            if own is not key[place] and own != key[place]:
                keys[row] = (*key[:place], own, *key[place + 1 :])

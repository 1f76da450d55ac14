"""Parameters from numbers, tables, written lists and expressions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import islice
from itertools import product as cartesian
from math import prod
from typing import TYPE_CHECKING

from r2c.cir.bind_tables import from_table, from_wide
from r2c.cir.evaluate import Evaluator
from r2c.cir.index_binder import index_binder
from r2c.cir.members import Key, Members, Values
from r2c.cir.schema import DenseValues, ExprValues, Parameter, SparseValues, TableValues, WideValues
from r2c.errors import CIRError, Fault, declare, listed

if TYPE_CHECKING:
    from r2c.cir.instance import Binding

MISSING_VALUE = declare(
    "R2C-C215", CIRError,
    what="The parameter {name!r} has no value{where}.",
    why="There is no default, and {found}.",
    remedy="Add the missing values, or say which value (perhaps 0) they have.",
)  # fmt: skip
WRONG_SHAPE = declare(
    "R2C-C216", CIRError,
    what="The values of {name!r} have {found:entry} where its index {index!r} has {expected}.",
    why="Values written as nested lists follow the order of the index sets, one per member.",
    remedy="Give one value per member, or write the values by key.",
)  # fmt: skip
UNKNOWN_KEY = declare(
    "R2C-C217", CIRError,
    what="The parameter {name!r} has a value for {key!r}, which is not a member of {over!r}.",
    why="A value for something that does not exist hides a misspelt label.",
    remedy="Correct the label or remove the value.",
)  # fmt: skip
KEY_TWICE = declare(
    "R2C-C218", CIRError,
    what="The parameter {name!r} has two values for {key!r}.",
    why="Only one of them can hold.",
    remedy="Remove one.",
)  # fmt: skip
NOT_FINITE = declare(
    "R2C-C219", CIRError,
    what="The parameter {name!r} is {value} at {key!r}.",
    why="Data must be finite numbers.",
    remedy="Leave an unlimited bound away instead of writing infinity, or correct the data.",
)  # fmt: skip
NO_INDEX = declare(
    "R2C-C220", CIRError,
    what="The parameter {name!r} is one number but is indexed over {over!r}.",
    why="A single number does not say that every member has this value.",
    remedy="Write it as the `default`, remove the index, or give one value per member.",
)  # fmt: skip


def bind_parameter(item: Parameter, binding: Binding) -> None:
    """Resolve one parameter into `binding.parameters`, or add the faults that prevent it.

    Raises:
        CIRError: R2C-C200 to R2C-C249.
    """
    over = tuple(binding.sets[name] for name in item.over)
    if (many := _many(item, over, binding)) is not None:
        binding.parameters[item.name] = many
        return
    before = len(binding.faults)
    entries, found = _entries(item, over, binding)
    if len(binding.faults) > before:
        return
    for key, value in entries.items():
        if not math.isfinite(value):
            raise NOT_FINITE(name=item.name, value=value, key=list(key))
    values = Values(item.name, over, entries, item.default)
    if item.default is None and len(entries) < values.size:
        binding.faults.append(_missing(values, found))
        return
    binding.parameters[item.name] = values


MOST_KEYS = 50
"""Missing keys that a fault names."""
MANY = 1000
"""Parameters with at least so many values are kept as arrays."""


def _many(item: Parameter, over: tuple[Members, ...], binding: Binding) -> Values | None:
    """A large parameter as an array; None if it is not of a kind that makes one, or has faults."""
    if not isinstance(item.value, DenseValues | ExprValues):
        return None
    if prod(len(members) for members in over) < MANY:
        return None
    from r2c.cir.many_values import computed_array, dense_array  # they need NumPy

    if isinstance(item.value, DenseValues):
        return dense_array(item.name, over, item.value.values, item.default)
    binder = index_binder(over, item.value.indices, None, item.name)
    return computed_array(
        item.name, over, item.value.expr, binder, binding.instance(), item.default
    )


def _entries(
    item: Parameter, over: tuple[Members, ...], binding: Binding
) -> tuple[dict[Key, float], str]:
    """The values by key, and what to say about missing ones."""
    found = "nothing gives them"
    match item.value:
        case TableValues() as source:
            return from_table(item, source, over, binding)
        case WideValues() as source:
            return from_wide(item, source, over, binding)
        case DenseValues(values=values):
            return _dense(item, values, over), found
        case SparseValues(entries=written):
            return _sparse(item, ((entry.key, entry.value) for entry in written), over), found
        case ExprValues() as source:
            return _computed(item, source, over, binding), found
        case value:
            if item.over:
                raise NO_INDEX(name=item.name, over=list(item.over))
            return {(): float(value)}, found


def _missing(values: Values, found: str) -> Fault:
    missing = values.size - len(values.entries)
    domain = (sum(parts, ()) for parts in cartesian(*(members.keys for members in values.over)))
    keys = list(islice((list(key) for key in domain if key not in values.entries), MOST_KEYS))
    examples = keys[:5]
    where = f" for {listed(examples)}"
    if missing > len(examples):
        where += f" and {missing - len(examples)} more of its {values.size} members"
    return MISSING_VALUE.fault(
        name=values.name, count=missing, size=values.size, examples=examples, found=found,
        where=where if values.over else "", keys=keys,
    )  # fmt: skip


def _dense(
    item: Parameter, values: tuple[object, ...], over: tuple[Members, ...]
) -> dict[Key, float]:
    if not over:
        if len(values) != 1 or isinstance(values[0], tuple):
            raise WRONG_SHAPE(name=item.name, found=len(values), index="(none)", expected=1)
        return {(): float(values[0])}  # type: ignore[arg-type]
    return dict(_nested(item, values, over, ()))


def _nested(
    item: Parameter, values: object, over: tuple[Members, ...], key: Key
) -> Iterator[tuple[Key, float]]:
    if not over:
        if isinstance(values, tuple):
            raise WRONG_SHAPE(name=item.name, found=len(values), index=list(key), expected=1)
        yield key, float(values)  # type: ignore[arg-type]
        return
    if not isinstance(values, tuple) or len(values) != len(over[0]):
        found = len(values) if isinstance(values, tuple) else 1
        raise WRONG_SHAPE(name=item.name, found=found, index=over[0].name, expected=len(over[0]))
    for member, part in zip(over[0].keys, values, strict=True):
        yield from _nested(item, part, over[1:], key + member)


def _sparse(
    item: Parameter, written: Iterable[tuple[Key, float]], over: tuple[Members, ...]
) -> dict[Key, float]:
    entries: dict[Key, float] = {}
    domain = Values(item.name, over, {})
    for key, value in written:
        own = domain.resolve(key)
        if own is None:
            raise UNKNOWN_KEY(name=item.name, key=list(key), over=list(item.over))
        if own in entries:
            raise KEY_TWICE(name=item.name, key=list(key))
        entries[own] = float(value)
    return entries


def _computed(
    item: Parameter, source: ExprValues, over: tuple[Members, ...], binding: Binding
) -> dict[Key, float]:
    evaluator: Evaluator[float] = Evaluator(binding.instance())
    if not over:
        return {(): evaluator.value(source.expr)}
    binder = index_binder(over, source.indices, None, item.name)
    return {key: float(value) for key, value in evaluator.each(source.expr, binder)}

"""Sets and parameters from NumPy arrays in memory, in place of what the CIR says of their source.

A parameter's array has one axis for each of its index sets. That of a plain set lists its elements;
that of a tuple set has one row a member, with positions, from 0, in the sets of `within`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from r2c.cir.arrays.codes import is_rising, mixed, places_of, product_size
from r2c.cir.arrays.groups import grouped
from r2c.cir.bind_parameters import NOT_FINITE
from r2c.cir.bind_sets import TWICE
from r2c.cir.members import Key, LazyKeys, Members, Values, label
from r2c.cir.schema import IndexSet, Parameter
from r2c.errors import CIRError, Fault, declare

if TYPE_CHECKING:
    from r2c.cir.instance import Binding

WRONG_ARRAY = declare(
    "R2C-C240", CIRError,
    what="The array for {name!r} has {found}, not {expected}.",
    why="The array of a parameter has one axis for each index set, that of a plain set lists its "
    "elements, and that of a tuple set has a row of positions for each member.",
    remedy="Give an array of that shape and kind.",
)  # fmt: skip
BEYOND_SET = declare(
    "R2C-C241", CIRError,
    what="The array for {name!r} has the position {position} in {component!r}, which has "
    "{size:member}.",
    why="The members of a tuple set are given by positions in the sets of `within`, from 0.",
    remedy="Give positions from 0 to one less than the number of members.",
)  # fmt: skip
UNKNOWN_ARRAY = declare(
    "R2C-C242", CIRError,
    what="There is an array for {name!r}, which is neither a set nor a parameter of the model.",
    why="Data that nothing uses hide a misspelt name.",
    remedy="Use one of {known}, or leave the array out.",
)  # fmt: skip


def unknown_arrays(arrays: Mapping[str, ArrayLike], known: Sequence[str]) -> list[Fault]:
    """The faults of arrays that belong to nothing."""
    return [UNKNOWN_ARRAY.fault(name=name, known=known) for name in arrays if name not in known]


def bind_array(item: IndexSet | Parameter, given: ArrayLike, binding: Binding) -> None:
    """Resolve a set or a parameter from an array.

    Raises:
        CIRError: R2C-C240, R2C-C241, R2C-C205 or R2C-C219.
    """
    array = np.asarray(given)
    if isinstance(item, Parameter):
        over = tuple(binding.sets[name] for name in item.over)
        binding.parameters[item.name] = array_values(item.name, over, array)
    elif item.dim == 1:
        binding.sets[item.name] = _plain(item, array)
    else:
        binding.sets[item.name] = _tuples(item, array, binding)


def array_values(name: str, over: tuple[Members, ...], array: NDArray[np.generic]) -> Values:
    """The values of a parameter, one for each member of its domain.

    Raises:
        CIRError: R2C-C240 or R2C-C219.
    """
    shape = tuple(len(members) for members in over)
    if array.shape != shape:
        raise WRONG_ARRAY(name=name, found=_told(array), expected=f"the shape {list(shape)}")
    if array.dtype.kind not in "fiu":
        raise WRONG_ARRAY(name=name, found=f"values of type {array.dtype}", expected="numbers")
    numbers = np.ascontiguousarray(array, np.float64).view()
    numbers.flags.writeable = False
    wrong = np.argwhere(~np.isfinite(numbers))
    if len(wrong):
        place = tuple(wrong[0].tolist())
        key = [part for members, at in zip(over, place, strict=True) for part in members.keys[at]]
        raise NOT_FINITE(name=name, value=float(numbers[place]), key=key)
    return Values(name, over, array=numbers)


def _told(array: NDArray[np.generic]) -> str:
    return f"the shape {list(array.shape)}"


def _plain(item: IndexSet, array: NDArray[np.generic]) -> Members:
    if array.ndim != 1:
        raise WRONG_ARRAY(name=item.name, found=_told(array), expected="one axis")
    if array.dtype.kind not in "iuU":
        kind = f"elements of type {array.dtype}"
        raise WRONG_ARRAY(name=item.name, found=kind, expected="labels or whole numbers")
    rising = array.dtype.kind in "iu" and bool((np.diff(array.astype(np.int64)) > 0).all())
    if not rising:
        _require_distinct(item.name, array.tolist())
    within = item.within[0] if len(item.within) == 1 else None
    return Members(
        item.name,
        LazyKeys(len(array), lambda: [(element,) for element in array.tolist()]),
        ordered=item.kind in ("ordered", "time"),
        cyclic=item.cyclic,
        components=(within,),
    )


def _require_distinct(name: str, elements: list[str | int]) -> None:
    seen: set[str] = set()
    for element in elements:
        if label(element) in seen:
            raise TWICE(name=name, member=element)
        seen.add(label(element))


def _tuples(item: IndexSet, array: NDArray[np.generic], binding: Binding) -> Members:
    parts = [binding.sets[name] for name in item.within]
    if len(parts) != item.dim or any(part.dim > 1 for part in parts):
        found = f"members of {len(parts)} sets"
        expected = f"of {item.dim} plain ones, named in `within`"
        raise WRONG_ARRAY(name=item.name, found=found, expected=expected)
    if array.ndim != 2 or array.shape[1] != item.dim or array.dtype.kind not in "iu":
        found = f"{_told(array)} and the type {array.dtype}"
        expected = f"{item.dim} positions, whole numbers, in each row"
        raise WRONG_ARRAY(name=item.name, found=found, expected=expected)
    codes = tuple(np.ascontiguousarray(column, np.int64) for column in array.T)
    for column, part in zip(codes, parts, strict=True):
        if column.min(initial=0) < 0 or column.max(initial=-1) >= len(part):
            position = int(column[(column < 0) | (column >= len(part))][0])
            raise BEYOND_SET(name=item.name, position=position, component=part.name, size=len(part))

    def keys() -> list[Key]:
        columns = zip(codes, parts, strict=True)
        return list(
            zip(
                *([part.elements[code] for code in column.tolist()] for column, part in columns),
                strict=True,
            )
        )

    members = Members(
        item.name,
        LazyKeys(len(array), keys),
        dim=item.dim,
        ordered=item.kind in ("ordered", "time"),
        cyclic=item.cyclic,
        components=tuple(part.name for part in parts),
        codes=codes,
    )
    _require_distinct_tuples(members, codes, parts)
    return members


def _require_distinct_tuples(
    members: Members, codes: Sequence[NDArray[np.int64]], parts: Sequence[Members]
) -> None:
    sizes = [len(part) for part in parts]
    product_size(sizes)  # is it small enough to be counted?
    combined = np.asarray(mixed(codes, sizes))
    if len(codes) == 2 and is_rising(codes[0]):
        # Grouped by the second part, which loops do as well, equal pairs are neighbours.
        ordered = combined[grouped(members, places_of(members, parts), (1,)).order]
    else:
        ordered = np.sort(combined)
    again = np.flatnonzero(ordered[1:] == ordered[:-1])
    if len(again):
        place = int(np.flatnonzero(combined == ordered[again[0]])[1])
        member = [part.elements[int(c[place])] for part, c in zip(parts, codes, strict=True)]
        raise TWICE(name=members.name, member=member)

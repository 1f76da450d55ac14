"""A set with its members resolved, and the rule by which labels are matched.

`1`, `1.0` and `"1"` are the same label: tables, texts and models write whole numbers differently,
and a key that fails to match over its type alone would look like missing data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any, overload

from r2c.cir.schema import Element

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Key = tuple[Element, ...]
"""The values of all index positions, tuple sets flattened."""


def label(value: object) -> str:
    """The text by which a set element, a table cell or a number is matched."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def element(value: object) -> Element:
    """A table cell as a set element: whole numbers become `int`, other cells text."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return label(value)


class LazyKeys(Sequence[Key]):
    """Keys that are only written out if somebody asks for one."""

    def __init__(self, size: int, make: Callable[[], Sequence[Key]]) -> None:
        self._size = size
        self._make = make

    @cached_property
    def _keys(self) -> Sequence[Key]:
        return self._make()

    @overload
    def __getitem__(self, place: int) -> Key: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Key]: ...
    def __getitem__(self, place: int | slice) -> Key | Sequence[Key]:
        return self._keys[place]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._keys)

    def __len__(self) -> int:
        return self._size


@dataclass(frozen=True, eq=False)
class Members:
    """A resolved index set; two of them are equal only if they are one.

    `keys` are the members in order, as tuples of length `dim`. `components` names the plain set
    of each position of a tuple set, None where the CIR does not say. `codes` are the positions of
    the parts in those sets, where the members were given so. `found` is what
    `r2c.cir.arrays.codes` found out about the set.
    """

    name: str
    keys: Sequence[Key]
    dim: int = 1
    ordered: bool = False
    cyclic: bool = False
    components: tuple[str | None, ...] = (None,)
    codes: tuple[NDArray[np.int64], ...] | None = None
    found: dict[object, Any] = field(default_factory=dict, init=False, repr=False)

    def __len__(self) -> int:
        return len(self.keys)

    def __contains__(self, key: object) -> bool:
        return key in self.positions

    @cached_property
    def positions(self) -> dict[Key, int]:
        """Position of each member, counted from 0."""
        return {key: place for place, key in enumerate(self.keys)}

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """The members of a plain set without their tuples."""
        return tuple(key[0] for key in self.keys)

    @cached_property
    def places(self) -> dict[Element, int]:
        """Position of each element of a plain set, counted from 0."""
        return {item: place for place, item in enumerate(self.elements)}

    @cached_property
    def by_label(self) -> dict[tuple[str, ...], Key]:
        """Members by the labels of their parts."""
        return {tuple(map(label, key)): key for key in self.keys}

    @cached_property
    def element_by_label(self) -> dict[str, Element]:
        """Elements of a plain set by label."""
        return {label(item): item for item in self.elements}


class Values(Mapping[Key, float]):
    """A parameter's values: written entries plus a default for the other members of its domain.

    Iteration runs over the whole domain, the product of the sets in `over`. The values of the whole
    domain may also come as one `array` in that order; entries are then written out only if somebody
    asks for one. `table` is what `r2c.cir.arrays.tables` made of them.
    """

    def __init__(
        self,
        name: str,
        over: tuple[Members, ...],
        entries: dict[Key, float] | None = None,
        default: float | None = None,
        *,
        array: NDArray[np.float64] | None = None,
    ) -> None:
        self.name = name
        self.over = over
        self.default = default
        self.array = array
        self.table: object = None
        self._entries = {} if entries is None and array is None else entries

    @property
    def entries(self) -> dict[Key, float]:
        """The written values by key."""
        if self._entries is None:
            assert self.array is not None
            self._entries = dict(zip(self._domain(), self.array.ravel().tolist(), strict=True))
        return self._entries

    def __getitem__(self, key: Key) -> float:
        value = self.entries.get(key)
        if value is not None:
            return value
        if self.default is None or self.resolve(key) != key:
            raise KeyError(key)
        return self.default

    def __iter__(self) -> Iterator[Key]:
        for key in self._domain():
            if self.default is not None or key in self.entries:
                yield key

    def __len__(self) -> int:
        if self.default is not None or self.array is not None:
            return self.size
        return len(self.entries)

    def _domain(self) -> Iterator[Key]:
        for parts in product(*(members.keys for members in self.over)):
            yield tuple(item for part in parts for item in part)

    @property
    def size(self) -> int:
        """Number of members of the domain."""
        return prod(len(members) for members in self.over)

    def resolve(self, key: tuple[object, ...]) -> Key | None:
        """The domain member that `key` names by its labels, None if there is none."""
        return resolve(self.over, key)


def resolve(over: tuple[Members, ...], key: tuple[object, ...]) -> Key | None:
    """The member of the product of `over` that `key` names by its labels, None if none."""
    found: list[Element] = []
    start = 0
    for members in over:
        part = members.by_label.get(tuple(map(label, key[start : start + members.dim])))
        if part is None:
            return None
        found.extend(part)
        start += members.dim
    return tuple(found) if start == len(key) else None

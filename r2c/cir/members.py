"""A set with its members resolved, and the rule by which labels are matched.

`1`, `1.0` and `"1"` are the same label: tables, texts and models write whole numbers differently,
and a key that fails to match over its type alone would look like missing data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod

from r2c.cir.schema import Element

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


@dataclass(frozen=True)
class Members:
    """A resolved index set.

    `keys` are the members in order, as tuples of length `dim`. `components` names the plain set
    of each position of a tuple set, None where the CIR does not say.
    """

    name: str
    keys: tuple[Key, ...]
    dim: int = 1
    ordered: bool = False
    cyclic: bool = False
    components: tuple[str | None, ...] = (None,)

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

    Iteration runs over the whole domain, the product of the sets in `over`.
    """

    def __init__(
        self,
        name: str,
        over: tuple[Members, ...],
        entries: dict[Key, float],
        default: float | None = None,
    ) -> None:
        self.name = name
        self.over = over
        self.entries = entries
        self.default = default

    def __getitem__(self, key: Key) -> float:
        value = self.entries.get(key)
        if value is not None:
            return value
        if self.default is None or self.resolve(key) != key:
            raise KeyError(key)
        return self.default

    def __iter__(self) -> Iterator[Key]:
        for parts in product(*(members.keys for members in self.over)):
            key = tuple(item for part in parts for item in part)
            if self.default is not None or key in self.entries:
                yield key

    def __len__(self) -> int:
        return len(self.entries) if self.default is None else self.size

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

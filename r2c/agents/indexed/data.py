"""What the tables of a problem hold: sets that amounts run over, and parameters over those sets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from r2c.cir.schema import IndexSet, Parameter

_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Axis:
    """A set as amounts run over it; `name` is also the loop variable, `set` the set of the CIR."""

    name: str
    set: str
    members: tuple[str, ...]

    def __str__(self) -> str:
        shown = ", ".join(self.members[:_SHOWN])
        more = f", ... ({len(self.members)})" if len(self.members) > _SHOWN else ""
        return f"{self.name}: {shown}{more}"


@dataclass(frozen=True, slots=True)
class Space:
    """What a family of amounts runs over: one axis, all pairs of two, or the pairs of a table.

    `over` are the sets as a decision of the CIR names them.
    """

    axes: tuple[str, ...]
    over: tuple[str, ...]

    @property
    def sparse(self) -> bool:
        """Whether only some of the pairs exist."""
        return len(self.over) < len(self.axes)

    def __str__(self) -> str:
        return ", ".join(self.axes)


@dataclass(frozen=True, slots=True)
class Given:
    """A parameter with the axes it runs over and the words above its numbers."""

    parameter: Parameter
    axes: tuple[str, ...]
    heading: str
    table: str

    @property
    def name(self) -> str:
        """The name of the parameter."""
        return self.parameter.name

    def __str__(self) -> str:
        return f"{self.name}[{', '.join(self.axes)}]"


@dataclass
class Data:
    """All sets and parameters; built up table by table.

    `folded` are parameters that nothing but other parameters uses.
    """

    axes: dict[str, Axis] = field(default_factory=dict)
    sets: list[IndexSet] = field(default_factory=list)
    spaces: list[Space] = field(default_factory=list)
    given: dict[str, Given] = field(default_factory=dict)
    folded: list[Parameter] = field(default_factory=list)

    def space(self, axes: Sequence[str]) -> Space:
        """The space over these axes; more than two of them go through all their combinations.

        Raises:
            KeyError: there is none.
        """
        for space in self.spaces:
            if space.axes == tuple(axes):
                return space
        if len(axes) > 2 and all(axis in self.axes for axis in axes):
            return Space(tuple(axes), tuple(self.axes[axis].set for axis in axes))
        raise KeyError(", ".join(axes))

    def taken(self) -> set[str]:
        """All names in use."""
        folded = (item.name for item in self.folded)
        return {*self.axes, *self.given, *folded, *(item.name for item in self.sets)}


def described(data: Data) -> Iterator[str]:
    """One line for each set and one for all parameters, as the model is told."""
    yield from map(str, data.axes.values())
    yield "data: " + ", ".join(map(str, data.given.values()))

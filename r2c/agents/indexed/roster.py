"""Families of decisions as the model names them: `ship[plant, shop]: pallets sent`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from r2c.agents.indexed.data import Data
from r2c.agents.indexed.limits import is_choice
from r2c.agents.reserved import is_reserved
from r2c.agents.roster import Choice
from r2c.problem.grid import unique

_LINE = re.compile(r"([a-z][a-z0-9_]{0,40})\[([a-z0-9_, ]+)\]: (.+)")
_OUTCOME = re.compile(
    r"(?:the\s+)?(?:minimi[sz]|maximi[sz]|total\b|total_|overall|sum\b|(?:\w+[\s_])?(?:costs?|profits?)\b)",
    re.IGNORECASE,
)
_MEANING = 200
_MOST = 6


def read_families(text: str, data: Data) -> tuple[Choice, ...]:
    """Lines to families, each set of axes and each name once.

    Raises:
        ValueError: a line has another form or names unknown sets, or there are too many.
    """
    taken = {name.lower() for name in data.taken()}
    found: dict[tuple[str, ...], Choice] = {}
    for line in text.strip().splitlines():
        match = _LINE.fullmatch(line.strip())
        if match is None or len(match[3]) > _MEANING or not match[3].isprintable():
            raise ValueError(f"{line!r} is not of the form `name[sets]: meaning`")
        over = tuple(part.strip() for part in match[2].split(","))
        if all(space.axes != over for space in data.spaces):
            raise ValueError(f"nothing in the data runs over {match[2]!r}")
        name = f"{match[1]}_" if is_reserved(match[1]) else match[1]
        name = unique(name, taken)
        if over not in found:
            taken.add(name)
            found[over] = Choice(name, match[3].strip(), over)
    if not 0 < len(found) <= _MOST:
        raise ValueError(f"{len(found)} kinds of quantities are none or too many")
    return tuple(found.values())


def best_families(
    rosters: Sequence[tuple[Choice, ...]], refused: Collection[frozenset[str]] = ()
) -> tuple[Choice, ...]:
    """The first roster of the shape that most samples agree on; refused and doubtful ones last.

    The shape is which sets the families run over and which are yes-or-no choices; their names
    differ from sample to sample.
    """
    shapes = Counter(_shape(roster) for roster in rosters)

    def merit(place: int) -> tuple[bool, bool, int, int]:
        roster = rosters[place]
        names = frozenset(choice.name for choice in roster)
        decided = not any(map(_is_outcome, roster))
        return names not in refused, decided, shapes[_shape(roster)], -place

    best = rosters[max(range(len(rosters)), key=merit)]
    return tuple(_told_as_a_part(choice) for choice in best)


def _shape(roster: Sequence[Choice]) -> frozenset[tuple[tuple[str, ...], bool]]:
    return frozenset((choice.over, is_choice(choice)) for choice in roster)


def _told_as_a_part(choice: Choice) -> Choice:
    """A family with a meaning of its own where it was called by what comes of the plan."""
    if not _OUTCOME.match(choice.meaning):
        return choice
    over = " and ".join(axis.replace("_", " ") for axis in choice.over)
    return replace(choice, meaning=f"amount for each {over}")


def _is_outcome(choice: Choice) -> bool:
    """Whether it is what comes of a plan, such as its costs, rather than a part of it."""
    return _OUTCOME.match(choice.name) is not None or _OUTCOME.match(choice.meaning) is not None

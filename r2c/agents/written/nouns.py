"""What a plan is about, declared line by line: sets, numbers, decisions.

`hour in Hours: 1, 2, 3, 4` is a set, `price[hour] = 58, 42, 54, 60` and, row by row,
`cost[plant, shop] = 4, 7; 3, 5` are numbers, `buy[hour]: MWh bought in an hour` is a decision,
and so is `start[job] integer <= 40: day on which a job begins`.
What tables hold is known before; a line may use it.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, cast

from r2c.agents.form import NOTHING
from r2c.agents.indexed.data import Data
from r2c.agents.reserved import is_reserved
from r2c.agents.roster import Choice
from r2c.cir.expr import Expr
from r2c.cir.parse import parse
from r2c.cir.schema import DenseValues, IndexSet, Member, Parameter
from r2c.cir.write import number
from r2c.errors import CIRError

Domain = Literal["continuous", "integer", "binary"]
AGAIN = "to_"
"""Before the name of a member: a second member of the same set, as for the end of a leg."""
MOST = 60
_NAME = "[a-z][a-z0-9_]{0,40}"
_SET = re.compile(rf"({_NAME}) in ([A-Z][A-Za-z0-9_]{{0,40}}): (\S.*)")
_PARAMETER = re.compile(rf"({_NAME})(?:\[([a-z0-9_, ]+)\])? = (\S.*)")
_DECISION = re.compile(
    rf"({_NAME})(?:\[([a-z0-9_, ]+)\])?(?: (binary|integer|continuous))?(?: <= ([^:]+))?: (\S.*)"
)
_MEANING = 200
_MOST_NUMBERS = 150
_PERIODS = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun"
    r"|(?:jan|febr)uary|march|april|may|june|july|august|(?:septem|octo|novem|decem)ber"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
    r"|(?:period|day|week|month|quarter|year|hour|shift|stage|step|round|bracket|tier|band)s? ?\d+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Axis:
    """A set, and the name that stands for one of its members in keys and loops."""

    name: str
    set: str
    members: tuple[Member, ...]

    @property
    def ordered(self) -> bool:
        """Whether members follow each other, so that `day-1` is the day before."""
        values = [item for item in self.members if isinstance(item, int)]
        if len(values) == len(self.members):
            return list(values) == list(range(values[0], values[0] + len(values)))
        return all(isinstance(item, str) and _PERIODS.fullmatch(item) for item in self.members)


@dataclass(frozen=True)
class Nouns:
    """The sets, numbers and decisions of a problem: those of tables, and those declared."""

    data: Data
    roster: Sequence[Choice] = ()

    @cached_property
    def axes(self) -> dict[str, Axis]:
        """The sets by the names of their members; `to_place` is another member beside `place`."""
        found = {
            item.name: Axis(item.name, item.set, tuple(map(_member, item.members)))
            for item in self.data.axes.values()
        }
        for item in self.roster:
            if match := _SET.fullmatch(item.declared):
                found[match[1]] = Axis(match[1], match[2], _members(match[3]))
        for axis in list(found.values()):
            other = f"{AGAIN}{axis.name}"
            if not axis.name.startswith(AGAIN) and other not in found:
                found[other] = Axis(other, axis.set, axis.members)
        return found

    @cached_property
    def given(self) -> dict[str, tuple[str, ...]]:
        """The axes of each number."""
        found = {item.name: item.axes for item in self.data.given.values()}
        for item in self.roster:
            if _PARAMETER.fullmatch(item.declared):
                found[item.name] = item.over
        return found

    @cached_property
    def decided(self) -> dict[str, tuple[str, ...]]:
        """The axes of each family of decisions."""
        return {item.name: item.over for item in self.decisions}

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name that stands for something."""
        sets = {axis.set for axis in self.axes.values()}
        return frozenset({*self.axes, *self.given, *self.decided, *sets, *self.data.taken()})

    @property
    def decisions(self) -> tuple[Choice, ...]:
        """The families of decisions."""
        return tuple(item for item in self.roster if item.meaning)

    def sets(self) -> Iterator[IndexSet]:
        """The sets that are declared; those of tables are in the data."""
        for item in self.roster:
            if _SET.fullmatch(item.declared):
                axis = self.axes[item.name]
                kind = "ordered" if axis.ordered else "labels"
                yield IndexSet.model_validate(
                    {"name": axis.set, "kind": kind, "elements": axis.members}
                )

    def parameters(self) -> Iterator[Parameter]:
        """The numbers that are declared."""
        for item in self.roster:
            if match := _PARAMETER.fullmatch(item.declared):
                rows = _rows(match[3])
                over = tuple(self.axes[name].set for name in item.over)
                if not over:
                    yield Parameter(name=item.name, value=rows[0][0])
                    continue
                values = rows[0] if len(over) == 1 else tuple(rows)
                yield Parameter(name=item.name, over=over, value=DenseValues(values=values))

    def meaning(self) -> dict[Hashable, int]:
        """What is declared, whatever it is called: sets, numbers and the shapes of decisions."""
        found: dict[Hashable, int] = {}
        for item in self.roster:
            if _SET.fullmatch(item.declared):
                key: Hashable = ("set", frozenset(map(str, self.axes[item.name].members)))
            elif match := _PARAMETER.fullmatch(item.declared):
                key = ("number", item.over, tuple(map(tuple, _rows(match[3]))))
            else:
                key = ("decision", item.over, domain_told(item))
            found[key] = found.get(key, 0) + 1
        return found


def read_nouns(
    text: str, data: Data, known: Sequence[Choice] = (), *, decided: bool = True
) -> tuple[Choice, ...]:
    """Lines to declarations.

    Args:
        text: the lines; `none` for no line.
        data: the sets and parameters of tables.
        known: what is declared already; it is not among what is returned.
        decided: whether a decision must be among the lines.

    What is declared a second time stays what it was.

    Raises:
        ValueError: a line is of no form, a name is a word of the algebra, a set is unknown, or
            there are not as many numbers as members.
    """
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    if lines == [NOTHING]:
        lines = []
    if len(lines) > MOST:
        raise ValueError(f"{len(lines)} declarations are too many")
    found: list[Choice] = []
    for line in lines:
        nouns = Nouns(data, (*known, *found))
        taken = nouns.names
        made = _declared(line, nouns)
        if made is None:
            continue
        if made.meaning and not decided:
            raise ValueError(f"{line!r} is a decision, which is not asked for yet")
        name = made.name
        if is_reserved(name):
            raise ValueError(f"{name!r} in {line!r} is a word of the algebra")
        if name not in taken:  # what is declared again stays what it was
            found.append(made)
    if decided and not any(item.meaning for item in found):
        raise ValueError("nothing is to be decided")
    return tuple(found)


def _declared(line: str, nouns: Nouns) -> Choice | None:
    """What a line declares; None for a set that is there already."""
    if match := _SET.fullmatch(line):
        members = _members(match[3])
        if len(set(map(str, members))) < len(members) or len(members) < 2:
            raise ValueError(f"{line!r} names a member twice, or only one")
        there = next((axis for axis in nouns.axes.values() if axis.set == match[2]), None)
        if there is not None and set(map(str, there.members)) == set(map(str, members)):
            return None
        if match[2] in nouns.names or is_reserved(match[2]):
            raise ValueError(f"the set {match[2]!r} is there already, or a word of the algebra")
        return Choice(match[1], "", (), line)
    if match := _PARAMETER.fullmatch(line):
        over, rows = _over(match[2], nouns), _rows(match[3])
        sizes = [len(nouns.axes[name].members) for name in over]
        shape = [1, 1, *sizes][-2:]  # a single number is one row of one
        if len(sizes) > 2 or len(rows) != shape[0] or any(len(row) != shape[1] for row in rows):
            wanted = " by ".join(map(str, sizes)) or "1"
            raise ValueError(f"{line!r} does not have {wanted} numbers")
        return Choice(match[1], "", over, line)
    if match := _DECISION.fullmatch(line):
        if len(match[5]) > _MEANING or not match[5].isprintable():
            raise ValueError(f"the meaning of {match[1]!r} is not one short line")
        _expression(match[4] or "0")
        return Choice(match[1], match[5].strip(), _over(match[2], nouns), line)
    raise ValueError(f"{line!r} declares neither a set nor numbers nor a decision")


def domain_told(item: Choice) -> Domain | None:
    """The domain with which a decision is declared, if it is declared with one."""
    match = _DECISION.fullmatch(item.declared)
    return None if match is None else cast("Domain | None", match[3])


def most_of(item: Choice) -> Expr | None:
    """The upper bound with which a decision is declared, if there is one."""
    match = _DECISION.fullmatch(item.declared)
    return None if match is None or match[4] is None else _expression(match[4])


def _expression(text: str) -> Expr:
    try:
        return parse(text)
    except CIRError as error:
        raise ValueError(error.fault.what) from None


def _over(text: str | None, nouns: Nouns) -> tuple[str, ...]:
    over = tuple(part.strip() for part in text.split(",")) if text else ()
    for name in over:
        if name not in nouns.axes:
            raise ValueError(f"{name!r} is no set; known are {', '.join(nouns.axes) or 'none'}")
    return over


def _members(text: str) -> tuple[Member, ...]:
    if match := re.fullmatch(r"(-?\d{1,6})\s*\.\.\s*(-?\d{1,6})", text.strip()):
        first, last = int(match[1]), int(match[2])
        if not 0 < last - first < 1000:
            raise ValueError(f"{text!r} is no range of members")
        return tuple(range(first, last + 1))
    return tuple(_member(part.strip().strip("\"'").strip()) for part in text.split(","))


def _member(text: str) -> Member:
    if not text:
        raise ValueError("a member without a name")
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else text


def _rows(text: str) -> list[tuple[float, ...]]:
    rows = [tuple(float(part) for part in row.split(",")) for row in text.split(";")]
    if any(value != value or abs(value) == float("inf") for row in rows for value in row):
        raise ValueError(f"{text!r} are not all numbers")
    return rows


def told(nouns: Nouns) -> Iterator[str]:
    """The sets and numbers of tables as the model is shown them."""
    for axis in nouns.axes.values():
        shown = ", ".join(map(str, axis.members[:6]))
        more = f", ... ({len(axis.members)})" if len(axis.members) > 6 else ""
        if not axis.name.startswith(AGAIN):
            yield f"{axis.name} in {axis.set}: {shown}{more}"
    for given in nouns.data.given.values():
        yield f"{given} from the table {given.table}"


def numbers_told(values: Sequence[float]) -> list[str]:
    """Numbers as they may be written, each once; a share also as per cent."""
    shares = [round(value * 100, 10) for value in values if 0 < abs(value) < 1]
    return list(dict.fromkeys(number(value) for value in (*values, *shares)))[:_MOST_NUMBERS]

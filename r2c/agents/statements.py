"""What one sentence says, as the model is asked to write it down, one statement a line.

Data belong to a measure and a decision (`wood[chairs] = 4`); in a limit (`wood <= 120`) a measure
alone stands for its total over the plan. The other statements are told with their classes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from r2c.agents.form import NOTHING
from r2c.agents.formal import Formal
from r2c.agents.over_sets import (
    OVER_SETS,
    Balance,
    Exchange,
    OnDuty,
    Reach,
    Ruled,
    Stated,
)
from r2c.agents.reserved import is_reserved
from r2c.cir.expr import Add, Compare, Expr, Name, Num, symbols
from r2c.cir.normal import normal
from r2c.cir.parse import parse
from r2c.cir.write import number, write
from r2c.errors import CIRError

"""The answer for a sentence that says nothing about the plan."""
MAX_LINES = 60

_NAME = "[a-z_][a-z0-9_]*"
_IMPLICATION = re.compile(rf"if ({_NAME}) then (not )?({_NAME})")
_CONDITIONAL = re.compile(r"if (.+) then (.+)")
_EITHER = re.compile(r"either (.+) or (.+)")
_EACH = re.compile(rf"for each ({_NAME}(?:, {_NAME})*): ")
_DATUM = re.compile(rf"({_NAME})\[({_NAME})\] = (-?[0-9.e+-]+)( once)?")


@dataclass(frozen=True, slots=True)
class Datum:
    """`wood[chairs] = 4`: so much of a measure for each unit of a decision.

    `once`: so much if anything of it is used at all, `rent[chairs] = 50 once`.
    """

    measure: str
    decision: str
    value: float
    once: bool = False

    def __str__(self) -> str:
        return f"{self.measure}[{self.decision}] = {number(self.value)}{' once' * self.once}"


@dataclass(frozen=True, slots=True)
class Limit:
    """`sofas >= 2*chairs`, `for each day: crew >= 3`: a relation that every plan must keep.

    With sets it holds for each member of the axes in `each`; there an amount stands for its total
    over all axes that are not in `each`.
    """

    relation: Compare
    each: tuple[str, ...] = ()

    def __str__(self) -> str:
        head = f"for each {', '.join(self.each)}: " if self.each else ""
        return head + write(self.relation)


@dataclass(frozen=True, slots=True)
class Implication:
    """`if sofas then not chairs`: what using one decision at all means for another.

    It must be used too, or, if `excludes`, must not be.
    """

    condition: str
    consequence: str
    excludes: bool

    def __str__(self) -> str:
        return f"if {self.condition} then {'not ' * self.excludes}{self.consequence}"


@dataclass(frozen=True, slots=True)
class Conditional:
    """`if sofas then sofas >= 9`: a limit that holds only if something is used or reached.

    The condition is the name of a decision (used at all) or a relation.
    """

    condition: Name | Compare
    consequence: Compare

    def __str__(self) -> str:
        return f"if {write(self.condition)} then {write(self.consequence)}"


@dataclass(frozen=True, slots=True)
class Either:
    """`either sofas >= 9 or chairs >= 4`: two limits of which at least one holds."""

    first: Compare
    second: Compare

    def __str__(self) -> str:
        return f"either {write(self.first)} or {write(self.second)}"


OverSets = Balance | Exchange | Reach | OnDuty | Stated | Ruled
Said = Datum | Limit | Implication | Conditional | Either | OverSets
"""What is read sentence by sentence."""
Statement = Said | Formal


def read_statements(text: str) -> tuple[Said, ...]:
    """Lines to statements; `none` and blank text are no statements.

    What a sum repeats counts once where a number limits it.

    Raises:
        ValueError: a line is neither a datum nor a relation, or there are too many.
    """
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    if lines in ([], [NOTHING]):
        return ()
    if len(lines) > MAX_LINES:
        raise ValueError(f"{len(lines)} statements are more than a sentence can say")
    return tuple(statement for line in lines for statement in _statements(line))


def each_once(expr: Expr) -> Expr:
    """A sum without repeated terms: a small model stutters, but nobody counts a profit twice."""
    if not isinstance(expr, Add):
        return expr
    terms = tuple(dict.fromkeys(expr.terms))
    return terms[0] if len(terms) == 1 else Add(terms)


def write_statements(statements: Iterable[Statement]) -> str:
    """Statements to lines; `read_statements` undoes it."""
    return "\n".join(map(str, statements)) or NOTHING


def _statements(line: str) -> Iterator[Said]:
    for pattern, made in _FORMS:
        if match := pattern.fullmatch(line):
            yield made(match)
            return
    each, line = _split_each(line)
    try:
        relation = parse(line)
    except CIRError as error:
        raise ValueError(error.fault.what) from None
    if not isinstance(relation, Compare):
        raise ValueError(f"{line!r} is neither data nor a relation")
    # `2 <= x <= 9` says two things; all that follows expects one relation at a time.
    for op, left, right in zip(relation.ops, relation.args, relation.args[1:], strict=False):
        # Between two sums that share terms it is not clear what was meant.
        if isinstance(left, Num) or isinstance(right, Num):
            left, right = each_once(left), each_once(right)
        yield Limit(Compare((op,), (left, right)), each)


def _datum(match: re.Match[str]) -> Datum:
    value = float(match[3])
    if not math.isfinite(value) or is_reserved(match[1]):
        raise ValueError(f"{match[0]!r} is no data: a plain name and a number are needed")
    return Datum(match[1], match[2], value, match[4] is not None)


def _conditional(match: re.Match[str]) -> Conditional:
    return Conditional(_part(match[1]), _relation(match[2]))


def _relation(text: str) -> Compare:
    found = _part(text)
    if isinstance(found, Name):
        raise ValueError(f"a relation is expected where {text!r} stands")
    return found


def _part(text: str) -> Name | Compare:
    try:
        found = parse(text)
    except CIRError as error:
        raise ValueError(error.fault.what) from None
    if isinstance(found, Name) or (isinstance(found, Compare) and len(found.ops) == 1):
        return found
    raise ValueError(f"{text!r} is neither a name nor one relation")


def _split_each(line: str) -> tuple[tuple[str, ...], str]:
    match = _EACH.match(line)
    if match is None:
        return (), line
    return tuple(re.split(r",\s*", match[1])), line[match.end() :]


Meaning = (
    Datum | OverSets | Formal | Implication | Conditional | Either | tuple[tuple[str, ...], Expr]
)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Said]], ...] = (
    (_DATUM, _datum),
    (_IMPLICATION, lambda match: Implication(match[1], match[3], match[2] is not None)),
    *OVER_SETS,
    (_CONDITIONAL, _conditional),
    (_EITHER, lambda match: Either(_relation(match[1]), _relation(match[2]))),
)


def meaning_of(statements: Iterable[Statement]) -> frozenset[Meaning]:
    """What the statements say, whatever their order and form: equal meanings are equal sets."""
    return frozenset(
        (tuple(sorted(item.each)), normal(item.relation)) if isinstance(item, Limit) else item
        for item in statements
    )


def measures_of(statements: Iterable[Statement], decisions: Iterable[str]) -> tuple[str, ...]:
    """The measures that the statements name, in written order, each once."""
    known = set(decisions)
    found: dict[str, None] = {}
    for item in statements:
        for name in _measures(item):
            if name not in known:
                found.setdefault(name)
    return tuple(found)


def _measures(item: Statement) -> tuple[str, ...]:
    match item:
        case Datum():
            return (item.measure,)
        case Limit():
            return tuple(sorted(symbols(item.relation)))
        case Conditional(first, second) | Either(first, second):
            return tuple(sorted(symbols(first) | symbols(second)))
        case Implication() | Formal() | Balance() | Exchange() | Reach() | OnDuty():
            return ()
        case Stated() | Ruled():
            return ()

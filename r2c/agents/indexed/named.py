"""Limits that a sentence states with the very names of the data: "no more than its weekly output".

Where a sentence names a parameter by its heading and says from which side, there is nothing left to
guess: the limit holds for each member that the parameter has a number for. What else the sentence
names is a weight of the amount, "the parcel weight of all regions served".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from r2c.agents.clauses import Clause
from r2c.agents.indexed.data import Data, Given
from r2c.agents.indexed.limits import is_choice, side_of
from r2c.agents.mentions import stem
from r2c.agents.roster import Choice
from r2c.agents.statements import Limit
from r2c.cir.expr import Compare, CompareOp, Expr, Mul, Name

_MOST = re.compile(
    r"\b(?:at most|(?:no|not|never|n['’]t|cannot)\b[^.;]{0,60}?\b(?:more|above|over|beyond|past|exceed|go"
    r"|longer|higher|greater|use|send)\b[^.;]{0,20}|cannot|can['’]t|up to|max(?:imum|\.)?|limited to|within"
    r"|(?:be|is|are) (?:covered|enough)|covered by|does not exceed|<=|less than or equal)",
    re.IGNORECASE,
)
_LEAST = re.compile(
    r"\b(?:at least|at the (?:very )?least|min(?:imum|\.)?|reach(?:es)? or exceeds?|no (?:less|fewer|lower)"
    r"|not (?:be )?(?:any )?(?:less|fewer|lower|below)|n['’]t be any lower|attain|promised|signed for"
    r"|or more|must receive|meets?|satisf\w+|>=)\b|>=",
    re.IGNORECASE,
)
_AFTER_LEAST = re.compile(r"[^,;.]{0,40}\bor more\b|[^,;.]{0,30}\bat (?:the )?(?:very )?least\b", re.I)
_EXCEPTION = re.compile(
    r"\b(?:if|unless|except|instead|otherwise|whenever|as soon as|once|only|either|or else|when"
    r"|first|last|next|previous|between|differ\w*|change\w*|largest|smallest|nothing or|zero|wait\w*"
    r"|where|share|sequence|order|brackets?|leave out)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"\b(?:costs?|prices?|fees?|charges?|rents?|profits?|revenues?|incomes?|takings|pay|wages?|bonus\w*"
    r"|surcharges?|penalt(?:y|ies)|subsid(?:y|ies)|donations?|supplements?|returns?)\b|[$€£]",
    re.IGNORECASE,
)
_SHARE = re.compile(r"%|\b(?:content|percentage|percent|share|concentration|purity)\b", re.IGNORECASE)
_WINDOW = 70


@dataclass(frozen=True, slots=True)
class Mention:
    """A parameter with the places of the words that name it."""

    given: Given
    start: int
    end: int


def mentions_of(words: str, data: Data) -> list[Mention]:
    """The parameters that words name by their whole headings, in order; the longest name counts."""
    tokens = [(stem(match[0]), *match.span()) for match in re.finditer(r"[A-Za-z]+", words)]
    free = [True] * len(tokens)
    found: list[Mention] = []
    for given in sorted(data.given.values(), key=lambda one: -len(name_of(one))):
        name = name_of(given)
        for place in range(len(tokens) - len(name) + 1):
            span = range(place, place + len(name))
            if name and all(free[k] and tokens[k][0] == name[k - place] for k in span):
                found.append(Mention(given, tokens[place][1], tokens[span[-1]][2]))
                for k in span:
                    free[k] = False
    return sorted(found, key=lambda one: one.start)


def name_of(given: Given) -> tuple[str, ...]:
    """The stems of a heading without its unit: `minimum protein content (%)`."""
    bare = re.sub(r"\(.*?\)|\[.*?\]", " ", given.heading.replace("_", " "))
    bare = given.name.replace("_", " ") if given.heading == given.table else bare
    return tuple(map(stem, re.findall(r"[A-Za-z]+", bare)))


def is_money(given: Given) -> bool:
    """Whether the numbers are money."""
    told = (given.heading.replace("_", " "), given.name.replace("_", " "), given.parameter.unit or "")
    return any(_MONEY.search(part) for part in told)


def named_limits(clause: Clause, data: Data, roster: Sequence[Choice]) -> tuple[Limit, ...]:
    """The limits that a sentence states with names of the data; none if something is left open.

    Args:
        clause: the sentence.
        data: all sets and parameters.
        roster: the families of decisions.
    """
    words = clause.text
    if clause.slots or _EXCEPTION.search(words):
        return ()
    found = mentions_of(words, data)
    if not found or any(is_money(one.given) for one in found):
        return ()
    sides = [(one, side_said(words, one)) for one in found]
    limiting = [(one, side) for one, side in sides if side is not None]
    weights = tuple(dict.fromkeys(one.given.name for one, side in sides if side is None))
    held: dict[Limit, None] = {}
    for one, side in limiting:
        options = list(_limits(one.given, side, [data.given[name] for name in weights], roster))
        if len(options) != 1:
            return ()  # several families might be meant, or none
        held.setdefault(options[0])
    return tuple(held)


def side_said(words: str, mention: Mention) -> CompareOp | None:
    """From which side the words around a name make it a limit; None if they do not."""
    start = max(0, mention.start - _WINDOW)
    before, after = words[start : mention.start], words[mention.end :]
    heading = side_of(mention.given)
    said: list[tuple[int, CompareOp]] = []
    for pattern, op in ((_MOST, "<="), (_LEAST, ">=")):
        said += [(match.end(), op) for match in pattern.finditer(before)]  # type: ignore[misc]
    if _AFTER_LEAST.match(after):
        return ">="
    if said:
        near = max(said)[1]
        return near if heading in (None, near) else heading
    return heading


def _limits(
    given: Given, side: CompareOp, weights: Sequence[Given], roster: Sequence[Choice]
) -> Iterator[Limit]:
    for choice in roster:
        over = {*choice.over}
        fitting = [one for one in weights if set(one.axes) <= over | set(given.axes)]
        if len(fitting) != len(weights) or len(weights) > 1:
            continue
        if not set(given.axes) <= over | {axis for one in weights for axis in one.axes}:
            continue
        if is_choice(choice) and not weights:
            continue  # how many are chosen is not told by a parameter's name alone
        left: Expr = Name(choice.name)
        right: Expr = Name(given.name)
        if weights:
            left = Mul((Name(weights[0].name), left))
            if _is_share(given) and _is_share(weights[0]):
                right = Mul((right, Name(choice.name)))
        elif _is_share(given):
            continue
        yield Limit(Compare((side,), (left, right)), given.axes)


def _is_share(given: Given) -> bool:
    told = f"{given.heading.replace('_', ' ')} {given.name.replace('_', ' ')} {given.parameter.unit or ''}"
    return _SHARE.search(told) is not None

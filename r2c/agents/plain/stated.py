"""Quantities that the text names itself: symbols ("team X and team Y", "$x_1$") and lists of names.

Such a list has a noun before it: "candidates A, B and C", "three foods: Rice, Beans and Eggs".
"""

from __future__ import annotations

import re
from collections import Counter

from r2c.agents.roster import Choice
from r2c.problem.grid import identifier
from r2c.problem.schema import Problem

_SYMBOL = re.compile(
    r"(?<![A-Za-z0-9_\\-])(?P<noun>[a-z]{3,}\s+)?\$?(?P<symbol>[xyzXYZ](?:_?\{?\d{1,2}\}?)?)\$?"
    r"(?![A-Za-z0-9_-])"
)
_NAME = r"[A-Z][A-Za-z0-9-]*(?: [A-Z0-9][A-Za-z0-9-]*){0,2}"
_LIST = re.compile(
    rf"\b(?P<noun>[a-z]{{3,}}s|children|people|men|women):?\s+"
    rf"(?P<names>{_NAME}(?:,\s*{_NAME}){{1,20}},?\s+and\s+{_NAME})"
)
_RUN = re.compile(
    r"\b(?:running|operating|using|run|operate)\s+(?:the\s+)?((?:[a-z]+\s+)?[a-z]+\s+(?:\d|[A-Z])\b"
    r"|[a-z]+\s+[a-z]+)\s+for\s+(?:1|one|an?|each|every)\s+(?:hour|day|minute|shift|week)\b",
    re.IGNORECASE,
)
_TAKEN_WHOLE = re.compile(
    r"\b(?:investment|project|proposal|candidate|applicant|site|location)s?\b", re.IGNORECASE
)
"""Things of which there is one each: they are taken or not."""
_FEW = 12
_NO_NOUN = frozenset(
    "and for the that both with than plus minus times from between produce product where".split()
)


def stated_choices(problem: Problem) -> tuple[Choice, ...]:
    """The quantities named by symbols, in order; none unless two or more are named repeatedly.

    A noun that stands before a symbol is kept in the meaning: `x: team x`.
    """
    counts: Counter[str] = Counter()
    nouns: dict[str, str] = {}
    for match in _SYMBOL.finditer(problem.text):
        symbol = re.sub(r"[_{}]", "", match["symbol"]).lower()
        counts[symbol] += 1
        noun = (match["noun"] or "").strip()
        if noun and noun not in _NO_NOUN:
            nouns.setdefault(symbol, noun)
    named = [symbol for symbol, count in counts.items() if count > 1]
    if len(named) < 2:
        return ()
    return tuple(
        Choice(symbol, f"number of {nouns.get(symbol, 'units')} {symbol}") for symbol in named
    )


def run_choices(problem: Problem) -> tuple[Choice, ...]:
    """What is run for some time: "running mill 1 for an hour costs ...", "running mill 2 ..."."""
    things = dict.fromkeys(match[1].lower() for match in _RUN.finditer(problem.text))
    if len(things) < 2:
        return ()
    return tuple(Choice(identifier(thing), f"hours {thing} runs") for thing in things)


def tabled_choices(problem: Problem, *, chooses: bool) -> tuple[Choice, ...]:
    """The rows of the first table of the text that has one row for each of a few things."""
    for table in problem.tables:
        heading = table.columns[0].name
        labels = [str(row[0]) for row in table.rows]
        few = 2 <= len(labels) <= _FEW and len(set(labels)) == len(labels)
        data = all(column.type == "number" for column in table.columns[1:])
        if few and data and len(table.columns) > 2:
            noun = re.sub(r"\W+", " ", heading).strip().lower()
            return _chosen(noun, [label.removesuffix(".0") for label in labels], chooses)
    return ()


def _chosen(noun: str, members: list[str], chooses: bool) -> tuple[Choice, ...]:
    """The members as decisions; a short label takes its noun along: `investment_1`."""
    chooses = chooses or _TAKEN_WHOLE.search(noun) is not None
    choices = []
    for member in members:
        short = len(member) == 1 or member.isdigit()
        thing = f"{noun} {member}" if short and noun else member
        meaning = f"1 if {thing} is chosen" if chooses else f"number of {thing}"
        choices.append(Choice(identifier(thing.lower()), meaning))
    return tuple(choices) if len({choice.name for choice in choices}) == len(members) else ()


def listed_choices(problem: Problem, *, chooses: bool) -> tuple[Choice, ...]:
    """The members of the first list of three or more names.

    Args:
        problem: the problem.
        chooses: whether they are chosen or not, rather than used in some amount.
    """
    match = _LIST.search(problem.text)
    if match is None:
        return ()
    noun = match["noun"].lower()
    single = noun[:-1] if noun.endswith("s") else noun
    members = [part for part in re.split(r",\s*(?:and\s+)?|\s+and\s+", match["names"]) if part]
    return _chosen(single, members, chooses)


def names_all(choices: tuple[Choice, ...], names: frozenset[str]) -> bool:
    """Whether each symbol is part of some name: `team_x` names `x`."""
    parts = {part for name in names for part in re.split(r"_+", name)}
    joined = {re.sub(r"_", "", name) for name in names}
    return all(choice.name in parts | joined for choice in choices)

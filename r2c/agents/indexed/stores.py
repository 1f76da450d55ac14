"""A store that carries over from period to period: a battery, a tank, a warehouse.

Several sentences tell of it: what it holds at first and at last, what gets lost on the way in, that
it keeps its content. All of them together are one rule; a sentence about it that says anything else
leaves it to the model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from r2c.agents.indexed.asked import Asked
from r2c.agents.indexed.data import Data
from r2c.agents.over_sets import Ruled
from r2c.agents.roster import Choice
from r2c.cir.expr import Name, Num
from r2c.cir.parse import parse
from r2c.cir.write import number
from r2c.problem.grid import unique
from r2c.problem.schema import Problem, Sentence

_NUMBER = r"(?P<{}>\d+(?:,\d{{3}})*(?:\.\d+)?)"
_UNIT = r"(?: [A-Za-z]+)?"
_FIRST = re.compile(
    rf"\b(?:starts?|begins?)(?: (?:the|each) [a-z]+)? with {_NUMBER.format('a')}{_UNIT}"
    rf"|\bholds? {_NUMBER.format('b')}{_UNIT} (?:before|at the (?:start"
    rf"|beginning) of) the first [a-z]+"
    rf"|\b(?:initial|opening) (?:content|stock|level|charge)(?: of| is"
    rf"|:)? {_NUMBER.format('c')}{_UNIT}",
    re.IGNORECASE,
)
_LAST = re.compile(
    rf"\b(?:must|has to|shall) end the last [a-z]+ with (?:at least )?{_NUMBER.format('a')}{_UNIT}"
    r"(?: or more)?"
    rf"|\bat the end of the last [a-z]+,? (?:it|the [a-z]+) (?:has to|must|shall) hold at least"
    rf" {_NUMBER.format('b')}{_UNIT}"
    rf"|\b(?:final|closing) (?:content|stock|level"
    rf"|charge)(?: of)? at least {_NUMBER.format('c')}{_UNIT}",
    re.IGNORECASE,
)
_KEPT = re.compile(
    rf"\bof the [a-z]+ (?:charged|put|pumped"
    rf"|filled)(?: into the [a-z]+)?, {_NUMBER.format('a')}\s?% arrives?"
    r"(?: there)?(?: and the rest is lost)?"
    rf"|{_NUMBER.format('b')}\s?% of (?:the [a-z]+|what is) (?:charged|put|pumped"
    rf"|filled)(?: into (?:it|the [a-z]+))?"
    r"(?: in the [a-z]+)?",
    re.IGNORECASE,
)
_CARRIES = re.compile(
    r"\bcarries its (?:content|stock) over from [a-z]+ to [a-z]+"
    r"|\b(?:content|stock) at the end of an? [a-z]+ = (?:content"
    r"|stock) at the end of the previous [a-z]+ \+ KEPT"
    r" - (?:the )?[a-z]+ taken out"
    r"|\bat the end of an? [a-z]+,? (?:it"
    r"|the [a-z]+) holds what it held at the end of the [a-z]+ before, plus KEPT,"
    r" (?:less|minus) the [a-z]+ taken out",
    re.IGNORECASE,
)
_REST = re.compile(
    r"\b(?:(?:and )?(?:it )?(?:can )?never (?:holds?|hold|falls?|goes?)? ?(?:less than nothing"
    r"|below (?:0|zero|nothing))"
    r"|taking [a-z]+ out loses nothing)\b",
    re.IGNORECASE,
)
_INTO = re.compile(r"\binto (?:and out of )?the (?P<noun>[a-z]+)", re.IGNORECASE)
_LEFT = re.compile(r"\d|\b(?:at most|at least|if|unless|only|cannot|more|less|loses?|%)\b", re.I)


@dataclass(frozen=True, slots=True)
class Store:
    """What is told of a store: its rule, and the numbers of the sentences that tell it."""

    content: Choice
    rule: Ruled
    sentences: tuple[int, ...]


def store_told(
    problem: Problem, data: Data, asked: Sequence[Asked], families: Sequence[Choice]
) -> Store | None:
    """The store that amounts are put into and taken out of; None if there is none or it is unclear.

    Args:
        problem: the problem.
        data: its sets.
        asked: the phrases that say what is decided.
        families: the families that they came to, in the same order.
    """
    pairs = list(zip(asked, families, strict=True))
    nouns = {match["noun"].lower() for one in asked if (match := _INTO.search(one.words))}
    entering = [family for one, family in pairs if _is_in(one)]
    leaving = [family for one, family in pairs if _is_out(one)]
    if len(entering) != 1 or len(leaving) != 1 or len(nouns) != 1:
        return None
    (into,), (out,) = entering, leaving
    if into.over != out.over or len(into.over) != 1:
        return None
    told = list(_sentences(problem, nouns.pop()))
    found: dict[str, list[str]] = {"first": [], "last": [], "kept": [], "carries": []}
    for sentence in told:
        words = sentence.text
        for role, pattern in (("first", _FIRST), ("last", _LAST), ("kept", _KEPT)):
            for match in pattern.finditer(words):
                found[role] += [value for value in match.groupdict().values() if value]
            words = pattern.sub("KEPT" if role == "kept" else " ", words)
        found["carries"] += _CARRIES.findall(words)
        words = _REST.sub(" ", _CARRIES.sub(" ", words))
        if _LEFT.search(words):
            return None
    if any(len(values) != 1 for role, values in found.items() if role in ("first", "carries")):
        return None
    if len(found["last"]) > 1 or len(found["kept"]) > 1:
        return None
    return _store(data, into, out, found, tuple(one.number for one in told))


def _store(
    data: Data, into: Choice, out: Choice, found: dict[str, list[str]], numbers: tuple[int, ...]
) -> Store:
    (time,) = into.over
    periods = data.axes[time].set
    taken = {*data.taken(), into.name, out.name}
    name = unique("content", taken)
    kept = float(found["kept"][0]) / 100 if found["kept"] else 1.0
    loss = "" if kept == 1 else f"{number(kept)}*"
    operands = [
        ("stock", parse(f"[{name}[{time}] for {time} in {periods}]")),
        ("inflow", parse(f"[{loss}{into.name}[{time}] for {time} in {periods}]")),
        ("outflow", parse(f"[{out.name}[{time}] for {time} in {periods}]")),
        ("periods", Name(periods)),
        ("initial", Num(_value(found["first"][0]))),
    ]
    operands += [("final", Num(_value(value))) for value in found["last"]]
    content = Choice(name, f"amount left at the end of each {time}", into.over)
    return Store(content, Ruled("inventory_balance", tuple(operands)), numbers)


def _sentences(problem: Problem, noun: str) -> list[Sentence]:
    """The sentences that tell of the store, with those that go on about "it"."""
    found: list[Sentence] = []
    for one in problem.sentences:
        known = re.search(rf"\b{noun}\b", one.text, re.IGNORECASE) is not None
        goes_on = bool(found) and found[-1].number == one.number - 1
        goes_on = goes_on and re.search(r"\b(?:it|its)\b", one.text, re.IGNORECASE) is not None
        tells = any(part.search(one.text) for part in (_FIRST, _LAST, _KEPT, _REST))
        if (known or goes_on) and (tells or _CARRIES.search(_KEPT.sub("KEPT", one.text))):
            found.append(one)
    return found


def _is_in(asked: Asked) -> bool:
    return asked.verb == "put in" or "into the" in asked.words.lower().split(" out of ")[0]


def _is_out(asked: Asked) -> bool:
    out = re.search(r"\bout of\b", asked.words, re.IGNORECASE) is not None
    return asked.verb == "taken out" or (out and "into" not in asked.words.lower())


def _value(digits: str) -> float:
    return float(digits.replace(",", ""))

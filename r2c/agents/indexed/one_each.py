"""Exactly one of a set for each member of another: "every course is run in precisely one month".

The two sets tell the family of choices. What is chosen may have to be open: "which must be an open
one".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from r2c.agents.clauses import Clause
from r2c.agents.indexed.data import Data
from r2c.agents.indexed.limits import is_choice
from r2c.agents.indexed.part import RULING, bare
from r2c.agents.indexed.sets_said import axis_of
from r2c.agents.roster import Choice
from r2c.agents.statements import Limit
from r2c.cir.expr import Compare, Name, Num
from r2c.problem.spoken import stem

_NOUN = r"(?P<noun>[a-z]+(?: [a-z]+)?)"
_ONE = re.compile(
    rf"\b(?:(?:exactly|precisely|just|one,? and only) (?:one|1|a single)(?: of (?:the|its"
    rf"|our)(?: \d+)?)? {_NOUN}"
    rf"|(?:a|one) single {_NOUN.replace('noun', 'noun2')}"
    rf"|one {_NOUN.replace('noun', 'noun3')},? and (?:(?:in|at|by|to|from|on) )?"
    r"(?:one only|only one|not more than one|no more than one|no other))\b",
    re.IGNORECASE,
)
_LISTED = re.compile(
    rf"^{_NOUN} (?:for|of|per) (?:each|every) (?P<each>[a-z]+(?: [a-z]+)?)\s*[:–-]\s*"
    r"(?:exactly|precisely|just)?\s*(?:one|1)\b",
    re.IGNORECASE,
)
_PER = re.compile(
    rf"^(?:exactly |precisely |just )?one {_NOUN} (?:per|for each"
    rf"|for every) (?P<each>[a-z]+(?: [a-z]+)?)"
    r"(?:,? (?:no splitting|no more|no less|and no more|not more|without splitting))?\W*$",
    re.IGNORECASE,
)
_SHUT = re.compile(
    r"(?:closed|unopened|unused) (?P<noun>[a-z]+)(?: [a-z]+)? (?:serves?|supply|supplies|deliver"
    r"|delivers"
    r"|get|gets|makes?|sends?|receives?) (?:nobody|nothing|none|no one|no [a-z]+)\W*"
    r"|only (?:open|opened) (?P<noun2>[a-z]+) (?:can|may) (?:serve|supply|deliver|send"
    r"|be chosen)\b[^.;:]*"
    r"|(?:an? |each |every |any )?[a-z]+ (?:presupposes?|requires?) that the (?P<noun3>[a-z]+)"
    r" (?:is"
    r"|be) (?:open|opened|used|rented)\W*",
    re.IGNORECASE,
)
_LISTED_BEHIND = re.compile(
    rf"^{_NOUN}\s*[:–-]\s*(?:exactly|precisely) (?:one|1) (?:for|of|per) (?:each|every) "
    r"(?P<each>[a-z]+(?: [a-z]+)?)",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"\b(?:each|every|any)\s+(?:single )?(?P<noun>[a-z]+(?: [a-z]+)?)", re.IGNORECASE
)
_OPEN = re.compile(
    r"(?:,?\s*which|(?:\.|;|,)?\s*(?:that|this) [a-z]+|,?\s*and (?:that|this) [a-z]+)"
    r" (?:must|has to|needs to|shall) be (?:an? )?(?P<verb>[a-z]+)(?: one)?\s*[.,;]?",
    re.IGNORECASE,
)
_OUGHT = re.compile(r"\b(?:ha(?:s|ve) to|must|shall|needs? to|should)\b", re.IGNORECASE)
_GONE_THROUGH = re.compile(
    r"\b(?:nothing is left out or repeated|no more and no less|never more than one)\b",
    re.IGNORECASE,
)


def one_each(clause: Clause, data: Data, roster: Sequence[Choice]) -> tuple[Limit, ...] | None:
    """That exactly one is chosen for each; None if the sentence says something else or more.

    Args:
        clause: the sentence or a part of it.
        data: the sets.
        roster: the families of decisions.
    """
    words = bare(clause.text)
    if any(slot.quantity.value != 1 for slot in clause.slots):
        return None
    listed = _LISTED.match(words) or _LISTED_BEHIND.match(words) or _PER.match(words)
    match = listed or _ONE.search(words)
    if match is None:
        return None
    named = [text for key, text in match.groupdict().items() if text and key.startswith("noun")]
    chosen = axis_of(named[0], data)
    rest = words[: match.start()] + " . " + words[match.end() :]
    opened = _OPEN.search(rest)
    if opened is not None:
        rest = rest[: opened.start()] + rest[opened.end() :]
    each = [match["each"]] if listed else [one["noun"] for one in _EACH.finditer(rest)]
    held = {axis for noun in each if (axis := axis_of(noun, data)) is not None}
    rest = _OUGHT.sub(" ", rest)
    if chosen is None or chosen in held or RULING.search(_GONE_THROUGH.sub(" ", rest)):
        return None
    fitting = [one for one in roster if is_choice(one) and set(one.over) == held | {chosen}]
    if len(fitting) != 1 or not held:
        return None
    family = fitting[0]
    each_of = tuple(axis for axis in family.over if axis != chosen)
    limits = [Limit(Compare(("==",), (Name(family.name), Num(1.0))), each_of)]
    if opened is not None:
        gate = gate_of(opened["verb"], chosen, roster)
        if gate is None:
            return None
        limits.append(Limit(Compare(("<=",), (Name(family.name), Name(gate.name))), family.over))
    return tuple(limits)


def opened_only(clause: Clause, roster: Sequence[Choice]) -> tuple[Limit, ...] | None:
    """That only what is open may be chosen: "that depot must be open".

    The families are the only choices of a site and of a site for each of others.
    """
    words = bare(clause.text)
    match = _OPEN.fullmatch(words) or _SHUT.fullmatch(words)
    if match is None:
        return None
    verb = match.groupdict().get("verb") or "open"
    found = [
        (gate, pair)
        for gate in roster
        for pair in roster
        if is_choice(gate) and is_choice(pair) and len(gate.over) == 1 < len(pair.over)
        if gate.over[0] in pair.over and _is_called(verb, gate)
    ]
    if len(found) != 1:
        return None
    ((gate, pair),) = found
    return (Limit(Compare(("<=",), (Name(pair.name), Name(gate.name))), pair.over),)


def gate_of(verb: str, axis: str, roster: Sequence[Choice]) -> Choice | None:
    """The family that says of each member of a set whether it is open, by what it is called."""
    found = [
        one for one in roster if is_choice(one) and one.over == (axis,) and _is_called(verb, one)
    ]
    return found[0] if len(found) == 1 else None


def _is_called(verb: str, choice: Choice) -> bool:
    if _root(verb) in _AS_CHOSEN and choice.name.startswith("chosen"):
        return True  # of a phrase without a verb, "which sites should become depots"
    said = {
        _root(word) for word in re.findall(r"[a-z]+", f"{choice.name} {choice.meaning}".lower())
    }
    return _root(verb) in said


_AS_CHOSEN = frozenset(("open", "us", "chosen", "select", "pick", "run"))


def _root(word: str) -> str:
    return stem(re.sub(r"(?:ed|ing)$", "", word.lower()))

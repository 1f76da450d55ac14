"""The parts of a sentence that says what is decided, phrase by phrase.

"For each course it has to be decided in which month it is run and which of the 2 trainers teaches
it" speaks of two choices: of a month for each course, and of a trainer for each course. A phrase
says what kind of decision it is, how much or which; its sets are those that it names and those of
the words ahead, "for each course".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from r2c.agents.indexed.data import Data
from r2c.agents.indexed.deciding import after_deciding
from r2c.agents.indexed.naming import heading_of
from r2c.agents.indexed.sets_said import axis_of, listed_in
from r2c.problem.spoken import stem

_START = re.compile(
    r"\b(?:(?P<amount>how (?:many|much|often)\b"
    r"|(?:the )?(?:total )?(?:numbers?|amounts?|sums?|quantit(?:y|ies)) (?:of\b|(?=bought|sold"
    r"|made|used|sent))"
    r"|the (?=(?:tonnes|kilograms?|litres|hours|megalitres|weight|volume|output|tonnage)\b))"
    r"|(?P<which>(?:(?:in|at|from|to|by|on|for|with|through) )?which)\b"
    r"|(?P<whether>whether)\b"
    r"|(?P<inout>what (?:goes|flows|comes) into and out of)\b)",
    re.IGNORECASE,
)
_UNREAD = re.compile(
    r"\b(?:when|who|whom|where|what(?! goes into and out of| (?:has|needs) to be|['’]s needed"
    r"| is (?:planned|decided|needed)| we (?:need|want))|starting times?|place of"
    r"|(?:what|which|their|the|best|in) order\b(?! of)|sequence|schedule)\b",
    re.IGNORECASE,
)
_COUNTS = (
    r"(?:(?:the|its|our|their|these|those|all|both|next|coming|two|three|four|five|six|\d+)\s+)*"
)
_EACH = re.compile(
    rf"\b(?:each|every|per)\s+(?:of\s+{_COUNTS})?(?P<noun>[a-z]+(?:[ -](?!and\b)[a-z]+)?)"
    r"(?:\s+and\s+(?!(?:how|which|whether|what)\b)(?:(?:each|every)\s+)?(?P<more>[a-z]+(?:"
    r" [a-z]+)?))?",
    re.IGNORECASE,
)
_OF_THEM = re.compile(
    r"\b(?:each|every(?: one)?|which)\s+of\s+(?:them|these|those)\b(?! \w+s\b)", re.IGNORECASE
)
_WHICH = re.compile(rf"\bwhich\s+(?:of\s+{_COUNTS})?(?P<noun>[a-z]+(?: [a-z]+)?)", re.IGNORECASE)
_LISTED = re.compile(
    rf"\bwhich of {_COUNTS}(?:[a-z]+ )?each (?P<noun>[a-z]+(?: [a-z]+)?)", re.IGNORECASE
)
_WHO = re.compile(r"\bwho (?P<verb>[a-z]+) what\b", re.IGNORECASE)
_WHICH_WHICH = re.compile(r"\bwhich ([a-z]+ [a-z]+) which ([a-z]+)\b", re.IGNORECASE)
_SERVES = re.compile(r"\bwhich [a-z]+ (?P<verb>[a-z]+[^s\W])s (?:each|every)\b", re.IGNORECASE)
_MORE = re.compile(r"(?:,| and| or) (?:also |on )?(?:the|its|their|our) (?P<noun>[a-z]+)", re.I)
_NO_MORE = frozenset(
    "for in over per on by of with each every the a an all and next coming following typical"
    " standard normal whole day week month year period one our these it is are about plan".split()
)
_CHOSEN = re.compile(
    r"^(?P<ahead>.*?\b(?:each|every) [a-z]+),? (?P<list>(?:the [a-z]+(?: \([^()]*\))?(?:, | and "
    r"|, and )?)+)"
    r" (?:has|have|is|are) to be (?:chosen|decided|fixed|picked|selected)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")
_DONE = re.compile(
    r"\b(?:are|is|to|be|we|they)\s+(?:(?:to be|should be|then|newly)\s+)?"
    r"(?=(?P<verb>[a-z]+))",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?P<verb>[a-z]{2,}(?:ed|ught|ent|old|ade|ut))\b", re.IGNORECASE)
_DOES = re.compile(r"\b(?:each|every) [a-z]+ ([a-z]{3,}s)\b", re.IGNORECASE)
_NO_NOUN = frozenset(
    "of the each every to should we it is are a an go goes put in per often run runs bought sold"
    " made used sent".split()
)


_NO_SET = frozenset("of one other is are has them these those".split())
_NO_VERB = frozenset("be we it is are to each every the should".split())


@dataclass(frozen=True, slots=True)
class Asked:
    """One phrase: the kind of decision, its sets, what is counted, and what is done."""

    kind: Literal["amount", "choice"]
    axes: frozenset[str]
    noun: str
    verb: str
    words: str
    often: bool = False


def asked_in(words: str, data: Data) -> list[Asked] | None:
    """The decisions that a sentence speaks of, in order; None if some phrase cannot be read.

    Args:
        words: the sentence.
        data: the sets that decisions may run over.
    """
    who = _WHO.search(words)
    if who is not None:
        return _who_does_what(words, who, data)
    words = _WHICH_WHICH.sub(r"which \1 each \2", words)
    listed = _sets_chosen(words, data)
    if listed:
        return listed
    first = _START.search(words)
    if (
        first is None
        or (_UNREAD.search(words) and _UNREAD.search(after_deciding(words)))
        or any(nouns_unknown(words, data))
    ):
        return None
    words = words[: first.start()] + listed_in(words[first.start() :], data)
    starts = list(_START.finditer(words))
    ahead = words[: starts[0].start()]
    frame = _each_of(ahead[ahead.rfind(";") + 1 :], words, data)
    found: list[Asked] = []
    noun = ""
    ends = [*(match.start() for match in starts[1:]), len(words)]
    for match, end in zip(starts, ends, strict=True):
        said = words[match.start() : end]
        if any(axis_of(more["noun"], data) is None for more in _MORE.finditer(said)):
            return None
        noun = noun if match["inout"] else _noun(said[match.end() - match.start() :]) or noun
        held = frozenset(frame | _each_of(said, words[:end], data))
        if match["inout"]:
            found += [Asked("amount", held, noun, way, said) for way in ("put in", "taken out")]
        elif match["amount"]:
            often = match["amount"].lower() == "how often"
            found.append(Asked("amount", held, "" if often else noun, _verb(said), said, often))
        elif match["which"]:
            chosen = _chosen(said, words[:end], data)
            if chosen is None:
                return None
            found.append(Asked("choice", held | {chosen}, "", _verb(said), said))
        else:
            earlier = found[-1].axes if found else held  # "and whether it is dried"
            found.append(Asked("choice", held or earlier, "", _verb(said), said))
    return found


def _who_does_what(words: str, who: re.Match[str], data: Data) -> list[Asked] | None:
    """Read "Who teaches what, and in which month?": the pair that the verb names numbers of.

    The month is chosen for what the data pair with months.
    """
    verb = _root(who["verb"])
    pairs = {
        given.axes
        for given in data.given.values()
        if len(given.axes) > 1 and verb in map(_root, heading_of(given).split())
    }
    if len(pairs) != 1:
        return None
    (pair,) = pairs
    found = [Asked("choice", frozenset(pair), "", who["verb"].lower(), words)]
    rest = words[who.end() :]
    starts = list(_START.finditer(rest))
    if len(starts) > 1 or (starts and not starts[0]["which"]):
        return None
    if starts:
        chosen = _chosen(rest, rest, data)
        beside = {
            axis
            for given in data.given.values()
            if chosen in given.axes and len(given.axes) > 1
            for axis in given.axes
            if axis != chosen
        }
        if chosen is None or len(beside) != 1 or not beside < set(pair):
            return None
        found.append(Asked("choice", frozenset({chosen, *beside}), "", _verb(rest), rest))
    return found


def _sets_chosen(words: str, data: Data) -> list[Asked]:
    """Read "For each course the month has to be chosen": a choice out of each set named."""
    match = _CHOSEN.match(words)
    if match is None:
        return []
    frame = _each_of(match["ahead"], words, data)
    nouns = re.findall(r"\bthe ([a-z]+)", re.sub(r"\([^()]*\)", "", match["list"]))
    axes = [axis_of(noun, data) for noun in nouns]
    if None in axes or not frame or frame & set(axes):
        return []
    return [Asked("choice", frozenset({*frame, str(axis)}), "", "", "") for axis in axes]


def _root(word: str) -> str:
    return stem(re.sub(r"(?:ing|ed|es|s)$", "", word.lower()))


def _each_of(words: str, before: str, data: Data) -> set[str]:
    """The sets that words go through member by member."""
    found = {
        axis
        for match in _EACH.finditer(words)
        for said in (match["noun"], match["more"])
        if said and (axis := axis_of(said, data)) is not None
    }
    match = _OF_THEM.search(words)
    if match is not None and not match[0].lower().startswith("which"):
        meant = _last_named(before[: before.rfind(match[0])], data)
        found |= {meant} if meant else set()
    return found


def _chosen(said: str, before: str, data: Data) -> str | None:
    """The set out of which "which" chooses."""
    match = _OF_THEM.search(said)
    if match is not None and match[0].lower().startswith("which"):
        return _last_named(before[: before.rfind(match[0])], data)
    match = _WHICH.search(said)
    if match is None:
        return None
    named = axis_of(match["noun"], data)
    if named is None and (listed := _LISTED.search(said)) is not None:
        return axis_of(listed["noun"], data)
    return named


def _last_named(words: str, data: Data) -> str | None:
    """The set whose noun stands last: "there are 4 weeks to fill, and for each of them"."""
    last: str | None = None
    tokens = _WORDS.findall(words)
    for place in range(len(tokens)):
        last = axis_of(" ".join(tokens[place : place + 2]), data) or last
    return last


def _noun(after: str) -> str:
    """What is counted: `tonnes` of "how many tonnes of each feed"."""
    match = re.match(r"\s*(?:of\s+)?(?:the\s+)?([a-z]+(?:-[a-z]+)?)", after, re.IGNORECASE)
    word = "" if match is None else match[1].lower()
    return "" if word in _NO_NOUN else word


def _verb(said: str) -> str:
    found = [match["verb"].lower() for match in (*_DONE.finditer(said), *_PAST.finditer(said))]
    found += [match[1].lower() for match in _DOES.finditer(said)]
    serves = _SERVES.search(said)
    if serves is not None:
        verb = serves["verb"].lower()
        found.append(f"{verb}d" if verb.endswith("e") else f"{verb}ed")
    return next((word for word in found if word not in _NO_VERB), "")


def nouns_unknown(words: str, data: Data) -> Iterator[str]:
    """The nouns that a sentence goes through member by member and that name no set."""
    for match in _EACH.finditer(words):
        for said in (match["noun"], match["more"]):
            first = re.split(r"[ -]", said)[0].lower() if said else "of"
            if first not in _NO_SET and axis_of(said, data) is None:
                yield first


def tells_more(ahead: str, data: Data) -> bool:
    """Whether words ahead of the first question speak of more than sets and the time planned."""
    ahead = _EACH.sub(" ", ahead)
    words = [word for word in _WORDS.findall(ahead) if word.lower() not in _NO_MORE]
    return any(axis_of(word, data) is None for word in words)

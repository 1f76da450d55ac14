"""Sentences that ask nothing of a plan: what is decided, what is paid, that fractions are fine.

They have a word of a rule and state none. Each kind is told by its words; a sentence of no such
kind is left to the model, since "each customer is assigned to one depot" is a rule without "must".
"""

from __future__ import annotations

import re

from r2c.agents.clauses import Clause
from r2c.agents.domain import says_divisible, says_whole, without_divisibility
from r2c.agents.indexed.data import Data
from r2c.agents.indexed.deciding import after_deciding, says_decided
from r2c.agents.indexed.limits import side_of
from r2c.agents.indexed.naming import heading_of, is_money, mentions_of, without
from r2c.agents.indexed.part import RULING, bare
from r2c.agents.indexed.sets_said import axis_of, listed_in
from r2c.agents.indexed.subject import sets_named
from r2c.problem.rule_words import LAW
from r2c.problem.spoken import stem

_PERMITS = re.compile(
    r"^(?!.*\b(?:not|no|never|n['’]t|only|if|unless|except|must|shall|at most|at least|more than"
    r"|less than|exactly|one|single)\b)[^.;:]*\b(?:may|can)\b[^.;:]*\b(?:several|any number"
    r"|as (?:many|much|often)|side by side|overlap|in any order)\b[^.;:]*$"
    r"|^any number of\b(?!.*\b(?:not|no|never|if|unless|except|must|shall)\b)[^.;:]*\bcan\b"
    r"|^(?!.*\b(?:only|not|no|n['’]t|up to|at most|if|unless|provided|between|ha(?:s|ve) to|must"
    r"|shall|should|needs?|enough)\b)[^.;:]*\b(?:is"
    r"|are)"
    r" (?:permitted|allowed|fine|all right|welcome)\W*$"
    r"|^(?:it |this |that )?(?:may|can) be exceeded$"
    r"|^(?:it|this|that) (?:is not|isn['’]t) part of\b[^.;:]*$"
    r"|^(?:it is no problem to|(?:there is|there['’]s) nothing against)\b[^;:]*$",
    re.IGNORECASE,
)
_PAYS = re.compile(
    r"\b(?:costs?|brings?(?: in)?|pays?|paid|earns?|earned|sold|sells?|adds?|added|charged|income"
    r"|incurred"
    r"|gets?|receives?|comes? off|goes? off|deducted|taken off|goes into|counts?|due"
    r"|sets? us back)\b",
    re.IGNORECASE,
)
_TITLED = re.compile(
    r"(?:(?:total|all) )?(?:return|profit|income|revenue|cost|saving|pay|wage)s?\b[^:;.]*:", re.I
)
_HAS_TO_BE_PAID = re.compile(
    r"\b(?:has|have|is|are|must|shall|needs?) (?:to )?be (?:paid|deducted|added|subtracted)\b",
    re.IGNORECASE,
)
_TO_PAY = re.compile(
    r"\b(?:ha(?:s|ve)|needs?) to (?:pay|deduct|add|subtract)\b|\bnothing is left over\b",
    re.IGNORECASE,
)
_AIM = re.compile(
    r"\bas (?:little|small|low|cheap(?:ly)?|much|large|high|far|big|good) as (?:possible|can be"
    r"|we can"
    r"|(?:it|they) (?:goes|go|can))\b",
    re.IGNORECASE,
)
_OFFERED = re.compile(r"\b(?:may|can|could)\b", re.IGNORECASE)
_UP_TO_ALL = re.compile(r"\bup to (?P<size>\d+) (?P<noun>[a-z]+)", re.IGNORECASE)
_DECIDED_ABOUT = re.compile(r"\b(?:(?:has|have|is|are) to be|out of)\b", re.IGNORECASE)
_FOR_USED = re.compile(
    r"\bfor (?:opened|open|used|chosen|hired) [a-z]+ only\b|\bonly for (?:opened|open|used|chosen"
    r"|hired)\b",
    re.IGNORECASE,
)
_NOT_FROM = re.compile(
    r"\b(?:not (?:from|part of|out of)|isn['’]t part of|already|no rent|nothing)\b", re.IGNORECASE
)
_AS_IT_IS = re.compile(
    r"\b(?:may|can|cannot|can['’]t|(?:must|shall|has to|have to) be|need not|only|no problem"
    r"|it may be zero)\b"
    r"|\bwhole or not\b",
    re.IGNORECASE,
)
_SO = re.compile(r"^[^.;]* or (?:(?:it|he|she) is )?not(?: at all)?, so ", re.IGNORECASE)
_REFERS = re.compile(
    r"\b(?:it|they|them|this|that|these|those|we|our|us|everything|everybody|nobody|nothing|one"
    r"|all|both"
    r"|each|every|any|total|cost|profit|plan|in all)\b",
    re.IGNORECASE,
)
_GREETING = 3
_MOST = 200
_WANTED = re.compile(
    r"\b(?:ensur\w+|fulfil\w*|meets?|meeting|met|satisf\w+|demands?|requir\w+|needs?|needed"
    r"|perform\w*"
    r"|cover\w*|select\w*|objectives?|goals?|aims?|tasks?|minimi[sz]\w*|maximi[sz]\w*|optim\w+"
    r"|supply"
    r"|supplies|receive|capacit\w+|reduc\w+|limits?|allocat\w+|assign\w*|differ\w*|var(?:y|ies))\b",
    re.IGNORECASE,
)
_SCOPE = re.compile(
    r"^[^;:]*\b(?:covers?|spans?|runs? (?:over|for)|lasts?|looks?)\b (?:the )?(?:next "
    r"|coming )?\d+ [a-z]+"
    r"(?: ahead)?\b(?: and the (?P<noun>[a-z]+) (?P<list>[^;:]*))?\W*$",
    re.IGNORECASE,
)
_INTO_GOAL = re.compile(
    r"^[^;:]*\b(?:added to|part of|counts? (?:in|towards)|goes into|enters) (?:the )?(?:[a-z]+ )?"
    r"(?:costs?|profit|total|return|result)\b[^;:]*$",
    re.IGNORECASE,
)
_IN_MAY = re.compile(r"(?<=[a-z] )May\b(?! (?:not|we|I|they)\b)")
"""The month."""
_THAT_IS = re.compile(
    r"^[,:;]? ?(?:that['’]s|that is|this is|which is) what (?:an?|one|each|every) [^.;:]*?"
    r"\b(?:gives?|yields?|takes?|uses?|holds?|brings?|weighs?|consumes?)\b[^.;:]*$",
    re.IGNORECASE,
)
_OF_ONE_KIND = re.compile(
    r"\ball of (?:them|these|those|which)\b|\bof (?:one|the same) (?:kind|type|sort)\b",
    re.IGNORECASE,
)
_USES = re.compile(
    r"^(?:an?|one|each|every) [a-z]+ (?:gives?|yields?|takes?|uses?|holds?|brings?|weighs?"
    r"|consumes?)"
    r"\b[^.;:]*$",
    re.IGNORECASE,
)
_SOME = re.compile(
    r"\b(?:one|each|every|all|any|some|same|different|own|several|whose|where|if|exactly|first"
    r"|(?:\d+|two|three|four|five|six) of)\b",
    re.IGNORECASE,
)
_TWO_THINGS = re.compile(r"\b(?:two|three) (?:things|kinds|parts|costs|items)\b", re.IGNORECASE)


def asks_nothing(clause: Clause, data: Data) -> bool:
    """Whether a sentence states no rule, by its words.

    Args:
        clause: the sentence.
        data: all sets and parameters.
    """
    words = _IN_MAY.sub(" ", bare(clause.text)).rstrip(" .")
    if LAW.search(words):
        return False
    if words.endswith("?") or _PERMITS.search(words):
        return not clause.slots
    ruling = RULING.search(words) is not None
    if says_decided(words):
        ruling = RULING.search(_DECIDED_ABOUT.sub(" ", after_deciding(words))) is not None
        return not ruling
    if says_divisible(words) or says_whole(words):
        rest = _SO.sub("", _AS_IT_IS.sub(" ", without_divisibility(words)))
        told = all(slot.quantity.kind == "fraction" for slot in clause.slots)  # "half tonnes"
        return told and RULING.search(rest) is None and not mentions_of(words, data)
    if _introduces(clause, words, data) or _is_aim(clause, words, data):
        return True
    if not ruling and (_SCOPE.search(words) or (not clause.slots and _INTO_GOAL.search(words))):
        return True
    if not ruling and not clause.slots and len(words.split()) <= _GREETING:
        return True
    return _tells_of_money(clause, words, data) or (not ruling and _is_aside(clause, words, data))


def described_use(clause: Clause, data: Data) -> str | None:
    """The parameter that a sentence only describes: "one log gives us its pieces per log"."""
    words = bare(clause.text).rstrip(" .")
    named = mentions_of(words, data)
    if len(named) != 1 or any(slot.quantity.value != 1 for slot in clause.slots):
        return None
    given = named[0].given
    if is_money(given) or side_of(given) is not None or RULING.search(words):
        return None
    described = _USES.match(words[: named[0].start]) or _THAT_IS.match(words[named[0].end :])
    return given.name if described else None


def _introduces(clause: Clause, words: str, data: Data) -> bool:
    """Whether a sentence only tells the members of sets: "the sources A and B feed the tank C"."""
    listed = listed_in(words, data)
    sizes = {float(len(axis.members)) for axis in data.axes.values()}
    offered = _UP_TO_ALL.sub(lambda match: _unless_all(match, data), _OFFERED.sub(" ", words))
    ruling = RULING.search(offered) is not None
    if ruling or listed == words or any(slot.quantity.value not in sizes for slot in clause.slots):
        return False
    members = [one for axis in data.axes.values() for one in axis.members[:_MOST]]
    alone = any(re.search(rf"\b{re.escape(one)}\b", listed) for one in members)
    return not (alone or _SOME.search(_OF_ONE_KIND.sub(" ", words)) or mentions_of(words, data))


def _unless_all(match: re.Match[str], data: Data) -> str:
    """Nothing for "up to 5 depots", if there are five of them."""
    axis = data.axes.get(axis_of(match["noun"], data) or "")
    told_all = axis is not None and len(axis.members) == int(match["size"])
    return " " if told_all else match[0]


def _is_aim(clause: Clause, words: str, data: Data) -> bool:
    """Whether a sentence only says what is best: "all this should cost as little as possible"."""
    aim = _AIM.search(words)
    if aim is None or clause.slots or mentions_of(words, data) or sets_named(words, data):
        return False
    return RULING.search(re.sub(r"\b(?:should|shall)\b", " ", _AIM.sub(" ", words))) is None


def _is_aside(clause: Clause, words: str, data: Data) -> bool:
    """Whether a sentence speaks of nothing that the data name: "the choir meets on Thursdays"."""
    if clause.slots or _REFERS.search(words) or _WANTED.search(words.replace("meets on", "")):
        return False
    known = {
        stem(word) for axis in data.axes.values() for word in re.findall("[A-Za-z]+", axis.name)
    }
    known |= {
        stem(word)
        for axis in data.axes.values()
        for member in axis.members[:_MOST]
        for word in re.findall("[A-Za-z]{3,}", member)
    }
    known |= {stem(word) for given in data.given.values() for word in heading_of(given).split()}
    return not known & {stem(word) for word in re.findall("[A-Za-z]{3,}", words)} and bool(
        data.axes
    )


def _tells_of_money(clause: Clause, words: str, data: Data) -> bool:
    """Whether a sentence only says what is paid or earned, by a name of the data."""
    named = mentions_of(words, data)
    told = _HAS_TO_BE_PAID.sub(" paid ", _TO_PAY.sub(" pay ", _FOR_USED.sub(" ", words)))
    bare_of_pay = _NOT_FROM.sub(" ", told)
    return bool(
        not any(slot.quantity.kind != "word" for slot in clause.slots)
        and len(clause.slots) == len(_TWO_THINGS.findall(words))
        and any(is_money(one.given) for one in named)
        and (_PAYS.search(words) or _TITLED.match(words) or " x " in words)
        and RULING.search(bare_of_pay) is None
        and _WANTED.search(without(words, named)) is None
    )
